/*
 * Jira makes the frame of a page as high as the page, so nothing sticks to an edge inside of it: only the page around it scrolls, and that is
 * another site's. What is seen of the frame an IntersectionObserver knows all the same. It tells once, when it begins, and afterwards only when
 * a share has changed; so it is begun anew for as long as something follows.
 */
import { useLayoutEffect, useRef, type RefObject } from 'react';

/** How soon it looks again while nobody scrolls; while somebody does, with every picture of the browser. */
const kQuietMs = 100;

/** An element at the end of the page that moves up to where the reader can see it while `following`, as far as the top of what it stands in. */
export function useInSight<T extends HTMLElement>(following: boolean): RefObject<T> {
  const place = useRef<T>(null);
  useLayoutEffect(() => {
    const element = place.current;
    if (!following || !element || typeof IntersectionObserver === 'undefined') return undefined;
    let timer = 0;
    let up = 0;
    const observer = new IntersectionObserver(([seen]) => {
      observer.disconnect();
      const before = up;
      if (seen?.isIntersecting) {
        const { top, bottom } = element.getBoundingClientRect();
        const room = top + up - (element.parentElement?.getBoundingClientRect().top ?? 0);
        up = Math.max(0, Math.min(Math.round(bottom + up - seen.intersectionRect.bottom), room));
        element.style.setProperty('translate', `0 ${-up}px`);
      }
      timer = window.setTimeout(look, up === before ? kQuietMs : 0);
    });
    const look = () => observer.observe(document.documentElement);
    look();
    return () => {
      window.clearTimeout(timer);
      observer.disconnect();
      element.style.removeProperty('translate');
    };
  }, [following]);
  return place;
}
