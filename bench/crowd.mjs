// What the benches about people measure against: a service project's issues with as many people as wanted, half of them contacts of the
// agents, and a paired belayd with linked agents. Outside calls are counted where they arrive.
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { link } from '../tests/harness/linking.mjs';
import { freshSeed } from '../tests/harness/seed.mjs';
import { mint, serveKeys } from '../tests/harness/tokens.mjs';
import { World } from '../tests/harness/world.mjs';

export { sleep };

export const range = (count, from = 0) => Array.from({ length: count }, (_, n) => from + n);

const presences = ['online', 'away', 'busy', 'offline'];
const project = 'HELP';

const personOf = (n) => ({ accountId: `crowd-${String(n).padStart(5, '0')}`, name: `Person ${n}`, email: `person.${n}@crowd.example`, emailVisible: true, groups: ['staff'] });

/** TeamViewer takes it for no address; Belay cannot know. */
const refusedAddress = (n) => `"odd@${n}"@crowd.example`;

/**
 * `issues`: [{key, people: [numbers], participants?: [numbers], comments?}]: the first reported it, they speak in turn; participants say nothing. `isRefused(person)`: their
 * address is none for TeamViewer. Every second person is a TeamViewer account, presences in
 * turn, in the contact list of each agent for whom `isContact(agent, person)`. Profiles show the address unless `isHidden(person)`; then Jira gives it to
 * the app.
 */
function seedOf({ people, issues, agents, isContact, isHidden, isRefused }) {
  return freshSeed((seed) => {
    const [site] = seed.sites;
    const { teamviewer } = seed;
    const helpers = range(agents).map((n) => ({ accountId: `agent-${n}`, name: `Agent ${n}`, email: `agent.${n}@crowd.example`, emailVisible: true, groups: ['support-team'] }));
    const crowd = range(people).map((n) => ({ ...personOf(n), ...(isRefused(n) ? { email: refusedAddress(n) } : {}), emailVisible: !isHidden(n) }));
    site.people = [...site.people.filter(({ groups }) => groups?.includes('jira-administrators')), ...helpers, ...crowd];
    const known = new Set(site.people.map(({ accountId }) => accountId));
    for (const one of site.projects) {
      for (const [role, members] of Object.entries(one.roles)) one.roles[role] = members.filter((member) => member.startsWith('group:') || known.has(member));
    }
    seed.sites = [site];
    site.issues = issues.map(({ key, people: numbers, participants = [], comments = numbers.length }) => ({
      key, summary: `Everybody has something to say about ${key}`, type: 'Get IT help', status: 'In progress', priority: 'Medium',
      reporter: personOf(numbers[0]).accountId, assignee: '', participants: participants.map((n) => personOf(n).accountId), minutesAgo: 100 * comments + 60,
      comments: range(comments).map((n) => ({ by: personOf(numbers[n % numbers.length]).accountId, minutesAgo: comments - n, text: `Comment ${n}: it is the same for me, and I have tried what was proposed.` })),
    }));
    teamviewer.groups = [];
    teamviewer.accounts = [
      ...teamviewer.accounts.filter(({ email }) => site.people.some((person) => person.email === email)),
      ...helpers.map(({ email, name }) => ({ email, name, presence: 'online', licence: { type: 'Corporate' } })),
      ...crowd.filter((_, n) => n % 2 === 0).map(({ email, name }, n) => ({ email, name, presence: presences[n % presences.length], licence: { type: 'Free', paid: false } })),
    ];
    teamviewer.contacts = helpers.flatMap((helper, agent) => crowd.filter((_, n) => n % 2 === 0 && isContact(agent, n)).map(({ email }) => ({ owner: helper.email, email })));
  });
}

export class Crowd {
  static async open({ people, issues, agents = 1, clock = false, teamviewer = {}, isContact = () => true, isHidden = () => false, isRefused = () => false }) {
    const crowd = new Crowd();
    try {
      crowd.issues = issues.map((issue, n) => ({ key: `${project}-${1001 + n}`, ...issue }));
      crowd.world = await World.open({ clock, seed: seedOf({ people, issues: crowd.issues, agents, isContact, isHidden, isRefused }), configure: async ({ addresses }) => {
        crowd.keys = await serveKeys(addresses.jwks);
        return { forge: { jwks_url: crowd.keys.url }, teamviewer };
      } });
      const { accounts } = (await crowd.sandbox.state()).teamviewer;
      for (let n = 0; n < agents; n += 1) {
        const account = accounts.find(({ email }) => email === `agent.${n}@crowd.example`).id;
        await link(crowd.agent(n), { account });
      }
      return crowd;
    } catch (error) {
      await crowd.close().catch(() => {});
      throw error;
    }
  }

  get sandbox() { return this.world.sandbox; }
  get belayd() { return this.world.belayd; }
  get pid() { return this.world.belayd.program.pid; }

  /** The n-th agent on the panel of the issue of that number. */
  agent(n = 0, issue = 0) {
    return this.world.caller({ account: `agent-${n}`, page: 'panel', issue: this.issues[issue].key });
  }

