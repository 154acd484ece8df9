// Leave to read connection records: asked for apart from the link, of the same TeamViewer account, by and for nobody else, and given back.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Visitor, request } from '../harness/http.mjs';
import { consent, decide, link, openConsent } from '../harness/linking.mjs';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';

let world;
let agent;
let other;
let account;
let otherAccount;
before(async () => {
  world = await World.open();
  agent = world.agent(0).with({ page: 'account', issue: undefined });
  other = world.agent(1).with({ page: 'account', issue: undefined });
  account = await world.teamviewerAccount(0);
  otherAccount = await world.teamviewerAccount(1);
});
after(() => world?.close());

const reports = async (caller) => (await caller.expect(200, 'GET', '/v1/account')).reports;
const access = 'reports';
const ask = (caller, who = account) => consent(caller, { account: who, access });
/** Grants of the reports app at TeamViewer that still open something. */
const live = async () => (await world.sandbox.state()).teamviewer.grants.filter(({ app, revoked }) => app === world.seed.reportsApp.clientId && !revoked);
const noneLeft = (what) => until(what, async () => (await live()).length === 0);
const refused = (answer) => [answer.status, answer.body.code];
const licence = (type, who = account) => world.sandbox.change({ teamviewer: { accounts: [{ id: who, licence: { type } }] } });

test('a server without the second registration offers nothing, and everything else works', async () => {
  const plain = await World.open({ configure: () => ({ teamviewer: { reports_client_id: undefined, reports_client_secret: undefined } }) });
  try {
    const caller = plain.agent(0).with({ page: 'account', issue: undefined });
    const linked = await link(caller, { account: await plain.teamviewerAccount(0) });
    assert.deepEqual([linked.linked, linked.reports], [true, { available: false, allowed: false }]);
    assert.deepEqual(refused(await caller.post('/v1/account/start', { access })), [409, 'reports_not_available']);
    assert.equal((await caller.expect(200, 'DELETE', '/v1/account/reports')).linked, true);
  } finally {
    await plain.close();
  }
});

test('before an account is linked there is nothing to bring results back for', async () => {
  assert.deepEqual(await reports(agent), { available: true, allowed: false });
  assert.deepEqual(refused(await agent.post('/v1/account/start', { access })), [403, 'not_linked']);
});

test('linking asks for none of it', async () => {
  const linked = await link(agent, { account });
  assert.deepEqual(linked.reports, { available: true, allowed: false });
  assert.deepEqual(linked.scopes, ['account', 'groups', 'contacts', 'sessions']);
  assert.deepEqual(await live(), []);
});

