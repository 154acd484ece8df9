import { useLayoutEffect, useRef, type RefObject } from 'react';

const homes = new Set<HTMLElement>();

const canHaveFocus = (element: Element) => element.isConnected && !element.matches(':disabled');

/** Those that take focus when `element` goes, the innermost first. */
export function homesOf(element: Element): HTMLElement[] {
  return [...homes].filter((home) => home.contains(element)).sort((a, b) => (a.contains(b) ? 1 : -1));
}

/**
 * What has focus may go: a button that did its work, a question that was answered. Or it stays and is off, as a button whose work there is no
 * more. Then focus would fall to the start of the page; it comes to the element of this ref instead, which needs `tabIndex={-1}`. Of nested
 * ones the innermost that stays takes it.
 */
export function useKeepFocus<T extends HTMLElement>(): RefObject<T> {
  const home = useRef<T>(null);
  useLayoutEffect(() => {
    const element = home.current;
    if (!element) return undefined;
    let last: { target: Element; nearer: HTMLElement[] } | undefined;
    const onFocus = ({ target }: FocusEvent) => {
      const inside = target as Element;
      last = { target: inside, nearer: [...homes].filter((other) => other !== element && element.contains(other) && other.contains(inside)) };
    };
    // A browser may say that focus was lost because its element goes, or because the window has it no more. Only what left an element that stays, for another, has left
    // for good.
    const onBlur = ({ target }: FocusEvent) =>
      queueMicrotask(() => {
        if (last?.target === target && last.target.isConnected && document.activeElement !== target) last = undefined;
      });
    const observer = new MutationObserver(() => {
      if (!last || canHaveFocus(last.target)) return;
      const { target, nearer } = last;
      const takenNearer = nearer.some(({ isConnected }) => isConnected);
      last = undefined;
      if (!takenNearer && [target, document.body, null].includes(document.activeElement)) element.focus({ preventScroll: true });
    });
    homes.add(element);
    element.addEventListener('focusin', onFocus);
    element.addEventListener('focusout', onBlur);
    observer.observe(element, { childList: true, subtree: true, attributeFilter: ['disabled'] });
    return () => {
      homes.delete(element);
      element.removeEventListener('focusin', onFocus);
      element.removeEventListener('focusout', onBlur);
      observer.disconnect();
    };
  }, []);
  return home;
}
