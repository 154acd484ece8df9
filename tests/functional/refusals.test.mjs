// What comes in badly: each is refused or neutralised with a clear answer, nothing half done.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { request } from '../harness/http.mjs';
import { document } from '../harness/openapi.mjs';
import { freshSeed, withSecondSite } from '../harness/seed.mjs';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';

let world;
let agent;
let session;
before(async () => {
  world = await World.open({ seed: freshSeed(withSecondSite), configure: () => ({ log: { level: 'debug' } }) });
  agent = await world.linkedAgent(0);
  ({ session } = await agent.expect(202, 'POST', '/v1/sessions', { customer: { name: 'Ada Example' }, invitation: 'none' }));
});
after(() => world.close());

const refusedAs = async (answering, status, code) => {
  const answer = await answering;
  assert.deepEqual([answer.status, answer.body?.code ?? answer.json?.code], [status, code], answer.text);
  return answer.body ?? answer.json;
};

/** The account of somebody who is not on the issue. */
const stranger = () => {
  const { issue, agents, people } = world.seed;
  const there = [issue.reporter, issue.assignee, agents[0].accountId, ...(issue.comments ?? []).map(({ by }) => by), ...(issue.participants ?? [])];
  return people.find(({ accountId }) => !there.includes(accountId)).accountId;
};

