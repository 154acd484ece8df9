// The sandbox's TeamViewer over real HTTP: consent, tokens, every function of the Web API, the pages. Every answer of the API is held
// against the contract's OpenAPI.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Visitor, formsOf, request } from '../harness/http.mjs';
import { Sandbox } from '../harness/sandbox.mjs';
import { teamviewerJudge } from './teamviewer_judge.mjs';

const redirect = 'http://belay.localhost:4444/oauth/teamviewer/callback';
const base = { id: 'check-base', secret: 'check-base-secret' };
const whole = { id: 'check-whole', secret: 'check-whole-secret' };
const agent = 'u900001';
const colleague = 'u900002';
const small = 'u900003';

const { judge, skip } = teamviewerJudge();
const problems = [];
let sandbox;
let addresses;

before(async () => {
  sandbox = await Sandbox.start();
  addresses = sandbox.addresses;
  await sandbox.change({
    teamviewer: {
      apps: [
        { clientId: base.id, clientSecret: base.secret, name: 'Base <check>', redirectUris: [redirect] },
        {
          clientId: whole.id, clientSecret: whole.secret, name: 'Whole', redirectUris: [redirect],
          permissions: ['Account.Read', 'Account.ReadEmail', 'Groups.Read', 'Groups.Create', 'ContactList.Read', 'ContactList.Write', 'ContactList.Delete', 'Devices.Read',
            'Sessions.Create', 'Sessions.ReadOwn', 'Sessions.ModifyOwn', 'Connections.Read', 'Connections.Modify', 'Users.Read'],
        },
      ],
      accounts: [
        { id: agent, email: 'agent.check@example.com', name: 'Agnes Check', company: 'Check', licence: { type: 'Corporate' } },
        { id: colleague, email: 'colleague.check@example.com', name: 'Colin Check', company: 'Check', presence: 'busy', picture: false },
        { id: small, email: 'small.check@example.com', name: 'Sam Small', company: 'Small', licence: { type: 'Business', concurrentSessions: 1 } },
      ],
      groups: [{ id: 'g900010', name: 'Shared shelf', owner: colleague, sharedWith: { [agent]: 'read' } }],
      contacts: [{ id: 'c900020', owner: agent, email: 'colleague.check@example.com', name: 'Colin Check', group: 'Check people', description: 'Second floor' }],
      devices: [{ id: 'd900030', owner: agent, group: 'Check people', alias: 'FRONTDESK-02', presence: 'online' }],
    },
  });
});

after(() => sandbox?.stop());

const teamviewer = () => new URL(addresses.teamviewer_authorize).origin;

/** One call of the Web API; the request (when it is meant to succeed) and the answer go before the judge. */
async function api(method, path, { token, body, form, headers = {} } = {}) {
  const url = `${addresses.teamviewer_api}/api/v1${path}`;
  const sent = { ...(token ? { authorization: `Bearer ${token}` } : {}), ...headers };
  const answer = await request(url, { method, headers: sent, body: form ? new URLSearchParams(form) : body });
  if (judge) {
    problems.push(...judge.answer({ method, url, status: answer.status, type: answer.headers['content-type'], text: answer.text }, { local: [teamviewer()] }));
    if (answer.status < 300) {
      const contentType = form ? 'application/x-www-form-urlencoded' : body ? 'application/json' : undefined;
      problems.push(...judge.request({ method, url, headers: { ...sent, ...(contentType ? { 'content-type': contentType } : {}) }, body: form ?? body }));
    }
  }
  return answer;
}

function authorizeUrl(client, more = {}) {
  return `${addresses.teamviewer_authorize}?${new URLSearchParams({ response_type: 'code', client_id: client.id, redirect_uri: redirect, display: 'popup', state: 'st ate', ...more })}`;
}

/** Walks through the consent page; the address the browser is sent back to. */
async function consent(client, account, { decision = 'allow', more } = {}) {
  const visitor = new Visitor();
  const page = await visitor.visit(authorizeUrl(client, more));
  assert.equal(page.status, 200);
  const [form] = formsOf(page);
  const answer = await visitor.visit(form.action, { method: 'POST', body: new URLSearchParams({ ...form.fields, account, decision }) });
  return { ...answer, back: answer.location && new URL(answer.location) };
}

function exchange(client, code, more = {}) {
  return api('POST', '/oauth2/token', { form: { grant_type: 'authorization_code', code, redirect_uri: redirect, client_id: client.id, client_secret: client.secret, ...more } });
}