  /** Headers of `count` calls of that agent on that issue, no token twice. */
  async headers({ agent = 0, issue = 0, count = 1 } = {}) {
    const headers = await this.agent(agent, issue).headers();
    return mint(headers.authorization.slice('Bearer '.length), count).map((token) => ({ ...headers, authorization: `Bearer ${token}` }));
  }

  /** Every outside call from now on takes at least so long; 0: no time. `match` narrows it. */
  hold(delayMs, match = {}) {
    return this.sandbox.faults(delayMs > 0 ? ['jira', 'teamviewer'].filter((party) => !match.party || match.party === party).map((party) => ({ match: { ...match, party }, delayMs })) : []);
  }

  /** The same for some calls only, each kind for its own time: {path: delayMs}, paths as in fault rules. */
  holdEach(delays) {
    return this.sandbox.faults(Object.entries(delays).map(([path, delayMs]) => ({ match: { path }, delayMs })));
  }

  /** The first agent ties these people, by their numbers, to the contacts that they are. */
  async tie(people, issue) {
    const { accounts, contacts } = (await this.sandbox.state()).teamviewer;
    const owner = accounts.find(({ email }) => email === 'agent.0@crowd.example').id;
    for (const n of people) {
      const { accountId, email } = personOf(n);
      const contact = contacts.find((one) => one.owner === owner && one.email === email).id;
      await this.agent(0, issue).expect(200, 'PUT', `/v1/people/${accountId}/mapping`, { contact });
    }
  }

  /** How many calls arrived so far: what callsSince() takes. */
  async mark() {
    const { text } = await this.sandbox.control('GET', `requests?after=${this.last ?? 0}`);
    const lines = text.split('\n').filter(Boolean);
    if (lines.length > 0) this.last = JSON.parse(lines.at(-1)).seq;
    return this.last ?? 0;
  }

  /**
   * API calls of belayd that were answered after `mark`: {party, method, path, query, status, end (ms)}, and their answers where wanted. `arrived`, `answered`:
   * milliseconds with fractions, by the machine's monotonic clock, which Node's process.hrtime() tells too.
   */
  async callsSince(mark, { answers = false } = {}) {
    const { text } = await this.sandbox.control('GET', `requests?after=${mark}`);
    return text.split('\n').filter(Boolean).map((line) => {
      const { seq, time, arrivedUs, answeredUs, party, method, path, query, status, answer } = JSON.parse(line);
      return { seq, end: Date.parse(time), arrived: arrivedUs / 1000, answered: answeredUs / 1000, party, method, path, query, status, ...(answers ? { answer } : {}) };
    });
  }

  /** By the clock that calls are told by. */
  now() {
    return this.world.clock?.now().getTime() ?? Date.now();
  }

  async restart() {
    await this.belayd.stop();
    await this.world.startBelayd();
  }

  async close() {
    this.keys?.close();
    await this.world?.close();
  }
}

export const countOf = (calls, party) => calls.filter((call) => call.party === party).length;

/** Read after the panel was answered, or beside it; no panel waits for them. */
export const isFurtherParticipants = ({ path, query }) => path.endsWith('/participant') && Number(Object.fromEntries(query).start ?? 0) > 0;
/** The worker reads these; no panel waits for them. */
export const isOlderComments = ({ path, query }) => path.endsWith('/comment') && Number(Object.fromEntries(query).startAt ?? 0) > 100;

/** Into rounds: a call that arrived after another was answered may have needed its answer. */
export function roundsOf(calls) {
  const rounds = [];
  for (const call of [...calls].sort((a, b) => a.arrived - b.arrived)) {
    const at = rounds.findLastIndex((round) => Math.min(...round.map(({ answered }) => answered)) <= call.arrived) + 1;
    (rounds[at] ??= []).push(call);
  }
  return rounds;
}

/** How long the slowest call of a round took. */
const slowestOf = (round) => Math.max(...round.map(({ answered, arrived }) => answered - arrived));

/**
 * Those that an answer after `took` milliseconds can have waited for one after the other. A call whose answer nobody waits for may look like a round of its own when it ends a moment
 * before the panel does; all rounds together then took longer than the panel.
 */
export function roundsWaitedFor(rounds, took) {
  const waited = [...rounds].sort((a, b) => slowestOf(b) - slowestOf(a));
  while (waited.reduce((sum, round) => sum + slowestOf(round), 0) > took) waited.pop();
  return waited;
}

const connections = new http.Agent({ keepAlive: true, maxSockets: 64 });

/** One panel: {status, body (text), took (ms)}. */
export function askPanel(url, headers, { since, agent = connections } = {}) {
  const from = performance.now();
  return new Promise((resolve, reject) => {
    http.get(`${url}/v1/panel${since ? `?since=${since}` : ''}`, { agent, headers }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => resolve({ status: answer.statusCode, body: Buffer.concat(chunks).toString('utf8'), took: performance.now() - from }));
    }).on('error', reject);
  });
}
