// What must not stand in the log: one of each kind is planted, by its usual way and in bad input, and every secret that goes over the wire is gathered
// (tests/harness/secrets.mjs); then the whole log at level debug is read, and every answer that refused. Beside a Data Center: log_datacenter.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openFront } from '../harness/front.mjs';
import { Visitor } from '../harness/http.mjs';
import { consent, decide, link, openConsent } from '../harness/linking.mjs';
import { Secrets } from '../harness/secrets.mjs';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';

let world;
let secrets;
let front;   // before TeamViewer's API
/** What was planted, by what it is. */
const planted = new Map();
const plant = (what, value) => {
  assert.equal(typeof value, 'string', what);
  assert.ok(value.length >= 6 || /[^\u0000-\u007f]/.test(value), `${what} is too short to be looked for: ${value}`);
  planted.set(`${what} (${planted.size + 1})`, value);
  return value;
};
/** A caller whose tokens are planted. */
const seen = (caller) => {
  const headers = caller.headers.bind(caller);
  return Object.assign(caller, {
    headers: async () => {
      const made = await headers();
      for (const name of ['authorization', 'x-forge-oauth-system', 'x-forge-oauth-user']) {
        if (made[name]) plant(`the token of ${name}`, made[name].replace('Bearer ', ''));
      }
      return made;
    },
  });
};

before(async () => {
  secrets = new Secrets({ own: () => (world ? [world.publicUrl, world.belayd.url] : []) });
  world = await World.open({
    paired: false,
    configure: async ({ addresses }) => {
      front = await openFront(addresses.teamviewer_api, { hear: secrets.hear });
      return { log: { level: 'debug' }, teamviewer: { api_url: front.url } };
    },
  });
  for (const { name, email } of world.seed.people) {
    plant('a name', name);
    plant('an address', email);
  }
  plant('the client secret', world.seed.teamviewerApp.clientSecret);
  plant('the sealing key', readFileSync(join(world.folder, 'keys'), 'utf8').trim());
});
after(async () => {
  secrets?.stop();
  await world?.close();
  await front?.close();
});

test('a site is paired, with a wrong code first', async () => {
  const admin = seen(world.admin);
  const wrong = plant('a wrong pairing code', 'WRNGC-0DEPL-ANTED-HERE0');
  assert.equal((await admin.post('/v1/pairing', { code: wrong })).status, 403);
  const code = plant('the pairing code', await world.belayd.pairingCode(world.sandbox.addresses.site));
  plant('the pairing code without its hyphens', code.replaceAll('-', ''));
  await admin.expect(200, 'POST', '/v1/pairing', { code });
});

test('accounts are linked, denied, replayed, taken from strangers and given back', async () => {
  const agent = seen(world.agent(0).with({ page: 'account', issue: undefined }));
  const other = seen(world.agent(1).with({ page: 'account', issue: undefined }));
  const { url } = await agent.expect(200, 'POST', '/v1/account/start', {});
  plant('the state', new URL(url).searchParams.get('state'));
  const visitor = new Visitor();
  const { form } = await openConsent(url, visitor);
  plant('the PKCE challenge', form.fields.code_challenge);
  const body = new URLSearchParams({ ...form.fields, account: await world.teamviewerAccount(0), decision: 'allow' });
  const { location: callback } = await visitor.visit(form.action, { method: 'POST', body });
  plant('the code', new URL(callback).searchParams.get('code'));
  const { location } = await visitor.visit(callback);
  await visitor.visit(callback);
  const token = plant('the token of a parked grant', location.match(/\/finish\/([^/]+)$/)[1]);
  await agent.expect(200, 'GET', `/v1/account?grant=${token}`);
  await agent.expect(200, 'POST', '/v1/account/finish', { token });
  await agent.post('/v1/account/finish', { token });
  const wrong = plant('a wrong token of a grant', 'plantedgrant0123456789abcdef');
  assert.equal((await agent.get(`/v1/account?grant=${wrong}`)).status, 410);

  await consent(other, { decision: 'deny' });
  const parked = await consent(other, { account: await world.teamviewerAccount(1) });
  plant('the token of another grant', parked.token);
  assert.equal((await agent.post('/v1/account/finish', { token: parked.token })).status, 403);
});

