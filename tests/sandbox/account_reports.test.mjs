// Atlassian's personal data reporting as the sandbox plays it: strict, and told by what happens in its world.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { request } from '../harness/http.mjs';
import { Sandbox } from '../harness/sandbox.mjs';
import { readSeed } from '../harness/seed.mjs';
import { problemsBy } from './schemas.mjs';

const seed = readSeed();
const [ann, bob] = seed.agents.map(({ accountId }) => accountId);
let sandbox;
let tokens;
before(async () => {
  sandbox = await Sandbox.start();
  tokens = await sandbox.fit({ account: ann, module: 'belay-panel', issue: seed.issue.key });
});
after(() => sandbox?.stop());

const ago = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();
const reported = (accountId, updatedAt = ago(0)) => ({ accountId, updatedAt });
const report = (accounts, { token = tokens.systemToken, method = 'POST', more = {} } = {}) => request(`${sandbox.addresses.jira_api}/app/report-accounts/`, {
  method,
  body: method === 'GET' ? undefined : { accounts, ...more },
  headers: token === null ? {} : { authorization: `Bearer ${token}` },
});

test('takes the app’s own token and nobody else’s', async () => {
  assert.equal((await report([reported(ann)], { token: null })).status, 401);
  assert.equal((await report([reported(ann)], { token: 'made-up' })).status, 401);
  assert.equal((await report([reported(ann)], { token: tokens.userToken })).status, 403);
  assert.equal((await report([], { method: 'GET' })).status, 405);
});

test('takes 1 to 90 accounts, each once, with id and time and nothing else', async () => {
  const many = (count) => Array.from({ length: count }, (_, index) => reported(`account-${index}`));
  assert.equal((await report(many(90))).status, 204);
  for (const accounts of [[], many(91), [reported('a'), reported('a')], [{ accountId: 'a' }], [reported('')], [reported('a', 'yesterday')], [{ ...reported('a'), name: 'A' }], ['a']]) {
    assert.equal((await report(accounts)).status, 400, JSON.stringify(accounts).slice(0, 100));
  }
  assert.equal((await report([reported('b')], { more: { x: 1 } })).status, 400);
});

test('tells of who was deleted, and of who changed after the app looked; of others nothing', async () => {
  assert.equal((await report([reported(ann), reported(bob, ago(1))])).status, 204);
  await sandbox.change({ jira: { people: { [ann]: { name: 'Anew' }, [bob]: { theme: 'dark' } } } });
  const changed = await report([reported(ann, ago(1)), reported(bob, ago(1))]);
  assert.deepEqual([changed.status, changed.json], [200, { accounts: [{ accountId: ann, status: 'updated' }] }]);
  assert.equal((await report([reported(ann, new Date(Date.now() + 1000).toISOString())])).status, 204);
  await sandbox.change({ jira: { people: { [bob]: { deleted: true } } } });
  assert.deepEqual((await report([reported(bob)])).json, { accounts: [{ accountId: bob, status: 'closed' }] });
});

test('says how long a cycle is, and notes who was reported again within it', async () => {
  const first = await report([reported('once'), reported('twice')]);
  assert.equal(first.headers['cycle-period'], '7');
  await sandbox.change({ jira: { behaviour: { accountReportDays: 3 } } });
  assert.equal((await report([reported('twice')])).headers['cycle-period'], '3');
  await sandbox.change({ clock: { forwardMs: 3 * 86_400_000 } });
  tokens = await sandbox.fit({ account: ann, module: 'belay-panel', issue: seed.issue.key });
  assert.equal((await report([reported('twice')])).status, 204);
  const lines = (await sandbox.journal({ kind: 'accounts.reported' })).slice(-3);
  assert.deepEqual(lines.map(({ more }) => more.early), [[], ['twice'], []]);
  for (const line of lines) assert.equal(problemsBy('journal', line), '');
  assert.equal(problemsBy('state', await sandbox.state()), '');
});
