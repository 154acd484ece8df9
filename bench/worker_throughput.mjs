// How fast the worker makes what was asked for: sessions wait because TeamViewer holds the first of them, then it lets them go.
import { Crowd, range } from './crowd.mjs';
import { request } from '../tests/harness/http.mjs';
import { until } from '../tests/harness/wait.mjs';
import { fineCpuMicroseconds } from './process_figures.mjs';

const sizes = [100, 500, 2_000];
const agents = 20;
const mostGrowth = 1.25;

const openSessions = async (crowd) => (await crowd.sandbox.state()).teamviewer.sessions.length;

async function ask(crowd, count) {
  const each = count / agents;
  await Promise.all(range(agents).map(async (agent) => {
    const headers = await crowd.headers({ agent, count: each });
    for (const [n, one] of headers.entries()) {
      const answer = await request(`${crowd.belayd.url}/v1/sessions`, { method: 'POST', body: { customer: { name: `Customer ${agent} ${n} of ${count}` }, invitation: 'none' }, headers: one });
      if (answer.status !== 202) throw new Error(`${answer.status} ${answer.text}`);
    }
  }));
}

async function measureSize(crowd, count) {
  const before = await openSessions(crowd);
  await crowd.sandbox.faults([{ id: 'create', match: { party: 'teamviewer', method: 'POST', path: '**/sessions' }, hold: 'before' }]);
  await ask(crowd, count);
  const cpu = fineCpuMicroseconds(crowd.pid);
  const from = performance.now();
  await crowd.sandbox.faults([]);
  await crowd.sandbox.control('POST', 'release', {});
  await until('all of them are made', async () => (await openSessions(crowd)) >= before + count, { timeout: 120_000 });
  return { took: performance.now() - from, cpu: fineCpuMicroseconds(crowd.pid) - cpu };
}

export async function measure() {
  const crowd = await Crowd.open({ people: 4, agents, issues: [{ people: [0, 1, 2, 3] }], teamviewer: { calls_per_minute: 500 } });
  const figures = [];
  let best = Infinity;
  try {
    await measureSize(crowd, agents);   // groups are made, rights and names are known
    for (const size of sizes) {
      const { took, cpu } = await measureSize(crowd, size);
      const each = cpu / size;
      const figure = (what, ours, unit, limit, reached) => ({ case: `${size} sessions`, figure: what, ours, peer: null, unit, ...(limit === undefined ? {} : { limit, reached, timed: true }) });
      figures.push(
        figure('time', took, 'ms'),
        figure('made', (size * 1000) / took, 'sessions/s'),
        figure('CPU', each, 'us/session', best === Infinity ? undefined : `<= ${mostGrowth} x the best of the smaller sizes`, each <= best * mostGrowth),
      );
      best = Math.min(best, each);
    }
    return figures;
  } finally {
    await crowd.close();
  }
}