async function tokensOf(account, client = whole) {
  const { back } = await consent(client, account);
  const answer = await exchange(client, back.searchParams.get('code'));
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
}

const tokenOf = async (account, client) => (await tokensOf(account, client)).access_token;
const refresh = (client, token) => api('POST', '/oauth2/token', { form: { grant_type: 'refresh_token', refresh_token: token, client_id: client.id, client_secret: client.secret } });
const settings = (change) => sandbox.change({ teamviewer: { settings: change } });
const isError = (answer, status, error) => assert.deepEqual([answer.status, answer.json?.error], [status, error], answer.text);

test('consent lists accounts and permissions, and gives a code that works once, with PKCE', async () => {
  const page = await request(authorizeUrl(base));
  assert.match(page.text, /Agnes Check/);
  assert.match(page.text, /Create sessions/);
  assert.match(page.text, /Base &lt;check&gt;/);
  assert.doesNotMatch(page.text, /<script|style=/);
  const verifier = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const { status, back } = await consent(base, agent, { more: { code_challenge: challenge, code_challenge_method: 'S256' } });
  assert.equal(status, 303);
  assert.equal(back.origin + back.pathname, redirect);
  assert.equal(back.searchParams.get('state'), 'st ate');
  isError(await exchange(base, back.searchParams.get('code'), { code_verifier: 'x'.repeat(43) }), 400, 'invalid_request');
  isError(await exchange(base, back.searchParams.get('code'), { code_verifier: verifier }), 400, 'invalid_request');  // spent by the wrong try
  const again = await consent(base, agent, { more: { code_challenge: challenge, code_challenge_method: 'S256' } });
  const tokens = await exchange(base, again.back.searchParams.get('code'), { code_verifier: verifier });
  assert.equal(tokens.status, 200);
  assert.equal(tokens.json.token_type, 'bearer');
});

test('consent is refused without a registered redirect, denied with words, and gated by licence', async () => {
  assert.equal((await request(authorizeUrl(base, { redirect_uri: `${redirect}/` }))).status, 400);
  assert.equal((await request(authorizeUrl({ id: 'nobody' }))).status, 400);
  const denied = await consent(base, agent, { decision: 'deny' });
  assert.equal(denied.back.searchParams.get('error'), 'access_denied');
  const gated = await consent(whole, small);
  assert.equal(gated.status, 403);
  assert.match(gated.text, /licence/);
});

test('the token call checks client, secret, redirect and members', async () => {
  const code = async () => (await consent(base, agent)).back.searchParams.get('code');
  isError(await exchange({ id: 'nobody', secret: 'x' }, await code()), 400, 'invalid_client');
  isError(await exchange({ id: base.id, secret: 'wrong' }, await code()), 401, 'wrong_credentials');
  isError(await exchange(base, await code(), { redirect_uri: `${redirect}?` }), 400, 'invalid_request');
  isError(await exchange(base, await code(), { colour: 'red' }), 400, 'invalid_request');
});

test('refreshing rotates, and the old refresh token is dead', async () => {
  const tokens = await tokensOf(agent, base);
  const renewed = await refresh(base, tokens.refresh_token);
  assert.equal(renewed.status, 200);
  assert.notEqual(renewed.json.refresh_token, tokens.refresh_token);
  isError(await refresh(base, tokens.refresh_token), 400, 'invalid_request');
  assert.equal((await refresh(base, renewed.json.refresh_token)).status, 200);
  await settings({ rotateRefreshTokens: false });
  const kept = await tokensOf(agent, base);
  assert.equal((await refresh(base, kept.refresh_token)).json.refresh_token, undefined);
  assert.equal((await refresh(base, kept.refresh_token)).status, 200);
  await settings({ rotateRefreshTokens: true });
});

test('revoking kills access and refresh token', async () => {
  const tokens = await tokensOf(agent, base);
  assert.equal((await api('POST', '/OAuth2/revoke', { token: tokens.access_token })).status, 204);
  isError(await api('GET', '/account', { token: tokens.access_token }), 401, 'invalid_token');
  isError(await api('POST', '/OAuth2/revoke', { token: tokens.access_token }), 401, 'invalid_token');
  isError(await refresh(base, tokens.refresh_token), 400, 'invalid_request');
});

