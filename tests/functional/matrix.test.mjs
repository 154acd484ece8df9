// Who may call what (docs/access.md): every operation of docs/openapi.yaml that takes a caller, from every kind of caller. An operation that is not in the table fails the test.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { pair } from '../harness/doors.mjs';
import { request as send } from '../harness/http.mjs';
import { document } from '../harness/openapi.mjs';
import { freshSeed, letReporterBrowse, withSecondSite } from '../harness/seed.mjs';
import { onEachStorage } from '../harness/storages.mjs';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';

const agents = ['agent', 'jiraAdmin'];
const everybody = ['agent', 'reporter', 'projectAdmin', 'jiraAdmin'];   // in Jira; not in the portal
const admins = ['jiraAdmin'];
const of = (page, who, { body, query = '', changes = false, object } = {}) => ({ page, who, body, query, changes, object });

/** By operation: the page that it is for, who is let in from there, what is sent, whether it changes something, and what its {id} is. */
const table = {
  getPanel: of('panel', [...agents, 'reporter']),
  getQueue: of('queue', agents),
  getRequest: of('request', ['customer', 'otherCustomer']),
  askForHelp: of('request', ['customer', 'otherCustomer'], { body: {}, changes: true }),
  withdrawAsk: of('request', ['customer', 'otherCustomer']),
  dismissAsk: of('panel', agents, { body: { ask: 'x' } }),
  invitePerson: of('panel', agents, { body: {}, changes: true, object: 'person' }),
  mapPerson: of('panel', agents, { body: { address: 'a@b.example' }, changes: true, object: 'person' }),
  unmapPerson: of('panel', agents, { changes: true, object: 'person' }),
  launch: of('panel', agents, { body: { mode: 'chat' }, changes: true, object: 'person' }),
  listContacts: of('panel', agents, { query: '?search=a' }),
  listSessions: of('panel', agents),
  createSession: of('panel', agents, { body: { invitation: 'none' }, changes: true }),
  getSession: of('panel', agents, { object: 'session' }),
  connectSession: of('panel', agents, { body: { client: 'app' }, changes: true, object: 'session' }),
  stayInJira: of('panel', agents, { changes: true, object: 'session' }),
  noteSession: of('panel', agents, { body: { notes: 'x' }, changes: true, object: 'session' }),
  replaceSession: of('panel', agents, { body: {}, changes: true, object: 'session' }),
  closeSession: of('panel', agents, { body: {}, changes: true, object: 'session' }),
  cancelSession: of('panel', agents, { body: {}, changes: true, object: 'session' }),
  retrySession: of('panel', agents, { body: {}, changes: true, object: 'session' }),
  getSettings: of('admin', admins),
  putSettings: of('admin', admins, { body: { version: 0 }, changes: true }),
  previewCustomerText: of('admin', admins, { body: { text: '{{session.link}}', language: 'en' } }),
  readAudit: of('admin', admins),
  exportAudit: of('admin', admins, { query: '?format=csv' }),
  listAuditPeople: of('admin', admins),
  readReports: of('admin', admins),
  exportReports: of('admin', admins, { query: '?format=csv' }),
  listWork: of('admin', admins),
  retryWork: of('admin', admins, { body: {}, changes: true, object: 'work' }),
  readRetention: of('admin', admins),
  listAccounts: of('admin', admins),
  readAccountData: of('admin', admins, { object: 'person' }),
  exportAccountData: of('admin', admins, { object: 'person' }),
  eraseAccountData: of('admin', admins, { changes: true, object: 'person' }),
  listLinks: of('admin', admins),
  deleteLink: of('admin', admins, { changes: true, object: 'link' }),
  pair: of('admin', admins, { body: { code: 'AAAAA-BBBBB' }, changes: true }),
  unpair: of('admin', admins, { changes: true }),
  getAccount: of('account', everybody),
  startAccount: of('account', everybody, { body: {}, changes: true }),
  finishAccount: of('account', everybody, { body: { token: 'x'.repeat(43) }, changes: true }),
  checkAccount: of('account', everybody, { body: {}, changes: true }),
  deleteAccount: of('account', everybody, { changes: true }),
  deleteReportsAccess: of('account', everybody, { changes: true }),
};

/** Not a person's: rules and events have suites of their own (automation, events). */
const kOfPeople = Object.entries(document.paths).filter(([path]) => path.startsWith('/v1/') && !path.startsWith('/v1/automation/') && !path.startsWith('/v1/forge/'))
  .flatMap(([path, item]) => ['get', 'post', 'put', 'delete', 'patch'].filter((method) => item[method]).map((method) => ({ id: item[method].operationId, method: method.toUpperCase(), path })));
const roles = ['agent', 'reporter', 'projectAdmin', 'jiraAdmin', 'customer', 'otherCustomer'];
const inPortal = ['customer', 'otherCustomer'];

test('every operation is in the table, and nothing else is', () => {
  assert.deepEqual(Object.keys(table).sort(), kOfPeople.map(({ id }) => id).sort());
});

