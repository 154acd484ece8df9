/*
 * In which order things stand. A customer who waits comes first. While the pointer is on something that can be pressed, or a
 * menu is open, nothing changes its place: what is new goes to the end, and moves when the pointer has gone.
 */
import { useCallback, useRef, useState, type PointerEvent } from 'react';
import type { Session } from '../api/types';

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

/** What is shown keeps its place; what is new is added below. */
export function held(before: Arrangement, sessions: Session[]): Arrangement {
  const ids = sessions.map(({ id }) => id);
  const kept = before.order.filter((id) => ids.includes(id));
  return { sessionsFirst: before.sessionsFirst, order: [...kept, ...ids.filter((id) => !kept.includes(id))] };
}

export interface Holding {
  holding: boolean;
  onPointerOver: (event: PointerEvent) => void;
  onPointerLeave: () => void;
  onMenu: (open: boolean) => void;
}

export function useHolding(): Holding {
  const over = useRef<Element | null>(null);
  const [pressable, setPressable] = useState(false);
  const [menus, setMenus] = useState(0);
  const onPointerOver = useCallback((event: PointerEvent) => {
    over.current = (event.target as Element).closest('button, a, select, input, textarea');
    setPressable(over.current !== null);
  }, []);
  const onPointerLeave = useCallback(() => {
    over.current = null;
    setPressable(false);
  }, []);
  const onMenu = useCallback((open: boolean) => setMenus((count) => Math.max(0, count + (open ? 1 : -1))), []);
  // What the pointer was on may be gone by now, without a word from the browser.
  const onSomething = pressable && over.current?.isConnected === true;
  return { holding: onSomething || menus > 0, onPointerOver, onPointerLeave, onMenu };
}

export function useArrangement(sessions: Session[], holding: boolean): Arrangement {
  const last = useRef<Arrangement>();
  const next = holding && last.current ? held(last.current, sessions) : wanted(sessions);
  last.current = next;
  return next;
}
