// TeamViewer's limit for each function and token, and what belayd makes of it: calls, refusals, failed panels, and how old presence gets. Agents look,
// and meanwhile one adds, launches and holds sessions: every function that is called is judged.
// Minutes pass on the movable clock.
import { isWhole, lacksSomebody, mostInAMinute, oldestPresence, run } from './clockwork.mjs';
import { Crowd, range } from './crowd.mjs';

/** A function is a method and a path, whoever's id is in it. */
const functionOf = ({ method, path }) => `${method} ${path.replace(/.*\/api\/v1/, '').replace(/\/(contacts|sessions|groups)\/[^/]+/, '/$1/*')}`;

/** [[function, its calls]]. */
function byFunction(calls) {
  const functions = new Map();
  for (const call of calls) functions.set(functionOf(call), [...(functions.get(functionOf(call)) ?? []), call]);
  return [...functions];
}

/** More people than the limit takes are added, as far as there are so many, and more launches asked for. All in the first minute, so that what is learnt is learnt then. */
async function act(crowd, limit) {
  const room = { add: limit + 2, chat: limit + 2 };
  for (const issue of range(crowd.issues.length)) {
    const agent = crowd.agent(0, issue);
    const { people } = await agent.expect(200, 'GET', '/v1/panel');
    for (const { id, actions } of people) {
      if (actions.includes('add') && room.add-- > 0) await agent.call('POST', `/v1/people/${id}/contact`, {});
      if (actions.includes('chat') && room.chat-- > 0) await agent.call('POST', `/v1/people/${id}/launch`, { mode: 'chat' });
    }
  }
}

const panels = 20;
const minutes = 6;
const step = 500;

// `told`: what belayd's configuration says; nothing: its default.
// `slow`: so many milliseconds longer are calls under way in the first half minute, so that a call can be counted later than the ones after it.
const cases = [
  ...[6, 30, 120].map((limit) => ({ name: `${limit} a minute, configured`, limit, told: limit })),
  { name: '6 a minute, configured, slow at first', limit: 6, told: 6, slow: 900 },
  { name: '6 a minute, default of 40', limit: 6, learns: true },
  { name: '30 a minute, default of 40', limit: 30, learns: true },
];
// Fewer people than one question takes; and so many that each look takes six.
const crowds = [{ people: 45, issues: 10 }, { people: 300, issues: 2 }];

async function measureCase({ name, limit, told, learns = false, slow = 0 }, { people, issues }) {
  const each = Math.ceil(people / issues);
  const crowd = await Crowd.open({
    people,
    issues: range(issues).map((n) => ({ people: range(each, n * each).map((m) => m % people) })),
    clock: true,
    teamviewer: { calls_per_minute: told },
  });
  try {
    await crowd.sandbox.change({ teamviewer: { settings: { rateLimits: { '*': { calls: limit, seconds: 60 } } } } });
    const open = await Promise.all(range(panels).map(async (n) => ({ headers: (await crowd.headers({ issue: n % issues }))[0] })));
    // Polled for as long as it is open. Not where the limit has to be learnt: so slowly it is not learnt in the first minute.
    if (!learns) await crowd.agent().expect(202, 'POST', '/v1/sessions', { customer: { name: 'A customer' }, invitation: 'none' });
    const begun = await crowd.mark();
    let failed = 0;
    let lacking = 0;
    const oldest = [];
    await crowd.hold(slow, { party: 'teamviewer' });
    await run({
      crowd, panels: open, seconds: minutes * 60, step,
      passed: async (elapsed) => {
        if (elapsed === 10_000) await act(crowd, limit);
        if (elapsed === 30_000) await crowd.hold(0);
      },
      seen: (_, { status, body }, elapsed) => {
        if (status !== 200 || !isWhole(body)) failed += 1;
        if (elapsed >= (minutes - 2) * 60_000 && lacksSomebody(body)) lacking += 1;
        const minute = Math.floor(elapsed / 60_000);
        oldest[minute] = Math.max(oldest[minute] ?? 0, oldestPresence(body));
      },
    });
    const calls = (await crowd.callsSince(begun)).filter(({ party, path }) => party === 'teamviewer' && path.includes('/api/v1/') && !path.includes('/oauth2/'));
    const looks = calls.filter((call) => functionOf(call) === 'GET /contacts' && call.status === 200);
    const refused = calls.filter(({ status }) => status === 429);
    const later = refused.filter(({ end }) => end - calls[0].end > 60_000).length;   // what is learnt is learnt then
    const figure = (what, ours, unit, more = {}) => ({ case: `${people} people, ${name}`, figure: what, ours, peer: null, unit, ...more });
    const functions = byFunction(calls).map(([name, its]) => ({ name, most: mostInAMinute(its) })).sort((a, b) => b.most - a.most);
    const [{ name: busiest, most }] = functions;
    return [
      figure('functions called', functions.length, ''),
      figure('most in a minute', most, 'calls of one', { shown: `${most} (${busiest})`, ...(learns ? {} : { limit: '<= the limit', reached: most <= limit }) }),
      figure('lists of contacts', looks.length / minutes, 'calls/minute'),
      figure('refused', refused.length, 'calls', learns ? {} : { limit: '0', reached: refused.length === 0 }),
      figure('of them after a minute', later, 'calls', { limit: '0', reached: later === 0 }),
      figure('failed', failed, 'panels', { limit: '0', reached: failed === 0 }),
      figure('with somebody unseen, later', lacking, 'panels', { limit: '0', reached: lacking === 0 }),
      figure('oldest presence', Math.max(...oldest), 's'),
      figure('in the last two minutes', Math.max(...oldest.slice(-2)), 's'),
    ];
  } finally {
    await crowd.close();
  }
}

export async function measure() {
  const figures = [];
  for (const crowd of crowds) {
    for (const one of cases) figures.push(...await measureCase(one, crowd));
  }
  return figures;
}
