// Who may call what beside a Jira Data Center (docs/access.md, docs/datacenter.md): every operation that takes a caller, with tokens of our own pages, from every
// page that names itself, by every kind of person; by the table of tests/harness/matrix.mjs, which is that of Jira Cloud.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { onPanel, openDataCenter, people } from '../harness/datacenter.mjs';
import { request } from '../harness/http.mjs';
import { link } from '../harness/linking.mjs';
import { addressOf, saidBy, told, verdict, ways } from '../harness/matrix.mjs';
import { onEachStorage } from '../harness/storages.mjs';
import { until } from '../harness/wait.mjs';

const pages = ['panel', 'admin', 'account', 'sessions', 'project'];
/** Of Jira Cloud alone, or of nothing: no token is good from there. */
const noPages = ['queue', 'request', 'portal', 'automation', 'backend', '', 'PANEL'];
const kIssue = 'DESK-1';
const kOwn = 'DESK-2';   // the reporter's

const more = {
  keeper: { key: 'JIRAUSER10107', name: 'keeper', displayName: 'Aoife Keeper', email: 'keeper@example.com', groups: [] },
  administrator: { key: 'JIRAUSER10108', name: 'farah', displayName: 'Farah Rahimi', email: 'farah.rahimi@example.com', groups: ['jira-administrators'] },
  owner: { key: 'JIRAUSER10109', name: 'owner', displayName: 'Olu Owner', email: 'olu.owner@example.com', groups: ['staff'] },
};
const kinds = {
  agent: { person: people.agent, sees: true, agent: true },
  reporter: { person: more.owner, sees: true },
  viewer: { person: people.viewer, sees: true },
  projectAdmin: { person: more.keeper, sees: true, projectAdmin: true },              // and no agent
  jiraAdmin: { person: people.admin, sees: true, agent: true, projectAdmin: true, admin: true },
  adminNoAgent: { person: more.administrator, sees: true, projectAdmin: true, admin: true },
  customer: { person: people.customer },                                               // reported it in the portal, and sees it nowhere else
  participant: { person: people.reporter },                                            // the same; and an agent of another project
};
const roles = Object.keys(kinds);

onEachStorage((storage) => whoMayWhat({ storage, site: 'dc', other: 'server' }));
describe('where people type in tokens', () => whoMayWhat({ storage: { fresh: async () => 'sqlite' }, site: 'server', other: 'dc' }));

