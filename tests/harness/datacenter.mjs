// Jira Data Center and Server in a test's world: sites that stand beside the demo's, people who sign in there, and pages of theirs that call belayd.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { Visitor, formsOf, request } from './http.mjs';
import { problemsOf } from './openapi.mjs';
import { root } from './program.mjs';
import { freshSeed } from './seed.mjs';
import { World } from './world.mjs';

const client = { clientId: 'belay-datacenter', clientSecret: 'belay-datacenter-secret' };
const serviceToken = 'service-token-of-belay';
export const people = {
  service: { key: 'JIRAUSER10100', name: 'belay', displayName: 'Belay', email: 'belay@example.com', groups: ['jira-administrators', 'support-team', 'developers'] },
  agent: { key: 'JIRAUSER10101', name: 'tferreira', displayName: 'Tomás Ferreira', email: 'tomas.ferreira@example.com', groups: ['support-team', 'developers'] },
  colleague: { key: 'JIRAUSER10102', name: 'clefevre', displayName: 'Camille Lefèvre', email: 'camille.lefevre@example.com', locale: 'fr_FR', timeZone: 'Europe/Paris', groups: ['support-team'] },
  reporter: { key: 'JIRAUSER10103', name: 'praman', displayName: 'Priya Raman', email: 'priya.raman@example.com', groups: ['developers'] },
  viewer: { key: 'JIRAUSER10104', name: 'wzhang', displayName: 'Wei Zhang', email: 'wei.zhang@example.com', groups: ['staff'] },
  customer: { key: 'JIRAUSER10105', name: 'mnovak', displayName: 'Milan Novák', email: 'milan.novak@example.com', groups: [] },
  admin: { key: 'JIRAUSER10106', name: 'isorensen', displayName: 'Ingrid Sørensen', email: 'ingrid.sorensen@example.com', groups: ['jira-administrators', 'support-team'] },
};

const site = (name, version, deployment) => ({
  name,
  host: `jira-${name}.localhost`,
  version,
  deployment,
  title: `Harbour Print Works ${name}`,
  clients: [{ ...client, redirectUris: [] }],
  tokens: [{ token: serviceToken, person: people.service.key }],
  people: Object.values(people),
  projects: [
    { key: 'PRESS', name: 'Press software', kind: 'software', agents: ['developers', 'jira-administrators'], viewers: ['staff'], admins: ['jira-administrators'] },
    { key: 'DESK', name: 'Help desk', kind: 'service_desk', agents: ['support-team'], viewers: ['staff'], admins: ['jira-administrators'] },
  ],
  issues: [
    { key: 'PRESS-1', summary: 'Colour profile lost after update', reporter: people.reporter.key, assignee: people.agent.key, comments: [{ by: people.viewer.key, text: 'Happens here *too*.' }] },
    { key: 'DESK-1', summary: 'Printer prints blank pages', reporter: people.customer.key, assignee: people.agent.key, participants: [people.reporter.key] },
    { key: 'PRESS-2', summary: 'Another one', reporter: people.reporter.key, assignee: people.colleague.key },
  ],
});

/**
 * `dc`: 11.3.0 with an incoming link; `server`: 9.12.4 whose people type in tokens. `change(seed)` changes the seed before. `reach({dc, server})`, of the
 * sandbox's addresses: keys of the sites' sections, where belayd and the people reach a Jira by another way. `configure`: as World.open has it.
 */
export async function openDataCenter({ change = () => {}, sites = [site('dc', '11.3.0', 'Data Center'), site('server', '9.12.4', 'Server')], reach = () => ({}), configure = () => ({}), ...options } = {}) {
  let jiras;
  const world = await World.open({
    ...options,
    seed: freshSeed((seed) => {
      seed.datacenter = sites;
      change(seed);
    }),
    sandboxArgs: ({ folder, publicUrl }) => {
      for (const { name } of sites) execFileSync(join(root, 'tools/datacenter_plugin'), ['--server', publicUrl, '--site', name, '--folder', join(folder, 'plugins', name)]);
      return ['--plugins', join(folder, 'plugins')];
    },
    configure: async (parts) => {
      const { datacenter } = parts.addresses;
      const reached = await reach(datacenter);
      // Tests speak plain HTTP.
      const shown = (name) => (reached[name]?.base_url?.startsWith('http:') ? reached[name].base_url : datacenter[name]);
      jiras = Object.fromEntries(sites.map(({ name }) => [name, shown(name)]));
      return {
        server: { pages: join(root, 'forge/static') },
        'datacenter.dc': { base_url: datacenter.dc, client_id: client.clientId, client_secret: client.clientSecret, service_token: serviceToken, webhook_secret: 'webhook-secret', ...reached.dc },
        'datacenter.server': { base_url: datacenter.server, service_token: serviceToken, ...reached.server },
        ...await configure(parts),
      };
    },
  });
  /** Where each Jira is for its people. */
  world.jiras = jiras;
  await world.sandbox.change({ datacenter: Object.fromEntries(sites.map(({ name }) => [name, { redirectUris: [`${world.publicUrl}/datacenter/${name}/callback`] }])) });
  return world;
}

