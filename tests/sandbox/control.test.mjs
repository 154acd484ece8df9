// The sandbox's control: its shapes, faults that hold and drop, and what it refuses.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { request } from '../harness/http.mjs';
import { binary, root } from '../harness/program.mjs';
import { Sandbox, demoSeed } from '../harness/sandbox.mjs';
import { readSeed } from '../harness/seed.mjs';
import { until } from '../harness/wait.mjs';
import { problemsBy } from './schemas.mjs';

const seed = readSeed();
let sandbox;
let token;

before(async () => {
  sandbox = await Sandbox.start();
  token = (await sandbox.fit({ module: 'belay-panel', account: seed.agents[0].accountId })).systemToken;
});
after(() => sandbox?.stop());

const comment = () => request(`${sandbox.addresses.jira_api}/ex/jira/${sandbox.addresses.cloud_id}/rest/api/3/issue/${seed.issue.key}/comment`, {
  method: 'POST',
  headers: { authorization: `Bearer ${token}` },
  body: { body: { type: 'doc', version: 1, content: [{ type: 'paragraph', content: [{ type: 'text', text: 'x' }] }] } },
});
const commentsWritten = async () => (await sandbox.journal({ kind: 'comment.created' })).length;
const onComments = { party: 'jira', method: 'POST', path: '/rest/api/3/issue/*/comment' };

test('what it prints, shows and takes has the documented shape', async () => {
  assert.equal(problemsBy('ready', sandbox.addresses), '');
  assert.equal(problemsBy('seed', JSON.parse(readFileSync(demoSeed, 'utf8'))), '');
  assert.equal(problemsBy('state', await sandbox.state()), '');
  assert.equal(problemsBy('fault-state', await sandbox.faultState()), '');
  const fit = await sandbox.fit({ module: 'jira:issueContext', account: seed.agents[0].accountId, issue: seed.issue.key });
  assert.equal(problemsBy('fit', fit, 'answer'), '');
  assert.equal(problemsBy('events', await sandbox.event({ event: 'hourly' }), 'answer'), '');
});

test('a rule that Jira would not save is refused; one whose action has no server fails with the sentence that says nothing', async () => {
  const run = (wish) => sandbox.rule({ action: 'belay-create-session', actor: seed.agents[0].accountId, issue: seed.issue.key, ...wish });
  for (const inputs of [{}, { issueKey: '' }, { issueKey: 7 }, { issueKey: 'HELP-1', colour: 'red' }, { issueKey: 'HELP-1', validityMinutes: '60' }]) await assert.rejects(run({ inputs }), /invalid_field/);
  await assert.rejects(run({ action: 'belay-panel', inputs: { issueKey: 'HELP-1' } }), /invalid_field/);
  await assert.rejects(run({ actor: 'nobody', inputs: { issueKey: 'HELP-1' } }), /invalid_field/);
  const ran = await run({ inputs: { issueKey: '{{issue.key}}' } });
  assert.equal(problemsBy('automation', ran, 'answer'), '');
  assert.deepEqual([ran.outcome, ran.status, ran.errors.length], ['failure', 0, 1]);
});

test('a page cannot reach it', async () => {
  const answer = await request(`${sandbox.addresses.control}/state`, { headers: { origin: sandbox.addresses.site } });
  assert.equal(answer.status, 403);
});

test('a refused change has changed nothing', async () => {
  const before = JSON.stringify((await sandbox.state()).jira);
  const account = seed.admin.accountId;
  for (const jira of [
    { people: { [account]: { name: 'New' } }, issues: { 'NOPE-1': { summary: 'x' } } },
    { people: { [account]: { name: 'New', shoeSize: 44 } } },
    { issues: { [seed.issue.key]: { summary: 'New', assignee: 'nobody' } } },
  ]) {
    await assert.rejects(sandbox.change({ jira }));
    assert.equal(JSON.stringify((await sandbox.state()).jira), before);
  }
});

test('a deleted account is known to nobody any more, and issues name it as a former user', async () => {
  const system = async (path) => request(`${sandbox.addresses.jira_api}/ex/jira/${sandbox.addresses.cloud_id}/rest/api/3/${path}`, { headers: { authorization: `Bearer ${token}` } });
  const { accountId, name } = seed.people.find((one) => one.accountId === seed.issue.reporter);
  assert.equal((await system(`user?accountId=${accountId}`)).status, 200);
  const change = { jira: { people: { [accountId]: { deleted: true } } } };
  assert.equal(problemsBy('state-change', change), '');
  await sandbox.change(change);
  assert.equal((await system(`user?accountId=${accountId}`)).status, 404);
  assert.deepEqual((await system(`user/bulk?accountId=${accountId}&accountId=${seed.admin.accountId}&maxResults=10`)).json.values.map((one) => one.accountId), [seed.admin.accountId]);
  assert.deepEqual((await system(`user/email/bulk?accountId=${accountId}`)).json, []);
  const { json, text } = await system(`issue/${seed.issue.key}?fields=reporter`);
  assert.deepEqual([json.fields.reporter.accountId, json.fields.reporter.displayName, json.fields.reporter.active], [accountId, 'Former user', false]);
  assert.ok(!text.includes(name));
  assert.equal(problemsBy('state', await sandbox.state()), '');
  await assert.rejects(sandbox.change({ jira: { people: { [accountId]: { name: 'Back again' } } } }));
});