test('tokens of TeamViewer are used, refused, refreshed and revoked', async () => {
  const other = seen(world.agent(1).with({ page: 'account', issue: undefined }));
  const tokens = { access_token: plant('an access token', 'planted-access-token-0123456789abcdefghijkl'), refresh_token: plant('a refresh token', 'planted-refresh-token-0123456789abcdefghijk') };
  await world.sandbox.faults([{ match: { party: 'teamviewer', method: 'POST', path: '**/oauth2/token' }, times: 1, answer: { status: 200, body: { ...tokens, token_type: 'bearer', expires_in: 3600 } } }]);
  const { url } = await other.expect(200, 'POST', '/v1/account/start', {});
  // Nobody knows these tokens: asking for the account is refused, and the worker tries in vain to give the grant back.
  const { problem } = await decide(await openConsent(url), { account: await world.teamviewerAccount(1) });
  assert.ok(problem);
  await until('the worker has tried to give it back', () => world.belayd.logs.some(({ event, name }) => event === 'outbound_call' && name === 'teamviewer.revoke_token'));
  await world.sandbox.faults([]);
  await link(other, { account: await world.teamviewerAccount(1) });
});

test('a session is created, joined by hand, connected to and closed; its ticket, its text and its customer speak', async () => {
  const agent = seen(world.agent(0));
  const summary = plant('a summary', 'Planted summary of the ticket');
  await world.sandbox.change({ jira: { issues: { [world.seed.issue.key]: { summary } } } });
  const settings = await seen(world.admin).expect(200, 'GET', '/v1/settings');
  const { installation: _i, health: _h, defaults: _d, ...rest } = settings;
  const english = `${plant('the customer text', 'Planted words of the customer text')} {{customer.name}} {{issue.summary}} {{session.link}}`;
  await seen(world.admin).expect(200, 'PUT', '/v1/settings', { ...rest, customerText: { ...rest.customerText, en: english } });

  const customer = { name: plant('a typed-in name', 'Plantina Typedin'), email: plant('a typed-in address', 'plantina.typedin@example.org') };
  const description = plant('a description', 'Planted description of the session');
  const { session } = await agent.expect(202, 'POST', '/v1/sessions', { customer, description, invitation: 'public' }, { headers: { 'idempotency-key': plant('an idempotency key', 'planted-idempotency-key') } });
  const ready = await until('session and invitation are there', async () => {
    const { session: now } = await agent.expect(200, 'GET', `/v1/sessions/${session.id}`);
    return now.state === 'open' && now.steps.invitation === 'done' && now;
  });
  plant('the customer link', ready.customerLink);
  plant('the session code', ready.code);
  for (const client of ['app', 'browser']) plant('a supporter link', (await agent.expect(200, 'POST', `/v1/sessions/${session.id}/connect`, { client })).url);
  const earlier = plant('notes that somebody else wrote', 'Planted notes of a colleague');
  await agent.expect(200, 'PATCH', `/v1/sessions/${session.id}`, { notes: earlier });
  await agent.expect(409, 'POST', `/v1/sessions/${session.id}/close`, { notes: plant('notes that lost', 'Planted notes too late'), before: '' });
  const notes = plant('the notes', 'Planted notes at the end');
  await agent.expect(202, 'POST', `/v1/sessions/${session.id}/close`, { notes });
  await until('it is closed everywhere', async () => (await agent.expect(200, 'GET', `/v1/sessions/${session.id}`)).session.steps.closing === 'done');
});

