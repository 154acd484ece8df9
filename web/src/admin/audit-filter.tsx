/* Which entries: time, what, who, whom it concerned, on which issue or in which session. Nothing is asked for before the reader says so. */
import Button from '@atlaskit/button/new';
import Textfield from '@atlaskit/textfield';
import { useEffect, useState, type FormEvent } from 'react';
import { api, type AuditFilter } from '../api/client';
import type { AuditPeopleAnswer } from '../api/types';
import { Field, Select, useFirstWrong } from '../ui/field';
import { useWords, type Words } from '../ui/words';
import { dayAfter } from '../ui/zone';
import { knownActions, people } from './audit-words';
import { DayFields, type TypedDays } from './day-fields';

const kPeriods = ['any', 'today', 'week', 'month', 'days'] as const;
type Period = (typeof kPeriods)[number];

const kDay = 24 * 60 * 60_000;
/** For the server, of what Belay did by itself. */
const kBelay = 'belay';

export interface Typed extends TypedDays {
  period: Period;
  action: string;
  actor: string;
  person: string;
  about: string;
}

export const nothingTyped: Typed = { period: 'any', fromDay: '', toDay: '', action: '', actor: '', person: '', about: '' };

/** A key ends with one number behind one hyphen; a session code has more of both. */
const isIssue = (about: string): boolean => /^([a-z][a-z0-9_]*-)?\d+$/i.test(about);

function timesOf({ period, fromDay, toDay }: Typed, words: Words, now: number): Pick<AuditFilter, 'from' | 'to'> {
  const since = (time: number) => ({ from: new Date(time).toISOString() });
  switch (period) {
    case 'any':
      return {};
    case 'today':
      return { from: words.beginOf(words.dayOf(now)) };
    case 'week':
      return since(now - 7 * kDay);
    case 'month':
      return since(now - 30 * kDay);
    case 'days':
      return { ...(fromDay && { from: words.beginOf(fromDay) }), ...(toDay && { to: words.beginOf(dayAfter(toDay)) }) };
  }
}

export function filterOf(typed: Typed, words: Words, now: number): AuditFilter {
  const about = typed.about.trim();
  return {
    ...timesOf(typed, words, now),
    ...(typed.actor && { actor: typed.actor }),
    ...(typed.action && { action: typed.action }),
    ...(about && (isIssue(about) ? { issue: about } : { session: about })),
    ...(typed.person && { person: typed.person }),
  };
}

function daysProblem({ period, fromDay, toDay }: Typed): 'missing' | 'crossed' | undefined {
  if (period !== 'days') return undefined;
  if (!fromDay && !toDay) return 'missing';
  return fromDay && toDay && toDay < fromDay ? 'crossed' : undefined;
}

interface AuditFiltersProps {
  active: boolean;
  busy: boolean;
  onShow: (filter: AuditFilter) => void;
}

export function AuditFilters({ active, busy, onShow }: AuditFiltersProps) {
  const words = useWords();
  const [typed, setTyped] = useState(nothingTyped);
  const [tried, setTried] = useState(false);
  const named = useNamed(active);
  const { form, point } = useFirstWrong<HTMLFormElement>();
  const type = (changes: Partial<Typed>) => setTyped((old) => ({ ...old, ...changes }));
  const problem = tried ? daysProblem(typed) : undefined;
  const anybody = { value: '', label: words.say('audit.anybody') };

  const show = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (daysProblem(typed)) return point();
    onShow(filterOf(typed, words, Date.now()));
  };
  const clear = () => {
    setTyped(nothingTyped);
    setTried(false);
    onShow({});
  };
  return (
    <form className="audit-filters" aria-label={words.say('audit.filters')} ref={form} onSubmit={show} noValidate>
      <div className="audit-fields">
        <Field label={words.say('audit.when')}>
          {(ids) => (
            <Select ids={ids} value={typed.period} choices={kPeriods.map((value) => ({ value, label: words.say(`audit.when.${value}`) }))} onChange={(period) => type({ period })} />
          )}
        </Field>
        {typed.period === 'days' && (
          <DayFields
            typed={typed}
            problems={{ from: problem === 'missing' ? words.say('audit.days_missing') : undefined, to: problem === 'crossed' ? words.say('audit.days_crossed') : undefined }}
            onType={type}
          />
        )}
        <Field label={words.say('audit.what')}>
          {(ids) => (
            <Select
              ids={ids}
              value={typed.action}
              choices={[{ value: '', label: words.say('audit.what.any') }, ...knownActions(words).map(({ action, label }) => ({ value: action, label }))]}
              onChange={(action) => type({ action })}
            />
          )}
        </Field>
        <Field label={words.say('audit.who')}>
          {(ids) => (
            <Select
              ids={ids}
              value={typed.actor}
              choices={[anybody, { value: kBelay, label: words.say('audit.belay_itself') }, ...people(words, named.actors)]}
              onChange={(actor) => type({ actor })}
            />
          )}
        </Field>
        <Field label={words.say('audit.person')}>
          {(ids) => <Select ids={ids} value={typed.person} choices={[anybody, ...people(words, named.people)]} onChange={(person) => type({ person })} />}
        </Field>
        <Field label={words.say('audit.about')} hint={words.say('audit.about_hint')}>
          {(ids) => <Textfield {...ids} value={typed.about} maxLength={100} autoComplete="off" onChange={(event) => type({ about: event.currentTarget.value })} />}
        </Field>
      </div>
      <div className="actions">
        <Button type="submit" appearance="primary" isLoading={busy}>
          {words.say('audit.show')}
        </Button>
        <Button appearance="subtle" onClick={clear}>
          {words.say('audit.clear')}
        </Button>
      </div>
    </form>
  );
}

/** Whom the log names. Without an answer the others filters work as well. */
function useNamed(active: boolean): Pick<AuditPeopleAnswer, 'actors' | 'people'> {
  const [named, setNamed] = useState<Pick<AuditPeopleAnswer, 'actors' | 'people'>>({ actors: [], people: [] });
  useEffect(() => {
    if (!active) return;
    void api.getAuditPeople().then((answer) => answer.ok && setNamed(answer.value));
  }, [active]);
  return named;
}
