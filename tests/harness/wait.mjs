// Waiting for a state, never for a time.
import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks `probe` until it gives something truthy, and gives that. Fails after `timeout` ms with `what` and the last thing that was seen
 * (the probe's last value, or its last error).
 */
export async function until(what, probe, { timeout = 20_000, every = 40 } = {}) {
  const end = performance.now() + timeout;
  let last;
  for (;;) {
    try {
      last = await probe();
      if (last) return last;
    } catch (error) {
      if (error?.code === 'ERR_ASSERTION') throw error;
      last = error;
    }
    if (performance.now() > end) {
      const seen = last instanceof Error ? last.message : JSON.stringify(last);
      throw new Error(`waited ${timeout} ms for: ${what} (last seen: ${seen})`);
    }
    await pause(every);
  }
}

/** Gives `promise`; when it takes longer than `milliseconds`, calls `late` once (which may make the promise end). */
export function within(milliseconds, promise, late) {
  const over = new AbortController();
  pause(milliseconds, undefined, { signal: over.signal }).then(late, () => {});
  return promise.finally(() => over.abort());
}

/** Moves the clock on, a little at a time, until `probe` gives something: for what becomes due only after pauses. */
export function asTimePasses(clock, what, probe, { seconds = 5, ...options } = {}) {
  return until(what, async () => {
    const found = await probe();
    if (!found) clock.advance({ seconds });
    return found;
  }, { every: 120, ...options });
}