test('control expires and revokes an account\'s tokens', async () => {
  const token = await tokenOf(agent);
  await sandbox.change({ teamviewer: { accounts: [{ id: agent, expireTokens: true }] } });
  isError(await api('GET', '/account', { token }), 401, 'token_expired');
  await settings({ tokenExpiredStatus: 400 });
  assert.equal((await api('GET', '/account', { token })).status, 400);
  await settings({ tokenExpiredStatus: 401 });
  await sandbox.change({ teamviewer: { accounts: [{ id: agent, revokeTokens: true }] } });
  isError(await api('GET', '/account', { token }), 401, 'invalid_token');
});

test('ping and account', async () => {
  const token = await tokenOf(agent);
  assert.deepEqual((await api('GET', '/ping', { token })).json, { token_valid: true });
  assert.deepEqual((await api('GET', '/ping', { token: 'nonsense' })).json, { token_valid: false });
  await settings({ pingRefusesBadTokens: true });
  isError(await api('GET', '/ping', { token: 'nonsense' }), 401, 'invalid_token');
  await settings({ pingRefusesBadTokens: false });
  const { json } = await api('GET', '/account', { token });
  assert.equal(json.userid, agent);
  assert.equal(json.email, 'agent.check@example.com');
  assert.equal(json.custom_field_has_paid_license, 'True');
  assert.equal(json.license.type, 'Corporate');
  assert.match(json.profilepicture_url, /\/\[size\]$/);
  const picture = await request(json.profilepicture_url.replace('[size]', '64'));
  assert.equal(picture.headers['content-type'], 'image/svg+xml');
  isError(await api('GET', '/account'), 401, 'invalid_token');
});

test('users, devices', async () => {
  const token = await tokenOf(agent);
  const { json } = await api('GET', '/users?full_list=true', { token });
  assert.deepEqual(json.users.map(({ id }) => id).sort(), [agent, colleague]);
  assert.equal((await api('GET', '/users?email=colleague.check@example.com,x@example.com', { token })).json.users.length, 1);
  isError(await api('GET', '/users', { token: await tokenOf(agent, base) }), 403, 'invalid_permission');
  const devices = await api('GET', '/devices?online_state=online&remotecontrol_id=r900030', { token });
  assert.equal(devices.json.devices[0].alias, 'FRONTDESK-02');
  isError(await api('GET', '/devices?online_state=Online', { token }), 400, 'invalid_request');
});

test('groups: own and shared, found by name, created once', async () => {
  const token = await tokenOf(agent);
  const made = await api('POST', '/groups', { token, body: { name: 'Jira check' } });
  assert.equal(made.status, 200);
  assert.deepEqual((await api('GET', '/groups?name=jira%20CHECK', { token })).json.groups, [made.json]);
  assert.equal((await api('GET', '/groups?shared=true', { token })).json.groups[0].owner.userid, colleague);
  isError(await api('POST', '/groups', { token, body: { name: 'Jira check' } }), 400, 'invalid_request');
  isError(await api('POST', '/groups', { token, body: { name: 'x', colour: 'red' } }), 400, 'invalid_request');
});