test('the way from the button to results: TeamViewer is asked by the second app, and nothing is kept before the person has looked', async () => {
  const { url } = await agent.expect(200, 'POST', '/v1/account/start', { access });
  const { location } = await request(url);
  assert.equal(new URL(location).searchParams.get('client_id'), world.seed.reportsApp.clientId);
  assert.ok(new URL(location).searchParams.get('code_challenge'));

  const { token, location: back } = await ask(agent);
  assert.match(new URL(back).pathname, /^\/jira\/settings\/personal\/apps\//);
  assert.equal((await reports(agent)).allowed, false, 'the callback allows nothing');
  const parked = await agent.expect(200, 'GET', `/v1/account?grant=${token}`);
  assert.equal(parked.grant.access, 'reports');
  assert.equal(parked.linked, true);

  const done = await agent.expect(200, 'POST', '/v1/account/finish', { token });
  assert.equal(done.linked, true);
  assert.equal(done.reports.allowed, true);
  assert.ok(Math.abs(Date.parse(done.reports.since) - world.clock.now()) < 60_000, done.reports.since);
  assert.deepEqual(done.scopes, ['account', 'groups', 'contacts', 'sessions', 'reports']);
  assert.equal((await live()).length, 1);
  assert.deepEqual(refused(await agent.post('/v1/account/finish', { token })), [410, 'grant_expired'], 'the token works once');
  assert.deepEqual(refused(await agent.post('/v1/account/start', { access })), [409, 'reports_already_allowed']);
});

test('taken back, it is revoked at TeamViewer, the link stays, and taking back once more changes nothing', async () => {
  const left = await agent.expect(200, 'DELETE', '/v1/account/reports');
  assert.deepEqual(left.reports, { available: true, allowed: false });
  assert.equal(left.linked, true);
  await noneLeft('the grant is revoked');
  await agent.expect(200, 'DELETE', '/v1/account/reports');
  const base = (await world.sandbox.state()).teamviewer.grants.filter(({ app, revoked }) => app === world.seed.teamviewerApp.clientId && !revoked);
  assert.equal(base.length, 1, 'the link’s own grant is untouched');
});

describe('nobody is talked into letting somebody else read their records', () => {
  before(() => link(other, { account: otherAccount }));

  test('a victim who presses Allow for an attacker’s attempt: the attacker’s link is of another account, and the grant goes back at once', async () => {
    const { problem, token } = await ask(other, account);
    assert.deepEqual([problem, token], ['reports_other_account', undefined]);
    await noneLeft('the grant is revoked');
    assert.deepEqual(await reports(other), { available: true, allowed: false });
  });

  test('who did not begin can neither look nor finish, and the grant goes back', async () => {
    for (const attempt of [(token) => other.get(`/v1/account?grant=${token}`), (token) => other.post('/v1/account/finish', { token }), (token) => other.delete(`/v1/account?grant=${token}`)]) {
      const { token } = await ask(agent);
      assert.deepEqual(refused(await attempt(token)), [403, 'grant_not_yours']);
      await noneLeft('the grant is revoked');
      assert.deepEqual(refused(await agent.post('/v1/account/finish', { token })), [410, 'grant_expired'], 'nor can the one who began fetch it afterwards');
    }
    assert.equal((await reports(agent)).allowed, false);
    assert.equal((await reports(other)).allowed, false);
  });

  test('a start address that is opened in another browser comes back to nothing', async () => {
    const { url } = await agent.expect(200, 'POST', '/v1/account/start', { access });
    const page = await openConsent(url);
    await assert.rejects(decide({ visitor: new Visitor(), form: page.form }, { account }), /400/);
    assert.deepEqual(await live(), []);
  });

  test('“This is not me” gives it back, and the link stays', async () => {
    const { token } = await ask(agent);
    const left = await agent.expect(200, 'DELETE', `/v1/account?grant=${token}`);
    assert.deepEqual([left.linked, left.reports.allowed], [true, false]);
    await noneLeft('the grant is revoked');
  });

  test('a grant that nobody fetches goes back by itself', async () => {
    const { token } = await ask(agent);
    world.clock.advance({ minutes: 6 });
    assert.deepEqual(refused(await agent.post('/v1/account/finish', { token })), [410, 'grant_expired']);
    await noneLeft('the grant is revoked');
  });

  test('the calls are for the personal page, take nothing they do not know, and belong to the caller', async () => {
    const wrong = (caller) => Promise.all([caller.post('/v1/account/start', { access }), caller.delete('/v1/account/reports')]);
    for (const caller of [world.agent(0), world.admin, agent.with({ page: 'admin' })]) {
      assert.deepEqual((await wrong(caller)).map(refused), [[403, 'forbidden'], [403, 'forbidden']]);
    }
    assert.deepEqual(refused(await agent.post('/v1/account/start', { access: 'everything' })), [400, 'invalid_field']);
    assert.deepEqual(refused(await agent.post('/v1/account/start', { access, account })), [400, 'unknown_field']);
    await link(agent, { account, access });
    await other.expect(200, 'DELETE', '/v1/account/reports');
    assert.equal((await reports(agent)).allowed, true, 'somebody else’s stays');
    await agent.expect(200, 'DELETE', '/v1/account/reports');
    await noneLeft('the grant is revoked');
  });
});

describe('a licence that does not give as much', () => {
  after(() => licence('Corporate'));

  test('is refused by TeamViewer, and the callback says so', async () => {
    await licence('Business');
    const { url } = await agent.expect(200, 'POST', '/v1/account/start', { access });
    const { visitor, form } = await openConsent(url);
    const page = await visitor.visit(form.action, { method: 'POST', body: new URLSearchParams({ ...form.fields, account, decision: 'allow' }) });
    assert.equal(page.status, 403);
    const href = page.text.match(/href="([^"]+oauth\/teamviewer\/callback[^"]*)"/)[1].replaceAll('&amp;', '&');
    const back = await visitor.visit(href);
    assert.match(new URL(back.location).pathname, /\/problem\/reports_need_licence$/);
    assert.equal((await reports(agent)).allowed, false);
  });

  test('Deny is said as what it is', async () => {
    const { problem } = await consent(agent, { decision: 'deny', access });
    assert.equal(problem, 'reports_denied');
  });

  test('sessions work all the same', async () => {
    const { linked, licence: seen } = await agent.expect(200, 'POST', '/v1/account/check', {});
    assert.deepEqual([linked, seen.eligible], [true, true]);
  });
});

describe('it goes with the link', () => {
  test('Disconnect gives back both', async () => {
    await link(agent, { account, access });
    await agent.expect(200, 'DELETE', '/v1/account');
    await noneLeft('the grant is revoked');
    await until('the link is erased', async () => (await agent.get('/v1/account')).body.account === undefined);
    assert.deepEqual(await reports(agent), { available: true, allowed: false });
  });

  test('so does an admin who ends the link', async () => {
    await until('linking is possible again', async () => (await agent.post('/v1/account/start', {})).status === 200);
    await link(agent, { account });
    await link(agent, { account, access });
    const { links } = await world.admin.expect(200, 'GET', '/v1/links');
    await world.admin.expect(200, 'DELETE', `/v1/links/${links.find(({ account: { id } }) => id === world.seed.agents[0].accountId).id}`);
    await noneLeft('the grant is revoked');
  });

  test('a link that is mended with the same account keeps it, and with another one gives it back', async () => {
    await until('linking is possible again', async () => (await agent.post('/v1/account/start', {})).status === 200);
    await link(agent, { account });
    await link(agent, { account, access });
    const expireLink = async () => {
      world.clock.advance({ minutes: 1 });   // twice in ten seconds nobody is asked
      await world.sandbox.faults([{ match: { party: 'teamviewer', method: 'POST', path: '**/oauth2/token' }, answer: { status: 400, body: { error: 'invalid_grant' } } }]);   // before they expire: the look that follows linking would get a fresh one in between
      await world.sandbox.change({ teamviewer: { accounts: [{ id: account, expireTokens: true }] } });
      // The server looks at its clock every now and then; before, it answers with what it knows.
      await until('TeamViewer is asked, and refuses', async () => {
        const answer = await agent.post('/v1/account/check', {});
        return answer.status === 200 ? undefined : (assert.deepEqual(refused(answer), [403, 'link_expired']), true);
      });
      await world.sandbox.faults([]);
      assert.equal((await live()).length, 1, 'the second grant is still good');
    };
    await expireLink();
    assert.equal((await link(agent, { account })).reports.allowed, true);
    await expireLink();
    const moved = await link(agent, { account: otherAccount });
    assert.deepEqual(moved.reports, { available: true, allowed: false });
    await noneLeft('the first account’s grant is revoked');
  });

  test('leaving with the whole installation gives back every one', async () => {
    await link(other, { account: otherAccount, access });
    assert.equal((await live()).length, 1);
    await world.admin.expect(200, 'DELETE', '/v1/pairing');
    await noneLeft('the grant is revoked');
  });
});
