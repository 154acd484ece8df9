import { useLayoutEffect, useRef, type RefObject } from 'react';

const homes = new Set<HTMLElement>();

/**
 * What has focus may go: a button that did its work, a question that was answered. Then focus would fall to the start of the page;
 * it comes to the element of this ref instead, which needs `tabIndex={-1}`. Of nested ones the innermost that stays takes it.
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
    // A browser may say that focus was lost because its element goes. Only what left an element that stays has left for good.
    const onBlur = ({ target }: FocusEvent) =>
      queueMicrotask(() => {
        if (last?.target === target && last.target.isConnected) last = undefined;
      });
    const observer = new MutationObserver(() => {
      if (!last || last.target.isConnected) return;
      const takenNearer = last.nearer.some(({ isConnected }) => isConnected);
      last = undefined;
      if (!takenNearer && (document.activeElement === document.body || document.activeElement === null)) element.focus({ preventScroll: true });
    });
    homes.add(element);
    element.addEventListener('focusin', onFocus);
    element.addEventListener('focusout', onBlur);
    observer.observe(element, { childList: true, subtree: true });
    return () => {
      homes.delete(element);
      element.removeEventListener('focusin', onFocus);
      element.removeEventListener('focusout', onBlur);
      observer.disconnect();
    };
  }, []);
  return home;
}
