/*
 * What an action left to be read on its row. It is about how things stood then: the next action and the next state take it away, and what
 * is a remark only goes by itself.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Failure } from '../api/client';
import type { Session } from '../api/types';
import { useAnnounce } from '../ui/live';
import { isOver, stateOf } from '../ui/session-words';

/** `remark`: said of this state, and soon old. `hint`: for whoever looks for a new tab, whose coming may change the state. `told`: stays until something is done. */
type Kind = 'remark' | 'hint' | 'told';

const kReadMs: Partial<Record<Kind, number>> = { remark: 8_000, hint: 30_000 };

interface Said {
  kind: Kind;
  sentence: string;
  state: string;
}

export interface Notes {
  note: string | undefined;
  failure: Failure | undefined;
  tell: (sentence: string, kind: Kind) => void;
  refuse: (failure: Failure) => void;
  clear: () => void;
}

export function useNotes(session: Session): Notes {
  const announce = useAnnounce();
  const { word: state } = stateOf(session);
  // An answer may come after the state has changed: it is about the state that it meets.
  const latest = useRef(state);
  latest.current = state;
  const [said, setSaid] = useState<Said>();
  const [refused, setRefused] = useState<{ failure: Failure; state: string }>();

  const clear = useCallback(() => {
    setSaid(undefined);
    setRefused(undefined);
  }, []);
  // For good: what was said of this state is no news when it comes again.
  useEffect(() => {
    setSaid((old) => (old?.kind === 'remark' && old.state !== state ? undefined : old));
    setRefused((old) => (old?.state === state ? old : undefined));
  }, [state]);
  useEffect(() => {
    const milliseconds = said && kReadMs[said.kind];
    if (milliseconds === undefined) return undefined;
    const timer = window.setTimeout(() => setSaid(undefined), milliseconds);
    return () => window.clearTimeout(timer);
  }, [said]);

  const tell = (sentence: string, kind: Kind) => {
    setRefused(undefined);
    setSaid({ kind, sentence, state: latest.current });
    announce(sentence);
  };
  const refuse = (failure: Failure) => setRefused({ failure, state: latest.current });
  const current = said && !isOver(session) && (said.kind !== 'remark' || said.state === state);
  return { note: current ? said.sentence : undefined, failure: refused?.state === state ? refused.failure : undefined, tell, refuse, clear };
}
