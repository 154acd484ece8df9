// The run itself: asks for sessions as agents do, steers belayd into a window, kills it, starts it again, and goes on.
import { randomUUID } from 'node:crypto';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';
import { disturbances, windows } from './windows.mjs';

// mulberry32: small, and the same everywhere, so that a seed tells the whole order.
function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const tally = (list) => Object.fromEntries(list.map(({ name }) => [name, 0]));

export class Chaos {
  static async start({ seed, storage }) {
    const chaos = new Chaos();
    Object.assign(chaos, { seed, storage, random: randomOf(seed), kills: tally(windows), faults: tally(disturbances), accepted: [], ops: 0, groups: 0, marks: 0 });
    chaos.world = await World.open({ storage: storage.url });
    const agent = await chaos.world.linkedAgent(0);
    // Panels of several issues, so that Jira's limit of writes to one issue is not what is tested.
    const issues = chaos.world.seed.issues.map(({ key }) => key);
    chaos.agents = issues.map((issue) => agent.with({ issue }));
    await chaos.sandbox.change({ teamviewer: { settings: { rateLimits: { '*': { calls: 1_000_000, seconds: 60 } } } } });
    return chaos;
  }

  get sandbox() { return this.world.sandbox; }
  pick(list) { return list[Math.floor(this.random() * list.length)]; }
  journal() { return this.sandbox.journal(); }

  async run({ ops, leastKills }) {
    const due = [];
    const enough = () => windows.every(({ name }) => this.kills[name] >= leastKills);
    while (this.ops < ops || !enough()) {
      if (due.length === 0) due.push(...this.shuffled([...windows, ...windows, ...disturbances, undefined, undefined]));
      await this.round(due.pop());
    }
  }

  shuffled(list) {
    for (let i = list.length - 1; i > 0; i -= 1) {
      const j = Math.floor(this.random() * (i + 1));
      [list[i], list[j]] = [list[j], list[i]];
    }
    return list;
  }

  /** One kill or disturbance, with one to three sessions asked for at the same time. */
  async round(trouble) {
    const isWindow = trouble && windows.includes(trouble);
    const marks = Array.from({ length: 1 + Math.floor(this.random() * 3) }, () => `chaos-${(this.marks += 1)}-`);
    await trouble?.before?.(this);
    await this.sandbox.faults(trouble ? trouble.rules({ mark: marks[0] }) : []);
    const asked = marks.map((mark) => this.ask(mark));
    if (isWindow) {
      await trouble.reach(this);
      await this.world.belayd.kill();
      this.kills[trouble.name] += 1;
      await trouble.after?.(this);
      await this.world.startBelayd();
    } else if (trouble) {
      this.faults[trouble.name] += 1;
    }
    const made = await Promise.all(asked);
    if (isWindow && this.held !== 'late') await this.sandbox.faults([]);
    await Promise.all(made.map((session) => this.madeAndWritten(session)));
    if (this.held === 'late') await this.sandbox.faults([]);   // only now is the old request carried out
    this.held = undefined;
    if (!isWindow && trouble) await this.sandbox.faults([]);
    if (this.random() < 0.4) await this.finish(this.pick(made));
  }

  /** Asks as the page does: the same key until there is an answer, over kills and restarts. */
  async ask(mark) {
    this.ops += 1;
    const agent = this.pick(this.agents);
    const key = randomUUID();
    const body = { customer: { name: `Customer ${mark}` }, description: `${mark} chaos`, invitation: 'public' };
    const session = await until(`${mark} is accepted`, async () => {
      const answer = await agent.post('/v1/sessions', body, { headers: { 'idempotency-key': key } });
      if (answer.status !== 202) throw new Error(`${answer.status} ${answer.text}`);
      return answer.body.session;
    }, { timeout: 60_000 });
    const one = { id: session.id, agent, end: undefined };
    this.accepted.push(one);
    return one;
  }

  async read({ id, agent }) {
    return (await agent.expect(200, 'GET', `/v1/sessions/${id}`)).session;
  }

  /** Follows a session until both steps are done; moves the clock on while something waits for its next try. */
  async madeAndWritten(one) {
    await until(`${one.id} is made and its invitation written`, async () => {
      const session = await this.read(one);
      if (session.steps.session === 'done' && session.steps.invitation === 'done') return true;
      if (session.actions.includes('retry')) await one.agent.post(`/v1/sessions/${one.id}/invitation`, {});
      this.world.clock.advance({ seconds: 2 });
      return false;
    }, { timeout: 60_000, every: 100 });
  }

  async finish(one) {
    this.ops += 1;
    await one.agent.expect(202, 'POST', `/v1/sessions/${one.id}/close`, {});
    one.end = 'closed';
  }

  /** Everything that is still to come has come: late effects were found, notices written, nothing is due. */
  async settle() {
    await this.sandbox.faults([]);
    for (const minutes of [1, 2, 5, 6]) {
      this.world.clock.advance({ minutes });
      await until('nothing is due', async () => (await this.gauge('belay_outbox_due')) === 0, { timeout: 60_000 });
    }
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

  /** Another group for the next session, so that it has to be looked up. */
  async nextGroup() {
    const admin = this.world.admin;
    const { version, customerText, defaultLanguage, validityMinutes, allowedGroups, eligibleLicences, invitation, editWhenEnded, countOnIssue } = await admin.expect(200, 'GET', '/v1/settings');
    this.groups += 1;
    const teamviewerGroup = `Support ${this.groups % 2}`;
    await admin.expect(200, 'PUT', '/v1/settings', { version, customerText, defaultLanguage, validityMinutes, teamviewerGroup, allowedGroups, eligibleLicences, invitation, editWhenEnded, countOnIssue });
  }

  /** After a kill with a request on its way: carried out at once, carried out later, or lost. */
  async releaseLate() {
    const fate = this.pick(['now', 'late', 'lost']);
    if (fate === 'late') this.held = 'late';
    else await this.sandbox.control('POST', 'release', { discard: fate === 'lost' });
  }

  async end() {
    await this.unlock?.();
    await this.world.close();
  }
}
