// Open sessions are followed by asking TeamViewer for all of an account's at once. What one look at every session costs, and whether 10,000 of them, of
// 1,000 accounts, are seen within the minute in which they are due, by one core.
import { Crowd, range } from './crowd.mjs';
import { request } from '../tests/harness/http.mjs';
import { until } from '../tests/harness/wait.mjs';
import { fineCpuMicroseconds, pin } from './process_figures.mjs';

const each = 10;
const cases = [100, 1_000, 10_000];
const looks = 3;
const pace = { seconds: 301 };   // the slowest
const far = 60_000;              // the pace of sessions at which nobody looks, milliseconds
const near = 10_000;             // and of those at which somebody does, or where a customer is
const mostGrowth = 1.15;

async function polls(crowd) {
  const metrics = await crowd.belayd.metrics();
  return [...metrics.matchAll(/^belay_worker_steps_total\{[^}]*kind="account\.poll"[^}]*\} (\d+)/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
}

async function openAll(crowd, accounts) {
  let next = 0;
  const work = async () => {
    for (let agent = next++; agent < accounts; agent = next++) {
      for (const [n, headers] of (await crowd.headers({ agent, issue: agent, count: each })).entries()) {
        const answer = await request(`${crowd.belayd.url}/v1/sessions`, { method: 'POST', body: { customer: { name: `Customer ${agent} ${n}` }, invitation: 'none', validityMinutes: 10_080 }, headers });
        if (answer.status !== 202) throw new Error(`${answer.status} ${answer.text}`);
      }
    }
  };
  await Promise.all(range(4).map(work));
  await until('all of them are made', async () => (await crowd.sandbox.state()).teamviewer.sessions.length === accounts * each, { timeout: 600_000, every: 1_000 });
}

async function measureSize(size) {
  const accounts = size / each;
  const crowd = await Crowd.open({ people: 4, agents: accounts, issues: range(accounts).map(() => ({ people: [0, 1, 2, 3] })), clock: true });
  try {
    await openAll(crowd, accounts);
    pin(crowd.pid, 0);
    pin(crowd.sandbox.program.pid, 1);
    // One look at everything: each account is due once the slowest pace has passed.
    const look = async () => {
      const done = await polls(crowd);
      const mark = await crowd.mark();
      const cpu = fineCpuMicroseconds(crowd.pid);
      const from = performance.now();
      crowd.world.clock.advance(pace);
      await until('every account has been asked for its sessions', async () => (await polls(crowd)) >= done + accounts, { timeout: 300_000 });
      const took = performance.now() - from;
      return { took, cpu: fineCpuMicroseconds(crowd.pid) - cpu, calls: (await crowd.callsSince(mark)).length };
    };
    await look();
    const seen = [];
    for (let n = 0; n < looks; n += 1) seen.push(await look());
    const least = (member) => Math.min(...seen.map((one) => one[member]));
    return { took: least('took'), cpu: least('cpu') / size, calls: least('calls') / size };
  } finally {
    await crowd.close();
  }
}

export const note = 'The time of a look holds what the sandbox works for its answers, on a core of its own.';

export async function measure() {
  const figures = [];
  let best = Infinity;
  for (const size of cases) {
    const { took, cpu, calls } = await measureSize(size);
    const figure = (what, ours, unit, limit, reached) => ({ case: `${size} sessions`, figure: what, ours, peer: null, unit, ...(limit === undefined ? {} : { limit, reached, timed: true }) });
    figures.push(
      figure('CPU of a look', cpu, 'us/session', best === Infinity ? undefined : `<= ${mostGrowth} x the best of the smaller sizes`, cpu <= best * mostGrowth),
      figure('calls', calls, 'a session and look'),
      figure('time of a look at all', took, 'ms', size === cases.at(-1) ? `<= ${far}` : undefined, took <= far),
      figure('core where nobody looks', (cpu * size) / far / 10, '%', '<= 100', (cpu * size) / far / 10 <= 100),
      figure('core where all are looked at', (cpu * size) / near / 10, '%', '<= 100', (cpu * size) / near / 10 <= 100),
    );
    best = Math.min(best, cpu);
  }
  return figures;
}
