// The OAuth 2.0 provider of the sandbox's Jira Data Center: codes, PKCE, scopes, refresh tokens that are replaced.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { Visitor, formsOf, request } from '../harness/http.mjs';
import { Sandbox } from '../harness/sandbox.mjs';
import { authorizeAddress, caller, challenge, client, consent, redirect, tokenCall } from './datacenter.mjs';

let sandbox;
let dc;

before(async () => {
  sandbox = await Sandbox.start();
  ({ dc } = sandbox.addresses.datacenter);
});
beforeEach(() => sandbox.change({ datacenter: { dc: { redirectUris: [redirect], behaviour: { adminNeedsScope: false } } } }));
after(() => sandbox?.stop());

/** The grant that `name` gives. */
async function grantOf(name, wish = {}) {
  const { query } = await consent(dc, name, wish);
  return (await tokenCall(dc, { grant_type: 'authorization_code', code: query.get('code') })).json;
}
const refresh = (token, more = {}) => tokenCall(dc, { grant_type: 'refresh_token', refresh_token: token, ...more });
const works = async (token) => (await caller(dc, `Bearer ${token}`).get('rest/api/2/myself')).status === 200;
const refused = ({ status, json }) => [status, json.error];

test('consent, a code with the state, and tokens for it', async () => {
  const { verifier, challenge: code_challenge } = challenge();
  const { page, query } = await consent(dc, 'tferreira', { code_challenge, code_challenge_method: 'S256' });
  assert.match(page.text, /Create, update, and delete projects and issues/);
  assert.equal(query.get('state'), 'st');
  const answer = await tokenCall(dc, { grant_type: 'authorization_code', code: query.get('code'), code_verifier: verifier });
  assert.equal(answer.status, 200);
  assert.deepEqual(Object.keys(answer.json).sort(), ['access_token', 'created_at', 'expires_in', 'refresh_token', 'scope', 'token_type']);
  assert.deepEqual([answer.json.token_type, answer.json.expires_in, answer.json.scope], ['bearer', 7200, 'WRITE']);
  assert.equal((await caller(dc, `Bearer ${answer.json.access_token}`).get('rest/api/2/myself')).json.name, 'tferreira');
  assert.deepEqual((await sandbox.journal({ kind: 'grant.given' })).at(-1).object, { client: client.client_id });
});

test('nobody is signed in: first the site’s own login, then back', async () => {
  const visitor = new Visitor();
  const page = await visitor.visit(authorizeAddress(dc, {}));
  const [, target] = page.text.match(/href="(\/rest\/oauth2\/latest\/authorize\?[^"]*as=tferreira)"/);
  const back = await visitor.follow(new URL(target.replaceAll('&amp;', '&'), dc).href);
  assert.equal(formsOf(back).length, 1);
  // Nobody is led elsewhere by it.
  for (const elsewhere of ['//evil.example/', 'https://evil.example/', '/\\evil.example']) {
    const { text } = await visitor.visit(`${dc}/login.jsp?os_destination=${encodeURIComponent(elsewhere)}`);
    const origins = [...text.matchAll(/href="([^"]*)"/g)].map(([, address]) => new URL(address, dc).origin);
    assert.deepEqual([...new Set(origins)], [dc], elsewhere);
  }
});

test('No is access_denied; a foreign page cannot press Yes', async () => {
  const { query } = await consent(dc, 'tferreira', {}, 'no');
  assert.deepEqual([query.get('error'), query.get('state'), query.get('code')], ['access_denied', 'st', null]);
  const visitor = new Visitor();
  await visitor.visit(`${dc}/secure/Dashboard.jspa?as=tferreira`);
  const [form] = formsOf(await visitor.visit(authorizeAddress(dc, {})));
  const foreign = await visitor.visit(form.action, { method: 'POST', body: new URLSearchParams({ ...form.fields, allow: 'yes' }), headers: { origin: 'http://evil.localhost' } });
  assert.equal(foreign.status, 403);
});

test('an app that nobody knows, and an address that it did not register, send nobody anywhere', async () => {
  for (const wish of [{ client_id: 'nobody' }, { redirect_uri: 'http://evil.localhost/callback' }, { redirect_uri: `${redirect}/` }, { redirect_uri: `${redirect}?a=b` }]) {
    const { page } = await consent(dc, 'tferreira', wish);
    assert.deepEqual([page.status, page.location], [400, undefined], JSON.stringify(wish));
  }
});

test('a wish that cannot be granted goes back as an error', async () => {
  const wrong = challenge().challenge;
  for (const [wish, error] of [
    [{ response_type: 'token' }, 'unsupported_response_type'],
    [{ scope: 'EVERYTHING' }, 'invalid_scope'],
    [{ scope: 'ADMIN' }, 'invalid_scope'],
    [{ code_challenge: wrong, code_challenge_method: 'plain' }, 'invalid_request'],
    [{ code_challenge: 'short', code_challenge_method: 'S256' }, 'invalid_request'],
    [{ code_challenge_method: 'S256' }, 'invalid_request'],
  ]) {
    const { query } = await consent(dc, 'tferreira', wish);
    assert.equal(query.get('error'), error, JSON.stringify(wish));
  }
});