describe('tokens', () => {
  const bare = (headers) => request(`${world.belayd.url}/v1/panel`, { headers });

  test('no token, half a token and a token of our own making are 401, and nothing else is', async () => {
    const { authorization } = await agent.headers();
    const [head, payload, signature] = authorization.slice('Bearer '.length).split('.');
    const unsigned = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url');
    const changed = Buffer.from(Buffer.from(payload, 'base64url').toString().replace(/"principal":"[^"]*"/, '"principal":"somebody-else"')).toString('base64url');
    for (const token of ['', 'x', `${head}.${payload}`, `${unsigned}.${payload}.`, `${head}.${changed}.${signature}`, `${head}.${payload}.${signature.slice(0, -8)}AAAAAAAA`]) {
      await refusedAs(bare({ authorization: `Bearer ${token}` }), 401, 'invalid_invocation_token');
    }
    await refusedAs(bare({}), 401, 'invalid_invocation_token');
    await refusedAs(bare({ authorization: authorization.replace('Bearer', 'Basic') }), 401, 'invalid_invocation_token');
    assert.equal((await bare({ authorization })).status, 200);
  });

  test('a token that has run out is 401', async () => {
    const headers = await agent.headers();
    world.clock.advance({ minutes: 2 });
    await refusedAs(bare(headers), 401, 'invalid_invocation_token');
    assert.equal((await agent.get('/v1/panel')).status, 200, 'a fresh one is good');
  });

  test('after the keys have rotated a token with a new key is taken at once', async () => {
    await world.sandbox.change({ forge: { rotateKeys: 'keep' } });
    assert.equal((await agent.get('/v1/panel')).status, 200);
  });

  test('two tokens are one too many: neither is looked at', async () => {
    const { authorization, ...others } = await agent.headers();
    for (const [name, value] of [['authorization', authorization], ['x-forge-oauth-system', others['x-forge-oauth-system']], ['x-forge-oauth-user', others['x-forge-oauth-user']]]) {
      for (const twice of [[value, value], [value, 'x'], ['x', value]]) await refusedAs(bare({ authorization, ...others, [name]: twice }), 400, 'invalid_request');
    }
    assert.equal((await bare({ authorization, ...others })).status, 200);
  });

  test('three tokens of the largest size fit into a request, and nothing much larger does', async () => {
    const { authorization } = await agent.headers();
    const largest = 'x'.repeat(16 * 1024);
    assert.equal((await bare({ authorization, 'x-forge-oauth-system': largest, 'x-forge-oauth-user': largest })).status, 200);
    await refusedAs(bare({ authorization: `Bearer ${largest}`, 'x-forge-oauth-system': largest, 'x-forge-oauth-user': largest }), 401, 'invalid_invocation_token');
    const body = await refusedAs(bare({ authorization, 'x-much': 'x'.repeat(64 * 1024) }), 431, 'headers_too_large');
    assert.equal(body.detail.limit, 64 * 1024);
  });

  test("what only looks like a token of Jira's takes the place of none", async () => {
    const jwt = (claims) => `${Buffer.from('{"alg":"RS256"}').toString('base64url')}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${'s'.repeat(86)}`;
    const seconds = Math.floor(world.clock.now().getTime() / 1000);
    const calls = [[agent, '/v1/sessions'], [world.admin, '/v1/settings']];
    for (const wrong of ['opaque', jwt({}), jwt({ exp: 'soon' }), jwt({ exp: seconds - 1 }), jwt({ exp: 0 }), jwt({ exp: -1 })]) {
      for (const [caller, path] of calls) assert.equal((await caller.get(path)).status, 200);
      const { installation: before } = await world.admin.expect(200, 'GET', '/v1/settings');
      world.clock.advance({ minutes: 6 });   // so that Jira is asked again, with what is kept
      const headers = { 'x-forge-oauth-system': wrong, 'x-forge-oauth-user': wrong };
      for (const [caller, path] of calls) assert.equal((await caller.get(path, { headers })).status, 200, `${path} with ${wrong}`);
      const { installation } = await world.admin.expect(200, 'GET', '/v1/settings', undefined, { headers });
      assert.equal(installation.appTokenExpiresAt, before.appTokenExpiresAt, wrong);
    }
  });

  test('an installation that is not paired gets nothing, though the app is the same', async () => {
    const { installation } = world.siteByHost('second.localhost');
    await refusedAs(agent.with({ installation }).get('/v1/panel'), 403, 'not_paired');
  });
});

describe('objects of others', () => {
  test("a session of another issue or of another installation is 404, for every action", async () => {
    const elsewhere = world.seed.issues.find(({ key }) => key !== world.seed.issue.key).key;
    const { installation, url } = world.siteByHost('second.localhost');
    const admin = world.admin.with({ installation });
    const paired = await admin.expect(200, 'POST', '/v1/pairing', { code: await world.belayd.pairingCode(url) }, { headers: { 'x-forge-oauth-system': 'never-seen' } });
    const life = new Date(paired.installation.appTokenExpiresAt) - world.clock.now();
    assert.ok(life > 59 * 60_000 && life <= 60 * 60_000, 'where no app token is kept yet, one that does not say when it ends is taken for an hour');
    await admin.expect(200, 'GET', '/v1/settings');
    const { installation: later } = await admin.expect(200, 'GET', '/v1/settings');
    assert.ok(new Date(later.appTokenExpiresAt) - world.clock.now() > 61 * 60_000, 'and gives way to one that says it');
    for (const caller of [agent.with({ issue: elsewhere }), agent.with({ installation })]) {
      for (const [method, path, body] of [['GET', ''], ['POST', '/connect', { client: 'app' }], ['POST', '/close', {}], ['POST', '/cancel', {}], ['POST', '/invitation', {}], ['POST', '/replace', {}], ['PATCH', '', { notes: 'x' }]]) {
        await refusedAs(caller.call(method, `/v1/sessions/${session.id}${path}`, body), 404, 'not_found');
      }
    }
    const panel = await agent.with({ installation }).expect(200, 'GET', '/v1/panel');
    assert.deepEqual(panel.sessions, []);
    assert.equal(panel.viewer.linked, false, 'a link belongs to one installation');
  });

  test('an unknown session is 404, and something that is no id too', async () => {
    await refusedAs(agent.get(`/v1/sessions/${randomUUID()}`), 404, 'not_found');
    for (const id of ['1', '..%2f..%2fetc', '%00', 'x'.repeat(300)]) {
      await refusedAs(agent.get(`/v1/sessions/${id}`), 404, 'not_found');
    }
  });

  test('a customer who is not on the issue cannot be named by account id', async () => {
    const body = await refusedAs(agent.post('/v1/sessions', { customer: { id: stranger() } }), 400, 'invalid_field');
    assert.equal(body.detail.field, 'customer.id');
  });
});

describe('who may', () => {
  test('whoever may not see the issue in Jira learns nothing of it, and can make nothing', async () => {
    const customer = agent.with({ account: world.seed.outsider.accountId });
    await refusedAs(customer.get('/v1/panel'), 404, 'not_found');
    await refusedAs(customer.get('/v1/sessions'), 404, 'not_found');
    await refusedAs(customer.post('/v1/sessions', {}), 404, 'not_found');
  });

  test('whoever sees the issue without an agent\'s rights sees no people and no sessions, and can make none', async () => {
    const project = world.seed.site.projects.find(({ roles }) => roles?.Viewers?.length > 0);
    const issue = world.seed.site.issues.find(({ key }) => key.startsWith(`${project.key}-`)).key;
    await agent.with({ issue }).expect(202, 'POST', '/v1/sessions', { customer: { name: 'Not for viewers' }, invitation: 'none' });
    const viewer = agent.with({ account: project.roles.Viewers[0], issue });
    const panel = await viewer.expect(200, 'GET', '/v1/panel');
    assert.deepEqual([panel.viewer.mayAct, panel.viewer.reason, panel.people, panel.sessions], [false, 'not_agent', [], []]);
    for (const call of [viewer.get('/v1/sessions'), viewer.post('/v1/sessions', {})]) {
      const body = await refusedAs(call, 403, 'forbidden');
      assert.equal(body.detail.reason, 'not_agent');
    }
  });

  test('the admin page\'s calls are for Jira admins, and come from that page', async () => {
    const body = await refusedAs(world.admin.with({ account: world.seed.outsider.accountId }).get('/v1/settings'), 403, 'forbidden');
    assert.equal(body.detail.reason, 'not_admin');
  });

  test('a page cannot send events', async () => {
    await refusedAs(agent.post('/v1/forge/events/uninstall', {}), 403, 'forbidden');
    assert.equal((await agent.get('/v1/panel')).status, 200);
  });
});

describe('bodies', () => {
  const raw = async (body, headers = {}) => request(`${world.belayd.url}/v1/sessions`, {
    method: 'POST', body, headers: { ...(await agent.headers()), 'content-type': 'application/json', ...headers },
  });
  const count = async () => (await agent.expect(200, 'GET', '/v1/sessions')).sessions.length;
  let before_;
  before(async () => { before_ = await count(); });
  after(async () => assert.equal(await count(), before_, 'nothing was made'));

  test('300 KB are too much', async () => {
    const answer = await raw(JSON.stringify({ description: 'x'.repeat(300 * 1024) }));
    assert.deepEqual([answer.status, answer.json.code], [413, 'body_too_large']);
    assert.equal(answer.json.detail.limit, 256 * 1024);
  });

  test('broken JSON, invalid UTF-8, duplicate members, arrays and other types are 400', async () => {
    for (const body of ['{', '{"description":}', '[]', '"text"', 'null', '{"description":"a","description":"b"}', `${'['.repeat(5000)}`, Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x22, 0x7d])]) {
      await refusedAs(raw(body), 400, 'invalid_json');
    }
  });

  test('the media type says JSON, in either case and with parameters; what only begins like it is 415', async () => {
    for (const type of ['application/json', 'Application/JSON', 'application/json; charset=utf-8', 'APPLICATION/JSON ;charset=UTF-8']) {
      await refusedAs(raw('{', { 'content-type': type }), 400, 'invalid_json');
    }
    for (const type of ['application/jsonx', 'application/json5', 'application/json+x', 'application/jso', 'text/json', 'application/x-www-form-urlencoded', ';application/json', '']) {
      await refusedAs(raw('{', { 'content-type': type }), 415, 'unsupported_media_type');
    }
    await refusedAs(raw('{', { 'content-type': ['application/json', 'text/plain'] }), 400, 'invalid_request');
  });

  test('unknown members are named', async () => {
    const body = await refusedAs(agent.post('/v1/sessions', { custumer: {} }), 400, 'unknown_field');
    assert.equal(body.detail.field, 'custumer');
    const nested = await refusedAs(agent.post('/v1/sessions', { customer: { name: 'A', phone: '1' } }), 400, 'unknown_field');
    assert.equal(nested.detail.field, 'customer.phone');
  });

  test('unknown addresses and methods answer as JSON', async () => {
    await refusedAs(agent.get('/v1/nothing'), 404, 'not_found');
    for (const [path, methods] of [['/v1/account', ['GET', 'DELETE']], ['/v1/account/start', ['POST']], [`/v1/sessions/${session.id}`, ['GET', 'PATCH']]]) {
      const answer = await agent.call('PUT', path, {});
      assert.deepEqual([answer.status, answer.body.code], [405, 'method_not_allowed']);
      assert.deepEqual(answer.headers.allow.split(', ').sort(), methods.sort(), path);
    }
    assert.equal((await agent.get('/v1/nothing')).headers.allow, undefined);
  });
});