test('contacts: filters, addresses, adding, inviting, accepting', async () => {
  const token = await tokenOf(agent);
  const listed = (await api('GET', '/contacts', { token })).json;
  assert.equal(listed.contacts[0].email, undefined);
  assert.equal(listed.contacts[0].online_state, 'Busy');
  assert.equal(listed.contacts[0].profilepicture_url, undefined);
  const byAddress = (await api('GET', '/contacts?email=x@example.com,Colleague.Check@example.com&include_invitations=true', { token })).json;
  assert.equal(byAddress.contacts[0].email, 'colleague.check@example.com');
  assert.deepEqual(byAddress.invitations, []);
  assert.equal((await api('GET', '/contacts?name=col&online_state=online', { token })).json.contacts.length, 0);
  assert.equal((await api('GET', '/contacts/c900020', { token })).json.contacts.length, 1);
  isError(await api('GET', '/contacts/c1', { token }), 404, 'not_found');

  const added = await api('POST', '/contacts', { token, body: { email: 'small.check@example.com', groupname: 'Check people' } });
  assert.equal(added.status, 200);
  isError(await api('POST', '/contacts', { token, body: { email: 'small.check@example.com', groupname: 'Check people' } }), 400, 'invalid_request');
  assert.equal((await api('DELETE', `/contacts/${added.json.contact_id}`, { token })).status, 204);
  isError(await api('DELETE', `/contacts/${added.json.contact_id}`, { token }), 404, 'not_found');
  isError(await api('POST', '/contacts', { token, body: { email: 'new.check@example.org', groupid: 'g900010', invite: true } }), 403, 'invalid_permission');

  isError(await api('POST', '/contacts', { token, body: { email: 'new.check@example.org', groupname: 'Check people', invite: true } }), 400, 'invalid_request');
  const invited = (await api('GET', '/contacts?email=new.check@example.org&include_invitations=true', { token })).json;
  assert.equal(invited.invitations[0].email, 'new.check@example.org');
  const start = await request(teamviewer());
  const form = formsOf({ ...start, url: teamviewer() }).find(({ action }) => action.includes('/invitations/'));
  assert.equal((await request(form.action, { method: 'POST', body: new URLSearchParams({ decision: 'accept' }) })).status, 303);
  const accepted = (await api('GET', '/contacts?email=new.check@example.org&include_invitations=true', { token })).json;
  assert.equal(accepted.contacts[0].online_state, 'Offline');
  await request(`${teamviewer()}/accounts/${accepted.contacts[0].user_id}`, { method: 'POST', body: new URLSearchParams({ action: 'presence', presence: 'away' }) });
  assert.equal((await api('GET', '/contacts?email=new.check@example.org', { token })).json.contacts[0].online_state, 'Away');
  const kinds = (await sandbox.journal({ party: 'teamviewer' })).map(({ kind }) => kind);
  for (const kind of ['contact.added', 'contact.removed', 'invitation.sent', 'invitation.accepted', 'presence.changed']) assert.ok(kinds.includes(kind), kind);
});

test('a session from its creation to its report', async () => {
  const token = await tokenOf(agent);
  const body = {
    groupname: 'Jira check', description: 'HELP-1 Printer', waiting_message: 'Wait <b>here</b>', custom_api: '{"belay":"0190"}', valid_until: '2099-01-01T00:00:00Z',
    end_customer: { name: 'Ana Ruiz', email: 'ana@example.com' },
  };
  const made = await api('POST', '/sessions', { token, body });
  assert.equal(made.status, 200);
  const { code, end_customer_link: link, supporter_link: supporter, webclient_supporter_link: browser } = made.json;
  assert.equal(made.headers.location, `${addresses.teamviewer_api}/api/v1/sessions/${code}`);
  assert.equal(link, `${teamviewer()}/v15/${code.replaceAll('-', '')}`);
  assert.ok(supporter.startsWith(`${link}-`));
  assert.match(browser, /\/Connect\/IndexByol\?sessioncode=s\d{9}&servicequeuetoken=\w+&lang=en&displayName=Agnes/);
  const state = async () => (await api('GET', `/sessions/${code}`, { token })).json;
  assert.equal((await state()).online, false);

  const page = await request(link);
  assert.match(page.text, /Wait &lt;b&gt;here&lt;\/b&gt;/);
  const press = (url, fields) => request(url, { method: 'POST', body: new URLSearchParams(fields) });
  assert.equal((await press(supporter, { action: 'connect', account: agent })).status, 409);
  assert.equal((await press(link, { action: 'join' })).status, 303);
  assert.equal((await state()).online, true);
  assert.equal((await press(supporter, { action: 'connect', account: agent })).status, 303);
  assert.match((await request(link)).text, /Agnes Check is connected/);
  assert.equal((await press(supporter, { action: 'end', account: agent, notes: 'Driver rolled back.' })).status, 303);
  assert.equal((await press(browser, { action: 'connect', account: colleague })).status, 303);
  assert.equal((await press(link, { action: 'leave' })).status, 303);
  assert.equal((await state()).online, false);
  assert.equal((await press(link, { action: 'rate', rating: '4', comment: 'Fine' })).status, 303);

  assert.equal((await api('PUT', `/sessions/${code}`, { token, body: { state: 'closed' } })).status, 204);
  assert.equal((await state()).state, 'Closed');
  assert.equal((await press(link, { action: 'join' })).status, 409);

  const { records } = (await api('GET', `/reports/connections?session_code=${code}&has_code=true&from_date=2020-01-01`, { token })).json;
  assert.equal(records.length, 2);
  assert.deepEqual(records[0].feedback, { session_rating: 4, user_comment: 'Fine' });
  assert.equal(records[1].notes, 'Driver rolled back.');
  assert.equal((await api('PUT', `/reports/connections/${records[1].id}`, { token, body: { notes: 'New', billing_state: 'Billed' } })).status, 204);
  isError(await api('PUT', `/reports/connections/${records[1].id}`, { token, body: {} }), 400, 'invalid_request');
  isError(await api('PUT', '/reports/connections/00000000-0000-4000-8000-000000000000', { token, body: { notes: 'x' } }), 404, 'not_found');
  await settings({ reportPage: 1 });
  const first = (await api('GET', `/reports/connections?session_code=${code}`, { token })).json;
  assert.equal(first.records_remaining, 1);
  const second = (await api('GET', `/reports/connections?session_code=${code}&offset_id=${first.next_offset}`, { token })).json;
  assert.equal(second.records[0].notes, 'New');
  assert.equal(second.next_offset, undefined);
  await settings({ reportPage: 1000 });

  const lines = (await sandbox.journal({ party: 'teamviewer' })).filter(({ object }) => object.session === code);
  assert.deepEqual(lines.map(({ kind }) => kind).filter((kind) => kind !== 'record.changed' && kind !== 'supporter.opened'),
    ['session.created', 'customer.joined', 'supporter.connected', 'supporter.disconnected', 'supporter.connected', 'supporter.disconnected', 'customer.left', 'feedback.given', 'session.closed']);
  assert.deepEqual(lines[0].identity, { custom_api: body.custom_api });
  assert.equal(lines[0].account, agent);
  const secret = supporter.split('-').at(-1);
  assert.ok(!JSON.stringify(await sandbox.journal()).includes(secret));
  assert.ok(!JSON.stringify(await sandbox.state()).includes(secret));
});

