/* What is too old, and how far its erase is: asked for when the tab is opened, and every second while something is being erased. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { api, type Failure } from '../api/client';
import type { RetentionAnswer } from '../api/types';

const kPaceMs = 1000;

export interface Retention {
  known: RetentionAnswer | undefined;
  failure: Failure | undefined;
  loading: boolean;
  look: () => Promise<void>;
}

/** `active`: somebody looks. */
export function useRetention(active: boolean): Retention {
  const [known, setKnown] = useState<RetentionAnswer>();
  const [failure, setFailure] = useState<Failure>();
  const [loading, setLoading] = useState(false);
  const turn = useRef(0);

  const look = useCallback(async () => {
    turn.current += 1;
    const mine = turn.current;
    setLoading(true);
    const answer = await api.getRetention();
    if (mine !== turn.current) return;
    setLoading(false);
    setFailure(answer.ok ? undefined : answer.failure);
    if (answer.ok) setKnown(answer.value);
  }, []);

  useEffect(() => {
    if (active) void look();
  }, [active, look]);

  const running = known?.running !== undefined;
  useEffect(() => {
    if (!active || !running) return undefined;
    const timer = window.setTimeout(() => void look(), kPaceMs);
    return () => window.clearTimeout(timer);
  }, [active, running, known, failure, look]);

  return { known, failure, loading, look };
}
