/*
 * When nothing in the panel may move: while the pointer is on a row, a form or something that can be pressed, while focus is inside,
 * and while a menu, a form or a question is open. Then what is new goes to the end, and finds its place afterwards.
 * A pointer that rests, and focus that was left behind, hold for a while only: a browser need not say that the pointer left the frame,
 * and nobody takes focus out of it to let the panel go on.
 */
import { createContext, useCallback, useContext, useEffect, useLayoutEffect, useMemo, useReducer, useRef, type FocusEvent, type PointerEvent, type RefObject } from 'react';

export interface Hold {
  /** For the element of the panel. */
  home: RefObject<HTMLDivElement>;
  handlers: {
    onPointerOver: (event: PointerEvent) => void;
    onPointerMove: () => void;
    onPointerLeave: () => void;
    onKeyDown: () => void;
    onFocus: () => void;
    onBlur: (event: FocusEvent) => void;
  };
  /** To be asked once something is drawn. */
  holds: () => boolean;
  /** Before something moves: focus that the window does not have now must not be fetched back from another page. */
  letGo: () => void;
  /** Afterwards: what has moved has lost the focus that the window does have. */
  giveBack: () => void;
  /** For `useHoldWhile`, at the end. */
  change: (by: 1 | -1) => void;
}

// As long as somebody looks at what they are about to press.
export const kRestMs = 12_000;

const kPlaces = 'li, form, button, a, select, input, textarea';

export const HoldContext = createContext<Pick<Hold, 'holds' | 'change'>>({ holds: () => false, change: () => undefined });

export function useHold(): Hold {
  const home = useRef<HTMLDivElement>(null);
  const over = useRef<Element | null>(null);
  const open = useRef(0);
  const [, look] = useReducer((turn: number) => turn + 1, 0);
  const movedAt = useRef(0);
  const timer = useRef<number>();
  const lost = useRef<HTMLElement>();
  useEffect(() => () => window.clearTimeout(timer.current), []);

  /** One timer, however often the pointer moves: it looks when it is due, and waits for the rest. */
  const moved = useCallback(() => {
    movedAt.current = Date.now();
    const wait = (milliseconds: number) => {
      timer.current = window.setTimeout(() => {
        timer.current = undefined;
        const rest = movedAt.current + kRestMs - Date.now();
        if (rest > 0) wait(rest);
        else look();
      }, milliseconds);
    };
    if (timer.current === undefined) wait(kRestMs);
  }, []);

  const focused = useCallback(() => {
    const element = document.activeElement;
    return element instanceof HTMLElement && home.current?.contains(element) === true ? element : undefined;
  }, []);
  const onPointerOver = useCallback((event: PointerEvent) => {
    moved();
    const before = over.current;
    over.current = (event.target as Element).closest(kPlaces);
    if (before && !over.current) look();
  }, [moved]);
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
    () => open.current > 0 || (Date.now() - movedAt.current < kRestMs && (over.current?.isConnected === true || (document.hasFocus() && focused() !== undefined))),
    [focused],
  );
  const letGo = useCallback(() => {
    lost.current = document.hasFocus() ? focused() : undefined;
    focused()?.blur();
  }, [focused]);
  const giveBack = useCallback(() => {
    lost.current?.focus({ preventScroll: true });
    lost.current = undefined;
  }, []);
  return useMemo(
    () => ({ home, handlers: { onPointerOver, onPointerMove: moved, onPointerLeave, onKeyDown: moved, onFocus: moved, onBlur }, holds, letGo, giveBack, change }),
    [onPointerOver, moved, onPointerLeave, onBlur, holds, letGo, giveBack, change],
  );
}

/** Nothing in the panel moves while `open`. */
export function useHoldWhile(open: boolean): void {
  const { change } = useContext(HoldContext);
  useLayoutEffect(() => {
    if (!open) return undefined;
    change(1);
    return () => change(-1);
  }, [open, change]);
}

/** What stands below stays where it is although `row` has less to show, for as long as the panel holds still. */
export function useKeepRoom(row: RefObject<HTMLElement>): void {
  const { holds } = useContext(HoldContext);
  useEffect(() => {
    const element = row.current;
    // The pages' tests have no layout.
    if (!element || typeof ResizeObserver === 'undefined') return undefined;
    let last = 0;
    // Told before anything is painted.
    const observer = new ResizeObserver(() => {
      const height = element.offsetHeight;
      if (height < last && holds()) element.style.minBlockSize = `${last}px`;
      else last = height;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [row, holds]);
  useLayoutEffect(() => {
    if (row.current?.style.minBlockSize && !holds()) row.current.style.minBlockSize = '';
  });
}