test('records that control adds: late, twice, with a member or two only, in the other date form, of another code', async () => {
  const token = await tokenOf(agent);
  const { code } = (await api('POST', '/sessions', { token, body: { groupname: 'Jira check' } })).json;
  const records = async (query = '') => (await api('GET', `/reports/connections?session_code=${code}${query}`, { token })).json.records;
  const add = (...wanted) => sandbox.change({ teamviewer: { records: wanted } });
  const id = '5F0C7A12-83BE-4D6A-9C41-E7702BD3A958';

  await add({ session: code, id, startedSecondsAgo: 600, seconds: 420, account: colleague, notes: 'Rolled back', rating: 4, comment: 'Fine' });
  const [full] = await records();
  assert.equal(Date.parse(full.end_date) - Date.parse(full.start_date), 420_000);
  assert.deepEqual([full.userid, full.notes, full.feedback], [colleague, 'Rolled back', { session_rating: 4, user_comment: 'Fine' }]);
  await add({ id: id.toLowerCase(), twice: true });
  assert.deepEqual((await records()).map((record) => record.id), [id, id]);

  await add({ session: code, startedSecondsAgo: 60, sparse: true, basicDates: true }, { session: code, startedSecondsAgo: 30, seconds: 10, code: 's999-999-999' });
  const [other, sparse] = await records();
  assert.equal(other.session_code, 's999-999-999');
  assert.deepEqual(Object.keys(sparse), ['id', 'start_date', 'session_code']);
  assert.match(sparse.start_date, /^\d{8}T\d{6}Z$/);

  await add({ session: code, seconds: 5, delaySeconds: 3600 });
  assert.equal((await records()).length, 4, 'the late one is not there yet');
  const kept = (await sandbox.state()).teamviewer.records.filter(({ session }) => session === code);
  assert.equal(kept.length, 5);
  await add({ id: kept.find(({ visibleAt }) => Date.parse(visibleAt) > Date.now() + 60_000).id, delaySeconds: 0 });
  assert.equal((await records()).length, 5);
  await assert.rejects(add({ session: 's000-000-000' }), /known_session/);
  assert.equal((await sandbox.journal({ kind: 'record.added' })).filter(({ object }) => object.session === code).length, 4);
});

test('the base app may not read records, and the app for records nothing else', async () => {
  isError(await api('GET', '/reports/connections', { token: await tokenOf(agent, base) }), 403, 'invalid_permission');
  isError(await api('PUT', '/reports/connections/00000000-0000-4000-8000-000000000000', { token: await tokenOf(agent, base), body: { notes: 'x' } }), 403, 'invalid_permission');
  const reports = { id: 'belay-sandbox-reports', secret: 'belay-sandbox-reports-secret' };
  await sandbox.change({ teamviewer: { apps: [{ clientId: reports.id, redirectUris: [redirect] }] } });
  const token = await tokenOf(agent, reports);
  assert.equal((await api('GET', '/account', { token })).status, 200);
  assert.equal((await api('GET', '/reports/connections', { token })).status, 200);
  for (const path of ['/sessions', '/contacts', '/groups']) isError(await api('GET', path, { token }), 403, 'invalid_permission');
});

