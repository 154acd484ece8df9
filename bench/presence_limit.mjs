// TeamViewer's limit for each function and token, and what belayd makes of it: calls, refusals, failed panels, and how old presence gets. Agents look,
// and meanwhile one adds, launches and holds sessions: every function that is called is judged.
// Minutes pass on the movable clock.
import { ageTold, judge, shownBy } from './ages.mjs';
import { isWhole, lacksSomebody, mostInAMinute, pace, run } from './clockwork.mjs';
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

const minutes = 6;
const settledFrom = 2;   // of them: until all who opened are known
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

// So many that a look at all of them takes half a minute: nobody is left out of it.
const many = { people: 900, issues: 300, panels: 300, quiet: true };
const defaultLimit = 40;
const addressesOfACall = 50;
/** docs/people.md, "How often others are asked": what a presence lives, and a panel's own pace. Seconds. */
const oldestOf = (people, limit) => (60 * Math.ceil(people / addressesOfACall)) / (0.75 * limit) + pace / 1000;

/** `quiet`: nothing is done but looking. */
async function measureCase({ name, limit, told, learns = false, slow = 0 }, { people, issues, panels = 20, quiet = false }) {
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
    if (!learns && !quiet) await crowd.agent().expect(202, 'POST', '/v1/sessions', { customer: { name: 'A customer' }, invitation: 'none' });
    const begun = await crowd.mark();
    let failed = 0;
    let lacking = 0;
    const lines = [];
    await crowd.hold(slow, { party: 'teamviewer' });
    await run({
      crowd, panels: open, seconds: minutes * 60, step,
      passed: async (elapsed) => {
        if (elapsed === 10_000 && !quiet) await act(crowd, limit);
        if (elapsed === 30_000) await crowd.hold(0);
      },
      seen: (_, { status, body }, elapsed, times) => {
        if (status !== 200 || !isWhole(body)) failed += 1;
        if (elapsed >= (minutes - 2) * 60_000 && lacksSomebody(body)) lacking += 1;
        lines.push({ ...times, elapsed, shown: shownBy(body) });
      },
    });
    const all = await crowd.callsSince(begun);
    const calls = all.filter(({ party, path }) => party === 'teamviewer' && path.includes('/api/v1/') && !path.includes('/oauth2/'));
    const looks = calls.filter((call) => functionOf(call) === 'GET /contacts' && call.status === 200);
    const refused = calls.filter(({ status }) => status === 429);
    const later = refused.filter(({ end }) => end - calls[0].end > 60_000).length;   // what is learnt is learnt then
    const figure = (what, ours, unit, more = {}) => ({ case: `${people} people, ${name}`, figure: what, ours, peer: null, unit, ...more });
    const functions = byFunction(calls).map(([name, its]) => ({ name, most: mostInAMinute(its) })).sort((a, b) => b.most - a.most);
    const [{ name: busiest, most }] = functions;
    const old = oldestOf(people, limit);
    const agesFrom = (minute) => judge(lines.filter(({ elapsed }) => elapsed >= minute * 60_000), all, { most: old });
    const [ever, settled, last] = [0, settledFrom, minutes - 2].map(agesFrom);
    const goal = (limit, reached) => (quiet ? { limit, reached } : {});
    return [
      figure('functions called', functions.length, ''),
      figure('most in a minute', most, 'calls of one', { shown: `${most} (${busiest})`, ...(learns ? {} : { limit: '<= the limit', reached: most <= limit }) }),
      figure('lists of contacts', looks.length / minutes, 'calls/minute'),
      figure('refused', refused.length, 'calls', learns ? {} : { limit: '0', reached: refused.length === 0 }),
      figure('of them after a minute', later, 'calls', { limit: '0', reached: later === 0 }),
      figure('failed', failed, 'panels', { limit: '0', reached: failed === 0 }),
      figure('with somebody unseen, later', lacking, 'panels', { limit: '0', reached: lacking === 0 }),
      figure('oldest presence', ever.age, 's'),
      figure('in the last two minutes', last.age, 's'),
      figure(`from minute ${settledFrom} on`, settled.age, 's', { shown: `${settled.age} (${settled.who})`, ...goal(`<= ${old}`, settled.age <= old) }),
      figure('people who were ever older', settled.tooOld, 'people', { shown: `${settled.tooOld} of ${settled.people}`, ...goal('0', settled.tooOld === 0) }),
      ageTold(figure, ever),
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
  figures.push(...await measureCase({ name: `${many.panels} panels, default of ${defaultLimit}`, limit: defaultLimit }, many));
  return figures;
}
