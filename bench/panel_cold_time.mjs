// How long a cold panel takes when every outside call takes 50 ms: the rounds of calls that had to wait for one another, and what comes on top.
import { Crowd, askPanel, isFurtherParticipants, isOlderComments, range, roundsOf, roundsWaitedFor, sleep } from './crowd.mjs';
import { median, waitedForCoreMicroseconds } from './process_figures.mjs';

const held = 50;
// The kinds of calls of a panel, each with a time of its own.
const unequal = {
  '/rest/api/3/mypermissions': 40, '/rest/api/3/permissions/check': 40, '/rest/api/3/issue/*': 60, '/rest/api/3/issue/*/comment': 90, '/rest/servicedeskapi/**': 30,
  '/rest/api/3/user/bulk': 80, '/rest/api/3/user/email/bulk': 30, '**/contacts': 70,
};
const mostRounds = 3;
const mostOverhead = 20;
const others = 3_000;
const othersOfAnIssue = 200;
const tokenLife = { minutes: 121 };     // TeamViewer's, and a minute

async function readComments(crowd, issue) {
  for (const headers of await crowd.headers({ issue, count: 100 })) {
    if (!JSON.parse((await askPanel(crowd.belayd.url, headers)).body).more) return;
    await sleep(50);
  }
  throw new Error('the comments are not read to their end');
}

/** What a process does only once is not a panel's. */
const first = async (crowd) => askPanel(crowd.belayd.url, (await crowd.headers({ issue: 0 }))[0]);

// `before`: what happens before a panel of whose issue and people belayd knows nothing.
const cases = [
  { name: '100 people, calls of 30 to 90 ms', size: 100, times: 7, each: true, before: first },
  ...[10, 100, 300].map((size) => ({ name: `${size} people`, size, times: 7, before: first })),
  { name: '100 people, addresses hidden', size: 100, times: 7, hidden: true, before: first },
  { name: '100 people, 220 participants', size: 100, participants: 220, times: 7, before: first },
  { name: '100 people, one address refused', size: 100, times: 7, refused: 3, missing: 'presence not_answered_yet', before: first },
  { name: '10 people, first panel of a fresh belayd', size: 10, times: 7, before: () => {} },
  { name: '300 people, comments read before a restart', size: 300, times: 5, before: async (crowd, issue) => {
    await readComments(crowd, issue);
    await crowd.restart();
    await first(crowd);
  } },
  { name: '10 people, the TeamViewer token has expired', size: 10, times: 5, clock: true, before: async (crowd) => {
    await first(crowd);
    crowd.world.clock.advance(tokenLife);
  } },
  { name: `10 people, ${others} more on open panels`, size: 10, times: 5, others, before: async (crowd) => {
    for (const issue of crowd.others) await askPanel(crowd.belayd.url, (await crowd.headers({ issue }))[0]);
  } },
];

async function coldPanel(crowd, issue, { before, each, missing }) {
  await crowd.restart();
  await before(crowd, issue);
  const headers = await crowd.agent(0, issue).headers();
  await (each ? crowd.holdEach(unequal) : crowd.hold(held));
  const begun = await crowd.mark();
  const all = [crowd.sandbox.program.pid, crowd.pid, process.pid];
  const lost = () => all.reduce((sum, pid) => sum + waitedForCoreMicroseconds(pid), 0) / 1000;
  const lostBefore = lost();
  const { status, body, took } = await askPanel(crowd.belayd.url, headers);
  const answered = crowd.now();
  const noCore = lost() - lostBefore;
  if (status !== 200 || JSON.parse(body).missing.map(({ what, why }) => `${what} ${why}`).join() !== missing) throw new Error(`${status} ${body.slice(0, 2000)}`);
  const calls = (await crowd.callsSince(begun)).filter((call) => call.end <= answered && !isOlderComments(call) && !isFurtherParticipants(call));
  const rounds = roundsWaitedFor(roundsOf(calls), took);
  // As long as the sandbox had the call, from when it arrived until it was answered.
  const slowest = rounds.reduce((sum, calls) => sum + Math.max(...calls.map((call) => call.answered - call.arrived)), 0);
  await crowd.hold(0);
  return { took, rounds: rounds.length, slowest, noCore, overhead: took - slowest };
}

async function measureCase({ name, size, times, before, each = false, clock = false, hidden = false, participants = 0, refused, missing = '', others: more = 0 }) {
  const crowd = await Crowd.open({
    people: 1 + size + participants + more,
    issues: [
      { people: [0] },
      ...range(times).map(() => ({ people: range(size, 1), participants: range(participants, 1 + size) })),
      ...range(more / othersOfAnIssue).map((n) => ({ people: range(othersOfAnIssue, 1 + size + participants + n * othersOfAnIssue) })),
    ],
    clock,
    isHidden: () => hidden,
    isRefused: (n) => n === refused,
    teamviewer: { calls_per_minute: 500 },
  });
  crowd.others = range(more / othersOfAnIssue, 1 + times);
  try {
    const panels = [];
    for (const issue of range(times, 1)) panels.push(await coldPanel(crowd, issue, { before, each, missing }));
    // Those for which the machine had most to spare: what the others took longer says what else ran, or that ours waits for itself. So the median of all is judged too.
    const quiet = panels.toSorted((a, b) => a.noCore - b.noCore).slice(0, Math.ceil(times / 2));
    const of = (member, some = quiet) => median(some.map((panel) => panel[member]));
    const figure = (what, ours, unit, limit) => ({ case: name, figure: what, ours, peer: null, unit, ...(limit ? { limit: `<= ${limit}`, reached: ours <= limit, timed: true } : {}) });
    return [
      figure('time', of('took'), 'ms'),
      figure('rounds', Math.max(...quiet.map(({ rounds }) => rounds)), 'at most', mostRounds),
      figure('rounds of all', of('rounds', panels), 'median', mostRounds),
      figure('slowest of each', of('slowest'), 'ms'),
      figure('no core', of('noCore'), 'ms'),
      figure('overhead', of('overhead'), 'ms', mostOverhead),
      figure('overhead of all', of('overhead', panels), 'ms, median', mostOverhead),
      figure('smallest', Math.min(...quiet.map(({ overhead }) => overhead)), 'ms'),
      figure('largest of all', Math.max(...panels.map(({ overhead }) => overhead)), 'ms'),
    ];
  } finally {
    await crowd.close();
  }
}

export const note = `Judged are the half that waited least for a core (no core), by its most rounds and its median overhead, and all of them by their medians. How long the others took says how
much else ran on this machine, and rounds are told by time, so that a call that was late for want of a core looks like one that had to wait for another: the largest of all is told and has no
goal. The overhead is the time less the slowest call of each round, which lasts as long as the sandbox had it.`;

export async function measure() {
  const figures = [];
  for (const one of cases) figures.push(...await measureCase(one));
  return figures;
}
