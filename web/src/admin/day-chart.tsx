/*
 * Bars for each day of a time, and the same as a table for whoever does not see them. The series lie before each other, so that each has to be part
 * of the one behind it, or not longer. A day without a figure has no bar.
 *
 * Drawn in attributes of SVG and coloured by classes: a page of ours has no style of its own (docs/decisions/0003).
 */
import { useId, useMemo } from 'react';
import { useWords } from '../ui/words';
import { dayFormats } from './report-words';

export interface Series {
  key: string;
  label: string;
  values: (number | undefined)[];
  /** In the table only. */
  untold?: boolean;
}

interface DayChartProps {
  title: string;
  days: string[];
  /** What is longest first. */
  series: Series[];
  format: (value: number | undefined) => string;
}

const kHigh = 100;
/** Of a day, and of it the bar. */
const kWide = 10;
const kBar = 8;

export function DayChart({ title, days, series, format }: DayChartProps) {
  const words = useWords();
  const id = useId();
  const formats = useMemo(() => dayFormats(words), [words]);
  const drawn = series.filter(({ untold }) => !untold);
  const most = Math.max(0, ...drawn.flatMap(({ values }) => values.map((value) => value ?? 0)));
  const highest = days[drawn[0]?.values.indexOf(most) ?? 0];
  const summary =
    most === 0 || highest === undefined
      ? words.say('reports.chart.flat', { title })
      : words.say('reports.chart.summary', { title, first: formats.whole(days[0] ?? ''), last: formats.whole(days.at(-1) ?? ''), most: format(most), day: formats.whole(highest) });
  return (
    <figure className="chart" aria-labelledby={`${id}-title`}>
      <figcaption>
        <h3 id={`${id}-title`} className="subheading">
          {title}
        </h3>
        <ul className="legend">
          {drawn.map(({ key, label }) => (
            <li key={key}>
              <svg className="swatch" viewBox="0 0 1 1" aria-hidden="true">
                <rect className={`bar-${key}`} width="1" height="1" />
              </svg>
              {label}
            </li>
          ))}
        </ul>
      </figcaption>
      <div className="plot">
        <div className="plot-most quiet" aria-hidden="true">
          {format(most)}
        </div>
        <svg className="plot-bars" role="img" aria-label={summary} viewBox={`0 0 ${days.length * kWide} ${kHigh}`} preserveAspectRatio="none">
          {days.map((day, index) => (
            <g key={day}>
              <title>{[formats.whole(day), ...drawn.map(({ label, values }) => words.say('reports.chart.value', { label, value: format(values[index]) }))].join('\n')}</title>
              <rect className="bar-day" x={index * kWide} width={kWide} height={kHigh} />
              {drawn.map(({ key, values }) => {
                const high = most === 0 ? 0 : ((values[index] ?? 0) / most) * kHigh;
                return high > 0 && <rect key={key} className={`bar-${key}`} x={index * kWide + (kWide - kBar) / 2} y={kHigh - high} width={kBar} height={high} />;
              })}
            </g>
          ))}
        </svg>
        <div className="plot-ends quiet" aria-hidden="true">
          <span>{formats.short(days[0] ?? '')}</span>
          {days.length > 2 && <span>{formats.short(days[Math.floor((days.length - 1) / 2)] ?? '')}</span>}
          {days.length > 1 && <span>{formats.short(days.at(-1) ?? '')}</span>}
        </div>
      </div>
      <details>
        <summary>{words.say('reports.as_table')}</summary>
        <div className="scroll day-table" tabIndex={0} role="group" aria-labelledby={`${id}-title`}>
          <table className="figures-table">
            <thead>
              <tr>
                <th scope="col">{words.say('reports.day')}</th>
                {series.map(({ key, label }) => (
                  <th key={key} scope="col">
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {days.map((day, index) => (
                <tr key={day}>
                  <th scope="row">
                    <time dateTime={day}>{formats.whole(day)}</time>
                  </th>
                  {series.map(({ key, values }) => (
                    <td key={key}>{format(values[index])}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