const settings = () => world.admin.expect(200, 'GET', '/v1/settings');
const update = ({ installation: _i, health: _h, defaults: _d, ...rest }) => rest;

describe('every rule of a field', () => {
  /** What no request can break. */
  // Beside customer.id every other member is unknown already; it would take 200,000 sessions, and src/desk/session_reports_test.cpp does with fewer.
  const notFromOutside = ['without_person', 'max_sessions'];
  const told = new Set();

  const wish = (body, headers = {}) => agent.post('/v1/sessions', body, { headers });
  const save = async (change) => world.admin.put('/v1/settings', { ...update(await settings()), ...change });
  const preview = (body) => world.admin.post('/v1/settings/preview', body);
  const ofReporter = (what) => `/v1/people/${encodeURIComponent(world.seed.issue.reporter)}/${what}`;
  const tie = (body) => agent.put(ofReporter('mapping'), body);
  const launch = (body) => agent.post(ofReporter('launch'), body);
  const close = (body) => agent.post(`/v1/sessions/${session.id}/close`, body);
  const onPage = () => agent.with({ page: 'account', issue: undefined });
  const elsewhere = () => agent.with({ issue: world.seed.site.issues.find(({ key }) => key.startsWith('PRESS-')).key });
  const token = { rule: 'token', least: 16, most: 256 };
  const minutes = { rule: 'range', least: 15, most: 10_080 };
  const mode = { rule: 'choice', choices: ['chat', 'call', 'control', 'present'] };

  for (const [what, ask, field, rule, says] of [
    ['a text that is a number', () => wish({ description: 7 }), 'description', { rule: 'string' }, 'it has to be a text'],
    ['a customer text that is a number', () => save({ customerText: { en: 1, fr: '{{session.link}}' } }), 'customerText.en', { rule: 'string' }, 'it has to be a text'],
    ['yes', () => save({ editWhenEnded: 'yes' }), 'editWhenEnded', { rule: 'boolean' }, 'it has to be true or false'],
    ['half a minute', () => wish({ validityMinutes: 20.5 }), 'validityMinutes', { rule: 'integer' }, 'it has to be a whole number'],
    ['a number in quotes', () => wish({ validityMinutes: '20' }), 'validityMinutes', { rule: 'integer' }, 'it has to be a whole number'],
    ['a text for an object', () => wish({ customer: 'Ada' }), 'customer', { rule: 'object' }, 'it has to be an object'],
    ['a text for a list', () => save({ allowedGroups: 'staff' }), 'allowedGroups', { rule: 'array' }, 'it has to be a list'],
    ['a number in a list of texts', () => save({ allowedGroups: ['staff', 7] }), 'allowedGroups', { rule: 'strings' }, 'it has to be a list of texts'],
    ['an empty name', () => wish({ customer: { name: '' } }), 'customer.name', { rule: 'required' }, 'it is empty'],
    ['a name of blanks', () => wish({ customer: { name: '  ' } }), 'customer.name', { rule: 'required' }, 'it is empty'],
    ['an empty id', () => wish({ customer: { id: '' } }), 'customer.id', { rule: 'required' }, 'it is empty'],
    ['an empty key', () => wish({ idempotencyKey: '' }), 'idempotencyKey', { rule: 'required' }, 'it is empty'],
    ['a group of blanks', () => save({ allowedGroups: [' '] }), 'allowedGroups', { rule: 'required' }, 'it is empty'],
    ['settings without a version', () => save({ version: null }), 'version', { rule: 'required' }, 'it is empty'],
    ['no client', () => agent.post(`/v1/sessions/${session.id}/connect`, {}), 'client', { rule: 'required' }, 'it is empty'],
    ['no mode', () => launch({}), 'mode', { rule: 'required' }, 'it is empty'],
    ['no search', () => agent.get('/v1/contacts'), 'search', { rule: 'required' }, 'it is empty'],
    ['a key that is too long', () => wish({ idempotencyKey: 'k'.repeat(129) }), 'idempotencyKey', { rule: 'max_bytes', limit: 128 }, 'it is too long'],
    ['a search that is too long', () => agent.get(`/v1/contacts?search=${'x'.repeat(101)}`), 'search', { rule: 'max_characters', limit: 100 }, 'at most 100 characters'],
    ['yesterday', () => world.admin.get('/v1/audit?from=yesterday'), 'from', { rule: 'time' }, 'it has to be a date with a time (ISO 8601)'],
    ['a cursor of nowhere', () => world.admin.get('/v1/audit?cursor=1'), 'cursor', { rule: 'cursor' }, 'it does not come from an answer of this server'],
    ['a zone that does not exist', () => world.admin.get('/v1/reports?zone=Europe/Atlantis'), 'zone', { rule: 'time_zone' }, 'it has to be a time zone of the IANA database, such as Europe/Paris'],
    ['an end before the beginning', () => world.admin.get('/v1/reports?from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z'), 'to', { rule: 'after_from' }, 'it has to be later than the beginning'],
    ['ten years of reports', () => world.admin.get('/v1/reports?from=2016-03-01T00:00:00Z&to=2026-03-01T00:00:00Z'), 'from', { rule: 'max_days', limit: 366 }, 'at most 366 days at once'],
    ['a description of ten thousand characters', () => wish({ description: 'x'.repeat(10_000) }), 'description', { rule: 'max_characters', limit: 4000 }, 'at most 4000 characters'],
    ['a description that is too long', () => wish({ description: 'é'.repeat(4001) }), 'description', { rule: 'max_characters', limit: 4000 }, 'at most 4000 characters'],
    ['a name that is too long', () => wish({ customer: { name: 'x'.repeat(101) } }), 'customer.name', { rule: 'max_characters', limit: 100 }, 'at most 100 characters'],
    ['notes that are too long', () => close({ notes: 'x'.repeat(4001) }), 'notes', { rule: 'max_characters', limit: 4000 }, 'at most 4000 characters'],
    ['a preview that is too long', () => preview({ text: 'x'.repeat(20_001), language: 'en' }), 'text', { rule: 'max_characters', limit: 20_000 }, 'at most 20000 characters'],
    ['a key in the header that is too long', () => wish({}, { 'idempotency-key': 'k'.repeat(129) }), 'Idempotency-Key', { rule: 'max_characters', limit: 128 }, 'at most 128 characters'],
    ['a version that is too long', () => agent.get(`/v1/panel?since=${'x'.repeat(129)}`), 'since', { rule: 'max_characters', limit: 128 }, 'at most 128 characters'],
    ['too many groups', () => save({ allowedGroups: Array(51).fill('staff') }), 'allowedGroups', { rule: 'max_items', limit: 50 }, 'at most 50 entries'],
    ['too short a validity', () => wish({ validityMinutes: 14 }), 'validityMinutes', minutes, 'between 15 and 10080'],
    ['too long a validity', () => wish({ validityMinutes: 10_081 }), 'validityMinutes', minutes, 'between 15 and 10080'],
    ['an unknown invitation', () => wish({ invitation: 'everywhere' }), 'invitation', { rule: 'choice', choices: ['public', 'internal', 'none'] }, 'it has to be one of public, internal, none'],
    ['an unknown mode', () => launch({ mode: 'vpn' }), 'mode', mode, 'it has to be one of chat, call, control, present'],
    ['an unknown scope', () => agent.get('/v1/sessions?scope=all'), 'scope', { rule: 'choice', choices: ['mine'] }, 'it has to be one of mine'],
    ['a language that does not ship', () => preview({ text: 'x', language: 'de' }), 'language', { rule: 'choice', choices: ['en', 'fr'] }, 'it has to be one of en, fr'],
    ['a policy inside', () => save({ eligibleLicences: { policy: 'all' } }), 'eligibleLicences.policy', { rule: 'choice', choices: ['any_paid', 'listed'] }, 'it has to be one of any_paid, listed'],
    ['nothing to tie to', () => tie({}), 'contact', { rule: 'exactly_one', choices: ['contact', 'address'] }, 'exactly one of contact, address has to be there'],
    ['both to tie to', () => tie({ contact: 'c1', address: 'a@b.example' }), 'contact', { rule: 'exactly_one', choices: ['contact', 'address'] }, 'exactly one of contact, address has to be there'],
    ['two keys', () => wish({ idempotencyKey: 'a' }, { 'idempotency-key': 'b' }), 'idempotencyKey', { rule: 'same_as_header' }, 'the header says something else'],
    ['a name of two lines', () => wish({ customer: { name: 'Ada\nExample' } }), 'customer.name', { rule: 'one_line' }, 'it has to fit on one line'],
    ['a zero byte', () => wish({ customer: { name: 'a\u0000b' } }), 'customer.name', { rule: 'no_control_characters' }, 'it has a character that cannot be used'],
    ['a key that is not ASCII', () => wish({}, { 'idempotency-key': 'cl\u00e9' }), 'Idempotency-Key', { rule: 'visible_ascii' }, 'it has a character that is not ASCII'],
    ['a grant that is none', () => onPage().get('/v1/account?grant=short'), 'grant', token, 'between 16 and 256 letters, digits, - and _'],
    ['a token that is none', () => onPage().post('/v1/account/finish', { token: 'ö'.repeat(20) }), 'token', token, 'between 16 and 256 letters, digits, - and _'],
    ['a customer without an address', () => wish({ customer: { name: 'A', email: 'no address' } }), 'customer.email', { rule: 'email' }, 'this is not an e-mail address'],
    ['an address that is none', () => tie({ address: 'nobody' }), 'address', { rule: 'email' }, 'this is not an e-mail address'],
    ['an address that is too long', () => tie({ address: `${'a'.repeat(300)}@example.com` }), 'address', { rule: 'email_length', limit: 254 }, 'an e-mail address has at most 254 characters'],
    ['an address with a comma', () => tie({ address: 'a@b,c@d' }), 'address', { rule: 'email_character' }, 'an e-mail address cannot have a comma, a space or an invisible character in it'],
    ['a domain that cannot be', () => tie({ address: 'ada@xn--aé.example' }), 'address', { rule: 'email_domain' }, 'there can be no such name behind the @'],
    ["a contact of nobody's", () => tie({ contact: 'c1' }), 'contact', { rule: 'own_contact' }, 'it is not in your contacts any more'],
    ['somebody who is not on the issue', () => wish({ customer: { id: stranger() } }), 'customer.id', { rule: 'person_of_the_issue' }, 'this person is not on the issue any more'],
    ['oneself', () => wish({ customer: { id: agent.account } }), 'customer.id', { rule: 'not_yourself' }, 'you cannot be the customer of your own session'],
    ['an internal comment where there is none', () => elsewhere().post('/v1/sessions', { invitation: 'internal' }), 'invitation', { rule: 'service_project' }, 'comments that only the team reads exist in service projects only'],
    ['a group that Jira does not have', () => save({ allowedGroups: ['suport'] }), 'allowedGroups', { rule: 'unknown_group', names: ['suport'] }, 'Jira has no group called “suport”'],
    ['two of them', () => save({ allowedGroups: ['suport', 'second lin'] }), 'allowedGroups', { rule: 'unknown_group', names: ['suport', 'second lin'] }, 'Jira has no groups called “suport”, “second lin”'],
    ['a default supporter without an account', () => save({ defaultSupporter: stranger() }), 'defaultSupporter', { rule: 'linked_account' }, 'this person has no account connected'],
  ]) {
    test(`${what}: ${field} ${rule.rule}`, async () => {
      const { detail, message } = await refusedAs(ask(), 400, 'invalid_field');
      assert.deepEqual(detail, { field, ...rule });
      assert.equal(message, `${field} does not fit: ${says}. Nothing was changed. Correct it and try again.`);
      told.add(detail.rule);
    });
  }

  test('is told here, or cannot be broken from outside', () => {
    assert.deepEqual([...told, ...notFromOutside].sort(), [...document.components.schemas.FieldRule.enum].sort());
  });
});

