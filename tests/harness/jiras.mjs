// The Jiras that the desk's tests run on: `onEachJira((jira) => { before(async () => { place = await jira.open(); }); … })`. Each is the same company (company.mjs) behind the same
// small interface, so that a test says what is true of all of them. Where one can do what another cannot, it has a capability of that name, and a test asks for that.
import { join } from 'node:path';
import { describe } from 'node:test';
import { documentOf } from '../contract/wiki_judge.mjs';
import { client, handToken, inCloud, inDataCenter, kTickets, peopleOfCloud, peopleOfDataCenter, serviceAccount, serviceToken, vault } from './company.mjs';
import { PageCaller } from './datacenter.mjs';
import { request } from './http.mjs';
import { link } from './linking.mjs';
import { root } from './program.mjs';
import { freshSeed } from './seed.mjs';
import { World } from './world.mjs';

const kManyCalls = { teamviewer: { calls_per_minute: 600 } };   // tests live faster than people
const kTokenMargin = 60_000;

/** What somebody reads of a document in Jira's format: {text, links, mentions, strays}; strays are whatever is neither text, a link, a mention nor a date. */
function readDocument(document) {
  const within = (node) => [node, ...(node.content ?? []).flatMap(within)];
  const nodes = within(document).slice(1);
  const plain = ['paragraph', 'text', 'hardBreak', 'mention', 'date'];
  const shown = ({ type, text = '', attrs }) => {
    if (type === 'hardBreak' || type === 'paragraph') return '\n';
    return type === 'date' ? new Date(Number(attrs.timestamp)).toISOString().slice(0, 10) : text.replaceAll('\u2060', '');   // a joiner that nobody sees
  };
  return {
    text: nodes.map(shown).join('').trim(),
    links: nodes.flatMap(({ marks = [] }) => marks.filter(({ type }) => type === 'link').map(({ attrs }) => attrs.href)),
    mentions: nodes.filter(({ type }) => type === 'mention').map(({ attrs }) => attrs.id),
    strays: nodes.flatMap(({ type, marks = [] }) => [...(plain.includes(type) ? [] : [type]), ...marks.map((mark) => mark.type).filter((mark) => mark !== 'link')]),
  };
}

/** What Cloud and Data Center have in common, once their sandbox and belayd run. */
class Place {
  #taken = 0;
  #reporting = new Set();   // whose records may be read

  constructor(jira, parts) {
    Object.assign(this, { jira, vault }, parts);
  }

  get sandbox() { return this.world.sandbox; }

  get clock() { return this.world.clock; }

