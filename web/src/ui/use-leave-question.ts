import { useEffect } from 'react';

/** The browser asks before the page is left, or loaded anew, while there is something to lose. The question is in its own words. */
export function useLeaveQuestion(something: boolean): void {
  useEffect(() => {
    if (!something) return undefined;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [something]);
}
