import { useEffect, useState } from 'react';

const kStepSeconds = 10;

/**
 * How long ago something came, in seconds; `at` by this browser's clock, in milliseconds. In steps of ten, so that it does not move all the
 * time, and none for whatever is as fresh as an open panel keeps it.
 */
export function useAge(at: number): number {
  const [age, setAge] = useState(0);
  useEffect(() => {
    const look = () => setAge(Math.max(0, Math.floor((Date.now() - at) / 1000 / kStepSeconds) * kStepSeconds));
    look();
    const timer = window.setInterval(look, kStepSeconds * 1000);
    return () => window.clearInterval(timer);
  }, [at]);
  return age;
}