describe('allowed groups', () => {
  const saveGroups = async (allowedGroups) => world.admin.put('/v1/settings', { ...update(await settings()), allowedGroups });
  const stored = async () => (await settings()).allowedGroups;
  const asked = async () => (await world.sandbox.requests()).filter(({ path }) => path.endsWith('/group/bulk')).map(({ query }) => query.filter(([key]) => key === 'groupName').map(([, name]) => name));
  after(async () => {
    await world.sandbox.faults([]);
    await saveGroups([]);
  });

  test('a misspelt one locks nobody out: it is refused by name, and the agents go on', async () => {
    const body = await refusedAs(saveGroups(['support-team', 'suport team & co']), 400, 'invalid_field');
    assert.deepEqual(body.detail, { field: 'allowedGroups', rule: 'unknown_group', names: ['suport team & co'] });
    assert.deepEqual(await stored(), []);
    assert.equal((await agent.expect(200, 'GET', '/v1/panel')).viewer.mayAct, true);
  });

  test('Jira is asked for new ones only, and when it does not answer nothing is saved', async () => {
    assert.equal((await saveGroups(['support-team'])).status, 200);
    const before = await asked();
    await world.sandbox.faults([{ match: { party: 'jira', path: '**/group/bulk' }, answer: { status: 503, body: {} } }]);
    assert.equal((await saveGroups(['support-team'])).status, 200);
    assert.deepEqual(await asked(), before, 'nothing is new');
    await refusedAs(saveGroups(['support-team', 'staff']), 502, 'jira_unreachable');
    assert.deepEqual((await asked()).at(-1), ['staff']);
    assert.deepEqual(await stored(), ['support-team']);
  });

  test('an admin who may not look at groups is believed', async () => {
    await world.sandbox.faults([{ match: { party: 'jira', path: '**/group/bulk' }, answer: { status: 403, body: { errorMessages: ['Browse users and groups permission is required to view groups.'], errors: {} } } }]);
    assert.equal((await saveGroups(['support-team', 'unseen'])).status, 200);
    assert.deepEqual(await stored(), ['support-team', 'unseen']);
  });
});

