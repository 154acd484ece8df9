/*
 * What the panel knows, and when it asks again. Forge pushes nothing to a page, so the panel asks: every 8 s while it can be
 * seen, every 60 s while it cannot, every 2 s while something that the agent has just begun is under way. An answer that was
 * under way when the agent changed something is thrown away and asked for anew, so that nothing jumps back.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import { api, type Failure, type Result } from '../api/client';
import type { Panel, PanelAnswer, Session } from '../api/types';

const kVisibleMs = 8_000;
const kHiddenMs = 60_000;
const kUnderWayMs = 2_000;

export interface PanelState {
  panel: Panel | undefined;
  /** When `panel` came, by this browser's clock. */
  receivedAt: number;
  /** Add to this browser's clock to get the server's. Milliseconds. */
  clockOffset: number;
  failure: Failure | undefined;
  refresh: () => void;
  /** Put in a session as an action's answer gave it, ahead of the next question. */
  apply: (session: Session) => void;
}

export const isUnderWay = ({ steps }: Session): boolean => steps.session === 'pending' || steps.invitation === 'pending' || steps.closing === 'pending';

function delayFor(panel: Panel | undefined, failure: Failure | undefined): number {
  if (document.visibilityState === 'hidden') return kHiddenMs;
  if (failure?.retryAfter) return Math.max(failure.retryAfter * 1000, kVisibleMs);
  return !failure && panel?.sessions.some(isUnderWay) ? kUnderWayMs : kVisibleMs;
}

function withSession(panel: Panel, session: Session): Panel {
  const known = panel.sessions.some(({ id }) => id === session.id);
  const sessions = known ? panel.sessions.map((old) => (old.id === session.id ? session : old)) : [session, ...panel.sessions];
  return { ...panel, sessions };
}

export function usePanel(first: Promise<Result<PanelAnswer>>): PanelState {
  const [state, setState] = useState<{ panel?: Panel; receivedAt: number; clockOffset: number; failure?: Failure | undefined }>({
    receivedAt: 0,
    clockOffset: 0,
  });
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
    setState((old) => {
      const receivedAt = Date.now();
      if (!answer.ok) return { ...old, failure: answer.failure };
      if (!answer.value.changed) return { ...old, receivedAt, failure: undefined };
      return { panel: answer.value, receivedAt, clockOffset: Date.parse(answer.value.now) - receivedAt, failure: undefined };
    });
    const panel = answer.ok && answer.value.changed ? answer.value : latest.current.panel;
    schedule(delayFor(panel, answer.ok ? undefined : answer.failure));
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
    return () => {
      mounted = false;
      asking.current = false;
      window.clearTimeout(timer.current);
      document.removeEventListener('visibilitychange', onVisibility);
    };
  }, [first, schedule, take]);

  const refresh = useCallback(() => ask.current(), []);

  const apply = useCallback((session: Session) => {
    epoch.current += 1;
    setState((old) => (old.panel ? { ...old, panel: withSession(old.panel, session) } : old));
    schedule(isUnderWay(session) ? kUnderWayMs : kVisibleMs);
  }, [schedule]);

  return { panel: state.panel, receivedAt: state.receivedAt, clockOffset: state.clockOffset, failure: state.failure, refresh, apply };
}
