// A panel while Jira or TeamViewer hang: how soon it answers, what it shows, and what it says is missing.
import { ageTold, judge, shownBy } from './ages.mjs';
import { Crowd, askPanel, range, sleep } from './crowd.mjs';

const hang = 30_000;
const most = 2;                 // seconds
const size = 10;
const aged = 4_500;             // older than presence and people may get with so few of them
const asks = 2;
const openAsks = 5;
const openPace = 3_000;        // longer than people and presence are believed
const longAsks = 15;            // so many of them let a presence grow older than half a minute
const longHang = 2 * longAsks * openPace;
const hidden = size - 1;        // so that addresses have to be asked for; nobody's contact

const jira = { party: 'jira' };
const teamviewer = { party: 'teamviewer' };
// `known`: a panel was shown shortly before. `open`: it stays open, and asks some more. `people`: so many are known without the one that
// hangs; `standing`: so many of them as contacts; `presences`: of so many a presence is shown, be it the last known one (then they stand as unknown).
const cases = [
  { name: 'Jira hangs', match: jira, people: 0, standing: 0 },
  { name: 'Jira hangs, shown before', match: jira, known: true, people: size, standing: size / 2 },
  { name: 'TeamViewer hangs', match: teamviewer, people: size, standing: 0 },
  { name: 'TeamViewer hangs, shown before', match: teamviewer, known: true, returns: true, people: size, standing: 0, presences: size / 2 },
  { name: 'both hang, shown before', match: {}, known: true, people: size, standing: 0, presences: size / 2 },
  { name: 'comments hang', match: { ...jira, path: '/rest/api/3/issue/*/comment' }, people: 1, standing: 0 },
  { name: 'participants hang', match: { ...jira, path: '/rest/servicedeskapi/**' }, people: size, standing: size / 2 },
  { name: 'addresses hang', match: { ...jira, path: '/rest/api/3/user/email/bulk' }, people: size, standing: size / 2 },
  { name: 'addresses hang, open panel', match: { ...jira, path: '/rest/api/3/user/email/bulk' }, open: true, people: size, standing: size / 2 },
  { name: 'names hang, open panel', match: { ...jira, path: '/rest/api/3/user/bulk' }, known: true, open: true, people: size, standing: size / 2 },
  { name: 'Jira takes 0.7 s a call', match: jira, delay: 700, people: size, standing: size / 2, whole: true },
  // The last one: what is held so long is answered while another case would be measured.
  { name: 'TeamViewer hangs for long, open panel', match: teamviewer, delay: longHang, known: true, open: true, questions: longAsks, people: size, standing: 0, presences: size / 2 },
];

async function measureCase(crowd, { name, match, known = false, open = false, questions = open ? openAsks : asks, delay = hang, people, standing, presences = standing, whole = false, returns = false }, issue) {
  await crowd.belayd.kill();
  await crowd.world.startBelayd();
  const begun = await crowd.mark();
  const headers = await crowd.headers({ issue, count: questions + 1 + (returns ? 100 : 0) });
  if (known) {
    await askPanel(crowd.belayd.url, headers.pop());
    await sleep(aged);
  }
  await crowd.hold(delay, match);
  const figures = [];
  const times = [];
  const panels = [];
  const lines = [];
  // The next one finds the questions of the first still under way.
  for (const n of range(questions)) {
    if (open && n > 0) await sleep(openPace);
    const asked = crowd.now();
    const { status, body, took } = await askPanel(crowd.belayd.url, headers.pop());
    if (status !== 200) throw new Error(`${name}: ${status} ${body}`);
    lines.push({ asked, answered: crowd.now(), shown: shownBy(body) });
    panels.push(JSON.parse(body));
    times.push(took / 1000);
  }
  await crowd.hold(0);
  const figure = (what, ours, unit, more = {}) => figures.push({ case: name, figure: what, ours, peer: null, unit, ...more });
  figure('first answer', times[0], 's', { limit: `<= ${most}`, reached: times[0] <= most, timed: true });
  const later = Math.max(...times.slice(1));
  figure('the next one', later, 's', { limit: `<= ${most}`, reached: later <= most, timed: true });
  // Of an open panel the worst counts; else the last: what was asked for at the first may be known by then.
  const counted = open ? panels : panels.slice(-1);
  const fewest = (of) => Math.min(...counted.map((panel) => panel.people.filter(of).length));
  const panel = counted.at(-1);
  figure('people', panel.people.length, '', { limit: 'what is known', reached: panel.people.length >= people });
  const stand = fewest(({ standing: one }) => ['online', 'busy', 'away', 'offline'].includes(one));
  figure('stand as contacts', stand, '', { limit: 'what is known', reached: stand >= standing });
  const present = fewest(({ presence }) => presence);
  figure('with presence', present, '', { limit: 'what is known', reached: present >= presences });
  const missing = panel.missing.map(({ what }) => what);
  figure('missing', missing.length, '', { shown: missing.join(' ') || 'nothing', limit: 'said', reached: whole === (missing.length === 0) });
  ageTold(figure, judge(lines, await crowd.callsSince(begun)));
  if (returns) figure('whole again after', await untilWhole(crowd, headers), 's');
  return figures;
}

/** How long after the end of the trouble an open panel is whole again, in seconds. */
async function untilWhole(crowd, headers) {
  const ended = performance.now();
  for (;;) {
    const { body } = await askPanel(crowd.belayd.url, headers.pop());
    if (JSON.parse(body).missing.length === 0) return (performance.now() - ended) / 1000;
    await sleep(200);
  }
}

export async function measure() {
  const crowd = await Crowd.open({ people: size, issues: cases.map(() => ({ people: range(size) })), isHidden: (n) => n === hidden });
  try {
    const figures = [];
    for (const [issue, one] of cases.entries()) figures.push(...await measureCase(crowd, one, issue));
    return figures;
  } finally {
    await crowd.belayd.kill();
    await crowd.close().catch(() => {});
  }
}