test('sessions are refused, listed by page, changed and deleted as the contract says', async () => {
  const token = await tokenOf(agent);
  const create = async (body = {}) => (await api('POST', '/sessions', { token, body: { groupname: 'List check', ...body } })).json;
  for (const body of [{}, { groupname: '' }, { groupname: 'x', colour: 'red' }, { groupname: 'x', valid_until: '2001-01-01T00:00:00Z' }, { groupname: 'x', description: 'd'.repeat(4001) },
    { groupid: 'g900010x' }, { groupname: 'x', assigned_userid: 'u42' }, { groupname: 'x', end_customer: { phone: '1' } }, { groupname: 'x', custom_api: { a: 1 } }]) {
    isError(await api('POST', '/sessions', { token, body }), 400, 'invalid_request');
  }
  isError(await api('POST', '/sessions', { token, body: 'groupname=x', headers: { 'content-type': 'application/x-www-form-urlencoded' } }), 400, 'invalid_request');
  isError(await api('POST', '/sessions', { token, body: { groupid: 'g77' } }), 404, 'not_found');
  const one = await create({ assigned_userid: 'u0' });
  assert.equal(one.assigned_at, undefined);
  const group = one.groupid;
  const two = await create();
  const three = await create();
  await settings({ sessionPage: 2 });
  const first = (await api('GET', `/sessions?groupid=${group}`, { token })).json;
  assert.deepEqual(first, { sessions: [three, two].map(({ code }) => ({ code, state: 'Open', groupid: group })), next_offset: two.code, sessions_remaining: 1 });
  const second = (await api('GET', `/sessions?groupid=${group}&offset=${two.code}&full_list=true`, { token })).json;
  assert.deepEqual(second.sessions.map(({ code }) => code), [one.code]);
  assert.equal((await api('GET', `/sessions?groupid=${group}&assigned_userid=u0`, { token })).json.sessions.length, 1);
  await settings({ sessionPage: 100 });
  assert.equal((await api('PUT', `/sessions/${one.code}`, { token, body: { assigned_userid: colleague, waiting_message: 'Soon' } })).status, 204);
  isError(await api('PUT', `/sessions/${one.code}`, { token, body: { valid_until: '2099-01-01T00:00:00Z' } }), 400, 'invalid_request');
  isError(await api('PUT', `/sessions/${one.code}`, { token, body: {} }), 400, 'invalid_request');
  assert.equal((await api('GET', `/sessions/${one.code}`, { token: await tokenOf(colleague) })).status, 200);
  isError(await api('GET', `/sessions/${two.code}`, { token: await tokenOf(colleague) }), 404, 'not_found');
  isError(await api('GET', `/sessions/${two.code.replaceAll('-', '')}`, { token }), 400, 'invalid_request');
  assert.equal((await api('DELETE', `/sessions/${two.code}`, { token })).status, 204);
  isError(await api('GET', `/sessions/${two.code}`, { token }), 404, 'not_found');
  assert.equal((await api('PUT', `/sessions/${three.code}`, { token, body: { state: 'closed' } })).status, 204);
  assert.equal((await api('GET', `/sessions?groupid=${group}&state=open,closed`, { token })).json.sessions.length, 2);
  await settings({ basicDates: true });
  assert.match((await api('GET', `/sessions/${three.code}`, { token })).json.closed_at, /^\d{8}T\d{6}Z$/);
  await settings({ basicDates: false });
});

test('a full licence refuses a session in words that are no error object', async () => {
  const token = await tokenOf(small, base);
  assert.equal((await api('POST', '/sessions', { token, body: { groupname: 'Only one' } })).status, 200);
  const plain = await api('POST', '/sessions', { token, body: { groupname: 'Only one' } });
  assert.equal(plain.status, 400);
  assert.match(plain.headers['content-type'], /^text\/plain/);
  assert.match(plain.text, /license limitations/);
  await settings({ licenceRefusalAsJson: true });
  const url = `${addresses.teamviewer_api}/api/v1/sessions`;
  const asJson = await request(url, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: { groupname: 'Only one' } });
  assert.match(asJson.json, /license limitations/);
  await settings({ licenceRefusalAsJson: false });
});