test('what is refused, here or outside, and what others say with a refusal', async () => {
  const agent = seen(world.agent(0));
  const bad = (what) => plant(`bad input: ${what}`, `planted${what.replaceAll(' ', '')}`);
  await agent.post('/v1/sessions', { [bad('unknown member')]: 1 });
  await agent.post('/v1/sessions', { customer: { name: `${bad('name')}\u0007` } });
  await agent.post('/v1/sessions', { customer: { name: 'A B', email: `${bad('address')} at home` } });
  await agent.post('/v1/sessions', { invitation: bad('choice') });
  await agent.call('POST', '/v1/sessions', `{"description":"${bad('broken json')}`, { headers: { 'content-type': 'application/json' } });
  await agent.get(`/v1/sessions/${bad('id')}`);
  await agent.get(`/v1/${bad('route')}`);
  await agent.get(`/v1/panel?since=${bad('query')}`);
  await agent.get('/v1/panel', { headers: { authorization: `Bearer ${bad('token')}` } });
  await agent.get('/v1/panel', { headers: { 'x-b3-traceid': bad('trace') } });
  const settings = await seen(world.admin).expect(200, 'GET', '/v1/settings');
  const { installation: _i, health: _h, defaults: _d, ...rest } = settings;
  await seen(world.admin).put('/v1/settings', { ...rest, customerText: { ...rest.customerText, en: `{{${bad('variable')}}}` } });

  const said = { jira: bad('words of jira'), teamviewer: bad('words of teamviewer') };
  const jira = { match: { party: 'jira', method: 'POST', path: '**/comment' }, answer: { status: 400, body: { errorMessages: [said.jira], errors: { comment: said.jira } } } };
  const teamviewer = (status, error) => ({ match: { party: 'teamviewer', method: 'POST', path: '**/sessions' }, answer: { status, body: { error, error_description: said.teamviewer } } });
  for (const [rule, code] of [[jira, 'jira_refused_comment'], [teamviewer(400, 'invalid_request'), 'provider_refused'], [teamviewer(500, 'internal_error'), 'provider_unreachable']]) {
    await world.sandbox.faults([rule]);
    const { session } = await agent.expect(202, 'POST', '/v1/sessions', { customer: { name: `A customer for ${code}` }, invitation: 'public' });
    await until(`${code} is shown`, async () => (await agent.expect(200, 'GET', `/v1/sessions/${session.id}`)).session.error?.code === code);
  }
  await world.sandbox.faults([]);
});

test('nothing of it stands in the log', async () => {
  await world.belayd.stop();   // what an answer tells of is written to the log a moment later
  const log = world.belayd.program.written();
  const events = new Set(world.belayd.logs.map(({ event }) => event));
  for (const event of ['request', 'refused', 'outbound_call', 'step_failed', 'consent_not_given', 'foreign_grant_refused']) assert.ok(events.has(event), `the log is not that of what was done here: no ${event}`);
  const found = [...planted].filter(([, value]) => log.includes(value) || log.includes(JSON.stringify(value).slice(1, -1)) || log.includes(encodeURIComponent(value)));
  assert.deepEqual(found.map(([what]) => what), []);
  const counts = secrets.counts();
  for (const what of [
    'header authorization', 'header x-forge-oauth-system', 'header x-forge-oauth-user', 'fit in JSON', 'state in an address', 'code in an address', 'code_verifier of a form', 'client_secret of a form', 'access_token in JSON',
    'refresh_token in JSON', 'refresh_token of a form', 'finish', 'supporter_link in JSON', 'end_customer_link in JSON',
  ]) assert.ok(counts[what] > 0, `no ${what}: ${JSON.stringify(counts)}`);
  assert.deepEqual(secrets.foundIn(log), []);
  assert.ok(secrets.refusals.length > 10, `${secrets.refusals.length}`);
  assert.deepEqual(secrets.toldByRefusals(), []);
  // As tokens look, whoever made them: 32 random bytes in base64url, and JWTs.
  assert.deepEqual(log.match(/(?<![\w-])[\w-]{43}(?![\w-])|eyJ[\w-]{8,}/g), null);
});
