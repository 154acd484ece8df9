import { useEffect, useRef } from 'react';
import { useAnnounce } from './live';
import { useWords } from './words';

/**
 * Says to screen readers where a customer has begun to wait; whoever waits already when the page opens stands at its top. `complete`: false where
 * some may be left out for the moment, whose return is no news then.
 */
export function useNewlyWaiting(waiting: { id: string; issue: string }[], complete = true): void {
  const words = useWords();
  const announce = useAnnounce();
  const before = useRef<Set<string>>();
  useEffect(() => {
    const known = before.current;
    before.current = new Set([...(complete ? [] : (known ?? [])), ...waiting.map(({ id }) => id)]);
    if (!known) return;
    const news = waiting.filter(({ id }) => !known.has(id)).map(({ issue }) => words.say('live.waiting', { issue }));
    if (news.length > 0) announce(news.join('. '));
  });
}
