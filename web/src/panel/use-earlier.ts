/*
 * Sessions of the issue that are over and too old to be on every answer: fetched when somebody wants to see them, and again when another one is pushed out
 * of the answers.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import { api, type Failure } from '../api/client';
import type { Panel, Session } from '../api/types';
import { isOver } from '../ui/session-words';

export interface Earlier {
  /** Newest first; none before they were asked for. */
  sessions: Session[];
  /** So many more can be fetched. */
  more: number;
  loading: boolean;
  failure: Failure | undefined;
  load: () => void;
  /** Puts in one of them as an action's answer gave it. False: it is not one of them. */
  apply: (session: Session) => boolean;
}

export function useEarlier({ sessions: shown, earlierSessions = 0 }: Panel): Earlier {
  const [all, setAll] = useState<Session[]>();
  const [loading, setLoading] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const wanted = useRef(false);
  const asked = useRef(false);

  const load = useCallback(async () => {
    if (asked.current) return;
    asked.current = true;
    wanted.current = true;
    setLoading(true);
    setFailure(undefined);
    const answer = await api.getSessions();
    asked.current = false;
    setLoading(false);
    if (answer.ok) setAll(answer.value.sessions);
    else setFailure(answer.failure);
  }, []);

  const inAnswer = new Set(shown.map(({ id }) => id));
  // As many as the server speaks of: where it tells the reader of none any more, none is shown. One that was open when these were fetched is not as it was.
  const sessions = (all ?? []).filter((session) => isOver(session) && !inAnswer.has(session.id)).slice(0, earlierSessions);
  const more = earlierSessions - sessions.length;
  // Once for each one that is pushed out: what the list itself lacks is not asked for in a circle.
  useEffect(() => {
    if (wanted.current && earlierSessions > 0) void load();
  }, [earlierSessions, load]);

  const apply = (session: Session) => {
    const ours = sessions.some(({ id }) => id === session.id);
    if (ours) setAll((old) => old?.map((one) => (one.id === session.id ? session : one)));
    return ours;
  };

  return { sessions, more, loading, failure, load: () => void load(), apply };
}