test('with a challenge the verifier must fit; without one none is asked for', async () => {
  const { verifier, challenge: code_challenge } = challenge();
  const { query } = await consent(dc, 'tferreira', { code_challenge, code_challenge_method: 'S256' });
  const exchange = (more) => tokenCall(dc, { grant_type: 'authorization_code', code: query.get('code'), ...more });
  for (const more of [{}, { code_verifier: challenge().verifier }, { code_verifier: code_challenge }]) assert.deepEqual(refused(await exchange(more)), [400, 'invalid_grant']);
  assert.equal((await exchange({ code_verifier: verifier })).status, 200);
  assert.ok(await works((await grantOf('tferreira')).access_token));
});

test('a code that comes twice takes back what it gave, and what became of that', async () => {
  const { query } = await consent(dc, 'tferreira');
  const exchange = () => tokenCall(dc, { grant_type: 'authorization_code', code: query.get('code') });
  const renewed = (await refresh((await exchange()).json.refresh_token)).json;
  assert.ok(await works(renewed.access_token));
  assert.deepEqual(refused(await exchange()), [400, 'invalid_grant']);
  assert.ok(!await works(renewed.access_token));
  assert.deepEqual(refused(await refresh(renewed.refresh_token)), [400, 'invalid_grant']);
});

test('a code is of its redirect, of its app, and of a minute', async () => {
  const { query } = await consent(dc, 'tferreira');
  const exchange = (more) => tokenCall(dc, { grant_type: 'authorization_code', code: query.get('code'), ...more });
  assert.deepEqual(refused(await exchange({ redirect_uri: `${redirect}2` })), [400, 'invalid_grant']);
  assert.deepEqual(refused(await exchange({ client_secret: 'guess' })), [401, 'invalid_client']);
  assert.deepEqual(refused(await exchange({ client_id: 'nobody' })), [401, 'invalid_client']);
  assert.deepEqual(refused(await exchange({ grant_type: 'password' })), [400, 'unsupported_grant_type']);
  await sandbox.change({ clock: { forwardMs: 61_000 } });
  assert.deepEqual(refused(await exchange()), [400, 'invalid_grant']);
  const json = await request(`${dc}/rest/oauth2/latest/token`, { method: 'POST', body: { ...client, grant_type: 'authorization_code' } });
  assert.deepEqual(refused(json), [400, 'invalid_request']);
});

test('a refresh token is good once, wants the redirect too, and lives for 90 days', async () => {
  const first = await grantOf('tferreira');
  assert.deepEqual(refused(await refresh(first.refresh_token, { redirect_uri: '' })), [400, 'invalid_grant']);
  const second = (await refresh(first.refresh_token)).json;
  assert.notEqual(second.refresh_token, first.refresh_token);
  assert.ok(await works(second.access_token) && !await works(first.access_token));
  assert.deepEqual(refused(await refresh(first.refresh_token)), [400, 'invalid_grant']);
  assert.ok(await works(second.access_token), 'the one in use goes on');
  await sandbox.change({ clock: { forwardMs: 7_200_000 } });
  assert.ok(!await works(second.access_token));
  const third = (await refresh(second.refresh_token)).json;
  await sandbox.change({ clock: { forwardMs: 90 * 86_400_000 } });
  assert.deepEqual(refused(await refresh(third.refresh_token)), [400, 'invalid_grant']);
});

test('READ may look and not write', async () => {
  const { access_token: token } = await grantOf('tferreira', { scope: 'READ' });
  const reader = caller(dc, `Bearer ${token}`);
  assert.equal((await reader.get('rest/api/2/issue/PLATE-1')).status, 200);
  assert.equal((await reader.post('rest/api/2/search', { jql: 'id in (PLATE-1)' })).status, 200);
  assert.equal((await reader.post('rest/api/2/issue/PLATE-1/comment', { body: 'x' })).status, 403);
  assert.equal((await reader.put('rest/api/2/issue/PLATE-1/properties/k', {})).status, 403);
});

test('an administrator with the scope WRITE is one, unless it is switched', async () => {
  const administers = async () => (await caller(dc, `Bearer ${(await grantOf('isorensen')).access_token}`).get('rest/api/2/mypermissions')).json.permissions.ADMINISTER.havePermission;
  assert.equal(await administers(), true);
  await sandbox.change({ datacenter: { dc: { behaviour: { adminNeedsScope: true } } } });
  assert.equal(await administers(), false);
});

test('tokens that are ended, and all of somebody’s that are revoked', async () => {
  const grant = await grantOf('tferreira');
  await sandbox.change({ datacenter: { dc: { endTokens: true } } });
  assert.ok(!await works(grant.access_token));
  const renewed = (await refresh(grant.refresh_token)).json;
  assert.ok(await works(renewed.access_token));
  await sandbox.change({ datacenter: { dc: { revokeTokensOf: 'JIRAUSER10102' } } });
  assert.ok(!await works(renewed.access_token));
  assert.deepEqual(refused(await refresh(renewed.refresh_token)), [400, 'invalid_grant']);
});

test('before 8.22 there is none of it', async () => {
  await sandbox.change({ datacenter: { dc: { version: '8.21.0' } } });
  const { page } = await consent(dc, 'tferreira');
  assert.equal(page.status, 404);
  assert.equal((await tokenCall(dc, { grant_type: 'refresh_token', refresh_token: 'x' })).status, 404);
  await sandbox.change({ datacenter: { dc: { version: '11.3.0' } } });
});

test('no token of it stands in the recording', async () => {
  const grant = await grantOf('tferreira');
  const text = JSON.stringify(await sandbox.requests()) + JSON.stringify(await sandbox.state()) + JSON.stringify(await sandbox.journal());
  for (const secret of [grant.access_token, grant.refresh_token, client.client_secret]) assert.ok(!text.includes(secret));
});