/** What the page that opened the window is handed: {nonce, code}. */
export function handed({ text }) {
  const [, nonce] = text.match(/data-nonce="([^"]+)"/) ?? [];
  const [, code] = text.match(/data-code="([^"]+)"/) ?? [];
  return { nonce, code };
}

/** A window of `visitor`'s browser that goes to Jira as `person` and comes back. Gives the page it comes back to. */
export async function goToJira(world, site, person, { visitor = new Visitor(), nonce = 'n'.repeat(32), decision = 'yes' } = {}) {
  await visitor.visit(`${world.jiras[site]}/secure/Dashboard.jspa?as=${person.name}`);
  const consent = await visitor.follow(`${world.publicUrl}/datacenter/${site}/signin?nonce=${nonce}`);
  const form = formsOf(consent)[0];
  if (!form) return consent;
  return visitor.follow(form.action, { method: 'POST', body: new URLSearchParams({ ...form.fields, allow: decision }) });
}

/** A personal access token that `person` makes at Jira. */
export async function tokenFromJira(world, site, person) {
  const visitor = new Visitor();
  await visitor.visit(`${world.jiras[site]}/secure/Dashboard.jspa?as=${person.name}`);
  const profile = await visitor.visit(`${world.jiras[site]}/secure/ViewProfile.jspa`, { method: 'POST' });
  return profile.text.match(/<code>([^<]+)<\/code>/)[1];
}

/** Somebody at a page of ours beside a Jira Data Center. */
export class PageCaller {
  constructor(parts) {
    Object.assign(this, parts);
  }

  with(changes) {
    return new PageCaller({ ...this, ...changes });
  }

  token(body, { headers = {} } = {}) {
    const { cookie } = this.browser;
    return request(`${this.world.publicUrl}/datacenter/${this.site}/token`, { method: 'POST', body, headers: { origin: this.world.publicUrl, ...(cookie ? { cookie } : {}), ...headers } });
  }

  take(answer) {
    if (answer.status !== 200) throw new Error(`no token: ${answer.status} ${answer.text}`);
    const [line] = answer.headers['set-cookie'] ?? [];
    if (line) this.browser.cookie = line.split(';')[0];
    this.browser.token = answer.json.token;
    return answer;
  }

  /** With consent at Jira, or with a token that they made there. */
  async signIn() {
    if (this.site === 'server') {
      this.take(await this.token({ grant: 'typed', token: await tokenFromJira(this.world, this.site, this.person) }));
      return this;
    }
    const { code } = handed(await goToJira(this.world, this.site, this.person));
    this.take(await this.token({ grant: 'code', code }));
    return this;
  }

  async call(method, path, body, { headers = {} } = {}) {
    const answer = await request(`${(this.server ?? this.world.belayd).url}${path}`, {
      method,
      body,
      headers: { accept: 'application/json', authorization: `Bearer ${this.browser.token}`, 'x-belay-page': this.page, ...(this.issue ? { 'x-belay-issue': this.issue } : {}), ...(this.project ? { 'x-belay-project': this.project } : {}), ...headers },
    });
    const problems = problemsOf(method, path, answer);
    if (problems.length > 0) throw new Error(`${method} ${path} answered ${answer.status} not as documented: ${problems.join('; ')}\n${answer.text.slice(0, 2000)}`);
    return { ...answer, body: answer.json };
  }

  /** In this browser. */
  async signOut() {
    const answer = await request(`${this.world.publicUrl}/datacenter/${this.site}/token`, { method: 'DELETE', headers: { origin: this.world.publicUrl, cookie: this.browser.cookie } });
    if (answer.status !== 200) throw new Error(`not signed out: ${answer.status} ${answer.text}`);
  }

  get(path) { return this.call('GET', path); }
  post(path, body) { return this.call('POST', path, body); }

  async expect(status, method, path, body, options) {
    const answer = await this.call(method, path, body, options);
    if (answer.status !== status) throw new Error(`${method} ${path}: expected ${status}, got ${answer.status} ${answer.text}`);
    return answer.body;
  }
}

/** On the panel of `issue` (its key), not signed in yet. */
export async function onPanel(world, site, person, issue = 'PRESS-1') {
  const { sites } = (await world.sandbox.state()).datacenter;
  const found = sites.find(({ name }) => name === site).issues.find(({ key }) => key === issue);
  return new PageCaller({ world, site, person, page: 'panel', issue: found.id, browser: {} });
}
