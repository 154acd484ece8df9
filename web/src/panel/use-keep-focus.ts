/*
 * Moving an element in the document takes focus away from what is inside it. Whatever had focus before an update has it
 * afterwards, if it is still there.
 */
import { useEffect, useLayoutEffect, useRef, type RefObject } from 'react';

export function useKeepFocus(root: RefObject<HTMLElement>): void {
  const focused = useRef<HTMLElement | null>(null);
  useEffect(() => {
    const element = root.current;
    if (!element) return undefined;
    const remember = (event: FocusEvent) => {
      focused.current = event.target as HTMLElement;
    };
    const forget = (event: FocusEvent) => {
      // A blur on removal or moving has no related target and leaves the element to be found again by the layout effect.
      if (event.relatedTarget) focused.current = null;
    };
    // A press on nothing is the reader's own way to leave; a press on a control is followed by focusin.
    const leave = () => {
      focused.current = null;
    };
    document.addEventListener('pointerdown', leave);
    element.addEventListener('focusin', remember);
    element.addEventListener('focusout', forget);
    return () => {
      document.removeEventListener('pointerdown', leave);
      element.removeEventListener('focusin', remember);
      element.removeEventListener('focusout', forget);
    };
  }, [root]);
  useLayoutEffect(() => {
    const element = focused.current;
    if (element && document.activeElement === document.body && element.isConnected && document.hasFocus()) element.focus({ preventScroll: true });
  });
}
