/*
 * In which order things stand. A customer who waits comes first, and what the agent has just made; the rest as the server has it,
 * newest first. While the panel holds still (hold.ts), what is shown keeps its place.
 */
import { useLayoutEffect, useState } from 'react';
import type { Session } from '../api/types';
import type { Hold } from './hold';

export interface Arrangement {
  sessionsFirst: boolean;
  order: string[];
}

const present = ({ state }: Session): boolean => state === 'customer_present';

export function wanted(sessions: Session[]): Arrangement {
  const waiting = sessions.filter(present);
  const rest = sessions.filter((session) => !present(session));
  return { sessionsFirst: waiting.length > 0, order: [...waiting, ...rest].map(({ id }) => id) };
}

/** What is shown keeps its place; what the agent has made comes above it, what came by itself below. */
export function held(before: Arrangement, sessions: Session[], mine: ReadonlySet<string>): Arrangement {
  const ids = sessions.map(({ id }) => id);
  const kept = before.order.filter((id) => ids.includes(id));
  const added = ids.filter((id) => !kept.includes(id));
  return { sessionsFirst: before.sessionsFirst, order: [...added.filter((id) => mine.has(id)), ...kept, ...added.filter((id) => !mine.has(id))] };
}

const same = (one: Arrangement, other: Arrangement): boolean => one.sessionsFirst === other.sessionsFirst && one.order.join() === other.order.join();

/** `mine`: the sessions that the agent has made in this view. */
export function useArrangement(sessions: Session[], hold: Hold, mine: ReadonlySet<string>): Arrangement {
  const [last, setLast] = useState(() => wanted(sessions));
  const shown = held(last, sessions, mine);
  // Decided after each drawing: whether something holds is seen in the page, and a move must not come between two keys of a reader.
  useLayoutEffect(() => {
    const next = hold.holds() ? shown : wanted(sessions);
    if (same(next, last)) return;
    if (!same(next, shown)) hold.letGo();
    setLast(next);
  });
  return shown;
}
