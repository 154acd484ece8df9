// Open panels over minutes of the movable clock: time goes on in steps as short as the machine allows, and each panel asks when it is due.
import http from 'node:http';
import { askPanel } from './crowd.mjs';

/** A visible panel asks so often. */
export const pace = 8_000;

/**
 * `panels`: [{headers}]; they open one after the other within one pace. `passed(elapsed)` before each step, `seen(panel, answer, elapsed, times)` for each
 * answer; `elapsed` in milliseconds of the movable clock, `times`: when it was asked and answered, by the clock that calls are told by.
 */
export async function run({ crowd, panels, seconds, step = 250, seen = () => {}, passed = () => {} }) {
  const { clock } = crowd.world;
  const { url } = crowd.belayd;
  const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });
  const begin = clock.now().getTime();
  const due = panels.map((panel, n) => ({ panel, at: Math.floor((n * pace) / panels.length) }));
  for (let elapsed = 0; elapsed < seconds * 1000; elapsed += step) {
    // Never back: where the machine is slower than the clock, its own time counts.
    clock.set(Math.max(clock.offset, begin + elapsed - Date.now()));
    await passed(elapsed);
    const now = due.filter(({ at }) => at <= elapsed);
    await Promise.all(now.map(async (one) => {
      one.at += pace;
      const asked = crowd.now();
      const answer = await askPanel(url, one.panel.headers, { agent });
      seen(one.panel, answer, elapsed, { asked, answered: crowd.now() });
    }));
  }
  agent.destroy();
}

// When a call was answered is written down a moment after it was counted.
const minute = 59_950;

/** The most calls within any minute. */
export function mostInAMinute(calls) {
  const ends = calls.map(({ end }) => end).sort((a, b) => a - b);
  let first = 0;
  let most = 0;
  ends.forEach((end, n) => {
    while (end - ends[first] >= minute) first += 1;
    most = Math.max(most, n - first + 1);
  });
  return most;
}

const ages = new Set(['presence', 'session_state']);
/** Nothing is missing, but presences of people who were never seen because no call was left for them; and a session's state may be an older one for the same reason. */
export const isWhole = (body) => body.includes('"missing":[]') || JSON.parse(body).missing.every(({ what, why }) => ages.has(what) && why === 'provider_rate_limited');
/** Somebody was never seen. */
export const lacksSomebody = (body) => body.includes('"standing":"unknown"');