  /** The key of a ticket that no other test has touched. */
  freshIssue() {
    this.#taken += 1;
    if (this.#taken === kTickets) throw new Error(`there are ${kTickets - 1} such tickets`);
    return `${this.jira.project}-${this.#taken}`;
  }

  /** The key of the one on which 260 comments were written, the first of them by the onlooker. */
  get longIssue() {
    return `${this.jira.project}-${kTickets}`;
  }

  /** Somebody, by what they are to the tickets, on the panel of `issue` (its key). */
  async panel(role, issue) {
    return this.caller(role, 'panel', await this.issueId(issue));
  }

  /** Somebody on a page that stands on no issue: admin, account, or sessions, their own. */
  page(role, page) {
    return this.caller(role, page);
  }

  /** An agent on the panel, whose TeamViewer account is connected; with `reports`, it may be asked for what came of sessions. */
  async linked(role, issue, { reports = false } = {}) {
    const who = await this.panel(role, issue);
    const account = await this.teamviewerAccount(role);
    if (!(await who.expect(200, 'GET', '/v1/panel')).viewer.linked) {
      await link(who, { account });
      this.#reporting.delete(role);
    }
    if (reports && !this.#reporting.has(role)) {
      await link(who, { account, access: 'reports' });
      this.#reporting.add(role);
    }
    return who;
  }

  async issueId(key) {
    const found = (await this.issues()).find((issue) => issue.key === key);
    if (!found) throw new Error(`there is no ${key}`);
    return found.id;
  }

  /** The ticket as Jira has it: {id, key, summary, reporter, comments, worklogs, properties}. */
  async issue(key) {
    return this.reading((await this.issues()).find((issue) => issue.key === key));
  }

  /** Its comments, oldest first: {id, author, text, links, mentions, strays, internal, identity}; identity is what Belay marked it with. */
  async comments(key) {
    return (await this.issue(key)).comments;
  }

  /** Those that Belay wrote for the session. */
  async commentsOf(key, session) {
    return (await this.comments(key)).filter(({ identity }) => JSON.stringify(identity).includes(session));
  }

  /** Effects on Jira that were accepted, of that kind, for the session. */
  async effects(kind, session) {
    return (await this.sandbox.journal({ kind, party: this.party })).filter(({ identity }) => JSON.stringify(identity).includes(session));
  }

  /** A fault rule for calls of Jira's API, `path` behind the version; see docs/sandbox. */
  rule({ method, path }, what) {
    return { match: { party: this.party, ...(method ? { method } : {}), path: `${this.api}${path}` }, ...what };
  }

  /** Requests for `path` (a pattern) of Jira's API so far. */
  async asked(method, path) {
    return (await this.sandbox.requests()).filter((line) => line.party === this.party && line.method === method && path.test(line.path));
  }

  // ---- TeamViewer ----

  async teamviewerAccount(role) {
    return (await this.sandbox.state()).teamviewer.accounts.find(({ email }) => email === this.people[role].email).id;
  }

  /** How somebody stands at TeamViewer: {presence, features}. */
  stands(role, change) {
    return this.sandbox.change({ teamviewer: { accounts: [{ email: this.people[role].email, ...change }] } });
  }

  /** The customer of the session with this code comes, or leaves. */
  customer(code, online) {
    return this.sandbox.change({ teamviewer: { sessions: [{ code, online }] } });
  }

  /** A connection that TeamViewer has on record: {startedSecondsAgo, seconds, rating, …}. */
  async record(code, more) {
    return this.sandbox.change({ teamviewer: { records: [{ session: code, account: await this.teamviewerAccount('agent'), ...more }] } });
  }

  async sessionAtTeamViewer(code) {
    return (await this.sandbox.state()).teamviewer.sessions.find((session) => session.code === code);
  }

  close() {
    return this.world.close();
  }
}

class CloudPlace extends Place {
  party = 'jira';
  api = '/rest/api/3';
  people = peopleOfCloud;

  caller(role, page, issue) {
    return this.world.caller({ account: this.people[role].id, page, issue });
  }

  /** The page as it stands open, with the token that it was given before what happens next: Forge makes none for an issue that is gone. */
  async stillOpen(caller) {
    const held = await caller.headers();
    return Object.assign(caller.with({}), { headers: async () => held });
  }

  /** The settings page of the project. */
  projectPage(role) {
    return this.world.projectAdmin(this.jira.project, this.people[role].id);
  }

  async site() {
    return (await this.sandbox.state()).jira.sites[0];
  }

  async issues() {
    return (await this.site()).issues;
  }

  async appId() {
    return (await this.site()).appAccount;
  }

  reading({ comments, worklogs, ...issue }) {
    return {
      ...issue,
      comments: comments.map(({ id, author, body, public: isPublic, properties }) => ({ id, author, ...readDocument(body), internal: !isPublic, identity: properties })),
      worklogs: worklogs.map(({ id, author, seconds, text }) => ({ id, author, seconds, text })),
    };
  }

  /** {summary, reporter, key (it is moved), deleted} */
  change(key, change) {
    return this.sandbox.change({ jira: { issues: { [key]: change } } });
  }

  /** {name, active, locale}; a locale as "fr-FR". */
  changePerson(role, change) {
    return this.sandbox.change({ jira: { people: { [this.people[role].id]: change } } });
  }

  /** What Jira does of its own: see `behaviour` in docs/sandbox. */
  behaves(behaviour) {
    return this.sandbox.change({ jira: { behaviour } });
  }

