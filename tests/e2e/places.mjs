// The five places in which Belay stands, as those who work there find them: who is who, how a ticket is opened, where the customer finds the link, and what is
// on the ticket afterwards. The job itself is the same everywhere (places.test.mjs).
import { openDataCenter, people } from '../harness/datacenter.mjs';
import { freshSeed } from '../harness/seed.mjs';
import { until } from '../harness/wait.mjs';
import { Beside, opens } from './beside.mjs';
import { House, appFrame, isolated, say } from './house.mjs';
import { leaveJira } from './steps.mjs';

export const nameOf = ({ displayName, name }) => displayName ?? name;

/** On the tab Sessions of the admin page. */
async function wantsTime(page) {
  await page.getByRole('tab', { name: say('en', 'admin.tab.sessions'), exact: true }).click();
  await page.getByLabel(say('en', 'sessions.worklog')).check();
  await page.getByRole('button', { name: say('en', 'admin.save') }).click();
  await page.getByText(say('en', 'admin.saved')).first().waitFor().catch(async (error) => {
    throw new Error(`not saved: ${(await page.locator('main').allInnerTexts()).join(' ')}`, { cause: error });
  });
}

class Cloud {
  /** `key`: of the ticket. `change(seed)` changes the seed before. */
  constructor({ key, change = () => {} }) {
    this.key = key;
    this.change = change;
  }

  async open() {
    this.house = await House.open({ seed: freshSeed(this.change) });
    const { seed } = this.house.world;
    this.admin = seed.admin;
    [this.agent] = seed.agents;
    this.ticket = seed.site.issues.find(({ key }) => key === this.key);
    const find = (id) => seed.people.find(({ accountId }) => accountId === id);
    this.customer = find(this.ticket.reporter);
    this.contact = find(this.contactOf(this.ticket));
    return this;
  }

  async adminWantsTime() {
    const tab = await this.house.visit(this.admin, this.house.adminPage);
    await wantsTime(await appFrame(tab));
    await tab.context().close();
  }

  async atTicket() {
    const tab = await this.house.visit(this.agent, `/browse/${this.key}`);
    return { tab, panel: await appFrame(tab) };
  }

  /** Who somebody is, Jira itself says. */
  async signIn() {}

  /** The panel leads to the personal page in the same tab, and that to TeamViewer in another. Gives the panel again. */
  async connect({ tab, panel }) {
    const { house } = this;
    await panel.getByRole('button', { name: say('en', 'panel.connect'), exact: true }).click();
    await tab.waitForURL((url) => url.pathname.startsWith(house.personalPage));
    const page = await appFrame(tab);
    for (const [begin, finish] of [['account.connect', 'account.finish'], ['reports_access.allow', 'reports_access.finish']]) {
      const provider = await leaveJira(tab, () => page.getByRole('button', { name: say('en', begin), exact: true }).click());
      await provider.getByLabel(this.agent.teamviewer.email).check();
      await provider.getByRole('button', { name: 'Allow' }).click();
      await provider.waitForURL((url) => url.hostname === 'jira.localhost' && url.pathname.startsWith(house.personalPage));
      const theirs = await appFrame(provider);
      await theirs.getByRole('button', { name: say('en', finish), exact: true }).click();
      await theirs.getByRole('button', { name: say('en', finish), exact: true }).waitFor({ state: 'detached' });
      await page.getByRole('button', { name: say('en', 'account.disconnect'), exact: true }).waitFor();
      await provider.close();
    }
    await tab.goto(`${house.site}/browse/${this.key}`);
    return { tab, panel: await appFrame(tab) };
  }

  leave(tab, begin) { return leaveJira(tab, begin); }

  /** What the comment on the ticket that holds `text` says to the agent. `internal`: one for the team alone. */
  comment({ tab }, text, { internal = false } = {}) {
    return tab.locator(internal ? '.comment.internal' : '.comment:not(.internal)', { hasText: text }).innerText();
  }

  async worked() {
    const { issues } = (await this.house.world.sandbox.state()).jira.sites[0];
    return issues.find(({ key }) => key === this.key).worklogs.map(({ author, seconds }) => [author, Math.floor(seconds / 60)]);
  }

  get agentId() { return this.agent.accountId; }
}

class CloudSoftware extends Cloud {
  internal = false;
  contactOf({ reporter }) { return reporter; }

  /** The customer reads the ticket, and follows the link of the invitation. */
  async followLink(code) {
    const tab = await this.house.visit(this.customer, `/browse/${this.key}`);
    await tab.locator('.comment', { hasText: code }).getByRole('link').click();
    return tab;
  }

  async whatTheCustomerReads() {
    const tab = await this.house.visit(this.customer, `/browse/${this.key}`);
    return tab.locator('main').first().innerText();
  }
}

class CloudService extends Cloud {
  internal = true;
  contactOf({ assignee }) { return assignee; }

  get #request() { return `/servicedesk/customer/portal/1/${this.key}`; }

