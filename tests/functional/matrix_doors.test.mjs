// The doors that no page's token opens: the windows of a browser on its way to TeamViewer and to a Jira Data Center, the pages themselves, the tokens for them, what
// a Data Center tells of, and what Forge does by itself. Each is opened by whom it is for, and by nobody else.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { goToJira, handed, onPanel, openDataCenter, people, tokenFromJira } from '../harness/datacenter.mjs';
import { pair } from '../harness/doors.mjs';
import { Visitor, request } from '../harness/http.mjs';
import { consent, openConsent } from '../harness/linking.mjs';
import { doors, operations, saidBy } from '../harness/matrix.mjs';
import { problemsOf } from '../harness/openapi.mjs';
import { root } from '../harness/program.mjs';
import { letReporterBrowse, withSecondSite } from '../harness/seed.mjs';
import { until } from '../harness/wait.mjs';

let world;
let cloud;    // a linked agent in Jira Cloud
let agent;    // beside the Data Center, signed in
let other;    // the second company's site in Cloud, paired
before(async () => {
  world = await openDataCenter({ change: (seed) => { withSecondSite(seed); letReporterBrowse(seed); } });
  other = world.siteByHost('second.localhost');
  cloud = await world.linkedAgent(0);
  agent = await (await onPanel(world, 'dc', people.agent)).signIn();
});
after(() => world?.close());

const opened = new Map();   // by operation: what came of calls, "in" or a refusal
/** One call of an operation, as documented; gives the answer. `how`: {query, body, headers, visitor}. */
async function ask(id, { name = 'dc', page = 'panel', file = 'x.js', query = '', body, headers = {}, visitor } = {}) {
  const { method, path } = operations.find((one) => one.id === id);
  const at = path.replace('{name}', name).replace('{page}', page).replace('{file}', file) + query;
  const send = visitor ? (url, options) => visitor.visit(url, options) : request;
  const answer = await send(`${world.publicUrl}${at}`, { method, body, headers: { accept: 'application/json', ...headers } });
  if (answer.status >= 400) assert.deepEqual(problemsOf(method, at, answer), []);
  opened.set(id, [...(opened.get(id) ?? []), saidBy({ row: { says: [] } }, answer)]);
  return answer;
}
async function told(status, code, id, how) {
  const answer = await ask(id, how);
  assert.deepEqual([answer.status, answer.json?.code], [status, code], `${id} ${JSON.stringify(how)}: ${answer.text.slice(0, 300)}`);
  return answer;
}
const state = (value) => `?state=${value}`;
const foreign = 'f'.repeat(43);
/** Tokens of both kinds, where none is asked for: they change nothing. */
const tokens = async () => [{}, await cloud.headers(), { authorization: `Bearer ${agent.browser.token}`, 'x-belay-page': 'panel' }];

