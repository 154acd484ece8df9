// What is Jira Data Center's and Server's own: signing in, the pages that the server shows itself, what is believed of them and of webhooks. What the desk does there, it does on every
// Jira (every_jira.test.mjs and those beside it).
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { goToJira, handed, onPanel, openDataCenter, people, tokenFromJira } from '../harness/datacenter.mjs';
import { Visitor, request } from '../harness/http.mjs';
import { link } from '../harness/linking.mjs';
import { Secrets } from '../harness/secrets.mjs';
import { onEachStorage } from '../harness/storages.mjs';
import { until } from '../harness/wait.mjs';

onEachStorage((storage) => {
  let world;
  let secrets;
  before(async () => {
    secrets = new Secrets();
    world = await openDataCenter({ storage: await storage.fresh() });
  });
  after(() => {
    secrets?.stop();
    return world?.close();
  });

  const teamviewerAccount = async (person) => (await world.sandbox.state()).teamviewer.accounts.find(({ email }) => email === person.email).id;
  const stateOf = async (site) => (await world.sandbox.state()).datacenter.sites.find(({ name }) => name === site);
  const commentsOn = async (site, key) => (await stateOf(site)).issues.find((issue) => issue.key === key).comments;
  const linked = async (issue) => {
    const agent = await (await onPanel(world, 'dc', people.agent, issue)).signIn();
    if (!(await agent.expect(200, 'GET', '/v1/panel')).viewer.linked) await link(agent, { account: await teamviewerAccount(people.agent) });
    return agent;
  };
  const when = (caller, id, what, wanted) => until(what, async () => {
    world.clock.advance({ seconds: 2 });
    const { session } = await caller.expect(200, 'GET', `/v1/sessions/${id}`);
    return wanted(session) ? session : undefined;
  });

  describe('signing in', () => {
    test('through Jira: the code goes to the page that asked, works once, and gives a token and a cookie for frames', async () => {
      const page = await goToJira(world, 'dc', people.colleague, { nonce: 'a'.repeat(40) });
      assert.equal(page.status, 200);
      assert.match(page.headers['content-security-policy'], /frame-ancestors 'none'/);
      const { nonce, code } = handed(page);
      assert.equal(nonce, 'a'.repeat(40));
      const caller = await onPanel(world, 'dc', people.colleague);
      const answer = caller.take(await caller.token({ grant: 'code', code }));
      assert.deepEqual(answer.json.account, { id: people.colleague.key, name: people.colleague.displayName, login: people.colleague.name, language: 'fr_FR', timeZone: 'Europe/Paris' });
      assert.match(answer.headers['set-cookie'][0], /^belay_dc=[A-Za-z0-9_-]{43}; Path=\/datacenter\/dc\/; Max-Age=(2592000|25919\d\d); HttpOnly; Secure; SameSite=None; Partitioned$/);
      assert.equal((await caller.token({ grant: 'code', code })).json.code, 'signed_out');
      assert.equal((await caller.token({ grant: 'refresh' })).status, 200);
    });

    test('with a token that was typed in, where the site has no incoming link', async () => {
      const caller = await (await onPanel(world, 'server', people.agent)).signIn();
      assert.equal((await caller.expect(200, 'GET', '/v1/panel')).issue.key, 'PRESS-1');
      assert.equal((await caller.token({ grant: 'typed', token: 'nobody-has-this' })).json.code, 'sign_in_refused');
      const opened = await request(`${world.publicUrl}/datacenter/server/signin?nonce=${'n'.repeat(32)}`);
      assert.deepEqual([opened.status, opened.json.code], [409, 'sign_in_typed']);
    });

    test('a state that is foreign, used, or of another browser; a code that Jira does not take; No at Jira', async () => {
      const callback = (query, options) => request(`${world.publicUrl}/datacenter/dc/callback?${new URLSearchParams(query)}`, options);
      assert.equal((await callback({ state: 'x'.repeat(43), code: 'c' })).json.code, 'oauth_state_invalid');
      // Begun in one browser, brought to another.
      const begun = await request(`${world.publicUrl}/datacenter/dc/signin?nonce=${'n'.repeat(32)}`);
      const state = new URL(begun.location).searchParams.get('state');
      const cookie = begun.headers['set-cookie'][0].split(';')[0];
      assert.equal((await callback({ state, code: 'c' })).json.code, 'oauth_state_invalid');
      assert.equal((await callback({ state, code: 'c' }, { headers: { cookie } })).json.code, 'sign_in_refused');
      assert.equal((await callback({ state, code: 'c' }, { headers: { cookie } })).json.code, 'oauth_state_invalid', 'a state works once');
      const denied = await goToJira(world, 'dc', people.agent, { decision: 'no' });
      assert.equal(denied.status, 403);
    });

    test('the address at Jira carries a challenge, and no page but our own gets a token', async () => {
      const { location } = await request(`${world.publicUrl}/datacenter/dc/signin?nonce=${'n'.repeat(32)}`);
      const asked = new URL(location).searchParams;
      assert.equal(asked.get('code_challenge_method'), 'S256');
      assert.equal(asked.get('code_challenge').length, 43);
      assert.equal(asked.get('scope'), 'WRITE');
      const caller = await (await onPanel(world, 'dc', people.agent)).signIn();
      for (const origin of ['https://evil.example', 'null', '']) {
        const answer = await caller.token({ grant: 'refresh' }, { headers: { origin } });
        assert.deepEqual([answer.status, answer.json.detail?.reason], [403, 'wrong_module'], String(origin));
      }
    });

    test('where Jira takes nobody with a token of scope WRITE for an administrator, one with a personal access token is one', async () => {
      const scope = (adminNeedsScope) => world.sandbox.change({ datacenter: { dc: { behaviour: { adminNeedsScope } } } });
      await scope(true);
      const page = (caller) => caller.with({ page: 'admin', issue: undefined });
      const admin = await (await onPanel(world, 'dc', people.admin)).signIn();
      assert.equal((await page(admin).get('/v1/settings')).body.detail.reason, 'not_admin');
      await admin.expect(200, 'GET', '/v1/panel');
      await admin.signOut();
      admin.take(await admin.token({ grant: 'typed', token: await tokenFromJira(world, 'dc', people.admin) }));
      world.clock.advance({ minutes: 6 });   // what somebody may do is remembered for five
      await page(admin).expect(200, 'GET', '/v1/settings');
      await scope(false);
    });

    test('a page token that is over, altered or of no page is signed out; the cookie gives the next one; signing out ends it', async () => {
      const caller = await (await onPanel(world, 'dc', people.agent)).signIn();
      await caller.expect(200, 'GET', '/v1/panel');
      for (const [what, other] of [['altered', caller.with({ browser: { token: `${caller.browser.token.slice(0, -2)}AA` } })], ['of no page', caller.with({ page: 'portal' })]]) {
        const { status, body } = await other.get('/v1/panel');
        assert.deepEqual([status, body.code], [403, 'signed_out'], what);
      }
      world.clock.advance({ minutes: 11 });
      assert.equal((await caller.get('/v1/panel')).body.code, 'signed_out');
      caller.take(await caller.token({ grant: 'refresh' }));
      await caller.expect(200, 'GET', '/v1/panel');
      const gone = await request(`${world.publicUrl}/datacenter/dc/token`, { method: 'DELETE', headers: { origin: world.publicUrl, cookie: caller.browser.cookie } });
      assert.deepEqual([gone.status, gone.json], [200, { signedOut: true }]);
      assert.equal((await caller.token({ grant: 'refresh' })).json.code, 'signed_out');
    });

    test('Jira’s own token is renewed before it ends; where Jira does not take the next one, they are signed out', async () => {
      const caller = await (await onPanel(world, 'dc', people.colleague, 'DESK-1')).signIn();
      world.clock.advance({ hours: 2 });
      caller.take(await caller.token({ grant: 'refresh' }));
      await caller.expect(200, 'GET', '/v1/panel');
    });
  });

  test('the pages: framed by their Jira alone, with what stands before them; no other files', async () => {
    const at = (path) => request(`${world.publicUrl}/datacenter/dc/pages/${path}`);
    const page = await at('panel/?issue=10001&key=PRESS-1');
    assert.equal(page.status, 200);
    assert.match(page.headers['content-security-policy'], new RegExp(`frame-ancestors ${world.sandbox.addresses.datacenter.dc}$`));
    assert.match(page.text, /<head><script src="\/datacenter\/dc\/pages\/bridge\/bridge\.js" data-site="dc" data-page="panel" data-jira="[^"]+" data-sign-in="oauth"><\/script>/);
    const [, script] = page.text.match(/src="\.\/(assets\/[^"]+\.js)"/);
    const asset = await at(`panel/${script}`);
    assert.deepEqual([asset.status, asset.headers['content-type'], asset.headers['cache-control']], [200, 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable']);
    assert.equal((await at('bridge/bridge.js')).status, 200);
    for (const path of ['nothing/', 'bridge/', 'panel/index.html', 'panel/..%2Fadmin%2Findex.html', 'panel/assets/..%2F..%2Fpackage.json']) assert.equal((await at(path)).status, 404, path);
    assert.equal((await request(`${world.publicUrl}/datacenter/other/pages/panel/`)).status, 404);
  });

  describe('who is let in', () => {
    test('an issue that the page names and Jira does not know is not there', async () => {
      const agent = await (await onPanel(world, 'dc', people.agent)).signIn();
      assert.equal((await agent.expect(200, 'GET', '/v1/panel')).issue.key, 'PRESS-1');
      for (const issue of ['99999', 'PRESS-1', '10001%20or', '']) assert.equal((await agent.with({ issue }).get('/v1/panel')).status, 404, issue);
    });

    test('one site’s token opens nothing of another’s', async () => {
      const agent = await (await onPanel(world, 'dc', people.agent)).signIn();
      const elsewhere = await request(`${world.publicUrl}/datacenter/server/token`, { method: 'POST', body: { grant: 'refresh' }, headers: { origin: world.publicUrl, cookie: agent.browser.cookie.replace('belay_dc=', 'belay_server=') } });
      assert.equal(elsewhere.json.code, 'signed_out');
    });
  });

  describe('webhooks', () => {
    const sign = (text, secret = 'webhook-secret') => `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`;
    const send = (payload, { site = 'dc', signature } = {}) => {
      const text = JSON.stringify(payload);
      return request(`${world.publicUrl}/datacenter/${site}/webhook`, { method: 'POST', body: text, headers: { 'content-type': 'application/json', ...(signature === null ? {} : { 'x-hub-signature': signature ?? sign(text) }) } });
    };
    const about = async (key, webhookEvent, more = {}) => ({ timestamp: 1, webhookEvent, issue: { id: (await stateOf('dc')).issues.find((issue) => issue.key === key).id, key, fields: {} }, ...more });
    const asked = async (path) => (await world.sandbox.requests()).filter((line) => line.party === 'datacenter' && line.path === path).length;

    test('not signed, signed with another secret, of another body, or where the site has none: refused, and nothing is done', async () => {
      const payload = await about('PRESS-1', 'comment_created');
      for (const [what, options] of [['none', { signature: null }], ['another', { signature: sign(JSON.stringify(payload), 'guess') }], ['of another body', { signature: sign('{}') }], ['no hash', { signature: 'sha256=' }], ['sha1', { signature: 'sha1=00' }]]) {
        const answer = await send(payload, options);
        assert.deepEqual([answer.status, answer.json.code], [403, 'webhook_refused'], what);
      }
      assert.equal((await send(payload, { site: 'server' })).status, 403);
      assert.equal((await send(payload, { site: 'other' })).status, 404);
    });

    test('whoever commented is on the panel with its next look; however often it is told, Jira is read once', async () => {
      const agent = await (await onPanel(world, 'dc', people.agent, 'PRESS-2')).signIn();
      const commenters = async () => (await agent.expect(200, 'GET', '/v1/panel')).people.filter(({ roles }) => roles.includes('commenter')).map(({ id }) => id);
      assert.deepEqual(await commenters(), []);
      const visitor = new Visitor();
      await visitor.visit(`${world.sandbox.addresses.datacenter.dc}/secure/Dashboard.jspa?as=${people.viewer.name}`);
      await visitor.visit(`${world.sandbox.addresses.datacenter.dc}/browse/PRESS-2/comment`, { method: 'POST', body: new URLSearchParams({ text: 'Here too.' }) });
      assert.deepEqual(await commenters(), [], 'nobody told');
      const path = `/rest/api/2/issue/${agent.issue}/comment`;
      const before = await asked(path);
      // What it says of who wrote is not believed.
      const payload = await about('PRESS-2', 'comment_created', { comment: { id: '1', author: { key: people.admin.key, name: people.admin.name } } });
      for (let times = 0; times < 5; times += 1) assert.equal((await send(payload)).status, 200);
      assert.deepEqual(await commenters(), [people.viewer.key]);
      assert.deepEqual(await commenters(), [people.viewer.key]);
      assert.equal(await asked(path), before + 1);
    });

    test('"deleted" is asked for first: what is kept of an issue goes once Jira has none', async () => {
      const agent = await linked('PRESS-2');
      const { session: { id } } = await agent.expect(202, 'POST', '/v1/sessions', { customer: { id: people.reporter.key }, invitation: 'none' });
      await when(agent, id, 'it is open', ({ state }) => state === 'open');
      const payload = await about('PRESS-2', 'jira:issue_deleted');
      const path = `/rest/api/2/issue/${agent.issue}`;
      const before = await asked(path);
      assert.equal((await send(payload)).status, 200);
      await until('Jira is asked', async () => (await asked(path)) > before);
      assert.equal((await agent.expect(200, 'GET', `/v1/sessions/${id}`)).session.state, 'open', 'it is still there');
      await world.sandbox.change({ datacenter: { dc: { issues: { 'PRESS-2': { deleted: true } } } } });
      assert.equal((await send(payload)).status, 200);
      await until('its session is closed at the provider', async () => {
        world.clock.advance({ seconds: 2 });
        return (await world.sandbox.state()).teamviewer.sessions.every(({ state, custom_api: mark }) => state !== 'open' || !String(mark).includes(id));
      });
      const own = agent.with({ page: 'sessions', issue: undefined });
      await until('nothing of it is kept', async () => {
        world.clock.advance({ seconds: 2 });
        return (await own.expect(200, 'GET', '/v1/sessions?scope=mine')).sessions.every((session) => session.id !== id);
      });
    });
  });

  test('somebody who signs in under another name is mentioned by it, and stays who they are', async () => {
    const agent = await linked('PRESS-1');
    await world.sandbox.change({ datacenter: { dc: { people: { [people.reporter.key]: { name: 'praman2' } } } } });
    const { session: { id } } = await agent.expect(202, 'POST', '/v1/sessions', { customer: { id: people.reporter.key } });
    await when(agent, id, 'it is open', ({ state, steps }) => state === 'open' && steps.invitation === 'done');
    assert.match((await commentsOn('dc', 'PRESS-1')).at(-1).body, /\[~praman2\]/);
  });

  test('nothing secret is in the log', () => {
    const log = world.belayd.program.written();
    for (const secret of ['service-token-of-belay', 'belay-datacenter-secret', 'belay-page.', 'belay_dc=']) assert.ok(!log.includes(secret), secret);
    assert.ok(secrets.values().length > 50);
    assert.deepEqual(secrets.foundIn(log), []);
    assert.doesNotMatch(log, /unlisted_error|handler_threw/);
  });
});