test('limits count per function and token; a blocked caller and a service that is away say so', async () => {
  const token = await tokenOf(agent);
  await settings({ rateLimits: { listSessions: { calls: 1, seconds: 60 } } });
  assert.equal((await api('GET', '/sessions', { token })).status, 200);
  const limited = await api('GET', '/sessions', { token });
  isError(limited, 429, 'rate_limit_reached');
  assert.equal(limited.headers['retry-after'], undefined);
  assert.equal((await api('GET', '/groups', { token })).status, 200);
  await settings({ rateLimits: { '*': { calls: 600, seconds: 60 } }, blocked: true });
  isError(await api('GET', '/account', { token }), 403, 'blocked');
  await settings({ blocked: false, down: true });
  const away = await request(`${addresses.teamviewer_api}/api/v1/account`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal(away.status, 503);
  await settings({ down: false });
});

test('launch links show which client action would start', async () => {
  const chat = await request(`${addresses.teamviewer_launch}/contact/c900020/mode/chat`);
  assert.match(chat.text, /<dd>Chat<\/dd>/);
  for (const [mode, label] of [['videocall', 'Video call'], ['control', 'Remote control'], ['present', 'Presentation']]) {
    const page = await request(`${addresses.teamviewer_launch}/contact/c900020/authorization/prompt/mode/${mode}`);
    assert.equal(page.status, 200);
    assert.ok(page.text.includes(`<dd>${label}</dd>`));
  }
  assert.equal((await request(`${addresses.teamviewer_launch}/contact/c900020/mode/format`)).status, 400);
});

test('every page says that it is a sandbox, and carries a policy without inline code', async () => {
  for (const path of ['/', '/accounts/u900001', '/v15/s000000000', '/oauth2/authorize', '/nowhere']) {
    const page = await request(`${teamviewer()}${path}`);
    assert.match(page.text, /Sandbox: plays TeamViewer/);
    assert.match(page.headers['content-security-policy'], /^default-src 'none'; style-src 'self'/);
  }
});

test('the judge sees an invented member, a null, a wrong type, an unlisted status and a foreign parameter', (t) => {
  if (skip) return t.skip(skip);
  const { judge: other } = teamviewerJudge();
  const get = { method: 'GET', url: 'https://webapi.teamviewer.com/api/v1/sessions/s12-345-678', status: 200, type: 'application/json' };
  const said = (body, more = {}) => other.answer({ ...get, text: JSON.stringify(body), ...more }).length;
  const good = { code: 's12-345-678', state: 'Open', end_customer_link: 'https://get.teamviewer.com/v15/s12345678' };
  assert.equal(said(good), 0);
  assert.equal(said({ ...good, colour: 'red' }), 1);
  assert.ok(said({ ...good, description: null }) > 0);
  assert.ok(said({ ...good, online: 'yes' }) > 0);
  assert.ok(said({ ...good, end_customer_link: 'http://get.teamviewer.com/v15/s12345678' }) > 0);
  assert.ok(said(good, { status: 201 }) > 0);
  assert.ok(said(good, { type: 'text/html' }) > 0);
  const authorization = 'Bearer x';
  const list = (query) => other.request({ method: 'GET', url: `https://webapi.teamviewer.com/api/v1/sessions?${query}`, headers: { authorization } }).length;
  assert.equal(list('state=open,closed&full_list=true&offset=s12-345-678'), 0);
  assert.ok(list('state=Open') > 0);
  assert.ok(list('page=2') > 0);
  const create = (body) => other.request({ method: 'POST', url: 'https://webapi.teamviewer.com/api/v1/sessions', headers: { authorization, 'content-type': 'application/json' }, body }).length;
  assert.equal(create({ groupname: 'x' }), 0);
  assert.ok(create({ description: 'x' }) > 0);
  assert.ok(create({ groupname: 'x', valid_till: 'x' }) > 0);
});

test('every answer fits the contract, and every function was called', (t) => {
  if (skip) return t.skip(skip);
  assert.deepEqual(problems, []);
  assert.deepEqual(judge.unseen(), []);
  const statuses = new Set([...judge.seen.values()].flatMap((one) => [...one]));
  assert.deepEqual([...statuses].sort(), [200, 204, 400, 401, 403, 404, 429]);
});
