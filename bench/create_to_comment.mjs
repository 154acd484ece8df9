// From "Create session" on a panel to the invitation on the ticket, when all that a session is made from is known: two outside calls, TeamViewer's session and
// Jira's comment, one after the other. What is on top of them is ours. What is read at Jira while the session is being made is waited for by nobody.
import { Crowd, range, sleep } from './crowd.mjs';
import { request } from '../tests/harness/http.mjs';
import { until } from '../tests/harness/wait.mjs';
import { Connection } from './load.mjs';
import { median } from './process_figures.mjs';

const held = 50;
const times = 32;
const agents = 8;    // each has a few sessions, none of them dozens
const most = 5;

/** By the machine's monotonic clock, in milliseconds with fractions, as the sandbox tells its calls. */
const here = () => Number(process.hrtime.bigint()) / 1e6;

const isMade = ({ party, method, path }) => party === 'teamviewer' && method === 'POST' && path.endsWith('/sessions');
const isWritten = ({ party, method, path }) => party === 'jira' && method === 'POST' && path.endsWith('/comment');

/** One session: the milliseconds before the first call, between both, and how many other calls one of the two had to wait for. */
async function create(crowd, line, headers, n) {
  const begun = await crowd.mark();
  const body = JSON.stringify({ customer: { name: `Customer ${n}` }, invitation: 'public' });
  const head = Object.entries({ host: new URL(crowd.belayd.url).host, 'content-type': 'application/json', 'content-length': body.length, ...headers });
  const text = `POST /v1/sessions HTTP/1.1\r\n${head.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
  const from = here();
  const answer = await line.ask(text);
  if (answer.status !== 202) throw new Error(`${answer.status} ${answer.body}`);
  // Whoever asks in between takes time from those who are measured.
  await sleep(2 * held + 30);
  const calls = await until('the invitation is written', async () => {
    const seen = await crowd.callsSince(begun);
    return seen.some(isWritten) ? seen : undefined;
  });
  const made = calls.find(isMade);
  const written = calls.find(isWritten);
  const before = made.arrived - from;
  const between = written.arrived - made.answered;
  const waitedFor = ({ arrived, answered }) => answered <= made.arrived || (arrived >= made.answered && answered <= written.arrived);
  return { before, between, ours: before + between, others: calls.filter(waitedFor).length };
}

export async function measure() {
  const crowd = await Crowd.open({ people: 4, agents, issues: range(times).map(() => ({ people: [0, 1, 2, 3] })) });
  const line = await Connection.to(new URL(crowd.belayd.url));
  try {
    const created = [];
    for (const n of range(agents + times)) {
      // The first of each agent asks for their group; it is not counted.
      const counts = n >= agents;
      const [opens, creates] = await crowd.headers({ agent: n % agents, issue: n % times, count: 2 });
      await crowd.hold(0);
      const { status } = await request(`${crowd.belayd.url}/v1/panel`, { headers: opens });
      if (status !== 200) throw new Error(`${status}`);
      if (counts) await crowd.hold(held);
      const one = await create(crowd, line, creates, n);
      if (counts) created.push(one);
      await sleep(100);   // what a session leaves to do is no part of the next one
    }
    const of = (member) => median(created.map((one) => one[member]));
    const figure = (what, ours, unit, limit, timed = true) => ({ case: 'all known', figure: what, ours, peer: null, unit, ...(limit === undefined ? {} : { limit: `<= ${limit}`, reached: ours <= limit, timed }) });
    return [
      figure('before the session is asked for', of('before'), 'ms'),
      figure('between session and comment', of('between'), 'ms'),
      figure('ours', of('ours'), 'ms', most),
      figure('other calls waited for', of('others'), 'calls', 0, false),
      figure('longest', Math.max(...created.map(({ ours }) => ours)), 'ms'),
    ];
  } finally {
    line.close();
    await crowd.close();
  }
}
