import { useEffect, useState } from 'react';

const kTickMs = 10_000;

/** The server's time, so that "left" is right on a wrong clock. Moves every ten seconds: nothing shown is finer than a minute. */
export function useNow(clockOffset: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    setNow(Date.now());
    const timer = window.setInterval(() => setNow(Date.now()), kTickMs);
    return () => window.clearInterval(timer);
  }, [clockOffset]);
  return now + clockOffset;
}