function whoMayWhat({ storage, site, other }) {
  let world;
  let callers;
  let where;   // by kind of person: the issue that they stand on, and what is on it
  let ids;
  let elsewhere;   // the agent of the same key on the other site, on the issue of the same id
  before(async () => {
    world = await openDataCenter({
      storage: await storage.fresh(),
      configure: () => ({ teamviewer: { calls_per_minute: 600 } }),
      change: (seed) => {
        for (const jira of seed.datacenter) {
          jira.people = [...jira.people, ...Object.values(more)];
          jira.projects.find(({ key }) => key === 'DESK').admins = [more.keeper.key, 'jira-administrators'];
          jira.issues.push({ key: kOwn, summary: 'Scanner is silent', reporter: more.owner.key, assignee: people.agent.key });
        }
      },
    });
    const signedIn = async (at, person, issue) => (await onPanel(world, at, person, issue)).signIn();
    callers = {};
    for (const role of roles) callers[role] = await signedIn(site, kinds[role].person, role === 'reporter' ? kOwn : kIssue);
    elsewhere = await signedIn(other, people.agent, kIssue);
    assert.equal(elsewhere.issue, callers.agent.issue, 'two sites number their issues alike');
    const account = (await world.sandbox.state()).teamviewer.accounts.find(({ email }) => email === people.agent.email).id;
    await link(callers.agent, { account });
    const opened = async (caller, customer) => {
      const { session } = await caller.expect(202, 'POST', '/v1/sessions', { invitation: 'none', customer: { id: customer } });
      await until('the session is open', async () => (await caller.expect(200, 'GET', `/v1/sessions/${session.id}`)).session.state === 'open');
      return session.id;
    };
    const theirs = { session: await opened(callers.agent, people.customer.key), person: people.customer.key };
    const ofReporter = { session: await opened(callers.agent.with({ issue: callers.reporter.issue }), more.owner.key), person: more.owner.key };
    where = Object.fromEntries(roles.map((role) => [role, role === 'reporter' ? ofReporter : theirs]));
    const { links } = await admin().expect(200, 'GET', '/v1/links');
    ids = { project: 'DESK', link: links[0].id };
  });
  after(() => world?.close());

  const from = (caller, page) => caller.with({ page, issue: page === 'panel' ? caller.issue : undefined, project: page === 'project' ? ids.project : undefined });
  /** As the table says; and of a project that they do not see there is no such page. */
  const wanted = (way, page, role) => (page === 'project' && !kinds[role].sees && way.row.pages.project ? told.otherPage : verdict(way, page, kinds[role]));
  const admin = () => from(callers.jiraAdmin, 'admin');
  const ask = (way, who, role) => who.call(way.method, addressOf(way, { ...ids, ...where[role] }), way.row.body);
  const exactly = (answer) => saidBy({ row: { says: [] } }, answer);
  const kept = async () => {
    const sessions = (await callers.agent.expect(200, 'GET', '/v1/sessions')).sessions.map(({ id, state, notes }) => [id, state, notes]);
    return JSON.stringify([sessions, (await admin().expect(200, 'GET', '/v1/audit')).entries.length, (await world.sandbox.journal()).map(({ party, kind }) => `${party} ${kind}`), (await admin().expect(200, 'GET', '/v1/links')).links]);
  };

  test('without a token: 401; with one that was altered, cut, lengthened, or of no page of ours: signed out, whatever is asked for', async () => {
    const { token } = callers.agent.browser;
    const flipped = `${token.slice(0, -8)}${token.at(-8) === 'A' ? 'B' : 'A'}${token.slice(-7)}`;
    const tokens = { flipped, cut: token.slice(0, -12), lengthened: `${token}AAAA`, 'nothing in it': 'belay-page.', 'without its prefix': token.replace('belay-page.', '') };
    for (const way of ways) {
      const address = `${world.belayd.url}${addressOf(way, { ...ids, ...where.agent })}`;
      const without = await request(address, { method: way.method, body: way.row.body, headers: { 'x-belay-page': 'panel', 'x-belay-issue': callers.agent.issue } });
      assert.deepEqual([without.status, without.json.code], [401, 'invalid_invocation_token'], way.id);
      for (const [what, changed] of Object.entries(tokens)) {
        const answer = await ask(way, callers.agent.with({ browser: { token: changed } }), 'agent');
        assert.equal(exactly(answer), what === 'without its prefix' ? '401 invalid_invocation_token' : '403 signed_out', `${way.id}, ${what}`);
      }
      for (const page of noPages) assert.equal(exactly(await ask(way, callers.jiraAdmin.with({ page }), 'agent')), '403 signed_out', `${way.id} from ${page}`);
    }
  });

  test('whoever is not meant is told so, from every page, and nothing comes of it', async () => {
    const before = await kept();
    const wrong = [];
    let asked = 0;
    for (const way of ways) {
      for (const page of pages) {
        for (const role of roles.filter((one) => wanted(way, page, one) !== 'in')) {
          asked += 1;
          const said = exactly(await ask(way, from(callers[role], page), role));
          if (said !== wanted(way, page, role)) wrong.push(`${way.id}${way.row.query} as ${role} from ${page}: ${said}, not ${wanted(way, page, role)}`);
        }
      }
    }
    assert.deepEqual(wrong, []);
    assert.ok(asked > 1_500, `${asked}`);
    assert.equal(await kept(), before);
  });

  test('whoever is meant may read, from each page that it is for', async () => {
    const wrong = [];
    for (const way of ways.filter(({ changes }) => !changes)) {
      for (const page of pages) {
        for (const role of roles.filter((one) => wanted(way, page, one) === 'in')) {
          const answer = await ask(way, from(callers[role], page), role);
          if (saidBy(way, answer) !== 'in') wrong.push(`${way.id}${way.row.query} as ${role} from ${page}: ${answer.status} ${answer.text.slice(0, 200)}`);
        }
      }
    }
    assert.deepEqual(wrong, []);
  });

  test('a page that names no project, or none that there is, has no project’s settings', async () => {
    for (const way of ways.filter(({ row }) => row.pages.project)) {
      for (const project of [undefined, '', 'NONE', 'desk', '10000', 'DESK/../PRESS']) {
        assert.equal(exactly(await ask(way, callers.jiraAdmin.with({ page: 'project', issue: undefined, project }), 'jiraAdmin')), told.otherPage, `${way.id}, ${project}`);
      }
    }
  });

  test('who sees an issue without being its agent is shown that there is one, and nobody on it', async () => {
    for (const role of ['reporter', 'viewer', 'projectAdmin', 'adminNoAgent']) {
      const { viewer, people: shown, sessions } = await callers[role].expect(200, 'GET', '/v1/panel');
      assert.deepEqual([viewer.mayAct, viewer.reason, shown, sessions], [false, 'not_agent', [], []], role);
    }
  });

  test('a session of another issue is not there, nor with the other site’s token, whatever issue that names', async () => {
    const before = await kept();
    const press = (await onPanel(world, site, people.agent, 'PRESS-1')).issue;
    for (const way of ways.filter(({ row }) => row.object === 'session')) {
      for (const [what, who] of [
        ['another issue of the project', callers.agent.with({ issue: callers.reporter.issue })], ['an issue of another project', callers.agent.with({ issue: press })],
        ['the other site', elsewhere], ['the other site, naming itself this one', elsewhere.with({ site })],
      ]) assert.equal(exactly(await ask(way, who, 'agent')), told.notThere, `${way.id}, ${what}`);
      for (const issue of ['99999999', kIssue, `${callers.agent.issue}a`, '-1', '1e5', '']) {
        assert.equal(exactly(await ask(way, callers.agent.with({ issue }), 'agent')), told.notThere, `${way.id}, issue ${issue}`);
      }
    }
    assert.equal(await kept(), before);
  });

  test('a session of Jira Cloud is not there, nor one of this site in Cloud', async () => {
    const cloud = await world.linkedAgent(1);
    const { session } = await cloud.expect(202, 'POST', '/v1/sessions', { invitation: 'none', customer: { name: 'Cleo Example' } });
    for (const way of ways.filter(({ row }) => row.object === 'session')) {
      assert.equal(exactly(await callers.agent.call(way.method, addressOf(way, { ...ids, session: session.id }), way.row.body)), told.notThere, way.id);
      assert.equal(exactly(await ask(way, cloud, 'agent')), told.notThere, way.id);
    }
  });

  test('the other site’s admin finds nothing of this one in any list, and can end nothing of it', async () => {
    const there = await (await onPanel(world, other, people.admin, kIssue)).signIn();
    const before = await kept();
    for (const way of ways.filter(({ row, changes }) => !changes && !row.object)) {
      for (const page of Object.keys(way.row.pages).filter((one) => pages.includes(one))) {
        const answer = await ask(way, from(there, page), 'jiraAdmin');
        assert.equal(saidBy(way, answer), 'in', `${way.id} from ${page}: ${answer.text.slice(0, 200)}`);
        for (const { session } of Object.values(where)) assert.ok(!answer.text.includes(session), way.id);
        assert.ok(!answer.text.includes(ids.link), way.id);
      }
    }
    for (const way of ways.filter(({ row }) => row.pages.admin && ['link', 'work'].includes(row.object))) {
      assert.equal(exactly(await ask(way, from(there, 'admin'), 'jiraAdmin')), told.notThere, way.id);
    }
    const nothing = await from(there, 'admin').expect(200, 'GET', `/v1/accounts/${people.agent.key}`);
    assert.deepEqual([nothing.linked, nothing.openSessions, nothing.kept.sessions], [false, 0, 0]);
    await from(there, 'admin').expect(202, 'DELETE', `/v1/accounts/${people.agent.key}`);
    await until('it is done', async () => !(await from(there, 'admin').expect(200, 'GET', `/v1/accounts/${people.agent.key}`)).erasing);
    assert.equal(await kept(), before);
  });

  test('what opens one site’s pages opens no other’s', async () => {
    const cookie = callers.agent.browser.cookie.replace(`belay_${site}=`, `belay_${other}=`);
    assert.equal((await elsewhere.with({ browser: { cookie } }).token({ grant: 'refresh' })).json.code, 'signed_out');
    assert.equal((await callers.agent.with({ browser: { cookie: elsewhere.browser.cookie.replace(`belay_${other}=`, `belay_${site}=`) } }).token({ grant: 'refresh' })).json.code, 'signed_out');
  });
}
