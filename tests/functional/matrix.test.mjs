// Who may call what in Jira Cloud (docs/access.md): every operation of docs/openapi.yaml that takes a caller, from every page of ours, by every kind of person.
// An operation that is not in the table of tests/harness/matrix.mjs fails the first test. What is let in here is proven for reads; for changes see matrix_changes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { pair } from '../harness/doors.mjs';
import { request as send } from '../harness/http.mjs';
import { addressOf, checkRows, saidBy, told, verdict, ways } from '../harness/matrix.mjs';
import { freshSeed, letReporterBrowse, withSecondSite } from '../harness/seed.mjs';
import { onEachStorage } from '../harness/storages.mjs';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';

test('every operation has a row, and every row an operation and a body that it takes', checkRows);

const pages = ['panel', 'admin', 'account', 'sessions', 'project', 'queue', 'request'];
/** Of each kind of person, on the request of `customer`; of the reporter, on their own. `agent`: also a project admin is one, by Jira's roles. */
const facts = {
  agent: { sees: true, seesProject: true, agent: true, seesRequest: true },
  reporter: { sees: true, seesProject: true, seesRequest: true },
  projectAdmin: { sees: true, seesProject: true, agent: true, projectAdmin: true, seesRequest: true },
  jiraAdmin: { sees: true, seesProject: true, agent: true, admin: true, seesRequest: true },
  adminElsewhere: { admin: true },   // administers Jira, and has no right in the project
  customer: { seesRequest: true },
  otherCustomer: {},
};
const roles = Object.keys(facts);