onEachStorage((storage) => {
  let world;
  let accounts;
  let requests;
  let ids;
  let other;   // the second installation's site
  before(async () => {
    world = await World.open({ storage: await storage.fresh(), seed: freshSeed((seed) => { withSecondSite(seed); letReporterBrowse(seed); }), configure: () => ({ teamviewer: { calls_per_minute: 600 } }) });
    other = world.siteByHost('second.localhost');
    await pair({ belayd: world.belayd, admin: world.caller({ account: world.seed.admin.accountId, page: 'admin', installation: other.installation }), site: other.url });
    const { seed } = world;
    requests = seed.people.filter(({ type }) => type === 'customer').map((person) => ({ customer: person.accountId, issue: seed.issues.find(({ reporter }) => reporter === person.accountId) })).filter(({ issue }) => issue);
    const agent = await world.linkedAgent(0, requests[0].issue.key);
    accounts = {
      agent: agent.account, reporter: seed.issues[0].reporter, projectAdmin: seed.projectAdmin.accountId, jiraAdmin: seed.admin.accountId, customer: requests[0].customer, otherCustomer: requests[1].customer,
    };
    const { session } = await agent.expect(202, 'POST', '/v1/sessions', { invitation: 'none', customer: { id: requests[0].customer } });
    await until('the session is open', async () => (await agent.expect(200, 'GET', `/v1/sessions/${session.id}`)).session.state === 'open');
    const { links } = await world.admin.expect(200, 'GET', '/v1/links');
    ids = { session: session.id, person: requests[0].customer, link: links[0].id, work: 'nothing' };
  });
  after(() => world?.close());

  /** Somebody of that kind on the page that the operation is for; customers have the portal alone. */
  const caller = (role, page, installation) => {
    const account = accounts[role];
    if (inPortal.includes(role)) return world.caller({ account, page: 'request', request: (role === 'customer' ? requests[0] : requests[1]).issue.key, installation });
    const where = page === 'panel' ? { issue: role === 'reporter' ? world.seed.issues[0].key : requests[0].issue.key } : page === 'project' || page === 'queue' ? { project: world.seed.project.key } : page === 'request' ? { request: requests[0].issue.key } : {};
    return world.caller({ account, page, ...where, installation });
  };
  const addressOf = ({ path, id }) => path.replace('{id}', encodeURIComponent(ids[table[id].object] ?? 'x')) + table[id].query;
  const kept = async () => JSON.stringify([(await world.admin.expect(200, 'GET', '/v1/audit')).entries.length, (await world.sandbox.journal()).length, (await world.admin.expect(200, 'GET', '/v1/links')).links.length]);
  const isRefused = ({ status, body }) => (status === 403 && body.code === 'forbidden') || (status === 404 && body.code === 'not_found');

  test('without a token: 401, whatever is asked for', async () => {
    for (const operation of kOfPeople) {
      const { status, json } = await send(`${world.belayd.url}${addressOf(operation)}`, { method: operation.method, body: table[operation.id].body });
      assert.deepEqual([status, json.code], [401, 'invalid_invocation_token'], operation.id);
    }
  });

  test('whoever is not meant is refused, and nothing comes of it', async () => {
    const before = await kept();
    for (const operation of kOfPeople) {
      const { page, who, body } = table[operation.id];
      for (const role of roles.filter((one) => !who.includes(one))) {
        if (role === 'projectAdmin' && (page === 'panel' || page === 'queue')) continue;   // an agent like others, or not: by Jira's rights
        if (page === 'request' && !inPortal.includes(role)) continue;                       // what the portal shows them is Jira's word
        const answer = await caller(role, page).call(operation.method, addressOf(operation), body);
        assert.ok(isRefused(answer), `${operation.id} as ${role}: ${answer.status} ${answer.text.slice(0, 200)}`);
      }
    }
    assert.equal(await kept(), before);
  });

  test('who is meant is let in', async () => {
    for (const operation of kOfPeople.filter(({ id }) => !table[id].changes && table[id].object !== 'work')) {
      const { page, who, body } = table[operation.id];
      for (const role of who) {
        const answer = await caller(role, page).call(operation.method, addressOf(operation), body);
        const code = answer.body?.code;
        assert.ok(answer.status < 300 || ['not_linked', 'asking_off'].includes(code), `${operation.id} as ${role}: ${answer.status} ${answer.text.slice(0, 200)}`);
      }
    }
  });

  test('from any page but its own, nobody is', async () => {
    const pages = ['panel', 'admin', 'account', 'queue', 'project', 'request'];
    const before = await kept();
    // Read by both of these; what they may each, the rows above say.
    const also = { getSettings: ['project'], putSettings: ['project'], previewCustomerText: ['project'], getAccount: ['panel'], checkAccount: ['panel'], listSessions: ['queue', 'account'], getPanel: [] };
    for (const operation of kOfPeople) {
      for (const page of pages.filter((one) => one !== table[operation.id].page && !(also[operation.id] ?? []).includes(one))) {
        const answer = await caller('jiraAdmin', page).call(operation.method, addressOf(operation), table[operation.id].body);
        assert.ok(isRefused(answer), `${operation.id} from ${page}: ${answer.status} ${answer.text.slice(0, 200)}`);
      }
    }
    assert.equal(await kept(), before);
  });

  test('a session of another issue, or of another company, is not there', async () => {
    const before = await kept();
    const elsewhere = world.seed.issues.find(({ key }) => key !== requests[0].issue.key);
    for (const operation of kOfPeople.filter(({ id }) => table[id].object === 'session')) {
      for (const [what, who] of [['another issue', world.agent(0, elsewhere.key)], ['another company', caller('agent', 'panel', other.installation)]]) {
        const { status, body } = await who.call(operation.method, addressOf(operation), table[operation.id].body);
        assert.deepEqual([status, body.code], [404, 'not_found'], `${operation.id}, ${what}`);
      }
    }
    assert.equal(await kept(), before);
  });

  test('another company’s lists hold nothing of this one', async () => {
    for (const operation of kOfPeople.filter(({ id, method }) => method === 'GET' && !table[id].object && table[id].page !== 'request')) {
      const { page, query } = table[operation.id];
      const role = table[operation.id].who[0];
      const answer = await caller(role, page, other.installation).call('GET', operation.path + query);
      assert.ok(!answer.text.includes(ids.session), operation.id);
    }
  });
});
