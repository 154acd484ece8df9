// What must not stand in the log, nor in an answer that refuses, beside a Jira Data Center and a Server: every secret that this run uses, of Jira Cloud too, gathered
// from the wire (tests/harness/secrets.mjs). The log is that of level debug.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { goToJira, onPanel, openDataCenter, people, tokenFromJira } from '../harness/datacenter.mjs';
import { allowRemote } from '../harness/doors.mjs';
import { openFront } from '../harness/front.mjs';
import { Visitor, request } from '../harness/http.mjs';
import { consent, link } from '../harness/linking.mjs';
import { Secrets } from '../harness/secrets.mjs';
import { until } from '../harness/wait.mjs';

let world;
let secrets;
const fronts = [];
const front = async (target) => {
  const one = await openFront(target, { hear: secrets.hear });
  fronts.push(one);
  return one.url;
};
before(async () => {
  secrets = new Secrets({ own: () => (world ? [world.publicUrl, world.belayd.url] : []) });
  world = await openDataCenter({
    reach: async ({ dc, server }) => ({ dc: { base_url: await front(dc) }, server: { base_url: await front(server) } }),
    configure: async ({ addresses }) => ({ log: { level: 'debug' }, teamviewer: { api_url: await front(addresses.teamviewer_api), calls_per_minute: 600 } }),
  });
  // What Forge tells the server goes through a front as well, for the tokens that it brings.
  await allowRemote({ sandbox: world.sandbox, publicUrl: await front(world.publicUrl) });
  secrets.add('the sealing key', readFileSync(join(world.folder, 'keys'), 'utf8').trim());
  secrets.add('the client secret of TeamViewer', world.seed.teamviewerApp.clientSecret);
  secrets.add('the second client secret of TeamViewer', world.seed.reportsApp.clientSecret);
  for (const name of ['dc', 'server']) {
    for (const key of ['client_secret', 'service_token', 'webhook_secret']) secrets.add(`${key} of ${name}`, world.sections[`datacenter.${name}`][key]);
  }
});
after(async () => {
  secrets?.stop();
  await world?.close();
  for (const one of fronts) await one.close();
});

const teamviewerAccount = async (person) => (await world.sandbox.state()).teamviewer.accounts.find(({ email }) => email === person.email).id;
const refused = async (answering, status, code) => {
  const answer = await answering;
  assert.deepEqual([answer.status, answer.json?.code], [status, code], answer.text);
};

test('pages are signed in to, by every way and in vain', async () => {
  for (const site of ['dc', 'server']) {
    const caller = await (await onPanel(world, site, people.agent, 'DESK-1')).signIn();
    await caller.expect(200, 'GET', '/v1/panel');
    await refused(caller.token({ grant: 'typed', token: 'typed-in-and-of-nobody-at-all' }), 403, 'sign_in_refused');
    await refused(caller.token({ grant: 'code', code: 'code-of-nobody-at-all' }), 403, 'signed_out');
    await refused(caller.with({ browser: { token: `${caller.browser.token}x` } }).get('/v1/panel'), 403, 'signed_out');
    await refused(caller.with({ browser: { token: 'belay-page.altered-by-somebody' } }).get('/v1/panel'), 403, 'signed_out');
    await refused(caller.token({ grant: 'refresh' }, { headers: { origin: 'https://evil.example' } }), 403, 'forbidden');
    world.clock.advance({ minutes: 11 });
    await refused(caller.get('/v1/panel'), 403, 'signed_out');
    caller.take(await caller.token({ grant: 'refresh' }));
  }
  assert.equal((await goToJira(world, 'dc', people.agent, { decision: 'no' })).status, 403);
  const visitor = new Visitor();
  const { location } = await visitor.visit(`${world.publicUrl}/datacenter/dc/signin?nonce=${'planted-nonce-'.repeat(2)}`);
  const state = new URL(location).searchParams.get('state');
  const back = (code, who = request) => who(`${world.publicUrl}/datacenter/dc/callback?${new URLSearchParams({ state, code })}`, { headers: { accept: 'application/json' } });
  await refused(back('planted-code-of-jira'), 400, 'oauth_state_invalid');
  await refused(back('planted-code-of-jira', (...call) => visitor.visit(...call)), 403, 'sign_in_refused');
  const html = await visitor.visit(`${world.publicUrl}/datacenter/dc/callback?${new URLSearchParams({ state, code: 'planted-code-of-jira' })}`);
  assert.match(html.headers['content-type'], /^text\/html/);
});

