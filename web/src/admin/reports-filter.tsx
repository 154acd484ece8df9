/* Which sessions the figures are about: time, agent, project. Nothing is asked for before the reader says so. */
import Button from '@atlaskit/button/new';
import { useState, type FormEvent } from 'react';
import type { ReportsFilter } from '../api/client';
import type { NamedAccount } from '../api/types';
import { Field, Select, useFirstWrong } from '../ui/field';
import { useWords, type Words } from '../ui/words';
import { dayAfter, daysBetween, daysLater } from '../ui/zone';
import { people } from './audit-words';
import { DayFields, type TypedDays } from './day-fields';

const kPeriods = ['week', 'month', 'quarter', 'year', 'days'] as const;
type Period = (typeof kPeriods)[number];
const kDays: Readonly<Record<Exclude<Period, 'days'>, number>> = { week: 7, month: 30, quarter: 90, year: 365 };
/** As the server has it. */
const kMostDays = 366;

export interface Typed extends TypedDays {
  period: Period;
  agent: string;
  project: string;
}

export const nothingTyped: Typed = { period: 'month', fromDay: '', toDay: '', agent: '', project: '' };

/** Whole days of the reader's, the present one included. Thirty of them are what the server takes for itself. */
export function filterOf({ period, fromDay, toDay, agent, project }: Typed, words: Words, now: number): ReportsFilter {
  const first = period === 'days' ? fromDay : daysLater(words.dayOf(now), 1 - kDays[period]);
  return {
    ...(period !== 'month' && { from: words.beginOf(first) }),
    ...(period === 'days' && toDay && { to: words.beginOf(dayAfter(toDay)) }),
    zone: words.zoneId(),
    ...(agent && { agent }),
    ...(project && { project }),
  };
}

type DaysProblem = { from?: string; to?: string };

function daysProblem({ period, fromDay, toDay }: Typed, words: Words, now: number): DaysProblem | undefined {
  if (period !== 'days') return undefined;
  if (!fromDay) return { from: words.say('reports.from_missing') };
  const last = toDay || words.dayOf(now);
  if (last < fromDay) return toDay ? { to: words.say('audit.days_crossed') } : { from: words.say('reports.from_in_future') };
  return daysBetween(fromDay, last) > kMostDays ? { from: words.say('rule.max_days', { limit: kMostDays }) } : undefined;
}

interface ReportsFiltersProps {
  agents: NamedAccount[];
  projects: string[];
  busy: boolean;
  onShow: (filter: ReportsFilter) => void;
}

export function ReportsFilters({ agents, projects, busy, onShow }: ReportsFiltersProps) {
  const words = useWords();
  const [typed, setTyped] = useState(nothingTyped);
  const [tried, setTried] = useState(false);
  const { form, point } = useFirstWrong<HTMLFormElement>();
  const type = (changes: Partial<Typed>) => setTyped((old) => ({ ...old, ...changes }));
  const problem = tried ? daysProblem(typed, words, Date.now()) : undefined;

  const show = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (daysProblem(typed, words, Date.now())) return point();
    onShow(filterOf(typed, words, Date.now()));
  };
  const clear = () => {
    setTyped(nothingTyped);
    setTried(false);
    onShow(filterOf(nothingTyped, words, Date.now()));
  };
  return (
    <form className="audit-filters" aria-label={words.say('audit.filters')} ref={form} onSubmit={show} noValidate>
      <div className="audit-fields">
        <Field label={words.say('audit.when')}>
          {(ids) => (
            <Select ids={ids} value={typed.period} choices={kPeriods.map((value) => ({ value, label: words.say(`reports.when.${value}`) }))} onChange={(period) => type({ period })} />
          )}
        </Field>
        {typed.period === 'days' && <DayFields typed={typed} problems={problem ?? {}} onType={type} />}
        <Field label={words.say('reports.agent')}>
          {(ids) => <Select ids={ids} value={typed.agent} choices={[{ value: '', label: words.say('reports.any_agent') }, ...people(words, agents)]} onChange={(agent) => type({ agent })} />}
        </Field>
        <Field label={words.say('reports.project')}>
          {(ids) => (
            <Select
              ids={ids}
              value={typed.project}
              choices={[{ value: '', label: words.say('reports.any_project') }, ...projects.map((key) => ({ value: key, label: key }))]}
              onChange={(project) => type({ project })}
            />
          )}
        </Field>
      </div>
      <div className="actions">
        <Button type="submit" appearance="primary" isLoading={busy}>
          {words.say('reports.show')}
        </Button>
        <Button appearance="subtle" onClick={clear}>
          {words.say('audit.clear')}
        </Button>
      </div>
    </form>
  );
}