  /** In the portal by the button, beside which stands who asks, what happens then, and what does not. */
  async followLink(code) {
    const tab = await this.house.visit(this.customer, this.#request);
    const page = await appFrame(tab);
    await page.getByRole('heading', { name: say('en', 'request.headline.open', { name: isolated(this.agent.name) }), exact: true }).waitFor();
    await page.getByText(code, { exact: true }).waitFor();
    await page.getByRole('list').getByText(say('en', 'request.step.ask')).waitFor();
    return leaveJira(tab, () => page.getByRole('button', { name: say('en', 'request.join'), exact: true }).click());
  }

  async whatTheCustomerReads() {
    const tab = await this.house.visit(this.customer, this.#request);
    await tab.getByRole('heading', { name: this.ticket.summary }).waitFor();
    return tab.locator('body').innerText();
  }
}

/** What the comments of a page say, those for the team alone or the others. The sandbox renders no wiki markup: a sign that stands for itself has a backslash before it. */
async function commentsOn(tab, internal) {
  const mark = { [internal ? 'has' : 'hasNot']: tab.locator('i', { hasText: 'internal' }) };
  const all = await tab.locator('li[id^=comment]').filter(mark).allInnerTexts();
  return all.map((written) => written.replace(/\\(?=[^\w\s])/g, ''));
}

/** A Jira Data Center (`name` "dc") or Server ("server"). */
class OwnJira {
  contact = people.reporter;
  agent = people.agent;
  agentId = people.agent.key;

  constructor({ name, key }) {
    this.name = name;
    this.key = key;
    this.internal = key.startsWith('DESK');
    this.customer = this.internal ? people.customer : people.reporter;
  }

  async open() {
    this.house = await House.open({ open: openDataCenter, partitioned: true });
    this.jira = new Beside(this.house, this.name);
    return this;
  }

  async adminWantsTime() {
    const tab = await this.jira.visit(people.admin, '/secure/admin/ViewApplicationProperties.jspa');
    await tab.locator('main').getByRole('link', { name: 'Belay' }).click();
    await this.jira.signIn(tab);   // outside of Jira's frame the browser keeps a sign-in of its own
    await wantsTime(tab);
    await tab.context().close();
  }

  async atTicket() {
    const tab = await this.jira.visit(people.agent, `/browse/${this.key}`);
    return { tab, panel: await this.jira.panelOf(tab) };
  }

  signIn({ panel }) { return this.jira.signIn(panel); }

  /** In tabs of their own: the panel stays, and follows. */
  async connect({ tab, panel }) {
    await this.jira.connect(panel, people.agent);
    await tab.bringToFront();
    return { tab, panel };
  }

  leave(tab, begin) { return opens(tab, begin); }

  /** Jira shows what is new with the next look, and the panel is another one then. */
  async comment(agent, text, { internal = false } = {}) {
    const { tab } = agent;
    const found = await until(`a comment says ${text}`, async () => {
      await tab.reload();
      return (await commentsOn(tab, internal)).find((written) => written.includes(text));
    });
    agent.panel = await this.jira.panelOf(tab);
    return found;
  }

  get #asCustomer() { return this.internal ? `/servicedesk/customer/portal/1/${this.key}` : `/browse/${this.key}`; }

  /** The customer reads the ticket, or their request, where the plugin has no panel. The sandbox renders no wiki markup: the link is read, not clicked. */
  async followLink(code) {
    const tab = await this.jira.visit(this.customer, this.#asCustomer);
    const written = (await commentsOn(tab, false)).find((one) => one.includes(code));
    const [, address] = written.match(/\[(https?:[^\]|]+)\]/);
    await tab.goto(address);
    return tab;
  }

  async whatTheCustomerReads() {
    const tab = await this.jira.visit(this.customer, this.#asCustomer);
    await tab.getByRole('heading', { level: 1 }).waitFor();
    return tab.locator('body').innerText();
  }

  async worked() {
    return (await this.jira.issue(this.key)).worklogs.map(({ author, seconds }) => [author, Math.floor(seconds / 60)]);
  }
}

/** The reporter of the software project's ticket is somebody whom the agent knows at TeamViewer. */
const knownReporter = (seed) => {
  const [{ issues, people: all }] = seed.sites;
  issues.find(({ key }) => key === 'PRESS-1').reporter = all.find(({ email }) => email === 'priya.raman@example.com').accountId;
};

export const places = [
  ['Cloud, software project', () => new CloudSoftware({ key: 'PRESS-1', change: knownReporter })],
  ['Cloud, service project, its customer in the portal', () => new CloudService({ key: 'HELP-5' })],
  ['Data Center 11, software project', () => new OwnJira({ name: 'dc', key: 'PRESS-1' })],
  ['Data Center 11, service project', () => new OwnJira({ name: 'dc', key: 'DESK-1' })],
  ['Server 9.12, with tokens that are typed in', () => new OwnJira({ name: 'server', key: 'PRESS-1' })],
];
