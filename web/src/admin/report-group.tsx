/* The same figures for each agent, or each project: a table, with a bar for how many sessions each had. */
import { useId, type ReactNode } from 'react';
import type { ReportFigures } from '../api/types';
import { useWords } from '../ui/words';
import { lengthWords, ratingWords } from './report-words';

export interface Group {
  key: string;
  name: ReactNode;
  figures: ReportFigures;
}

interface ReportGroupsProps {
  title: string;
  /** What the first column has. */
  what: string;
  groups: Group[];
  /** Said where not all are shown. */
  leftOut?: string | undefined;
}

export function ReportGroups({ title, what, groups, leftOut }: ReportGroupsProps) {
  const words = useWords();
  const id = useId();
  const most = Math.max(1, ...groups.map(({ figures }) => figures.sessions));
  const columns: { label: string; of: (figures: ReportFigures) => string }[] = [
    { label: words.say('reports.came'), of: ({ came }) => words.number(came) },
    { label: words.say('reports.connected'), of: ({ connected }) => words.number(connected) },
    { label: words.say('reports.nobody'), of: ({ nobody }) => words.number(nobody) },
    { label: words.say('reports.waiting_median'), of: ({ waiting }) => lengthWords(words, waiting?.median) },
    { label: words.say('reports.duration_median'), of: ({ duration }) => lengthWords(words, duration?.median) },
    { label: words.say('reports.duration_total'), of: ({ duration }) => lengthWords(words, duration?.total) },
    { label: words.say('reports.rating'), of: ({ ratings }) => ratingWords(words, ratings) },
  ];
  return (
    <section className="stack" aria-labelledby={id}>
      <h3 id={id} className="subheading">
        {title}
      </h3>
      <div className="scroll" tabIndex={0} role="group" aria-labelledby={id}>
        <table className="listing groups">
          <thead>
            <tr>
              <th scope="col">{what}</th>
              <th scope="col">{words.say('reports.sessions')}</th>
              {columns.map(({ label }) => (
                <th key={label} scope="col">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          {groups.map(({ key, name, figures }) => (
            <tbody key={key}>
              <tr>
                <th scope="row">{name}</th>
                <td data-label={words.say('reports.sessions')}>
                  <span className="share">
                    <span>{words.number(figures.sessions)}</span>
                    <svg className="share-bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
                      <rect className="bar-share" width={(figures.sessions / most) * 100} height="1" />
                    </svg>
                  </span>
                </td>
                {columns.map(({ label, of }) => (
                  <td key={label} data-label={label}>
                    {of(figures)}
                  </td>
                ))}
              </tr>
            </tbody>
          ))}
        </table>
      </div>
      {leftOut && <p className="quiet">{leftOut}</p>}
    </section>
  );
}