  /** A call of Jira's API by somebody's own hand. */
  async byHand(role, method, path, body) {
    const { userToken } = await this.sandbox.fit({ account: this.people[role].id, module: 'belay-admin' });
    const { jira_api: api, cloud_id: cloud } = this.sandbox.addresses;
    return request(`${api}/ex/jira/${cloud}${this.api}${path}`, { method, body, headers: { authorization: `Bearer ${userToken}` } });
  }

  commentBody(text) {
    return { type: 'doc', version: 1, content: [{ type: 'paragraph', content: [{ type: 'text', text }] }] };
  }

  /** The page of the request in the portal. */
  portal(role, issue) {
    return this.world.caller({ account: this.people[role].id, page: 'request', request: issue });
  }

  /** The page among the queues of the project. */
  queue(role) {
    return this.world.caller({ account: this.people[role].id, page: 'queue', project: this.jira.project });
  }

  /** Their pages have fresh tokens: here each call has. */
  async renewed() {}

  /** What was given in their name so far is good for nothing any more. */
  takesBackTokensOf(role) {
    return this.sandbox.change({ forge: { revokeTokens: { installation: this.sandbox.addresses.installation_id, account: this.people[role].id } } });
  }

  /** Whom Jira's refusal signed out signs in again: here nobody signs in to Belay. */
  comeAgain() {}

  /** Forge's hourly tick, which brings the app a token that is not over. */
  tick() {
    return this.sandbox.event({ event: 'hourly' });
  }
}

/** Whose page gets itself another token before the one it has is over, as pages do. */
class LivePageCaller extends PageCaller {
  with(changes) {
    return new LivePageCaller({ ...this, ...changes });
  }

  async call(...call) {
    const left = this.browser.cookie ? this.browser.until - this.world.clock.now().getTime() : 0;
    if (left < kTokenMargin) await this.renew();
    return super.call(...call);
  }

  async renew() {
    const answer = this.browser.cookie && await this.token({ grant: 'refresh' });
    if (answer?.status === 200) this.take(answer);
    else await this.signIn();
  }

  take(answer) {
    super.take(answer);
    this.browser.until = Date.parse(answer.json.until);
    return answer;
  }

  post(path, body, options) { return this.call('POST', path, body, options); }

  put(path, body, options) { return this.call('PUT', path, body, options); }

  delete(path, options) { return this.call('DELETE', path, undefined, options); }
}

class DataCenterPlace extends Place {
  party = 'datacenter';
  api = '/rest/api/2';
  people = peopleOfDataCenter;
  #browsers = Object.fromEntries(Object.keys(peopleOfDataCenter).map((role) => [role, {}]));

