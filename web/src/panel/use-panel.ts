/*
 * What the panel knows, and when it asks again. Forge pushes nothing to a page, so the panel asks: every 8 s while it can be
 * seen, every 60 s while it cannot. What the agent has just begun here is asked about every 2 s, for half a minute; what takes longer
 * is waited for like everything else. An answer that was under way when the agent changed something is thrown away and asked for anew,
 * so that nothing jumps back.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import { api, type Failure, type Result } from '../api/client';
import { whenMoved } from '../api/moved';
import { isShut } from '../api/shut';
import type { IssuePerson, Missing, Panel, PanelAnswer, Session } from '../api/types';

const kVisibleMs = 8_000;
const kHiddenMs = 60_000;
const kQuickMs = 2_000;
const kQuickForMs = 30_000;

export interface PanelState {
  panel: Panel | undefined;
  /** When `panel` came, by this browser's clock. */
  receivedAt: number;
  /** Add to this browser's clock to get the server's. Milliseconds. */
  clockOffset: number;
  failure: Failure | undefined;
  /** Why nothing newer than `panel` is known, though the server answered: Jira does not say at the moment what the reader may see. */
  doubt: Missing[] | undefined;
  /** The reader asked, and the answer has not come. */
  refreshing: boolean;
  refresh: () => void;
  /** Put in a session as an action's answer gave it, ahead of the next question. */
  apply: (session: Session) => void;
  /** The same for a person. */
  applyPerson: (person: IssuePerson) => void;
  /** Who asked for help waits no longer: so the answer to an action said. */
  applyDismissed: () => void;
}

const isUnderWay = ({ steps }: Session): boolean => steps.session === 'pending' || steps.invitation === 'pending' || steps.closing === 'pending';

/** `begun`: what the agent began in this view, and when. */
function delayFor(panel: Panel | undefined, failure: Failure | undefined, begun: ReadonlyMap<string, number>): number {
  if (document.visibilityState === 'hidden') return kHiddenMs;
  if (failure) return Math.max((failure.retryAfter ?? 0) * 1000, kVisibleMs);
  const fresh = (session: Session) => isUnderWay(session) && Date.now() - (begun.get(session.id) ?? 0) < kQuickForMs;
  const invited = ({ id, invitation }: IssuePerson) => invitation?.state === 'pending' && Date.now() - (begun.get(id) ?? 0) < kQuickForMs;
  return panel?.sessions.some(fresh) || panel?.people.some(invited) ? kQuickMs : kVisibleMs;
}

function withSession(panel: Panel, session: Session): Panel {
  const known = panel.sessions.some(({ id }) => id === session.id);
  const sessions = known ? panel.sessions.map((old) => (old.id === session.id ? session : old)) : [session, ...panel.sessions];
  return { ...panel, sessions };
}

function withPerson(panel: Panel, person: IssuePerson): Panel {
  return { ...panel, people: panel.people.map((old) => (old.id === person.id ? { ...person, roles: old.roles } : old)) };
}

function withoutAsk({ askedForHelp: _, ...panel }: Panel): Panel {
  return panel;
}

/** What the reader may do is not known. That takes nothing away from what is shown already, nor from what is being typed. */
const isDoubt = (answer: Panel, shown: Panel | undefined): boolean => shown?.viewer.mayAct === true && !answer.viewer.mayAct && !answer.viewer.reason;

interface Known {
  panel?: Panel;
  receivedAt: number;
  clockOffset: number;
  failure?: Failure | undefined;
  doubt?: Missing[] | undefined;
}

function after(old: Known, answer: Result<PanelAnswer>): Known {
  const receivedAt = Date.now();
  if (!answer.ok) return isShut(answer.failure) ? { receivedAt, clockOffset: 0, failure: answer.failure } : { ...old, failure: answer.failure };
  if (!answer.value.changed) return { ...old, receivedAt, failure: undefined, doubt: undefined };
  if (isDoubt(answer.value, old.panel)) return { ...old, failure: undefined, doubt: answer.value.missing };
  return { panel: answer.value, receivedAt, clockOffset: Date.parse(answer.value.now) - receivedAt };
}

export function usePanel(first: Promise<Result<PanelAnswer>>): PanelState {
  const [state, setState] = useState<Known>({ receivedAt: 0, clockOffset: 0 });
  const [refreshing, setRefreshing] = useState(false);
  const begun = useRef(new Map<string, number>());
  const latest = useRef(state);
  latest.current = state;
  const epoch = useRef(0);
  const asking = useRef(false);
  const timer = useRef<number>();
  const ask = useRef<(question?: Promise<Result<PanelAnswer>>) => void>(() => undefined);

  const schedule = useCallback((milliseconds: number) => {
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => ask.current(), milliseconds);
  }, []);

  const take = useCallback((answer: Result<PanelAnswer>) => {
    setState((old) => after(old, answer));
    setRefreshing(false);
    const panel = answer.ok && answer.value.changed ? answer.value : after(latest.current, answer).panel;
    schedule(delayFor(panel, answer.ok ? undefined : answer.failure, begun.current));
  }, [schedule]);

  useEffect(() => {
    let mounted = true;
    ask.current = async (question) => {
      if (asking.current) return;
      asking.current = true;
      const begun = epoch.current;
      const answer = await (question ?? api.getPanel(latest.current.panel?.version));
      asking.current = false;
      if (!mounted) return;
      if (begun === epoch.current) take(answer);
      else ask.current();
    };
    ask.current(first);
    const onVisibility = () => {
      if (document.visibilityState === 'visible') ask.current();
      else schedule(kHiddenMs);
    };
    document.addEventListener('visibilitychange', onVisibility);
    const deaf = whenMoved(() => {
      epoch.current += 1;
      ask.current();
    });
    return () => {
      mounted = false;
      deaf();
      asking.current = false;
      window.clearTimeout(timer.current);
      document.removeEventListener('visibilitychange', onVisibility);
    };
  }, [first, schedule, take]);

  const refresh = useCallback(() => {
    setRefreshing(true);
    ask.current();
  }, []);

  const put = useCallback((id: string, change: (panel: Panel) => Panel) => {
    epoch.current += 1;
    begun.current.set(id, Date.now());
    setState((old) => (old.panel ? { ...old, panel: change(old.panel) } : old));
    schedule(delayFor(latest.current.panel && change(latest.current.panel), undefined, begun.current));
  }, [schedule]);
  const apply = useCallback((session: Session) => put(session.id, (panel) => withSession(panel, session)), [put]);
  const applyPerson = useCallback((person: IssuePerson) => put(person.id, (panel) => withPerson(panel, person)), [put]);

  const applyDismissed = useCallback(() => {
    put('ask', withoutAsk);
    ask.current();
  }, [put]);

  const { panel, receivedAt, clockOffset, failure, doubt } = state;
  return { panel, receivedAt, clockOffset, failure, doubt, refreshing, refresh, apply, applyPerson, applyDismissed };
}