test('Jira renews, refuses and takes back tokens, and says so in words of its own', async () => {
  const caller = await (await onPanel(world, 'dc', people.colleague, 'DESK-1')).signIn();
  await world.sandbox.change({ datacenter: { dc: { endTokens: true } } });
  await caller.expect(200, 'GET', '/v1/panel');
  assert.ok((await world.sandbox.journal({ kind: 'grant.renewed' })).length > 0);
  const token = await tokenFromJira(world, 'server', people.colleague);
  for (const answer of [{ status: 500, body: { errorMessages: [`the token ${token} is odd`] } }, { status: 403, body: { message: `not with ${token}` } }, { status: 302, headers: { location: `/login?token=${token}` } }]) {
    await world.sandbox.faults([{ match: { party: 'datacenter', path: '**' }, answer }]);
    world.clock.advance({ minutes: 6 });
    const typed = await (await onPanel(world, 'server', people.colleague, 'DESK-1')).token({ grant: 'typed', token });
    assert.ok(typed.status >= 400, typed.text);
    caller.take(await caller.token({ grant: 'refresh' }));
    assert.ok((await caller.post('/v1/sessions', { customer: { name: 'Ada Example' } })).status >= 400);
  }
  await world.sandbox.faults([]);
  await world.sandbox.change({ datacenter: { dc: { revokeTokensOf: people.colleague.key } } });
  world.clock.advance({ minutes: 6 });
  caller.browser.token = (await caller.token({ grant: 'refresh' })).json.token ?? caller.browser.token;
  // Until Jira has said so, the panel says what is missing.
  await until('they are signed out', async () => (await caller.get('/v1/panel')).json.code === 'signed_out');
});

test('accounts of TeamViewer are linked, refused, renewed and given back; a session is made, joined, ended', async () => {
  const caller = await (await onPanel(world, 'dc', people.agent, 'DESK-1')).signIn();
  const account = await teamviewerAccount(people.agent);
  const { token } = await consent(caller, { account });
  await refused(caller.with({ page: 'account', issue: undefined }).post('/v1/account/finish', { token: 'planted-token-of-a-grant' }), 410, 'grant_expired');
  await caller.with({ page: 'account', issue: undefined }).expect(200, 'POST', '/v1/account/finish', { token });
  await link(caller, { account, access: 'reports' });
  await world.sandbox.change({ teamviewer: { accounts: [{ id: account, expireTokens: true }] } });
  world.clock.advance({ minutes: 9 });
  caller.take(await caller.token({ grant: 'refresh' }));
  const { session: { id } } = await caller.expect(202, 'POST', '/v1/sessions', { customer: { name: 'Cleo Example', email: 'cleo@example.org' }, invitation: 'public' });
  const open = await until('it is open', async () => {
    const { session } = await caller.expect(200, 'GET', `/v1/sessions/${id}`);
    return session.state === 'open' && session.steps.invitation === 'done' && session;
  });
  for (const client of ['app', 'browser']) secrets.add('a supporter link', (await caller.expect(200, 'POST', `/v1/sessions/${id}/connect`, { client })).url);
  secrets.add('the customer link', open.customerLink);
  await refused(caller.post(`/v1/sessions/${id}/cancel`, {}), 409, 'invalid_state');
  await caller.expect(202, 'POST', `/v1/sessions/${id}/close`, { notes: 'Done' });
  await until('it is closed', async () => (await caller.expect(200, 'GET', `/v1/sessions/${id}`)).session.steps.closing === 'done');
  await world.sandbox.change({ teamviewer: { accounts: [{ id: account, revokeTokens: true }] } });
  await caller.post('/v1/sessions', { customer: { name: 'Late Example' } });
  await caller.with({ page: 'account', issue: undefined }).expect(200, 'DELETE', '/v1/account');
  const out = await request(`${world.publicUrl}/datacenter/dc/token`, { method: 'DELETE', headers: { origin: world.publicUrl, cookie: caller.browser.cookie } });
  assert.deepEqual([out.status, out.json], [200, { signedOut: true }]);
});

