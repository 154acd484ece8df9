// What a panel costs with 1 to 300 people on the issue: outside calls and dependent rounds of them, CPU time, and CPU time for each person.
import { Crowd, askPanel, countOf, isOlderComments, range, roundsOf, sleep } from './crowd.mjs';
import { drive } from './load.mjs';
import { cpuMicroseconds, fineCpuMicroseconds, median } from './process_figures.mjs';

const sizes = [1, 10, 100, 300];
const rounds = 5;
const refreshes = 2;
const warmRequests = 400;
const held = 50;
// What a panel shows is asked for again after 2 s; then presence is, with as many calls as there are.
const life = 2_100;
// A little more for each person than with the best of the smaller sizes is still flat: the machine does other things too.
const flat = 1.15;

/** {body, calls, cpu} of one panel, with what went on because of it. */
async function panelOf(crowd, headers) {
  const begun = await crowd.mark();
  const before = fineCpuMicroseconds(crowd.pid);
  const { status, body } = await askPanel(crowd.belayd.url, headers);
  if (status !== 200) throw new Error(`${status} ${body}`);
  const panel = JSON.parse(body);
  if (panel.missing.length > 0) throw new Error(`something is missing: ${JSON.stringify(panel.missing)}`);
  const cpu = fineCpuMicroseconds(crowd.pid) - before;
  return { panel, cpu, calls: await crowd.callsSince(begun) };
}

async function measureSize(size) {
  // The same people on each issue: a belayd that was started anew knows none of them, and has read none of the comments.
  const crowd = await Crowd.open({ people: size, issues: range(rounds).map(() => ({ people: range(size) })), teamviewer: { calls_per_minute: 500 } });
  try {
    const cold = [];
    for (const issue of range(rounds)) {
      await crowd.restart();
      await crowd.hold(held);
      const [headers] = await crowd.headers({ issue });
      const { panel, cpu, calls } = await panelOf(crowd, headers);
      const own = calls.filter((call) => !isOlderComments(call));
      cold.push({ people: panel.people.length, cpu, jira: countOf(own, 'jira'), teamviewer: countOf(own, 'teamviewer'), rounds: roundsOf(own).length });
    }
    await crowd.hold(0);

    const issue = rounds - 1;
    const headers = await crowd.headers({ issue, count: warmRequests + 50 });
    const next = () => headers.pop();
    for (;;) {
      const { panel } = await panelOf(crowd, next());
      if (!panel.more && panel.people.length === size) break;
      await sleep(50);
    }
    const again = [];
    for (const _ of range(refreshes)) {
      await sleep(life);
      again.push(await panelOf(crowd, next()));
    }

    await sleep(life);
    await panelOf(crowd, next());
    const begun = await crowd.mark();
    const before = cpuMicroseconds(crowd.pid);
    await drive(`${crowd.belayd.url}/v1/panel`, warmRequests, (n) => headers[n]);
    const warm = (cpuMicroseconds(crowd.pid) - before) / warmRequests;
    return { size, cold, again, warm, warmCalls: (await crowd.callsSince(begun)).length };
  } finally {
    await crowd.close();
  }
}

export const note = `Flat or falling: CPU for each person at most ${flat} times the best of the smaller sizes.`;

export async function measure() {
  const figures = [];
  const best = {};
  for (const size of sizes) {
    const { cold, again, warm, warmCalls } = await measureSize(size);
    const of = (values, member) => median(values.map((one) => one[member]));
    const name = `${size} ${size === 1 ? 'person' : 'people'}`;
    const figure = (what, ours, unit, more = {}) => figures.push({ case: name, figure: what, ours, peer: null, unit, ...more });
    const people = of(cold, 'people');
    figure('cold: people', people, 'shown', { limit: 'of the newest 200 comments', reached: people >= Math.min(size, 200) });
    figure('cold: Jira', of(cold, 'jira'), 'calls');
    figure('cold: TeamViewer', of(cold, 'teamviewer'), 'calls', { limit: '1 for 50', reached: of(cold, 'teamviewer') <= Math.ceil(people / 50) });
    const most = Math.max(...cold.map((one) => one.rounds));
    figure('cold: rounds', most, 'at most', { limit: '<= 3', reached: most <= 3, timed: true });
    figure('again: calls', median(again.map(({ calls }) => calls.length)), 'calls');
    figure('warm: calls', warmCalls, 'calls', { limit: '0', reached: warmCalls === 0 });
    const cpus = { cold: [of(cold, 'cpu'), people], again: [of(again, 'cpu'), size], warm: [warm, size] };
    for (const [when, [cpu]] of Object.entries(cpus)) figure(`${when}: CPU`, cpu, 'us/panel');
    for (const [when, [cpu, count]] of Object.entries(cpus)) {
      const each = cpu / count;
      figure(`${when}: CPU/person`, each, 'us', { limit: 'flat or falling', ...(best[when] ? { reached: each <= best[when] * flat, timed: true } : {}) });
      best[when] = Math.min(best[when] ?? each, each);
    }
  }
  return figures;
}