describe('customer text', () => {
  const save = async (english) => {
    const now = update(await settings());
    return world.admin.put('/v1/settings', { ...now, customerText: { ...now.customerText, en: english } });
  };

  test('an unknown variable, a broken one and a text without the link are refused with their place, and nothing is saved', async () => {
    const before = await settings();
    for (const [text, problem, offset] of [['Join: {{session.link}} {{unknown}}', 'unknown_variable', 23], ['{{session.link}} {{session.code', 'broken_variable', 17], ['No way in', 'missing_link', 0]]) {
      const body = await refusedAs(save(text), 400, 'customer_text_invalid');
      assert.equal(body.detail.problems[0].code, problem);
      assert.equal(body.detail.problems[0].offset, offset);
    }
    assert.equal((await save(`{{session.link}}${'x'.repeat(4000)}`)).status, 400);
    assert.deepEqual(await settings(), { ...before, health: (await settings()).health });
  });

  test('settings that somebody else changed meanwhile are not overwritten', async () => {
    const now = update(await settings());
    await world.admin.expect(200, 'PUT', '/v1/settings', { ...now, validityMinutes: 120 });
    const late = await world.admin.put('/v1/settings', { ...now, validityMinutes: 240 });
    assert.deepEqual([late.status, late.body.code], [409, 'settings_changed']);
    assert.equal((await settings()).validityMinutes, 120);
  });

  /** A new session on `issue`, and the document of the invitation that it writes. */
  async function invitationOn(issue, customer) {
    const on = agent.with({ issue });
    const { session: { id } } = await on.expect(202, 'POST', '/v1/sessions', { customer, invitation: 'public' });
    const invited = await until('the invitation is written', async () => {
      const { session: now } = await on.expect(200, 'GET', `/v1/sessions/${id}`);
      return now.steps.invitation === 'done' && now;
    });
    const comments = (await world.sandbox.requests()).filter(({ method, path }) => method === 'POST' && /\/comment$/.test(path));
    return { invited, document: JSON.parse(comments.at(-1).body).body };
  }
  const textOf = (node) => (node.text ?? '') + (node.content ?? []).map(textOf).join('');
  const linksOf = (node) => [...(node.marks ?? []).filter(({ type }) => type === 'link').map(({ attrs }) => attrs.href), ...(node.content ?? []).flatMap(linksOf)];
  const typesOf = (node) => [node.type, ...(node.content ?? []).flatMap(typesOf)];

  test('a summary that contains {{session.code}}, names with markup and a javascript: link are data, and stay data', async () => {
    const [issue] = world.seed.issues.filter(({ key }) => key !== world.seed.issue.key);
    const summary = '{{session.code}} [~admin] <b>bold</b> https://evil.example/ @all';
    await world.sandbox.change({ jira: { issues: { [issue.key]: { summary } } } });
    assert.equal((await save('Hello {{customer.name}}: {{issue.summary}} javascript:alert(1)\n\n{{session.link}}')).status, 200);
    const { invited, document } = await invitationOn(issue.key, { name: '<img src=x onerror=alert(1)> [x|https://evil.example/]' });
    const text = textOf(document);
    assert.ok(text.includes(summary), text);
    assert.ok(text.includes('<img src=x onerror=alert(1)>'), text);
    assert.deepEqual(linksOf(document), [invited.customerLink]);
    assert.ok(!typesOf(document).includes('inlineCard'));
  });
});

// log.test.mjs plants one of each kind that must not be there; here are the names and texts of this file.
test('the log names what was refused, and repeats nothing of it', () => {
  const log = world.belayd.program.written();
  assert.ok(world.belayd.logs.some(({ event, code }) => event === 'refused' && code === 'invalid_field'));
  for (const text of ['Ada Example', 'onerror', 'evil.example', 'custumer', 'No way in', 'Bearer ', 'eyJ']) assert.ok(!log.includes(text), text);
});
