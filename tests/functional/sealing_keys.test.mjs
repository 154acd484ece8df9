// The operator changes the key that seals tokens: a new line on top of the key file, a restart, then the old line goes. Nobody has to connect anew, and what does not
// open any more holds nothing else up.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { link } from '../harness/linking.mjs';
import { runProgram } from '../harness/program.mjs';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';

const sqlite3 = '/usr/bin/sqlite3';
const withoutSqlite = !existsSync(sqlite3) && 'SKIP: sqlite3 is not installed';

let world;
let first;    // the key since the beginning
let second;
beforeEach(async () => {
  world = await World.open();
  first = readFileSync(join(world.folder, 'keys'), 'utf8').trim();
  second = randomBytes(32).toString('base64');
});
afterEach(() => world?.close());

/** A restart with these lines in the key file, the newest first; `meanwhile` while nothing runs. */
async function restartWith(keys, meanwhile = () => {}) {
  await world.belayd.stop();
  writeFileSync(join(world.folder, 'keys'), keys.map((key) => `${key}\n`).join(''));
  await meanwhile();
  await world.startBelayd();
}

const said = (event) => until(event, () => world.belayd.logs.find((line) => line.event === event));

/** What `belayd doctor` says of the keys: the lines, and with which status it ends. */
async function doctor() {
  const { status, output } = await world.belayd.command('doctor');
  const lines = output.split('\n');
  const at = lines.findIndex((line) => /^(ok|WRONG) +keys /.test(line));
  assert.ok(at >= 0, output);
  return { status, keys: lines.slice(at, lines[at].startsWith('WRONG') ? at + 2 : at + 1).join(' ').replace(/\s+/g, ' ') };
}

/** Both tokens are of use: the one for calls has run out, so it is refreshed, and a session is made. */
async function works(n) {
  await world.sandbox.change({ teamviewer: { accounts: [{ id: await world.teamviewerAccount(n), expireTokens: true }] } });
  const agent = world.agent(n);
  const { session } = await agent.expect(202, 'POST', '/v1/sessions', { customer: { name: 'Ada Example' }, invitation: 'none' });
  await until('the session is open', async () => (await agent.expect(200, 'GET', `/v1/sessions/${session.id}`)).session.state === 'open');
}

async function sql(statement) {
  const { status, output, errors } = await runProgram('sqlite3', sqlite3, [join(world.folder, 'belay.db'), statement]);
  assert.equal(status, 0, errors);
  return output.trim();
}

test('a new key on top, a restart, the old key away: nobody connects anew', async () => {
  await world.linkedAgent(0);
  await link(world.agent(0), { account: await world.teamviewerAccount(0), access: 'reports' });
  await world.linkedAgent(1);

  await restartWith([second, first]);
  await works(0);
  assert.ok((await said('resealed')).values >= 6, 'the tokens of two links, and those for reports');
  assert.deepEqual(await doctor(), { status: 0, keys: 'ok keys sealed values open' });

  await restartWith([second]);
  assert.deepEqual(await doctor(), { status: 0, keys: 'ok keys sealed values open' });
  await works(0);
  await works(1);
  const { reports } = await world.agent(0).with({ page: 'account', issue: undefined }).expect(200, 'DELETE', '/v1/account/reports');
  assert.equal(reports.allowed, false);
  await until('the grant for reports is given back too', async () => (await world.sandbox.journal({ kind: 'token.revoked' })).length === 1);
});

test('the old key went too early: the doctor counts what does not open, and with the key put back all is well', async () => {
  await world.linkedAgent(0);
  await restartWith([second]);
  const { unopenable, values } = await said('not_all_resealed');
  assert.equal(values, 0);
  const { status, keys } = await doctor();
  assert.equal(status, 1);
  assert.match(keys, new RegExp(`^WRONG keys ${unopenable} values do not open with the keys in the key file Put the earlier key back, as a line below the newest one`));

  await restartWith([second, first]);
  assert.equal((await said('resealed')).values, unopenable);
  await restartWith([second]);
  assert.equal((await doctor()).status, 0);
  await works(0);
});

test('a link that does not open is an expired one: the panel and the admin\'s list are there, and connecting again mends it', async () => {
  const agent = await world.linkedAgent(0);
  await world.linkedAgent(1);
  await restartWith([second]);
  assert.equal((await agent.expect(200, 'GET', '/v1/panel')).viewer.linkExpired, true);
  assert.deepEqual((await world.admin.expect(200, 'GET', '/v1/links')).links.map(({ expired }) => expired), [true, true]);
  await link(agent, { account: await world.teamviewerAccount(0) });
  assert.equal((await agent.expect(200, 'GET', '/v1/panel')).viewer.linkExpired, undefined);
  await works(0);
});

test('one value that no key opens: it is named and counted, and all others are sealed with the new key', { skip: withoutSqlite }, async () => {
  for (const n of [0, 1]) await world.linkedAgent(n);
  // The first of its column, so that it comes before others.
  const broken = async () => {
    await sql('update account_link set sealed_access_token = sealed_refresh_token where id = (select min(id) from account_link)');
  };
  await restartWith([second, first], broken);
  const warning = await said('sealed_value_does_not_open');
  assert.deepEqual([warning.level, warning.code, warning.table, warning.column], ['warning', 'seal_broken', 'account_link', 'access_token']);
  assert.equal((await said('not_all_resealed')).unopenable, 1);
  const { status, keys } = await doctor();
  assert.equal(status, 1);
  assert.match(keys, /^WRONG keys 1 value does not open with the keys in the key file /);

  await restartWith([second]);
  assert.match((await doctor()).keys, / 1 value does not open /, 'no other needs the old key');
  const sound = await sql('select account_id from account_link where id <> (select min(id) from account_link)');
  await works(world.seed.agents.findIndex(({ accountId }) => accountId === sound));
});
