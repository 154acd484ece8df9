// Many open panels: how often TeamViewer is asked in the name of one account, and what a panel's question costs. Minutes pass on the movable clock.
import { ageTold, judge, shownBy } from './ages.mjs';
import { isWhole, mostInAMinute, run } from './clockwork.mjs';
import { Crowd, countOf, range } from './crowd.mjs';
import { fineCpuMicroseconds } from './process_figures.mjs';

const accounts = 20;
const known = 45;               // people of the company: all fit into one question
const most = 1_000;
const mostApart = 300;          // panels whose people are nobody else's
const from = 72;                // seconds: until what opening cost is forgotten
const counted = 64;             // what lives for a minute is asked for again by every eighth question
// belayd's default: so often one account's list may be asked for in a minute; three quarters of that for who is looked at already.
const limit = 40;
const forKeeping = 0.75 * limit;
const youngest = 10;            // seconds: no presence is so old
const tied = 12;                // by hand, each to a contact
const tiedIssue = most + mostApart;

const three = (n) => [...new Set([n % known, (n * 7 + 1) % known, (n * 11 + 2) % known])];
const apart = (n) => [0, 1, 2].map((m) => known + 3 * n + m);

const cases = [
  ...[1, 10, 100, most].map((panels) => ({ name: `${panels} panel${panels > 1 ? 's' : ''}, as many issues`, panels })),
  { name: `${most} panels, one issue`, panels: most, issueOf: () => 0 },
  { name: `${most} panels, as many issues, ${accounts} accounts`, panels: most, agents: accounts },
  { name: `${mostApart} panels, nobody on two of them`, panels: mostApart, issueOf: (n) => most + n, manyPeople: true },
  { name: `10 panels, ${tied} people tied by hand`, panels: 10, issueOf: () => tiedIssue },
];

async function measureCase(crowd, { name, panels: count, issueOf = (n) => n, agents = 1, manyPeople = false }) {
  const one = new Map();
  const panels = [];
  for (let n = 0; n < count; n += 1) {
    const key = `${issueOf(n)} ${n % agents}`;
    if (!one.has(key)) one.set(key, (await crowd.headers({ issue: issueOf(n), agent: n % agents }))[0]);
    panels.push({ headers: one.get(key) });
  }
  await crowd.restart();
  const begun = await crowd.mark();
  let cpu = 0;
  let asked = 0;
  let failed = 0;
  const lines = { opening: [], later: [] };
  let later = begun;
  await run({
    crowd, panels, seconds: from + counted,
    passed: async (elapsed) => {
      if (elapsed !== from * 1000) return;
      later = await crowd.mark();
      cpu = fineCpuMicroseconds(crowd.pid);
    },
    seen: (_, { status, body }, elapsed, times) => {
      if (status !== 200 || !isWhole(body)) failed += 1;
      lines[elapsed >= from * 1000 ? 'later' : 'opening'].push({ ...times, shown: shownBy(body) });
      if (elapsed >= from * 1000) asked += 1;
    },
  });
  cpu = (fineCpuMicroseconds(crowd.pid) - cpu) / asked;
  const all = await crowd.callsSince(begun);
  const steady = all.filter(({ seq }) => seq > later);
  const contacts = ({ party, path }) => party === 'teamviewer' && path.includes('/contacts');
  const figure = (what, ours, unit, more = {}) => ({ case: name, figure: what, ours, peer: null, unit, ...more });
  const aMinute = (count) => (count * 60) / counted;
  const perMinute = aMinute(steady.filter(contacts).length) / agents;
  const highest = mostInAMinute(all.filter(contacts)) / agents;
  return [
    figure('contact lists', perMinute, 'calls/minute/account', { limit: `<= ${forKeeping}`, reached: perMinute <= forKeeping }),
    figure('most in a minute', highest, 'calls/account', { limit: `<= ${limit}`, reached: highest <= limit }),
    figure('Jira', aMinute(countOf(steady, 'jira')), 'calls/minute'),
    ...[['oldest presence', 'later'], ['while opening', 'opening']].map(([what, when]) => {
      const { age } = judge(lines[when], all);
      return figure(what, age, 's', manyPeople ? {} : { limit: `< ${youngest}`, reached: age < youngest });
    }),
    ageTold(figure, judge([...lines.opening, ...lines.later], all)),
    figure('CPU', cpu, 'us/panel'),
    figure('failed', failed, 'panels', { limit: '0', reached: failed === 0 }),
  ];
}

export async function measure() {
  const people = known + 3 * mostApart + 2 * tied;
  const ofTied = range(2 * tied, known + 3 * mostApart).filter((n) => n % 2 === 0);   // who has an account
  const issues = [...range(most).map((n) => ({ people: three(n) })), ...range(mostApart).map((n) => ({ people: apart(n) })), { people: ofTied }];
  const crowd = await Crowd.open({ people, issues, agents: accounts, clock: true, isContact: (agent, person) => person < known || agent === 0 });
  try {
    await crowd.tie(ofTied, tiedIssue);
    const figures = [];
    for (const one of cases) figures.push(...await measureCase(crowd, one));
    return figures;
  } finally {
    await crowd.close();
  }
}
