// Somebody hides their mail address on their profile: how long until open panels stop finding them by it. Jira sends no event for that, so they have to be read
// again, and reading costs points (docs/decisions/0007). Minutes pass on the movable clock.
import { run } from './clockwork.mjs';
import { Crowd, range } from './crowd.mjs';

const panels = 8;                // of one issue, apart from each other by a part of their pace, so that a change meets them at every moment of it
const settled = 80;              // seconds: who was not looked at for 70 is forgotten
const times = 10;
const apart = 90.7;              // seconds from one to the next: never twice at the same moment of a pace
const hiddenFor = 60;            // until it is shown again
const mostPoints = 20_000;       // an hour, on people: one for a call, two for each user in it

// So many show their address to everybody, and the others to nobody. `most`: seconds, as the decision says.
const cases = [
  { people: 5, most: 10 },
  { people: 5, others: 24, most: 10 },
  { people: 20, most: 15 },
  { people: 100, most: 44 },
];

const idOf = (n) => `crowd-${String(n).padStart(5, '0')}`;
const pointsOf = ({ query }) => 1 + 2 * query.filter(([key]) => key === 'accountId').length;

async function measureCase({ people, others = 0, most }) {
  const crowd = await Crowd.open({ people: people + others, issues: [{ people: range(people + others) }], clock: true, isHidden: (n) => n >= people, teamviewer: { calls_per_minute: 500 } });
  try {
    const [headers] = await crowd.headers();
    const change = (id, emailVisible) => crowd.sandbox.change({ jira: { people: { [id]: { emailVisible } } } });
    // One at a time: the more of them show theirs, the longer it takes.
    const hidings = range(times).map((n) => ({ id: idOf(n % people), from: (settled + n * apart) * 1000, gone: new Map() }));
    let now;              // the one that is hidden
    let found = new Map();
    let begun;
    await run({
      crowd, panels: range(panels).map((name) => ({ name, headers })), seconds: settled + times * apart,
      passed: async (elapsed) => {
        if (now && elapsed >= now.from + hiddenFor * 1000) {
          await change(now.id, true);
          now = undefined;
        }
        const next = hidings.find(({ at, from }) => at === undefined && elapsed >= from);
        if (!next) return;
        begun ??= await crowd.mark();
        if (found.get(next.id) !== 'profile_address') throw new Error(`${next.id} was not found by what their profile shows: ${found.get(next.id)}`);
        now = next;
        now.at = elapsed;
        await change(now.id, false);
      },
      seen: ({ name }, { status, body }, elapsed) => {
        if (status !== 200) throw new Error(`${status} ${body}`);
        found = new Map(JSON.parse(body).people.map(({ id, matchedBy }) => [id, matchedBy]));
        if (now && found.get(now.id) !== 'profile_address' && !now.gone.has(name)) now.gone.set(name, (elapsed - now.at) / 1000);
      },
    });
    const after = hidings.flatMap(({ gone }) => [...gone.values()]);
    const longest = Math.floor(Math.max(...after));
    const still = times * panels - after.length;
    const points = (await crowd.callsSince(begun)).filter(({ party, path }) => party === 'jira' && path.endsWith('/user/bulk')).reduce((sum, call) => sum + pointsOf(call), 0);
    const anHour = (points * 3600) / (times * apart);
    const figure = (what, ours, unit, limit, reached) => ({ case: `${people} people${others > 0 ? `, and ${others} who show none` : ''}`, figure: what, ours, peer: null, unit, ...(limit === undefined ? {} : { limit, reached }) });
    return [
      figure('gone after', longest, 's at most', `<= ${most}`, longest <= most),
      figure('on average', after.reduce((sum, one) => sum + one, 0) / after.length, 's'),
      figure(`still shown after ${hiddenFor} s`, still, 'panels', '0', still === 0),
      figure('read for it', anHour, 'points/hour', `<= ${mostPoints}`, anHour <= mostPoints),
    ];
  } finally {
    await crowd.close();
  }
}

export async function measure() {
  const figures = [];
  for (const one of cases) figures.push(...await measureCase(one));
  return figures;
}