describe('linking at TeamViewer', () => {
  const begin = async () => new URL((await cloud.with({ account: world.seed.agents[1].accountId, page: 'account', issue: undefined }).expect(200, 'POST', '/v1/account/start', {})).url);

  test('start: whoever has a state that was given out; with none, a foreign or an old one nobody, whoever calls', async () => {
    for (const headers of await tokens()) {
      for (const query of ['', state(''), state('short'), state(foreign), state('%00'.repeat(16))]) await told(400, 'oauth_state_invalid', 'oauthStart', { query, headers });
    }
    const url = await begin();
    assert.equal((await told(302, undefined, 'oauthStart', { query: url.search })).location.split('?')[0], world.sandbox.addresses.teamviewer_authorize);
    world.clock.advance({ minutes: 11 });
    await told(400, 'oauth_state_invalid', 'oauthStart', { query: url.search });
    agent.take(await agent.token({ grant: 'refresh' }));
  });

  test('callback: the browser that began, once', async () => {
    const url = await begin();
    const visitor = new Visitor();
    const { form } = await openConsent(url.href, visitor);
    const { location } = await visitor.visit(form.action, { method: 'POST', body: new URLSearchParams({ ...form.fields, account: await world.teamviewerAccount(1), decision: 'allow' }) });
    const { search: query } = new URL(location);
    for (const headers of await tokens()) {
      await told(400, 'oauth_state_invalid', 'oauthCallback', { query: `${state(foreign)}&code=x`, headers });
      await told(400, 'oauth_state_invalid', 'oauthCallback', { query, headers });
    }
    await told(400, 'oauth_state_invalid', 'oauthCallback', { query, headers: { cookie: `belay_link_${foreign.slice(0, 12)}=1` } });
    assert.match((await told(302, undefined, 'oauthCallback', { query, visitor })).location, /\/finish\//);
    await told(400, 'oauth_state_invalid', 'oauthCallback', { query, visitor });
  });
});

describe('our pages beside a Data Center', () => {
  test('are shown to anybody, hold nothing of anybody, and are the built ones of a site that there is', async () => {
    const pages = readdirSync(join(root, 'forge/static')).filter((name) => name !== 'bridge');
    assert.ok(pages.includes('panel') && pages.includes('admin'));
    for (const page of pages) {
      const seen = [];
      for (const headers of [...await tokens(), { cookie: agent.browser.cookie }]) seen.push((await told(200, undefined, 'showPage', { page, headers })).text);
      assert.equal(new Set(seen).size, 1, `${page} is the same for everybody`);
      for (const secret of [people.agent.name, people.agent.displayName, people.agent.email, 'service-token-of-belay', 'belay-datacenter']) assert.ok(!seen[0].includes(secret), secret);
      for (const name of ['other', 'DC', 'dc%2F..', '%00']) await told(404, 'not_found', 'showPage', { name, page });
    }
    for (const page of ['nothing', 'bridge', '..', '%2e%2e', 'panel%2F..%2Fadmin']) await told(404, 'not_found', 'showPage', { page });
  });

  test('load what was built, and no other file', async () => {
    const [, asset] = (await ask('showPage')).text.match(/src="\.\/assets\/([^"]+\.js)"/);
    await told(200, undefined, 'getPageAsset', { file: asset });
    await told(200, undefined, 'getPageFile', { page: 'bridge', file: 'bridge.js' });
    for (const name of ['other', 'DC', '%2e%2e']) {
      await told(404, 'not_found', 'getPageAsset', { name, file: asset });
      await told(404, 'not_found', 'getPageFile', { name, page: 'bridge', file: 'bridge.js' });
    }
    for (const file of ['index.html', '..%2Findex.html', '..%2F..%2F..%2Fpackage.json', '%2fetc%2fpasswd', '..%5c..%5cpackage.json']) {
      await told(404, 'not_found', 'getPageFile', { file });
      await told(404, 'not_found', 'getPageAsset', { file });
    }
  });
});

