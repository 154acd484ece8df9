// An agent ties their TeamViewer account to their Jira account, and nobody can be talked into tying it to somebody else's.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Visitor, request } from '../harness/http.mjs';
import { consent, decide, link, openConsent } from '../harness/linking.mjs';
import { asTimePasses, until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';

let world;
let agent;
let other;
before(async () => {
  world = await World.open();
  agent = world.agent(0).with({ page: 'account', issue: undefined });
  other = world.agent(1).with({ page: 'account', issue: undefined });
});
after(() => world.close());

const linkedNow = async (caller) => (await caller.expect(200, 'GET', '/v1/account')).linked;
const revocations = () => world.sandbox.journal({ party: 'teamviewer', kind: 'token.revoked' });
const issued = async () => (await world.sandbox.journal({ party: 'teamviewer', kind: 'token.issued' })).length;

/** From **Connect** through Allow: the callback's address, to which the browser has not gone yet. */
async function allowed(caller, account, visitor) {
  const { url } = await caller.expect(200, 'POST', '/v1/account/start', {});
  const { form } = await openConsent(url, visitor);
  const body = new URLSearchParams({ ...form.fields, account, decision: 'allow' });
  return new URL((await visitor.visit(form.action, { method: 'POST', body })).location);
}

test('the way from Connect to Finish connecting links the account, and shows both identities on the way', async () => {
  const account = await world.teamviewerAccount(0);
  const { token, location } = await consent(agent, { account });
  assert.match(new URL(location).pathname, /^\/jira\/settings\/personal\/apps\//, 'the browser is back on the personal page');
  assert.equal(await linkedNow(agent), false, 'the callback links nothing');

  const parked = await agent.expect(200, 'GET', `/v1/account?grant=${token}`);
  assert.equal(parked.grant.account.email, world.seed.agents[0].teamviewer.email);
  assert.equal(parked.jira.id, world.seed.agents[0].accountId);

  const done = await agent.expect(200, 'POST', '/v1/account/finish', { token });
  assert.equal(done.linked, true);
  assert.equal(done.account.email, world.seed.agents[0].teamviewer.email);
  assert.equal(done.licence.eligible, true);

  const again = await agent.post('/v1/account/finish', { token });
  assert.deepEqual([again.status, again.body.code], [410, 'grant_expired'], 'the token works once');
});

test('PKCE and the exact redirect URI are used', async () => {
  const issued = await world.sandbox.journal({ party: 'teamviewer', kind: 'token.issued' });
  assert.equal(issued.at(-1).more.pkce, true);
});

test('somebody who finishes another person\'s grant is refused, and the grant is revoked', async () => {
  // The attacker begins, and gets the victim to press Allow in the victim's own browser session at TeamViewer.
  const { token } = await consent(other, { account: await world.teamviewerAccount(0) });
  const before = (await revocations()).length;
  const victim = await agent.post('/v1/account/finish', { token });
  assert.deepEqual([victim.status, victim.body.code], [403, 'grant_not_yours']);
  await until('the grant is revoked at TeamViewer', async () => (await revocations()).length > before);

  const attacker = await other.post('/v1/account/finish', { token });
  assert.equal(attacker.status, 410, 'nor can the one who began fetch it afterwards');
  assert.equal(await linkedNow(other), false);
});

test('a start address that is opened in another browser comes back to nothing', async () => {
  const { url } = await other.expect(200, 'POST', '/v1/account/start', {});
  const page = await openConsent(url);
  // Another browser, without the first one's cookie, is led to the callback.
  const elsewhere = { visitor: new Visitor(), form: page.form };
  await assert.rejects(decide(elsewhere, { account: await world.teamviewerAccount(1) }), /400/);
  assert.equal(await linkedNow(other), false);
});

test('looking at another person\'s grant is refused as well', async () => {
  const { token } = await consent(other, { account: await world.teamviewerAccount(1) });
  const peek = await agent.get(`/v1/account?grant=${token}`);
  assert.deepEqual([peek.status, peek.body.code], [403, 'grant_not_yours']);
});

test('a denied consent says so on the personal page, and links nothing', async () => {
  const { problem, token } = await consent(other, { decision: 'deny' });
  assert.equal(problem, 'consent_denied');
  assert.equal(token, undefined);
  assert.equal(await linkedNow(other), false);
});

test('a grant that is not fetched within five minutes is gone', async () => {
  const { token } = await consent(other, { account: await world.teamviewerAccount(1) });
  const before = (await revocations()).length;
  world.clock.advance({ minutes: 6 });
  const late = await other.post('/v1/account/finish', { token });
  assert.deepEqual([late.status, late.body.code], [410, 'grant_expired']);
  await until('the grant is revoked at TeamViewer', async () => (await revocations()).length > before);
});

test('a callback with a foreign state, without a code, or for the second time is refused and exchanges nothing', async () => {
  const before = await issued();
  const foreign = await request(`${world.publicUrl}/oauth/teamviewer/callback?state=${'f'.repeat(43)}&code=abc`);
  assert.deepEqual([foreign.status, foreign.json.code], [400, 'oauth_state_invalid']);
  assert.equal((await request(`${world.publicUrl}/oauth/teamviewer/callback`)).status, 400);

  const visitor = new Visitor();
  const callback = await allowed(other, await world.teamviewerAccount(1), visitor);
  assert.equal((await visitor.visit(callback.href)).status, 302);
  const again = await visitor.visit(callback.href, { headers: { accept: 'application/json' } });
  assert.deepEqual([again.status, again.json.code], [400, 'oauth_state_invalid'], 'the same callback once more');
  assert.equal(await issued(), before + 1);
});

test('a used code that comes under a fresh state is refused: nothing is parked, nothing is linked, and the page says what to do', async () => {
  const account = await world.teamviewerAccount(1);
  const visitor = new Visitor();
  const first = await allowed(other, account, visitor);
  assert.match((await visitor.visit(first.href)).location, /\/finish\/[^/]+$/, 'the code was good once');

  const before = await issued();
  const second = await allowed(other, account, visitor);
  const replayed = new URL(second);
  replayed.searchParams.set('code', first.searchParams.get('code'));
  const answer = await visitor.visit(replayed.href);
  assert.equal(answer.status, 302);
  assert.match(new URL(answer.location).pathname, /^\/jira\/settings\/personal\/apps\/.*\/problem\/grant_expired$/);
  assert.equal(await issued(), before, 'no grant came of it');
  assert.equal(await linkedNow(other), false);
  const spent = await visitor.visit(second.href, { headers: { accept: 'application/json' } });
  assert.deepEqual([spent.status, spent.json.code], [400, 'oauth_state_invalid'], 'the state is used up as well');
});

test('Disconnect revokes at TeamViewer, and erases here', async () => {
  const before = (await revocations()).length;
  const gone = await agent.expect(200, 'DELETE', '/v1/account');
  assert.equal(gone.linked, false);
  await until('the token is revoked', async () => (await revocations()).length > before);
  const panel = await world.agent(0).expect(200, 'GET', '/v1/panel');
  assert.equal(panel.viewer.linked, false);
});

test('while TeamViewer is down Disconnect is answered at once and goes on by itself, and Connect has to wait for it', async () => {
  await link(agent, { account: await world.teamviewerAccount(0) });
  const before = (await revocations()).length;
  await world.sandbox.change({ teamviewer: { settings: { down: true } } });
  const gone = await agent.expect(200, 'DELETE', '/v1/account');
  assert.deepEqual([gone.linked, gone.account], [false, undefined]);
  const early = await agent.post('/v1/account/start', {});
  assert.deepEqual([early.status, early.body.code], [409, 'link_ending']);
  assert.equal((await revocations()).length, before);
  await world.sandbox.change({ teamviewer: { settings: { down: false } } });
  await asTimePasses(world.clock, 'the token is revoked', async () => (await revocations()).length > before, { seconds: 30 });
  await until('a new connection may begin', async () => (await agent.post('/v1/account/start', {})).status === 200);
});

test('an admin sees the links and can end one', async () => {
  await link(agent, { account: await world.teamviewerAccount(0) });
  const { links } = await world.admin.expect(200, 'GET', '/v1/links');
  assert.deepEqual(links.map(({ account }) => account.id), [world.seed.agents[0].accountId]);
  const refused = await agent.with({ page: 'admin' }).get('/v1/links');
  assert.equal(refused.status, 403);

  const left = await world.admin.expect(200, 'DELETE', `/v1/links/${encodeURIComponent(links[0].id)}`);
  assert.deepEqual(left.links, []);
  assert.equal(await linkedNow(agent), false);
});

test('no token, code or state stands in the log', () => {
  const log = world.belayd.program.written();
  assert.doesNotMatch(log, /access_token|refresh_token|client_secret|Bearer |code=|eyJ/);
});
