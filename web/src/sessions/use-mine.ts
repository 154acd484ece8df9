/*
 * The reader's own sessions, asked for every 8 s while the page can be seen and every 60 s while it cannot, as the panel does. A question
 * that fails takes nothing away from what is shown; a refusal does.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import { api, type Failure, type Result } from '../api/client';
import { whenMoved } from '../api/moved';
import { isShut } from '../api/shut';
import type { Session, SessionsAnswer } from '../api/types';

const kVisibleMs = 8_000;
const kHiddenMs = 60_000;

export interface Mine {
  sessions: Session[] | undefined;
  /** There are older ones, which are over. */
  cut: boolean;
  /** When they came, by this browser's clock. */
  receivedAt: number;
  /** Add to this browser's clock to get the server's. Milliseconds. */
  clockOffset: number;
  failure: Failure | undefined;
  /** The reader asked, and the answer has not come. */
  refreshing: boolean;
  refresh: () => void;
}

interface Known {
  sessions?: Session[];
  cut?: boolean;
  receivedAt: number;
  clockOffset: number;
  failure?: Failure | undefined;
}

function after(old: Known, answer: Result<SessionsAnswer>): Known {
  const receivedAt = Date.now();
  if (!answer.ok) return isShut(answer.failure) ? { receivedAt, clockOffset: 0, failure: answer.failure } : { ...old, failure: answer.failure };
  return { sessions: answer.value.sessions, cut: answer.value.cut ?? false, receivedAt, clockOffset: Date.parse(answer.value.now) - receivedAt };
}

export function useMine(): Mine {
  const [known, setKnown] = useState<Known>({ receivedAt: 0, clockOffset: 0 });
  const [refreshing, setRefreshing] = useState(false);
  const ask = useRef<() => void>(() => undefined);

  useEffect(() => {
    let mounted = true;
    let asking = false;
    let timer: number | undefined;
    const schedule = (failure?: Failure) => {
      window.clearTimeout(timer);
      const pace = document.visibilityState === 'hidden' ? kHiddenMs : kVisibleMs;
      timer = window.setTimeout(() => ask.current(), Math.max(pace, (failure?.retryAfter ?? 0) * 1000));
    };
    ask.current = async () => {
      if (asking) return;
      asking = true;
      const answer = await api.getMySessions();
      asking = false;
      if (!mounted) return;
      setRefreshing(false);
      setKnown((old) => after(old, answer));
      schedule(answer.ok ? undefined : answer.failure);
    };
    ask.current();
    const onVisibility = () => {
      if (document.visibilityState === 'visible') ask.current();
      else schedule();
    };
    document.addEventListener('visibilitychange', onVisibility);
    const deaf = whenMoved(() => ask.current());
    return () => {
      mounted = false;
      deaf();
      window.clearTimeout(timer);
      document.removeEventListener('visibilitychange', onVisibility);
    };
  }, []);

  const refresh = useCallback(() => {
    setRefreshing(true);
    ask.current();
  }, []);
  const { sessions, cut = false, receivedAt, clockOffset, failure } = known;
  return { sessions, cut, receivedAt, clockOffset, failure, refreshing, refresh };
}