describe('signing in beside a Data Center', () => {
  const nonce = `?nonce=${'n'.repeat(32)}`;
  const begin = async (visitor) => new URL((await told(302, undefined, 'signIn', { query: nonce, visitor })).location).searchParams.get('state');

  test('begins for anybody at a site with an incoming link; with a nonce of a page', async () => {
    for (const headers of await tokens()) assert.equal(new URL((await told(302, undefined, 'signIn', { query: nonce, headers })).location).origin, world.sandbox.addresses.datacenter.dc);
    await told(409, 'sign_in_typed', 'signIn', { name: 'server', query: nonce });
    await told(404, 'not_found', 'signIn', { name: 'other', query: nonce });
    for (const query of ['', '?nonce=short', `?nonce=${'n'.repeat(257)}`, `?nonce=${'n'.repeat(20)}%22%3E%3Cscript%3E`]) await told(400, 'invalid_field', 'signIn', { query });
  });

  test('comes back to the browser that began, once, and to no other site', async () => {
    const visitor = new Visitor();
    await visitor.visit(`${world.jiras.dc}/secure/Dashboard.jspa?as=${people.colleague.name}`);
    const mine = await begin(visitor);
    for (const headers of await tokens()) {
      for (const value of ['', 'short', foreign, mine]) await told(400, 'oauth_state_invalid', 'signInCallback', { query: `${state(value)}&code=x`, headers });
    }
    // Another site's address with this one's state, and with the cookie that browsers keep for this one's path.
    await told(400, 'oauth_state_invalid', 'signInCallback', { name: 'server', query: `${state(mine)}&code=x`, visitor });
    await told(404, 'not_found', 'signInCallback', { name: 'other', query: `${state(mine)}&code=x`, visitor });
    await told(403, 'sign_in_refused', 'signInCallback', { query: `${state(mine)}&code=x`, visitor });
    await told(400, 'oauth_state_invalid', 'signInCallback', { query: `${state(mine)}&code=x`, visitor });
    assert.ok(handed(await goToJira(world, 'dc', people.colleague)).code);
    // The harness went there itself: the same way, counted.
    const page = await goToJira(world, 'dc', people.colleague);
    opened.get('signInCallback').push(page.status === 200 ? 'in' : String(page.status));
  });

  test('gives a token to our own page alone: by a code once and at its site, by the cookie of the site, by a token that Jira knows', async () => {
    const origin = world.publicUrl;
    const code = async () => handed(await goToJira(world, 'dc', people.colleague)).code;
    const grants = [{ grant: 'code', code: await code() }, { grant: 'refresh' }, { grant: 'typed', token: await tokenFromJira(world, 'dc', people.colleague) }];
    for (const wrong of [undefined, 'null', world.jiras.dc, `${origin}.evil.example`, origin.replace('http', 'https'), `${origin}/`]) {
      for (const body of grants) await told(403, 'forbidden', 'givePageToken', { body, headers: { ...(wrong ? { origin: wrong } : {}), cookie: agent.browser.cookie } });
    }
    const from = { origin };
    await told(403, 'signed_out', 'givePageToken', { body: { grant: 'refresh' }, headers: from });
    await told(403, 'signed_out', 'givePageToken', { body: { grant: 'refresh' }, headers: { ...from, cookie: `belay_dc=${foreign}` } });
    await told(403, 'signed_out', 'givePageToken', { body: { grant: 'code', code: foreign }, headers: from });
    await told(403, 'signed_out', 'givePageToken', { name: 'server', body: grants[0], headers: from });
    await told(403, 'signed_out', 'givePageToken', { name: 'server', body: { grant: 'refresh' }, headers: { ...from, cookie: agent.browser.cookie.replace('belay_dc', 'belay_server') } });
    await told(403, 'sign_in_refused', 'givePageToken', { name: 'server', body: grants[2], headers: from });
    for (const token of ['nobody-has-this', agent.browser.token, 'belay-datacenter-secret']) await told(403, 'sign_in_refused', 'givePageToken', { body: { grant: 'typed', token }, headers: from });
    await told(404, 'not_found', 'givePageToken', { name: 'other', body: { grant: 'refresh' }, headers: { ...from, cookie: agent.browser.cookie.replace('belay_dc', 'belay_other') } });
    for (const body of [{}, { grant: 'all' }, { grant: 'typed' }, { grant: 'typed', token: 'two words' }, { grant: 'typed', token: 'a\r\nb' }]) await told(400, 'invalid_field', 'givePageToken', { body, headers: from });
    const once = { grant: 'code', code: await code() };
    assert.equal((await told(200, undefined, 'givePageToken', { body: once, headers: from })).json.account.id, people.colleague.key);
    await told(403, 'signed_out', 'givePageToken', { body: once, headers: from });
    const late = { grant: 'code', code: await code() };
    world.clock.advance({ seconds: 61 });
    await told(403, 'signed_out', 'givePageToken', { body: late, headers: from });
    assert.equal((await told(200, undefined, 'givePageToken', { body: { grant: 'refresh' }, headers: { ...from, cookie: agent.browser.cookie } })).json.account.id, people.agent.key);
  });

  test('ends from our own page alone, for that browser alone', async () => {
    const leaving = await (await onPanel(world, 'dc', people.viewer)).signIn();
    const staying = await (await onPanel(world, 'dc', people.viewer)).signIn();
    const { cookie } = leaving.browser;
    for (const origin of [undefined, 'null', world.jiras.dc]) await told(403, 'forbidden', 'signOut', { headers: { cookie, ...(origin ? { origin } : {}) } });
    const headers = { origin: world.publicUrl };
    await told(404, 'not_found', 'signOut', { name: 'other', headers: { ...headers, cookie: cookie.replace('belay_dc', 'belay_other') } });
    for (const nobody of [{}, { cookie: `belay_dc=${foreign}` }]) await told(200, undefined, 'signOut', { headers: { ...headers, ...nobody } });
    await told(200, undefined, 'signOut', { name: 'server', headers: { ...headers, cookie: cookie.replace('belay_dc', 'belay_server') } });
    assert.equal((await leaving.token({ grant: 'refresh' })).status, 200, 'nobody has ended this one yet');
    await told(200, undefined, 'signOut', { headers: { ...headers, cookie } });
    assert.equal((await leaving.token({ grant: 'refresh' })).json.code, 'signed_out');
    assert.equal((await staying.token({ grant: 'refresh' })).status, 200);
  });
});

