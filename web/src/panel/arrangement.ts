/*
 * In which order things stand. Who asks for help stands above all; a customer who waits comes first, and what the agent has just made; the rest as the server has it,
 * newest first. People stand as the server has them. While the panel holds still (hold.ts), what is shown keeps its place.
 */
import { useLayoutEffect, useState } from 'react';
import type { IssuePerson, Panel, Session } from '../api/types';
import type { Hold } from './hold';

export interface Arrangement {
  /** Who asks for help stands at the top. It goes when they do; it comes when nothing is moved under a hand. */
  asked: boolean;
  sessionsFirst: boolean;
  sessions: string[];
  people: string[];
}

interface Shown {
  sessions: Session[];
  people: IssuePerson[];
  askedForHelp?: Panel['askedForHelp'];
}

const present = ({ state }: Session): boolean => state === 'customer_present';
const idsOf = (things: readonly { id: string }[]): string[] => things.map(({ id }) => id);

function wanted({ sessions, people, askedForHelp }: Shown): Arrangement {
  const waiting = sessions.filter(present);
  const rest = sessions.filter((session) => !present(session));
  return { asked: askedForHelp !== undefined, sessionsFirst: waiting.length > 0, sessions: idsOf([...waiting, ...rest]), people: idsOf(people) };
}

/** What is shown keeps its place; what is in `above` comes above it, what came by itself below. */
function kept(before: string[], now: string[], above: ReadonlySet<string> = new Set()): string[] {
  const old = before.filter((id) => now.includes(id));
  const added = now.filter((id) => !old.includes(id));
  return [...added.filter((id) => above.has(id)), ...old, ...added.filter((id) => !above.has(id))];
}

const same = (one: Arrangement, other: Arrangement): boolean =>
  one.asked === other.asked && one.sessionsFirst === other.sessionsFirst && one.sessions.join() === other.sessions.join() && one.people.join() === other.people.join();

/** `mine`: the sessions that the agent has made in this view. */
export function useArrangement(now: Shown, hold: Hold, mine: ReadonlySet<string>): Arrangement {
  const [last, setLast] = useState(() => wanted(now));
  const shown = { asked: last.asked && now.askedForHelp !== undefined, sessionsFirst: last.sessionsFirst, sessions: kept(last.sessions, idsOf(now.sessions), mine), people: kept(last.people, idsOf(now.people)) };
  // Decided after each drawing: whether something holds is seen in the page, and a move must not come between two keys of a reader.
  useLayoutEffect(() => {
    const next = hold.holds() ? shown : wanted(now);
    if (same(next, last)) return hold.giveBack();
    if (!same(next, shown)) hold.letGo();
    setLast(next);
  });
  return shown;
}