test('webhooks come signed, wrongly signed and with secrets in them; Forge brings its tokens', async () => {
  const text = JSON.stringify({ webhookEvent: 'comment_created', issue: { id: '10001', key: 'PRESS-1' }, comment: { body: 'webhook-secret' }, token: 'planted-token-in-a-webhook' });
  const send = (secret, site = 'dc') => request(`${world.publicUrl}/datacenter/${site}/webhook`, { method: 'POST', body: text, headers: { 'content-type': 'application/json', 'x-hub-signature': `sha256=${createHmac('sha256', secret).update(text).digest('hex')}` } });
  assert.equal((await send('webhook-secret')).status, 200);
  await refused(send('a-wrong-webhook-secret'), 403, 'webhook_refused');
  await refused(send('webhook-secret', 'server'), 403, 'webhook_refused');
  world.clock.advance({ hours: 3 });
  await world.sandbox.event({ event: 'hourly' });
  await until('it was heard', () => world.belayd.logs.some(({ event, route }) => event === 'request' && route === '/v1/forge/events/{name}'));
  const cloud = await world.linkedAgent(1);
  await refused(cloud.get('/v1/settings'), 403, 'forbidden');
});

test('a webhook’s line in the log is called so, whatever Jira calls what happened', () => {
  const lines = world.belayd.logs.filter((line) => JSON.stringify(line).includes('comment_created'));
  assert.deepEqual([...new Set(lines.map(({ event }) => event))], ['webhook']);
});

test('nothing of it stands in the log, or in an answer that refuses', async () => {
  await world.belayd.stop();
  const log = world.belayd.program.written();
  const counts = secrets.counts();
  // Each kind was there: a collector that gathers nothing would find nothing.
  for (const what of [
    'header authorization', 'header x-forge-oauth-system', 'header x-forge-oauth-user', 'header x-hub-signature', 'cookie belay_dc', 'cookie belay_server', 'state in an address', 'code in an address', 'code_challenge in an address',
    'nonce in an address', 'code of a page', 'code of a form', 'code_verifier of a form', 'refresh_token of a form', 'client_secret of a form', 'access_token in JSON', 'refresh_token in JSON', 'token in JSON', 'finish',
    'fit in JSON', 'a supporter link', 'the customer link', 'service_token of dc', 'webhook_secret of dc', 'client_secret of dc', 'the sealing key', 'the client secret of TeamViewer',
  ]) assert.ok(counts[what] > 0, `no ${what}: ${JSON.stringify(counts)}`);
  const events = new Set(world.belayd.logs.map(({ event }) => event));
  for (const event of ['request', 'refused', 'outbound_call']) assert.ok(events.has(event), `the log is not that of what was done here: no ${event}`);
  for (const value of secrets.values()) assert.ok(secrets.foundIn(`{"cause":${JSON.stringify(`status 400: ${value}.`)}}`).length > 0, 'each of them would be found');
  assert.deepEqual(secrets.foundIn(log), []);
  assert.deepEqual(log.match(/(?<![\w-])[\w-]{43}(?![\w-])|eyJ[\w-]{8,}|belay-page\.[\w-]+|belay_(dc|server)=/g), null);
  assert.doesNotMatch(log, /unlisted_error|handler_threw/);
  assert.ok(secrets.refusals.length > 20, `${secrets.refusals.length}`);
  assert.deepEqual(secrets.toldByRefusals(), []);
});
