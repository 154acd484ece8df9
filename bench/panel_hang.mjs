// A panel while Jira or TeamViewer hang: how soon it answers, what it shows, and what it says is missing.
import { Crowd, askPanel, range, sleep } from './crowd.mjs';

const hang = 30_000;
const most = 2;                 // seconds
const size = 10;
const aged = 4_500;             // older than presence and people may get with so few of them
const asks = 2;
const hidden = size - 1;        // so that addresses have to be asked for; nobody's contact

const jira = { party: 'jira' };
const teamviewer = { party: 'teamviewer' };
// `known`: a panel was shown shortly before. `people`, `presences`: so many are known without the one that hangs.
const cases = [
  { name: 'Jira hangs', match: jira, people: 0, presences: 0 },
  { name: 'Jira hangs, shown before', match: jira, known: true, people: size, presences: size / 2 },
  { name: 'TeamViewer hangs', match: teamviewer, people: size, presences: 0 },
  { name: 'TeamViewer hangs, shown before', match: teamviewer, known: true, returns: true, people: size, presences: size / 2 },
  { name: 'both hang, shown before', match: {}, known: true, people: size, presences: size / 2 },
  { name: 'comments hang', match: { ...jira, path: '/rest/api/3/issue/*/comment' }, people: 1, presences: 0 },
  { name: 'participants hang', match: { ...jira, path: '/rest/servicedeskapi/**' }, people: size, presences: size / 2 },
  { name: 'addresses hang', match: { ...jira, path: '/rest/api/3/user/email/bulk' }, people: size, presences: size / 2 },
  { name: 'Jira takes 0.7 s a call', match: jira, delay: 700, people: size, presences: size / 2, whole: true },
];

async function measureCase(crowd, { name, match, known = false, delay = hang, people, presences, whole = false, returns = false }, issue) {
  await crowd.belayd.kill();
  await crowd.world.startBelayd();
  const headers = await crowd.headers({ issue, count: asks + 1 + (returns ? 100 : 0) });
  if (known) {
    await askPanel(crowd.belayd.url, headers.pop());
    await sleep(aged);
  }
  await crowd.hold(delay, match);
  const figures = [];
  const times = [];
  let panel;   // the last: what was asked for at the first may be known by then
  // The next one finds the questions of the first still under way.
  for (const _ of range(asks)) {
    const { status, body, took } = await askPanel(crowd.belayd.url, headers.pop());
    if (status !== 200) throw new Error(`${name}: ${status} ${body}`);
    panel = JSON.parse(body);
    times.push(took / 1000);
  }
  await crowd.hold(0);
  const figure = (what, ours, unit, more = {}) => figures.push({ case: name, figure: what, ours, peer: null, unit, ...more });
  figure('first answer', times[0], 's', { limit: `<= ${most}`, reached: times[0] <= most });
  figure('the next one', times[1], 's', { limit: `<= ${most}`, reached: times[1] <= most });
  figure('people', panel.people.length, '', { limit: 'what is known', reached: panel.people.length >= people });
  const present = panel.people.filter(({ presence }) => presence).length;
  figure('with presence', present, '', { limit: 'what is known', reached: present >= presences });
  const missing = panel.missing.map(({ what }) => what);
  figure('missing', missing.length, '', { shown: missing.join(' ') || 'nothing', limit: 'said', reached: whole === (missing.length === 0) });
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
