// The run itself: does what agents do, steers belayd into a window, kills it, starts it again, and goes on.
import { randomUUID } from 'node:crypto';
import { link } from '../harness/linking.mjs';
import { freshSeed } from '../harness/seed.mjs';
import { allowRemote } from '../harness/doors.mjs';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';
import { disturbances } from './disturbances.mjs';
import { randomOf } from './random.mjs';
import { Relay } from './relay.mjs';
import { scenes } from './scenes.mjs';
import { windows } from './windows.mjs';

const kOperations = ['create', 'cancel', 'connect', 'close', 'replace', 'report', 'expire', 'unlink'];
const kPatience = { timeout: 60_000 };
const kAgents = 2;             // whose licences count; more would only look the same
const kMostLive = 10;          // each that is open is looked at by every poll
const kSpareIssues = 200;      // to be deleted
const kSpare = /-9\d{3}$/;
const kValidity = 7 * 24 * 60; // minutes: nothing expires while the clock is moved on, but what is to (scenes.mjs)

const tally = (list) => Object.fromEntries(list.map((name) => [name, 0]));
const names = (list) => list.map(({ name }) => name);

function withSpareIssues(seed) {
  const [site] = seed.sites;
  const { comments: _comments, ...issue } = site.issues.find(({ key }) => key.startsWith('HELP-'));
  for (let i = 0; i < kSpareIssues; i += 1) site.issues.push({ ...issue, key: `HELP-${9_000 + i}` });
}

export class Chaos {
  static async start({ seed, storage }) {
    const chaos = new Chaos();
    Object.assign(chaos, {
      seed, storage, dice: randomOf(seed), ops: 0, operations: tally(kOperations), kills: tally(names(windows)), cancelled: { ...tally(names(windows.filter(({ scene }) => scene === 'create'))), elsewhere: 0 },
      faults: tally(names(disturbances)), accepted: [], groups: 0, marks: 0, fates: new Map(),
    });
    // A limit is not what is tested, on either side.
    chaos.world = await World.open({ storage: storage.url, seed: freshSeed(withSpareIssues), configure: () => ({ teamviewer: { calls_per_minute: 100_000 } }) });
    try {
      await chaos.#settleIn();
    } catch (error) {
      await chaos.end().catch(() => {});
      throw error;
    }
    return chaos;
  }

