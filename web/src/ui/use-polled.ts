/*
 * What a page shows and the server knows: asked for every 8 s while the page can be seen and every 60 s while it cannot, since Forge pushes
 * nothing to a page. A question that fails takes nothing away from what is shown; a refusal does.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Failure, Result } from '../api/client';
import { whenMoved } from '../api/moved';
import { isShut } from '../api/shut';

const kVisibleMs = 8_000;
const kHiddenMs = 60_000;

interface Known<T> {
  answer?: T;
  receivedAt: number;
  clockOffset: number;
  failure?: Failure | undefined;
}

export interface Polled<T> {
  answer: T | undefined;
  /** When it came, by this browser's clock. */
  receivedAt: number;
  /** Add to this browser's clock to get the server's. Milliseconds. */
  clockOffset: number;
  failure: Failure | undefined;
  /** The reader asked, and the answer has not come. */
  refreshing: boolean;
  refresh: () => void;
  /** Put in what an action's answer gave, ahead of the next question; that one is asked at once. */
  apply: (change: (answer: T) => T) => void;
}

function after<T extends { now: string }>(old: Known<T>, result: Result<T>): Known<T> {
  const receivedAt = Date.now();
  if (!result.ok) return isShut(result.failure) ? { receivedAt, clockOffset: 0, failure: result.failure } : { ...old, failure: result.failure };
  return { answer: result.value, receivedAt, clockOffset: Date.parse(result.value.now) - receivedAt };
}

/** `question`: the same function each time, for another one begins anew. */
export function usePolled<T extends { now: string }>(question: () => Promise<Result<T>>): Polled<T> {
  const [known, setKnown] = useState<Known<T>>({ receivedAt: 0, clockOffset: 0 });
  const [refreshing, setRefreshing] = useState(false);
  const ask = useRef<() => void>(() => undefined);
  const epoch = useRef(0);

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
      const begun = epoch.current;
      const result = await question();
      asking = false;
      if (!mounted) return;
      // It tells how things stood before the reader changed something.
      if (begun !== epoch.current) return ask.current();
      setRefreshing(false);
      setKnown((old) => after(old, result));
      schedule(result.ok ? undefined : result.failure);
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
  }, [question]);

  const refresh = useCallback(() => {
    setRefreshing(true);
    ask.current();
  }, []);
  const apply = useCallback((change: (answer: T) => T) => {
    epoch.current += 1;
    setKnown((old) => (old.answer ? { ...old, answer: change(old.answer) } : old));
    ask.current();
  }, []);
  const { answer, receivedAt, clockOffset, failure } = known;
  return { answer, receivedAt, clockOffset, failure, refreshing, refresh, apply };
}
