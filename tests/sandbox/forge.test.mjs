// The sandbox's Forge: tokens judged by jose, the key set that rotates, and events with their retries by the sandbox's clock.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose';
import { Clock } from '../harness/clock.mjs';
import { request, Visitor } from '../harness/http.mjs';
import { Sandbox } from '../harness/sandbox.mjs';
import { readSeed } from '../harness/seed.mjs';
import { until } from '../harness/wait.mjs';
import { Remote } from './remote.mjs';

const seed = readSeed();
const agent = seed.agents[0].accountId;
let folder;
let clock;
let sandbox;
let remote;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'belay-sandbox-'));
  clock = new Clock(join(folder, 'clock'));
  remote = await Remote.start();
  sandbox = await Sandbox.start({ clock, args: ['--remote-url', remote.url] });
});
after(async () => {
  await sandbox?.stop();
  remote?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const keySet = async () => (await request(sandbox.addresses.jwks)).json;
const verify = async (fit, keys) => jwtVerify(fit, createLocalJWKSet(keys ?? await keySet()), {
  issuer: 'forge/invocation-token', audience: sandbox.addresses.forge_app_id, algorithms: ['RS256'], currentDate: clock.now(),
});
const fromPanel = () => sandbox.fit({ account: agent, module: 'belay-panel', issue: seed.issue.key });

test('a token says who, where and about what, verifies by the key set, and lives 25 seconds', async () => {
  const { fit } = await fromPanel();
  const { payload, protectedHeader } = await verify(fit);
  const { addresses } = sandbox;
  assert.equal(protectedHeader.alg, 'RS256');
  assert.equal(payload.exp - payload.iat, 25);
  assert.equal(payload.app.id, addresses.forge_app_id);
  assert.equal(payload.app.installationId, addresses.installation_id);
  assert.equal(payload.app.installation.id, addresses.installation_id);
  assert.equal(payload.app.apiBaseUrl, `${addresses.jira_api}/ex/jira/${addresses.cloud_id}`);
  assert.equal(payload.context.cloudId, addresses.cloud_id);
  assert.equal(payload.context.siteUrl, addresses.site);
  assert.equal(payload.context.extension.issue.key, seed.issue.key);
  assert.equal(payload.principal, agent);
  clock.advance({ seconds: 26 });
  await assert.rejects(verify(fit), { code: 'ERR_JWT_EXPIRED' });
});

test('a sandbox that is given a key signs with it, under an id of its own, until the key is rotated', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const file = join(folder, 'signing-key.pem');
  writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const { n } = publicKey.export({ format: 'jwk' });
  const seen = [];
  for (let started = 0; started < 2; started += 1) {
    const one = await Sandbox.start({ clock, args: ['--remote-url', remote.url], signingKey: file });
    try {
      const keys = async () => (await request(one.addresses.jwks)).json.keys;
      const [first, ...more] = await keys();
      assert.deepEqual([first.n, more.length], [n, 0]);
      seen.push(first.kid);
      const { fit } = await one.fit({ account: agent, module: 'belay-panel', issue: seed.issue.key });
      await jwtVerify(fit, publicKey, { issuer: 'forge/invocation-token', audience: one.addresses.forge_app_id, algorithms: ['RS256'], currentDate: clock.now() });
      await one.change({ forge: { rotateKeys: 'drop' } });
      assert.notEqual((await keys())[0].n, n);
    } finally {
      await one.stop();
    }
  }
  assert.notEqual(seen[0], seen[1]);
  const without = await Sandbox.start({ clock, signingKey: null });
  try {
    assert.notEqual((await request(without.addresses.jwks)).json.keys[0].n, n);
  } finally {
    await without.stop();
  }
});

test('what the bundler names by its content a browser may keep, a page it asks for anew', async () => {
  const address = `${sandbox.addresses.forge}/${sandbox.addresses.environment_id}/panel/index.html`;
  const page = await request(address);
  assert.deepEqual([page.status, page.headers['cache-control']], [200, 'no-store']);
  const asset = await request(new URL(/src="(\.?\/?assets\/[^"]+)"/.exec(page.text)[1], address));
  assert.deepEqual([asset.status, asset.headers['cache-control']], [200, 'public, max-age=31536000, immutable']);
});

test('on the settings page of a project the token names the project, and no issue', async () => {
  const { fit } = await sandbox.fit({ account: agent, module: 'belay-project', project: seed.project.key });
  const { extension } = decodeJwt(fit).context;
  assert.equal(extension.type, 'jira:projectSettingsPage');
  assert.deepEqual([extension.project.key, extension.project.type, extension.issue], [seed.project.key, seed.project.kind, undefined]);
  assert.match(extension.project.id, /^\d+$/);
  await assert.rejects(sandbox.fit({ account: agent, module: 'belay-project', project: 'NOPE' }), /no such project/);
});

test('in the portal the token names the request by its key, and neither its id nor its project', async () => {
  const { accountId } = seed.people.find(({ type }) => type === 'customer');
  const { key } = seed.issues.find(({ reporter }) => reporter === accountId);
  const { fit, userToken } = await sandbox.fit({ account: accountId, module: 'belay-request', request: key });
  const { app, context, principal } = decodeJwt(fit);
  assert.deepEqual(context.extension, { type: 'jiraServiceManagement:portalRequestDetailPanel', request: { key, typeId: '1' }, portal: { id: 1 } });
  assert.deepEqual([app.module.key, principal], ['belay-request', accountId]);
  assert.ok(userToken, 'a customer’s calls are made in their own name');
  await assert.rejects(sandbox.fit({ account: accountId, module: 'belay-request', request: 'HELP-999' }), /no such issue/);
});

test('a rule reaches the endpoint of the action with its inputs filled in and the actor\'s token; the token of the call names nobody', async () => {
  const ran = await sandbox.rule({ action: 'belay-create-session', actor: agent, issue: seed.issue.key, inputs: { issueKey: '{{issue.key}}', customer: '{{issue.reporter.accountId}}', validityMinutes: 60 } });
  assert.equal(ran.status, 200);
  const call = remote.to('/v1/automation/create-session').at(-1);
  assert.deepEqual(call.body.payload, { issueKey: seed.issue.key, customer: seed.issue.reporter, validityMinutes: 60 });
  const { payload } = await verify(call.headers.authorization.slice('Bearer '.length));
  assert.deepEqual([payload.principal, payload.context, payload.app.module.type], [undefined, undefined, 'core:endpoint']);
  const { userToken } = await fromPanel();
  assert.equal(call.headers['x-forge-oauth-user'], userToken);
  await sandbox.rule({ action: 'belay-create-session', issue: seed.issue.key, inputs: { issueKey: 'HELP-1' } });
  assert.equal(remote.to('/v1/automation/create-session').at(-1).headers['x-forge-oauth-user'], undefined, 'an action without a connection');
});

test('a call of Forge itself has no principal and no context', async () => {
  const answer = await sandbox.fit({ module: 'belay-on-hourly' });
  const payload = decodeJwt(answer.fit);
  assert.equal(payload.principal, undefined);
  assert.equal(payload.context, undefined);
  assert.equal(answer.userToken, undefined);
});

test('after a rotation the old key stays in the set or leaves it', async () => {
  const first = (await fromPanel()).fit;
  await sandbox.change({ forge: { rotateKeys: 'keep' } });
  await verify(first);
  await verify((await fromPanel()).fit);
  await sandbox.change({ forge: { rotateKeys: 'drop' } });
  await assert.rejects(verify(first));
  await verify((await fromPanel()).fit);
});

test('an event carries the app token alone, and is told four times more, a minute apart, when it is not taken', async () => {
  const path = '/v1/forge/events/lifecycle';
  const reasons = [500, 401, 500, 500, 500];
  remote.answer = ({ path: to }) => ({ status: to === path ? reasons[remote.to(path).length - 1] ?? 200 : 200 });
  await sandbox.event({ event: 'avi:forge:upgraded:app' });
  for (let told = 1; told <= 5; told += 1) {
    await until(`telling ${told}`, async () => (await sandbox.state()).forge.events.deliveries.filter(({ event }) => event === 'avi:forge:upgraded:app').length === told);
    assert.equal(remote.to(path).length, told);
    clock.advance({ seconds: 59 });
    clock.advance({ seconds: 2 });
  }
  const calls = remote.to(path);
  assert.deepEqual(calls.map(({ body }) => body.payload.retryContext?.retryCount), [undefined, 1, 2, 3, 4]);
  assert.deepEqual(calls.map(({ body }) => body.payload.retryContext?.retryReason).slice(1, 3), ['INVALID_REMOTE_INVOCATION_ERROR', 'INVALID_FORGE_INVOCATION_TOKEN']);
  assert.equal(calls[1].body.payload.retryContext.retryData, null);
  assert.equal((await sandbox.state()).forge.events.deliveries.at(-1).outcome, 'given_up');
  for (const { method, headers } of calls) {
    assert.equal(method, 'POST');
    assert.match(headers.authorization, /^Bearer ey/);
    assert.ok(headers['x-forge-oauth-system']);
    assert.equal(headers['x-forge-oauth-user'], undefined);
    assert.ok(headers['x-b3-traceid'] && headers['x-b3-spanid']);
  }
  remote.answer = () => ({ status: 200 });
});

test('an hour later comes one tick, a day later one more', async () => {
  const path = '/v1/forge/events/hourly';
  const ticks = () => remote.to(path).length;
  const sites = (await sandbox.state()).forge.installations.length;
  clock.advance({ minutes: 61 });
  await until('the first ticks', () => ticks() >= sites);
  const had = ticks();
  clock.advance({ hours: 24 });
  await until('the next ticks', () => ticks() === had + sites);
});

test('only triggers that ask for an event are told of it', async () => {
  const told = remote.to('/v1/forge/events/product').length;
  await sandbox.event({ event: 'avi:jira:viewed:issue', issue: seed.issue.key, account: agent });
  await sandbox.event({ event: 'avi:jira:deleted:issue', issue: seed.issue.key, account: agent });
  await until('the event', () => remote.to('/v1/forge/events/product').length === told + 1);
  const { payload } = remote.to('/v1/forge/events/product').at(-1).body;
  assert.equal(payload.eventType, 'avi:jira:deleted:issue');
  assert.equal(payload.issue.key, seed.issue.key);
});

/** A page's call through Jira's host page, as its script makes it. */
async function invoke(input, { account = agent, module = 'belay-panel', issue = seed.issue.key } = {}) {
  const visitor = new Visitor();
  await visitor.visit(`${sandbox.addresses.site}/?as=${encodeURIComponent(account)}`);
  return (await visitor.visit(`${sandbox.addresses.site}/_forge/invoke`, { method: 'POST', body: { module, issue, input } })).json;
}

test('a page\'s call carries both tokens and the page\'s own headers, but none that Forge sets', async () => {
  remote.answer = () => ({ status: 201, headers: { 'x-answer': 'yes' }, text: '{"made":true}' });
  const answer = await invoke({ path: '/v1/sessions?x=1', method: 'POST', headers: { 'Idempotency-Key': 'k', authorization: 'Bearer mine', 'x-forge-oauth-user': 'mine' }, body: { a: 1 } });
  assert.deepEqual([answer.success, answer.payload.status, answer.payload.body, answer.payload.headers['x-answer']], [true, 201, { made: true }, ['yes']]);
  const call = remote.calls.at(-1);
  assert.equal(call.headers['idempotency-key'], 'k');
  assert.deepEqual(call.body, { a: 1 });
  assert.ok(call.headers['x-forge-oauth-system'] && call.headers['x-forge-oauth-user'] !== 'mine');
  const { payload } = await verify(call.headers.authorization.slice('Bearer '.length));
  assert.equal(payload.context.extension.issue.key, seed.issue.key);
});

test('a refusal with a JSON body reaches the page; anything else is one generic sentence', async () => {
  remote.answer = () => ({ status: 403, text: '{"code":"not_paired"}' });
  assert.equal((await invoke({ path: '/v1/panel', method: 'GET' })).payload.body.code, 'not_paired');
  for (const answer of [{ status: 302, headers: { location: '/elsewhere' } }, { status: 500, headers: { 'content-type': 'text/plain' }, text: 'broken' }, { status: 200, text: 'no JSON' }]) {
    remote.answer = () => answer;
    const { success, error } = await invoke({ path: '/v1/panel', method: 'GET' });
    assert.equal(success, false);
    assert.match(error.message, /error invoking the remote/);
  }
  remote.answer = () => ({ status: 200 });
  assert.equal((await invoke({ path: '/v1/sessions', method: 'POST', body: { big: 'x'.repeat(600 * 1024) } })).success, false);
});

// In real time: were there no limit, the harness would give up a few seconds later, and say so otherwise.
test('a remote that does not answer is given up after 25 seconds, and the page hears the generic sentence', async () => {
  remote.answer = () => new Promise(() => {});
  const { success, error } = await invoke({ path: '/v1/panel', method: 'GET' });
  remote.answer = () => ({ status: 200 });
  assert.equal(success, false);
  assert.match(error.message, /error invoking the remote/);
});

test('a page that somebody may not open makes no call', async () => {
  const had = remote.calls.length;
  assert.equal((await invoke({ path: '/v1/settings', method: 'GET' }, { module: 'belay-admin', issue: '' })).success, false);
  assert.equal((await invoke({ path: '/v1/panel', method: 'GET' }, { account: seed.outsider.accountId })).success, false);
  assert.equal(remote.calls.length, had);
});

test('taking the app away tells the remote first, ends its tokens, and a new installing has a new id', async () => {
  const { systemToken } = await fromPanel();
  const { addresses } = sandbox;
  const myself = () => request(`${addresses.jira_api}/ex/jira/${addresses.cloud_id}/rest/api/3/myself`, { headers: { authorization: `Bearer ${systemToken}` } });
  assert.equal((await myself()).status, 200);
  await sandbox.control('POST', 'uninstall', {});
  assert.equal(remote.to('/v1/forge/events/uninstall').length, 1);
  assert.equal((await myself()).status, 401);
  await sandbox.control('POST', 'install', { account: seed.admin.accountId, remote: remote.url });
  const [installation] = (await sandbox.state()).forge.installations;
  assert.equal(installation.installed, true);
  assert.notEqual(installation.id, addresses.installation_id);
});