  async #settleIn() {
    const { world, sandbox } = this;
    this.relay = await Relay.start(() => world.belayd);
    await allowRemote({ sandbox, publicUrl: this.relay.url });
    const accounts = [];
    for (let n = 0; n < kAgents; n += 1) accounts.push(await world.teamviewerAccount(n));
    await sandbox.change({
      teamviewer: {
        // Who is killed while the provider spends a refresh token has lost the link (docs/teamviewer.md): nothing is refreshed here.
        settings: { rateLimits: { '*': { calls: 1_000_000, seconds: 60 } }, tokenLifeSeconds: 365 * 24 * 3_600 },
        accounts: accounts.map((id) => ({ id, licence: { type: 'Corporate', concurrentSessions: 0 } })),
      },
    });
    // Panels of several issues, so that Jira's limit of writes to one issue is not what is tested; in one project results go into the invitation.
    const others = world.seed.site.issues.map(({ key }) => key).filter((key) => key.startsWith('PRESS-'));
    this.issues = [...world.seed.issues.map(({ key }) => key).filter((key) => !kSpare.test(key)), ...others];
    this.spareIssues = world.seed.issues.map(({ key }) => key).filter((key) => kSpare.test(key));
    this.agents = accounts.map((account, n) => ({ account, person: world.seed.agents[n].accountId, on: (issue) => world.agent(n, issue), page: world.agent(n).with({ page: 'account', issue: undefined }) }));
    for (const agent of this.agents) await this.link(agent);
    await this.save({ report: 'internal', worklog: true, tellOfWaiting: true });
  }

  get sandbox() { return this.world.sandbox; }
  journal() { return this.sandbox.journal(); }
  isWindow(trouble) { return windows.includes(trouble); }
  anyIssue() { return this.dice.pick(this.issues); }

  count(operation) {
    this.ops += 1;
    this.operations[operation] += 1;
  }

  /** `troubles`: those of all windows and disturbances that are to come. */
  async run({ troubles, ops, leastKills }) {
    let due = [];
    const lacking = () => troubles.filter((trouble) => this.isWindow(trouble) && this.kills[trouble.name] < leastKills);
    while (this.ops < ops || lacking().length > 0) {
      if (due.length === 0) due = this.dice.shuffled(this.ops < ops ? [...troubles, undefined, undefined, undefined] : lacking());
      await this.round(due.pop());
    }
  }

  /** One kill or disturbance, of one scene, with something else beside it. */
  async round(trouble) {
    const isWindow = this.isWindow(trouble);
    await this.quiet();
    const scene = await scenes[trouble?.scene ?? this.dice.pick(Object.keys(scenes))](this, trouble);
    await trouble?.before?.(this);
    await this.sandbox.faults([...(trouble?.rules(scene) ?? []), ...(scene.rules ?? [])]);
    const beside = this.beside(scene);
    scene.begin();
    for (const promise of [scene.accepted, ...beside]) promise.catch(() => {});   // it is looked at below
    if (isWindow) await this.killedIn(trouble, scene);
    else await scene.undisturbed?.();
    if (trouble && !isWindow) this.faults[trouble.name] += 1;
    await scene.accepted;
    const others = await Promise.all(beside);
    if (isWindow && this.held !== 'late') await this.sandbox.faults([]);
    await scene.end();
    await Promise.all(others.filter((one) => one && !one.end).map((one) => this.madeAndWritten(one)));
    await this.sandbox.faults([]);   // only now a request that is to be late is carried out
    this.held = undefined;
    await scene.afterwards?.();
    for (const one of this.accepted) one.busy = false;
    if (this.dice.chance(0.4)) await this.close(await this.standing());
    for (const one of this.live().slice(0, -kMostLive)) await this.close(one);
  }

  async killedIn(window, scene) {
    this.window = window;
    await window.reach(this, scene);
    await scene.beforeKill?.();
    await this.world.belayd.kill();
    this.kills[window.name] += 1;
    await window.after?.(this, scene);
    await scene.beforeStart?.();
    await this.world.startBelayd();
    await scene.afterStart?.();
    // What a killed worker had taken is free again after half a minute.
    this.world.clock.advance({ seconds: 31 });
  }

  /** What others do at the same time: promises of what was accepted. */
  beside(scene) {
    const agents = this.agents.filter((agent) => agent !== scene.agent);
    const open = () => this.live().filter((one) => !one.busy && !one.joined && agents.includes(one.agent));
    const does = {
      create: () => this.ask(this.wish({ agent: this.dice.pick(agents) })),
      connect: () => open().length > 0 && this.openLink(this.dice.pick(open())),
      close: () => open().length > 0 && this.close(this.dice.pick(open())),
    };
    const doing = Array.from({ length: this.dice.between(0, 2) }, () => does[this.dice.pick(['create', 'create', 'connect', 'close'])]());
    return doing.filter(Boolean);
  }

  // ---- what is asked for ----

  /** A session to be asked for; its mark is found again in what belayd sends. */
  wish({ agent = this.dice.pick(this.agents), issue = this.anyIssue(), validity = kValidity } = {}) {
    return { mark: `chaos-${(this.marks += 1)}-`, agent, issue, validity, late: new Set() };
  }

  /** The same in the place of one that is open. */
  async wishInPlace({ agent, old } = {}) {
    const replaces = old ?? await this.standing({ apart: true });
    return { mark: replaces.mark, agent: agent ?? replaces.agent, issue: replaces.issue, late: new Set(), replaces };
  }

  /** Asks as the page does: the same until there is an answer, over kills and restarts. */
  insist(what, call) {
    return until(what, async () => {
      const answer = await call();
      if (answer.status >= 300) throw new Error(`${answer.status} ${answer.text}`);
      return answer.body;
    }, kPatience);
  }

  async ask(wish) {
    this.count(wish.replaces ? 'replace' : 'create');
    const caller = wish.agent.on(wish.issue);
    const headers = { 'idempotency-key': randomUUID() };
    const body = { customer: { name: `Customer ${wish.mark}` }, description: `${wish.mark} chaos`, invitation: 'public', validityMinutes: wish.validity };
    const call = wish.replaces
      ? () => caller.post(`/v1/sessions/${wish.replaces.id}/replace`, { validityMinutes: kValidity })
      : () => caller.post('/v1/sessions', body, { headers });
    const { session } = await this.insist(`${wish.mark} is accepted`, call);
    const place = wish.issue.startsWith('HELP-') ? 'comment' : 'invitation';
    const one = { ...wish, id: session.id, caller, end: undefined, busy: true, announced: false, place, minutes: 0 };
    if (one.replaces) one.replaces.replacedBy = one;
    this.accepted.push(one);
    return one;
  }

  /** While it is being made, over kills and restarts. False when it was too late: then it stays. */
  async cancel(one) {
    this.count('cancel');
    const end = await until(`${one.id} is cancelled, or made`, async () => {
      const { status, body, text } = await one.caller.post(`/v1/sessions/${one.id}/cancel`, {});
      if (status === 202) return 'cancelled';
      if (body?.code !== 'invalid_state') throw new Error(`${status} ${text}`);
      // Closed it is by an earlier try of ours, whose answer a kill has cut off.
      return (await this.read(one)).state === 'closed' ? 'cancelled' : 'made';
    }, kPatience);
    if (end === 'cancelled') this.over(one, end);
    return end === 'cancelled';
  }

  /** Where somebody was there, a record says so. */
  async close(one) {
    one.busy = true;
    if (one.joined && one.minutes === 0) await this.connect(one);
    this.count('close');
    this.over(one, 'closed');
    await this.insist(`${one.id} is closed`, () => one.caller.post(`/v1/sessions/${one.id}/close`, {}));
  }

  over(one, end) {
    one.end = end;
    if (end !== 'cancelled') one.report = 'once';
    if (one.replaces?.replacedBy === one) one.replaces.replacedBy = undefined;
  }

  async openLink(one) {
    one.busy = true;
    this.count('connect');
    await this.insist(`${one.id} can be connected to`, () => one.caller.post(`/v1/sessions/${one.id}/connect`, { client: 'app' }));
  }

  /** The customer opens the link, and a panel is looked at. */
  async join(one) {
    one.joined = true;
    await this.sandbox.change({ teamviewer: { sessions: [{ code: one.code, online: true }] } });
    this.world.clock.advance({ seconds: 70 });
    await this.insist('the panel shows it', () => one.caller.get('/v1/panel'));
  }

  leave(one) {
    return this.sandbox.change({ teamviewer: { sessions: [{ code: one.code, online: false }] } });
  }

  /** A supporter was connected, as the provider's record will say. */
  async connect(one) {
    this.world.clock.advance({ minutes: 10 });
    await this.record(one, this.dice.between(2, 9));
  }

  async record(one, minutes) {
    one.minutes += minutes;
    await this.sandbox.change({ teamviewer: { records: [{ session: one.code, account: one.agent.account, startedSecondsAgo: minutes * 60 + 1, seconds: minutes * 60, delaySeconds: 0 }] } });
  }

  /** By its owner, or by an admin. All that lives in the account ends with it; what came of what has ended may be lost. */
  async unlink(agent, { byAdmin }) {
    this.count('unlink');
    const theirs = this.accepted.filter((one) => one.agent === agent && !one.reported);
    for (const one of theirs) {
      if (!one.end) this.over(one, 'unlinked');
      if (one.report) one.report = 'maybe';
    }
    await this.insist('the account is disconnected', async () => {
      if (!byAdmin) return agent.page.delete('/v1/account');
      const answer = await this.world.admin.get('/v1/links');
      const found = answer.body?.links?.find(({ account }) => account.id === agent.person);
      return found ? this.world.admin.delete(`/v1/links/${encodeURIComponent(found.id)}`) : answer;
    });
  }

  async unlinked(agent) {
    await until('nothing is left of the link', async () => {
      this.world.clock.advance({ seconds: 3 });
      return (await agent.page.post('/v1/account/start', {})).status === 200;
    }, kPatience);
  }

  async link(agent) {
    await link(agent.page, { account: agent.account });
    await link(agent.page, { account: agent.account, access: 'reports' });
  }

  /** Jira tells of this and that. Gives how many events it makes. */
  async tellOf(...issues) {
    const account = this.world.seed.admin.accountId;
    const events = issues.flatMap((issue) => ['avi:jira:commented:issue', 'avi:jira:updated:issue', 'avi:jira:deleted:comment'].map((event) => ({ event, issue, account })));
    for (const event of this.dice.shuffled(events)) await this.sandbox.event(event);
    await this.sandbox.event({ event: 'hourly' });
    return events.length + 1;
  }

  // ---- what is waited for ----

  live() { return this.accepted.filter((one) => !one.end && one.code); }

  /** One that is open, for this round; made where there is none. `apart`: it neither replaces another nor is replaced. */
  async standing({ agent, place, apart } = {}) {
    const fits = this.live().filter((one) => !one.busy && (!agent || one.agent === agent) && (!place || one.place === place) && (!apart || (!one.replaces && !one.replacedBy && !one.joined)));
    const found = this.dice.pick(fits);
    if (!found) {
      const issue = this.dice.pick(this.issues.filter((key) => place !== 'comment' || key.startsWith('HELP-')));
      return this.madeAndWritten(await this.ask(this.wish({ ...(agent ? { agent } : {}), issue })));
    }
    found.busy = true;
    return found;
  }

  async read({ id, caller }) {
    return (await caller.expect(200, 'GET', `/v1/sessions/${id}`)).session;
  }

  /** Moves the clock on while it is not so yet: something may wait for its next try. */
  when(one, what, isSo, { seconds = 2 } = {}) {
    return until(`${one.id}: ${what}`, async () => {
      const session = await this.read(one);
      if (isSo(session)) return session;
      this.world.clock.advance({ seconds });
      return undefined;
    }, { ...kPatience, every: 60 });
  }

  /** Both steps are done. Gives the session. */
  async madeAndWritten(one) {
    const session = await until(`${one.id} is made and its invitation written`, async () => {
      const now = await this.read(one);
      if (now.steps.session === 'done' && now.steps.invitation === 'done') return now;
      if (now.actions.includes('retry')) await one.caller.post(`/v1/sessions/${one.id}/invitation`, {});
      this.world.clock.advance({ seconds: 2 });
      return undefined;
    }, { ...kPatience, every: 60 });
    one.code = session.code;
    one.announced = true;
    one.here = { id: one.id, code: one.code, mark: one.mark, late: one.late };
    return one;
  }

  closedThere(one) {
    return this.when(one, 'closed at the provider', ({ state, steps }) => ['closed', 'reported'].includes(state) && steps.closing === 'done');
  }

  /** What came of it is known with all records, and written back. */
  async reported(one, pace) {
    await this.when(one, 'what came of it is on the issue', ({ state, report }) => state === 'reported' && report.seconds === one.minutes * 60, pace);
    one.reported = true;
  }

  /** A comment that says so has been written, whatever belayd knows of it. */
  toldOfWaiting(one) {
    return until(`${one.id}: the agent is told that the customer waits`, async () => {
      if ((await this.sandbox.journal({ kind: 'comment.created' })).some(({ identity }) => identity['belay.waiting']?.id === one.id)) return true;
      this.world.clock.advance({ seconds: 2 });
      return false;
    }, { ...kPatience, every: 60 });
  }

  /** What was written back already cannot be lost any more when the account goes. */
  async noteReported(agent) {
    const waiting = this.accepted.filter((one) => one.agent === agent && one.report === 'once' && !one.reported);
    for (const one of waiting) one.reported = (await this.read(one)).state === 'reported';
  }

  async isOpenThere(one) {
    const { sessions } = (await this.sandbox.state()).teamviewer;
    return sessions.find(({ code }) => code === one.code)?.state.toLowerCase() !== 'closed';
  }

  async nothingIsDue() { return (await this.gauge('belay_outbox_due')) === 0; }

  /** Nothing is due that could be mistaken for what a round is about. */
  async quiet() {
    await until('nothing is due', async () => {
      if (await this.nothingIsDue()) return true;
      this.world.clock.advance({ seconds: 1 });
      return false;
    }, kPatience);
  }

  /** Everything that is still to come has come: late effects were found, notices and results written, nothing is due. */
  async settle() {
    await this.sandbox.faults([]);
    for (const minutes of [1, 2, 5, 6, 10, 30, 30]) {
      this.world.clock.advance({ minutes });
      await until('nothing is due', () => this.nothingIsDue(), kPatience);
    }
    // What is just being done is not due any more, and what failed waits for its next try. Whether it comes at all is for the checker to say.
    for (const agent of this.agents) {
      await until('all results are on their issues', async () => {
        await this.noteReported(agent);
        this.world.clock.advance({ seconds: 10 });
        return !this.accepted.some((one) => one.agent === agent && one.report === 'once' && !one.reported);
      }, { timeout: 20_000 }).catch(() => {});
    }
    let before = -1;
    await until('nothing is written any more', async () => {
      const { length } = await this.journal();
      if (length === before && (await this.nothingIsDue())) return true;
      before = length;
      this.world.clock.advance({ seconds: 10 });
      return false;
    }, { timeout: 20_000, every: 300 }).catch(() => {});
  }

  async gauge(name) {
    const line = (await this.world.belayd.metrics()).split('\n').find((text) => text.startsWith(`${name} `));
    return Number(line?.split(' ')[1]);
  }

  /** How many answers to this call belayd has read since it started. */
  async answersRead(call) {
    const lines = (await this.world.belayd.metrics()).split('\n').filter((text) => text.startsWith('belay_outbound_calls_total{') && text.includes(`"${call}"`));
    return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  }

  // ---- what is steered ----

  async save(changes) {
    const { installation: _installation, health: _health, defaults: _defaults, ...settings } = await this.world.admin.expect(200, 'GET', '/v1/settings');
    await this.world.admin.expect(200, 'PUT', '/v1/settings', { ...settings, ...changes });
  }

  /** Another group for the next session, so that it has to be looked up. */
  async nextGroup() {
    this.groups += 1;
    await this.save({ teamviewerGroup: `Support ${this.groups}` });
  }

  async heldBy(rule) {
    return (await this.sandbox.faultState()).holding.find((one) => one.rule === rule);
  }

  async isHeld(rule) { return (await this.heldBy(rule)) !== undefined; }

  async release(rule, { discard = false } = {}) {
    const found = await this.heldBy(rule);
    if (found) await this.sandbox.control('POST', 'release', { hold: found.hold, discard });
  }

  /** After a kill with requests on their way: carried out at once, carried out later, or lost, each once in three kills of a window. `late`: what may then be
   *  there a second time: what was carried out at once is there to be found. */
  async releaseLate(late, what) {
    const fates = this.fates.get(this.window.name) ?? [];
    if (fates.length === 0) fates.push(...this.dice.shuffled(['now', 'late', 'lost']));
    this.fates.set(this.window.name, fates);
    const fate = fates.pop();
    if (fate === 'late') late?.add(what);
    if (fate === 'late') this.held = 'late';
    else await this.sandbox.control('POST', 'release', { discard: fate === 'lost' });
  }

  /** For whoever looks into a problem; nothing is judged by it. Texts by session id. */
  async whatBelaydSays(ids) {
    const { work } = await this.world.admin.expect(200, 'GET', '/v1/work').catch(() => ({ work: [] }));
    const said = {};
    for (const one of this.accepted.filter(({ id }) => ids.includes(id))) {
      const { busy: _busy, caller: _caller, agent, replaces, replacedBy, here: _here, late, ...expected } = one;
      const { text } = await one.caller.get(`/v1/sessions/${one.id}`);
      const aside = work.filter((row) => JSON.stringify(row).includes(one.id));
      said[one.id] = JSON.stringify({ expected: { ...expected, agent: agent.person, replaces: replaces?.id, replacedBy: replacedBy?.id, late: [...late] }, session: text, aside });
    }
    return said;
  }

  async end() {
    await this.unlock?.();
    await this.relay?.close();
    await this.world.close();
  }
}