describe('what a Data Center tells of', () => {
  const sign = (text, secret) => `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`;

  test('is heard where it is signed with the secret of its site, and nowhere else', async () => {
    const text = JSON.stringify({ webhookEvent: 'jira:issue_updated', issue: { id: agent.issue, key: 'PRESS-1' } });
    const send = (more) => ({ body: text, headers: { 'content-type': 'application/json', ...more } });
    for (const headers of await tokens()) await told(403, 'webhook_refused', 'hearWebhook', send(headers));
    const good = sign(text, 'webhook-secret');
    for (const signature of ['', 'sha256=', good.toUpperCase().replace('SHA256', 'SHA256'), good.slice(0, -1), `${good}0`, good.replace('sha256', 'sha1'), sign(text, ''), sign(text, 'service-token-of-belay'), sign(`${text} `, 'webhook-secret')]) {
      await told(403, 'webhook_refused', 'hearWebhook', send({ 'x-hub-signature': signature }));
    }
    await told(403, 'webhook_refused', 'hearWebhook', { name: 'server', ...send({ 'x-hub-signature': good }) });
    await told(403, 'webhook_refused', 'hearWebhook', { name: 'server', ...send({ 'x-hub-signature': sign(text, '') }) });
    await told(404, 'not_found', 'hearWebhook', { name: 'other', ...send({ 'x-hub-signature': good }) });
    await told(200, undefined, 'hearWebhook', send({ 'x-hub-signature': good }));
  });
});