test('a request held before its effect has none until it is released', async () => {
  await sandbox.faults([{ id: 'window', match: onComments, hold: 'before', times: 1 }]);
  const written = await commentsWritten();
  const answer = comment();
  const state = await until('the request is held', async () => { const now = await sandbox.faultState(); return now.holding.length > 0 && now; });
  assert.equal(problemsBy('fault-state', state), '');
  assert.equal(state.holding[0].rule, 'window');
  assert.equal(await commentsWritten(), written);
  await sandbox.control('POST', 'release', {});
  assert.equal((await answer).status, 201);
  assert.equal(await commentsWritten(), written + 1);
});

test('an answer held after its effect can be thrown away', async () => {
  await sandbox.faults([{ match: onComments, hold: 'after', times: 1 }]);
  const written = await commentsWritten();
  const answer = comment().then(() => 'answered', () => 'dropped');
  const { holding } = await until('the answer is held', async () => { const now = await sandbox.faultState(); return now.holding.length > 0 && now; });
  assert.equal(await commentsWritten(), written + 1);
  await sandbox.control('POST', 'release', { hold: holding[0].hold, discard: true });
  assert.equal(await answer, 'dropped');
});

test('a held request whose caller is gone still happens when it is released', async () => {
  await sandbox.faults([{ match: onComments, hold: 'before', times: 1 }]);
  const written = await commentsWritten();
  const caller = new AbortController();
  const { jira_api: api, cloud_id: cloud } = sandbox.addresses;
  const gone = request(`${api}/ex/jira/${cloud}/rest/api/3/issue/${seed.issue.key}/comment`, {
    method: 'POST', headers: { authorization: `Bearer ${token}` }, signal: caller.signal,
    body: { body: { type: 'doc', version: 1, content: [{ type: 'paragraph', content: [{ type: 'text', text: 'late' }] }] } },
  }).catch(() => 'gone');
  await until('the request is held', async () => (await sandbox.faultState()).holding.length > 0);
  caller.abort();
  assert.equal(await gone, 'gone');
  await sandbox.control('POST', 'release', {});
  await until('the effect', async () => await commentsWritten() === written + 1);
});

test('a connection can be dropped, an answer replaced, delayed and turned into garbage', async () => {
  const written = await commentsWritten();
  await sandbox.faults([{ match: onComments, drop: 'before', times: 1 }]);
  await assert.rejects(comment());
  assert.equal(await commentsWritten(), written);
  await sandbox.faults([{ match: onComments, drop: 'after', times: 1 }]);
  await assert.rejects(comment());
  assert.equal(await commentsWritten(), written + 1);
  await sandbox.faults([{ match: onComments, answer: { status: 429, headers: { 'Retry-After': '3' }, body: { errorMessages: ['Rate limit exceeded.'], errors: {} } }, times: 1 }]);
  const limited = await comment();
  assert.deepEqual([limited.status, limited.headers['retry-after']], [429, '3']);
  await sandbox.faults([{ match: onComments, garbage: true, times: 1 }]);
  const garbage = await comment();
  assert.deepEqual([garbage.status, garbage.json], [200, undefined]);
  assert.equal(await commentsWritten(), written + 1);
  await sandbox.faults([]);
});

test('an address that is not loopback, a broken seed, and a key that is none, end it with one line and status 2', () => {
  const run = (...args) => spawnSync(binary('belay-sandbox'), ['serve', ...args], { cwd: root, encoding: 'utf8', timeout: 10_000 });
  const outside = run('--listen', '0.0.0.0:0', '--seed', demoSeed);
  assert.equal(outside.status, 2);
  assert.match(outside.stderr, /loopback/);
  const broken = run('--listen', '127.0.0.1:0', '--seed', `${root}/forge/manifest.yml`);
  assert.equal(broken.status, 2);
  assert.match(broken.stderr, /manifest\.yml/);
  const keyless = run('--listen', '127.0.0.1:0', '--seed', demoSeed, '--signing-key', `${root}/README.md`);
  assert.equal(keyless.status, 2);
  assert.match(keyless.stderr, /README\.md: not a PEM of a private RSA key/);
});
