// An issue with 5,000 comments of 300 people, every outside call taking 50 ms: the first answer, the whole list, memory, and what it costs at Jira.
import { Crowd, askPanel, countOf, range, sleep } from './crowd.mjs';
import { megabytes, peakResidentBytes, residentBytes } from './process_figures.mjs';

const comments = 5_000;
const people = 300;
const held = 50;
const name = `${comments} comments, ${people} people`;
const mostMemory = 10;                  // MB: of the process, pages under way included
const afterwards = { minutes: 11 };     // longer than a roster is believed without a look at the newest page

// Of 100 each, and a few more because they overlap.
const mostPages = comments / 100 + 5;

const isComments = ({ path }) => path.endsWith('/comment');

/**
 * Jira's points of one call: one for the call, and for what it reads one an issue or comment and two a user or permission check. That each
 * object costs is in Atlassian's documentation of rate limits; how much it is per kind is our assumption.
 */
function pointsOf({ path, answer }) {
  const body = JSON.parse(answer || 'null');
  if (isComments({ path })) return 1 + body.comments.length;
  if (path.includes('/user/bulk')) return 1 + 2 * body.values.length;
  if (path.includes('/user/email')) return 1 + 2 * body.length;
  if (path.includes('/participant')) return 1 + 2 * body.values.length;
  if (path.includes('/mypermissions')) return 1 + 2;
  return 1 + 1;
}

export async function measure() {
  const crowd = await Crowd.open({ people, issues: [{ people: range(people), comments }], clock: true });
  try {
    const headers = await crowd.headers({ count: 300 });
    const figures = [];
    const figure = (what, ours, unit, more = {}) => figures.push({ case: name, figure: what, ours, peer: null, unit, ...more });
    const below = (what, ours, unit, most) => figure(what, ours, unit, { limit: `<= ${most}`, reached: ours <= most, timed: unit === 's' });
    const panel = async () => {
      const { status, body, took } = await askPanel(crowd.belayd.url, headers.pop());
      if (status !== 200) throw new Error(`${status} ${body}`);
      return { ...JSON.parse(body), took };
    };
    await crowd.restart();
    await crowd.hold(held);

    const before = residentBytes(crowd.pid);
    let begun = await crowd.mark();
    const from = performance.now();
    const first = await panel();
    below('first answer', first.took, 'ms', 1000);
    figure('people in it', first.people.length, 'people');
    let last = first;
    let asked = 1;
    while (last.more) {
      await sleep(20);
      last = await panel();
      asked += 1;
    }
    below('whole list after', (performance.now() - from) / 1000, 's', 10);
    figure('people in it then', last.people.length, 'people', { limit: `${people}`, reached: last.people.length === people });
    below('memory at most', megabytes(peakResidentBytes(crowd.pid) - before), 'MB more', mostMemory);
    figure('memory then', megabytes(residentBytes(crowd.pid) - before), 'MB more');
    const calls = await crowd.callsSince(begun, { answers: true });
    const toJira = calls.filter(({ party }) => party === 'jira');
    const pages = toJira.filter(isComments);
    const points = (some) => some.reduce((sum, call) => sum + pointsOf(call), 0);
    figure('panels asked meanwhile', asked, 'panels');
    figure('calls to Jira', toJira.length, 'calls');
    figure('of them pages of comments', pages.length, 'calls', { limit: `<= ${mostPages}`, reached: pages.length <= mostPages });
    figure('rate-limit points at Jira', points(toJira), 'points');
    figure('of them for comments', points(pages), 'points');
    figure('calls to TeamViewer', countOf(calls, 'teamviewer'), 'calls');

    const later = async (what, most = 0) => {
      begun = await crowd.mark();
      const { took } = await panel();
      const own = await crowd.callsSince(begun);
      const read = own.filter(isComments).length;
      figure(`${what}: pages of comments`, read, 'calls', { limit: `<= ${most}`, reached: read <= most });
      figure(`${what}: all calls`, own.length, 'calls');
      figure(`${what}: time`, took, 'ms');
    };
    await later('panel right after');
    await crowd.restart();
    await later('after a restart');
    crowd.world.clock.advance(afterwards);
    await later(`${afterwards.minutes} minutes later`, 1);
    return figures;
  } finally {
    await crowd.close();
  }
}