onEachStorage((storage) => {
  let world;
  let accounts;
  let where;   // by kind of person: the issue that they stand on, and the session on it
  let ids;
  let other;   // the second installation's site
  before(async () => {
    world = await World.open({ storage: await storage.fresh(), seed: freshSeed((seed) => { withSecondSite(seed); letReporterBrowse(seed); }), configure: () => ({ teamviewer: { calls_per_minute: 600 } }) });
    other = world.siteByHost('second.localhost');
    await pair({ belayd: world.belayd, admin: world.caller({ account: world.seed.admin.accountId, page: 'admin', installation: other.installation }), site: other.url });
    const { seed } = world;
    const requests = seed.people.filter(({ type }) => type === 'customer').map((person) => ({ customer: person.accountId, issue: seed.issues.find(({ reporter }) => reporter === person.accountId) })).filter(({ issue }) => issue);
    const [own] = seed.issues;   // letReporterBrowse
    const adminElsewhere = seed.people.find(({ accountId, groups }) => accountId !== seed.admin.accountId && groups?.includes('jira-administrators'));
    const agent = await world.linkedAgent(0, requests[0].issue.key);
    accounts = {
      agent: agent.account, reporter: own.reporter, projectAdmin: seed.projectAdmin.accountId, jiraAdmin: seed.admin.accountId, adminElsewhere: adminElsewhere.accountId,
      customer: requests[0].customer, otherCustomer: requests[1].customer,
    };
    const opened = async (caller, customer) => {
      const { session } = await caller.expect(202, 'POST', '/v1/sessions', { invitation: 'none', customer: { id: customer } });
      await until('the session is open', async () => (await caller.expect(200, 'GET', `/v1/sessions/${session.id}`)).session.state === 'open');
      return session.id;
    };
    const theirs = { issue: requests[0].issue.key, session: await opened(agent, requests[0].customer), person: requests[0].customer };
    // The reporter is the customer of the session on their own issue, and may look at it in Jira: still no agent.
    const ofReporter = { issue: own.key, session: await opened(agent.with({ issue: own.key }), own.reporter), person: own.reporter };
    where = Object.fromEntries(roles.map((role) => [role, role === 'reporter' ? ofReporter : theirs]));
    const { links } = await world.admin.expect(200, 'GET', '/v1/links');
    ids = { project: seed.project.key, link: links[0].id };
  });
  after(() => world?.close());

  const caller = (role, page, { installation, account = accounts[role], issue = where[role].issue } = {}) => {
    const place = { panel: { issue }, request: { request: issue }, project: { project: world.seed.project.key }, queue: { project: world.seed.project.key } }[page];
    return world.caller({ account, page: page === 'sessions' ? 'belay-sessions' : page, installation, ...place });
  };
  const ask = (way, who, role) => who.call(way.method, addressOf(way, { ...ids, ...where[role] }), way.row.body);
  /** What Belay keeps and what was done outside: the same before and after what is refused. */
  const kept = async () => {
    const agent = caller('agent', 'panel');
    const sessions = (await agent.expect(200, 'GET', '/v1/sessions')).sessions.map(({ id, state, notes }) => [id, state, notes]);
    return JSON.stringify([sessions, (await world.admin.expect(200, 'GET', '/v1/audit')).entries.length, (await world.sandbox.journal()).map(({ party, kind }) => `${party} ${kind}`), (await world.admin.expect(200, 'GET', '/v1/links')).links]);
  };

  test('without a token, with one that was altered, or with another’s signature: 401, whatever is asked for', async () => {
    const { authorization } = await world.admin.headers();
    const [head, body, signature] = authorization.split('.');
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
    const altered = `${head}.${Buffer.from(JSON.stringify({ ...claims, principal: accounts.agent })).toString('base64url')}.${signature}`;
    for (const way of ways) {
      for (const [what, headers] of [['none', {}], ['altered', { authorization: altered }], ['unsigned', { authorization: `${head}.${body}.` }], ['of a page beside a Data Center', { authorization: 'Bearer belay-page.x', 'x-belay-page': 'panel' }]]) {
        const { status, json } = await send(`${world.belayd.url}${addressOf(way, { ...ids, ...where.agent })}`, { method: way.method, body: way.row.body, headers });
        const wanted = what.startsWith('of a page') ? [403, 'signed_out'] : [401, 'invalid_invocation_token'];
        assert.deepEqual([status, json.code], wanted, `${way.id}, ${what}`);
      }
    }
  });

  test('whoever is not meant is told so, from every page, and nothing comes of it', async () => {
    const before = await kept();
    const wrong = [];
    let asked = 0;
    for (const way of ways) {
      for (const page of pages) {
        for (const role of roles.filter((one) => verdict(way, page, facts[one]) !== 'in')) {
          asked += 1;
          const answer = await ask(way, caller(role, page), role);
          const said = saidBy({ row: { says: [] } }, answer);
          if (said !== verdict(way, page, facts[role])) wrong.push(`${way.id}${way.row.query} as ${role} from ${page}: ${said}, not ${verdict(way, page, facts[role])}`);
        }
      }
    }
    assert.deepEqual(wrong, []);
    assert.ok(asked > 2_000, `${asked}`);
    assert.equal(await kept(), before);
  });

  test('whoever is meant may read, from each page that it is for', async () => {
    const wrong = [];
    for (const way of ways.filter(({ changes }) => !changes)) {
      for (const page of pages) {
        for (const role of roles.filter((one) => verdict(way, page, facts[one]) === 'in')) {
          const answer = await ask(way, caller(role, page), role);
          if (saidBy(way, answer) !== 'in') wrong.push(`${way.id}${way.row.query} as ${role} from ${page}: ${answer.status} ${answer.text.slice(0, 200)}`);
        }
      }
    }
    assert.deepEqual(wrong, []);
  });

  test('who sees an issue without being its agent is shown that there is one, and nobody on it', async () => {
    const { viewer, people, sessions } = await caller('reporter', 'panel').expect(200, 'GET', '/v1/panel');
    assert.deepEqual([viewer.mayAct, viewer.reason, people, sessions], [false, 'not_agent', [], []]);
  });

  test('in the portal everybody finds what is theirs alone: the customer their session, an agent or the team’s admin nothing', async () => {
    const shown = async (role) => (await caller(role, 'request').expect(200, 'GET', '/v1/request')).sessions.map(({ id }) => id);
    assert.deepEqual(await shown('customer'), [where.customer.session]);
    assert.deepEqual(await shown('reporter'), [where.reporter.session]);
    for (const role of ['agent', 'projectAdmin', 'jiraAdmin']) assert.deepEqual(await shown(role), [], role);
  });

  test('a session of another issue, or of another company, is not there', async () => {
    const before = await kept();
    for (const way of ways.filter(({ row }) => row.object === 'session')) {
      const others = [['another issue', caller('agent', 'panel', { issue: where.reporter.issue })], ['another company', caller('agent', 'panel', { installation: other.installation })]];
      for (const [what, who] of others) {
        const answer = await ask(way, who, 'agent');
        assert.equal(saidBy(way, answer), told.notThere, `${way.id}, ${what}`);
      }
    }
    assert.equal(await kept(), before);
  });

  test('another company’s admin has no link, no work and no account of this one, though people there have the same ids', async () => {
    const before = await kept();
    const admin = caller('jiraAdmin', 'admin', { installation: other.installation });
    for (const way of ways.filter(({ row }) => row.pages.admin && row.object && row.object !== 'person')) {
      assert.equal(saidBy({ row: { says: [] } }, await ask(way, admin, 'agent')), told.notThere, way.id);
    }
    const nothing = await admin.expect(200, 'GET', `/v1/accounts/${accounts.agent}`);
    assert.deepEqual([nothing.linked, nothing.openSessions, nothing.kept.sessions], [false, 0, 0]);
    await admin.expect(202, 'DELETE', `/v1/accounts/${accounts.agent}`);
    await until('it is done', async () => !(await admin.expect(200, 'GET', `/v1/accounts/${accounts.agent}`)).erasing);
    assert.equal(await kept(), before);
  });

  test('another company’s lists hold nothing of this one', async () => {
    for (const way of ways.filter(({ row, changes }) => !changes && !row.object)) {
      for (const page of Object.keys(way.row.pages)) {
        const answer = await ask(way, caller('jiraAdmin', page, { installation: other.installation }), 'jiraAdmin');
        assert.equal(saidBy(way, answer), 'in', `${way.id} from ${page}: ${answer.text.slice(0, 200)}`);
        for (const { session } of Object.values(where)) assert.ok(!answer.text.includes(session), way.id);
        assert.ok(!answer.text.includes(ids.link), way.id);
      }
    }
  });
});
