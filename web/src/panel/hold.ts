/*
 * When nothing in the panel may move: while the pointer is on a row, a form or something that can be pressed, while focus is inside,
 * and while a menu, a form or a question is open. Then what is new goes to the end, and finds its place afterwards.
 */
import { createContext, useCallback, useContext, useLayoutEffect, useMemo, useReducer, useRef, type FocusEvent, type PointerEvent, type RefObject } from 'react';

export interface Hold {
  /** For the element of the panel. */
  home: RefObject<HTMLDivElement>;
  handlers: {
    onPointerOver: (event: PointerEvent) => void;
    onPointerLeave: () => void;
    onBlur: (event: FocusEvent) => void;
  };
  /** To be asked once something is drawn. */
  holds: () => boolean;
  /** Before something moves: focus that the window does not have now must not be fetched back from another page. */
  letGo: () => void;
  /** For `useHoldWhile`, below. */
  change: (by: 1 | -1) => void;
}

const kPlaces = 'li, form, button, a, select, input, textarea';

export const HoldContext = createContext<Hold['change']>(() => undefined);

export function useHold(): Hold {
  const home = useRef<HTMLDivElement>(null);
  const over = useRef<Element | null>(null);
  const open = useRef(0);
  const [, look] = useReducer((turn: number) => turn + 1, 0);

  const focused = useCallback(() => {
    const element = document.activeElement;
    return element instanceof HTMLElement && home.current?.contains(element) === true ? element : undefined;
  }, []);
  const onPointerOver = useCallback((event: PointerEvent) => {
    const before = over.current;
    over.current = (event.target as Element).closest(kPlaces);
    if (before && !over.current) look();
  }, []);
  const onPointerLeave = useCallback(() => {
    over.current = null;
    look();
  }, []);
  const onBlur = useCallback(({ relatedTarget }: FocusEvent) => {
    if (!home.current?.contains(relatedTarget)) look();
  }, []);
  const change = useCallback((by: 1 | -1) => {
    open.current += by;
    if (open.current === 0) look();
  }, []);
  // What the pointer was on may be gone by now, without a word from the browser. The window's own focus may be elsewhere, in Jira's page.
  const holds = useCallback(
    () => open.current > 0 || over.current?.isConnected === true || (document.hasFocus() && focused() !== undefined),
    [focused],
  );
  const letGo = useCallback(() => focused()?.blur(), [focused]);
  return useMemo(
    () => ({ home, handlers: { onPointerOver, onPointerLeave, onBlur }, holds, letGo, change }),
    [onPointerOver, onPointerLeave, onBlur, holds, letGo, change],
  );
}

/** Nothing in the panel moves while `open`. */
export function useHoldWhile(open: boolean): void {
  const change = useContext(HoldContext);
  useLayoutEffect(() => {
    if (!open) return undefined;
    change(1);
    return () => change(-1);
  }, [open, change]);
}