describe('what Forge does by itself', () => {
  const forge = (module, installation) => world.caller({ account: '', page: module, installation });

  test('events: from Forge and without a person; from nobody else, and for that company alone', async () => {
    const theirs = world.seed.issue;
    const { session } = await cloud.expect(202, 'POST', '/v1/sessions', { customer: { name: 'Stays Example' }, invitation: 'none' });
    await until('it is open', async () => (await cloud.expect(200, 'GET', `/v1/sessions/${session.id}`)).session.state === 'open');
    const stateOf = async () => (await cloud.expect(200, 'GET', `/v1/sessions/${session.id}`)).session.state;
    for (const event of ['lifecycle', 'product', 'hourly', 'uninstall']) {
      const call = async (headers) => (await told(headers ? 403 : 401, headers ? 'forbidden' : 'invalid_invocation_token', 'forgeEvent', { name: event, body: {}, headers: headers ?? {} })).json;
      await call();
      for (const [module, account] of [['belay-create-session', cloud.account], ['belay-panel', cloud.account], ['belay-admin', world.seed.admin.accountId], ['belay-request', theirs.reporter]]) {
        const place = module === 'belay-panel' ? { issue: theirs.key } : module === 'belay-request' ? { request: theirs.key } : {};
        assert.equal((await call(await world.caller({ account, page: module, ...place }).headers())).detail.reason, 'wrong_module', `${event} from ${module}`);
      }
      await told(403, 'signed_out', 'forgeEvent', { name: event, body: {}, headers: { authorization: `Bearer ${agent.browser.token}` } });
    }
    assert.deepEqual((await told(200, undefined, 'forgeEvent', { name: 'hourly', body: {}, headers: await forge('belay-on-hourly').headers() })).json, { accepted: true });
    await told(404, 'not_found', 'forgeEvent', { name: 'other', body: {}, headers: await forge('belay-on-hourly').headers() });

    // A company that is not paired, then one that is, whose issue and site have the same ids: what it tells of is its own.
    const hear = async (name, body = {}) => (await told(200, undefined, 'forgeEvent', { name, body, headers: await forge('belay-on-hourly', other.installation).headers() })).json;
    assert.deepEqual(await hear('uninstall'), { accepted: false });
    await pair({ belayd: world.belayd, admin: world.caller({ account: world.seed.admin.accountId, page: 'admin', installation: other.installation }), site: other.url });
    const { jira } = await world.sandbox.state();
    const ids = jira.sites.filter(({ host }) => [world.seed.site.host, other.host].includes(host)).map(({ issues }) => Object.values(issues).find(({ key }) => key === theirs.key)?.id);
    assert.ok(ids.length === 2 && ids[0] && ids[0] === ids[1], `both have it: ${ids}`);
    await hear('product', { eventType: 'avi:jira:deleted:issue', issue: { id: ids[0], key: theirs.key } });
    await hear('uninstall');
    await until('they are gone', async () => (await world.caller({ account: world.seed.admin.accountId, page: 'admin', installation: other.installation }).get('/v1/settings')).body.code === 'not_paired');
    assert.equal(await stateOf(), 'open', 'ours stays');
    await cloud.expect(202, 'POST', `/v1/sessions/${session.id}/close`, {});
  });

  test('a rule of automation acts for whoever it runs as, by their own rights', async () => {
    const { seed } = world;
    const issue = seed.issues.find(({ assignee }) => assignee === cloud.account);
    const run = async (actor, installation) => {
      const ran = await world.sandbox.rule({ action: 'belay-create-session', ...(actor ? { actor } : {}), issue: issue.key, inputs: { issueKey: issue.key, invitation: 'none' }, installation });
      opened.set('automationCreateSession', [...(opened.get('automationCreateSession') ?? []), ran.output.sessionId ? 'in' : (ran.output.errors?.[0].code ?? ran.output.code)]);
      return [ran.status, ran.output.sessionId ? 'in' : (ran.output.errors?.[0].code ?? ran.output.code)];
    };
    const customer = seed.people.find(({ type }) => type === 'customer').accountId;
    assert.deepEqual(await run(undefined), [200, 'actor_unknown']);
    assert.deepEqual(await run(customer), [200, 'not_found'], 'customer of another request');
    assert.deepEqual(await run(seed.people.find(({ accountId }) => accountId === seed.issues[0].reporter).accountId), [200, issue === seed.issues[0] ? 'forbidden' : 'not_found'], 'the reporter, who is no agent');
    assert.deepEqual(await run(seed.people.find(({ job }) => /second Jira admin/.test(job)).accountId), [200, 'not_found'], 'a Jira admin without rights in the project');
    assert.deepEqual(await run(seed.agents[1].accountId, other.installation), [403, 'not_paired']);
    for (const actor of [seed.agents[1].accountId, seed.projectAdmin.accountId, seed.admin.accountId]) assert.deepEqual(await run(actor), [200, 'in']);
    await told(401, 'invalid_invocation_token', 'automationCreateSession', { body: { issueKey: issue.key } });
    // Tokens of a rule and of events open nothing of people's.
    for (const [method, path] of [['GET', '/v1/panel'], ['GET', '/v1/settings'], ['GET', '/v1/account'], ['DELETE', '/v1/pairing'], ['GET', '/v1/sessions?scope=mine']]) {
      for (const who of [forge('belay-create-session'), forge('belay-on-hourly'), world.caller({ account: seed.admin.accountId, page: 'belay-create-session' })]) {
        const { status, body } = await who.call(method, path);
        assert.deepEqual([status, body.detail?.reason], [403, 'wrong_module'], `${method} ${path}`);
      }
    }
  });
});

test('so each of these doors was opened by somebody, and kept shut before somebody', () => {
  const wanted = [...doors, 'automationCreateSession', 'forgeEvent'];
  assert.deepEqual([...opened.keys()].sort(), wanted.sort());
  for (const id of wanted) assert.ok(opened.get(id).includes('in') && opened.get(id).some((said) => said !== 'in'), `${id}: ${opened.get(id)}`);
});