  caller(role, page, issue) {
    const { id: key, user: name } = this.people[role];
    return new LivePageCaller({ world: this.world, site: this.jira.site, person: { key, name }, page, issue, browser: this.#browsers[role] });
  }

  /** The settings page of the project. */
  projectPage(role) {
    return this.page(role, 'project').with({ project: this.jira.project });
  }

  async site() {
    return (await this.sandbox.state()).datacenter.sites.find(({ name }) => name === this.jira.site);
  }

  async issues() {
    return (await this.site()).issues;
  }

  async appId() {
    return serviceAccount.key;
  }

  /** Wiki markup as Atlassian's own parser reads it. A mention has a name there, and not the key. */
  reading({ comments, worklogs, ...issue }) {
    const keyOf = (user) => Object.values(this.people).find((person) => person.user === user)?.id ?? user;
    return {
      ...issue,
      comments: comments.map(({ id, author, body, internal, properties }) => {
        const { mentions, ...read } = readDocument(documentOf(body));
        return { id, author, ...read, mentions: mentions.map(keyOf), internal, identity: properties };
      }),
      worklogs: worklogs.map(({ id, author, seconds, comment }) => ({ id, author, seconds, text: readDocument(documentOf(comment)).text })),
    };
  }

  #change(change) {
    return this.sandbox.change({ datacenter: { [this.jira.site]: change } });
  }

  change(key, change) {
    return this.#change({ issues: { [key]: change } });
  }

  changePerson(role, { name, locale, ...change }) {
    return this.#change({ people: { [this.people[role].id]: { ...change, ...(name ? { displayName: name } : {}), ...(locale ? { locale: locale.replace('-', '_') } : {}) } } });
  }

  async stillOpen(caller) {
    return caller;
  }

  behaves(behaviour) {
    return this.#change({ behaviour });
  }

  async byHand(role, method, path, body) {
    return request(`${(await this.site()).url}${this.api}${path}`, { method, body, headers: { authorization: `Bearer ${handToken(this.people[role])}` } });
  }

  commentBody(text) {
    return text;
  }

  async renewed(role) {
    await this.page(role, 'sessions').renew();
  }

  takesBackTokensOf(role) {
    return this.#change({ revokeTokensOf: this.people[role].id });
  }

  comeAgain(role) {
    delete this.#browsers[role].cookie;
  }

  async tick() {}   // its token has no end
}

function cloud(jira) {
  return {
    ...jira,
    async open({ configure = () => ({}), ...options } = {}) {
      const world = await World.open({ ...options, seed: freshSeed(inCloud), configure: async (place) => ({ ...kManyCalls, ...(await configure(place)) }) });
      return new CloudPlace(this, { world });
    },
  };
}

const kEvents = ['jira:issue_created', 'jira:issue_updated', 'jira:issue_deleted', 'comment_created', 'comment_updated', 'comment_deleted'];

/** As the operator writes it into belay.toml. Where Jira has no incoming link, people type in tokens. */
const sectionOf = ({ typed }, base_url, webhook_secret) => ({
  base_url,
  service_token: serviceToken,
  webhook_secret,
  ...(typed ? {} : { client_id: client.clientId, client_secret: client.clientSecret }),
});

function dataCenter({ version, deployment, ...jira }) {
  return {
    ...jira,
    async open({ configure = () => ({}), ...options } = {}) {
      const name = jira.site;
      const secret = 'webhook-secret';
      const world = await World.open({
        ...options,
        seed: freshSeed((seed) => inDataCenter(seed, { site: name, version, deployment })),
        configure: async (place) => ({
          ...kManyCalls,
          server: { pages: join(root, 'forge/static') },
          [`datacenter.${name}`]: sectionOf(jira, place.addresses.datacenter[name], secret),
          ...(await configure(place)),
        }),
      });
      world.jiras = world.sandbox.addresses.datacenter;
      const own = `${world.publicUrl}/datacenter/${name}`;
      await world.sandbox.change({ datacenter: { [name]: { redirectUris: [`${own}/callback`], webhooks: [{ url: `${own}/webhook`, secret, events: kEvents }] } } });
      return new DataCenterPlace(this, { world });
    },
  };
}

/**
 * `service`: a project of Jira Service Management. `portal`: customers and queues have pages of Belay's there.
 * `signsIn`: people sign in to Belay's pages, and have to again when Jira takes nothing of theirs any more; elsewhere each call brings Jira's own token. `typed`: with a token that
 * they made at Jira.
 */
export const jiras = [
  cloud({ name: 'Cloud, software project', project: 'PRESS', service: false, portal: false, signsIn: false }),
  cloud({ name: 'Cloud, service project', project: 'DESK', service: true, portal: true, signsIn: false }),
  dataCenter({ name: 'Data Center 11.3, software project', site: 'dc', version: '11.3.0', deployment: 'Data Center', project: 'PRESS', service: false, portal: false, signsIn: true }),
  dataCenter({ name: 'Data Center 11.3, service project', site: 'dc', version: '11.3.0', deployment: 'Data Center', project: 'DESK', service: true, portal: false, signsIn: true }),
  dataCenter({ name: 'Server 9.12, software project, typed-in tokens', site: 'server', typed: true, version: '9.12.4', deployment: 'Server', project: 'PRESS', service: false, portal: false, signsIn: true }),
];

export function onEachJira(body) {
  for (const jira of jiras) describe(jira.name, () => body(jira));
}
