// A launch stands in the audit log: who, whom, on which issue, how and when, from where; and nothing that could be used again.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { runProgram } from '../harness/program.mjs';
import { freshSeed } from '../harness/seed.mjs';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';

const sqlite3 = '/usr/bin/sqlite3';
const skip = !existsSync(sqlite3) && 'SKIP: sqlite3 is not installed';

let world;
let agent;
let person;
before(async () => {
  if (skip) return;
  world = await World.open({ seed: freshSeed((seed) => { seed.teamviewer.contacts = []; }) });
  agent = await world.linkedAgent(0);
  person = world.seed.people.find(({ accountId }) => accountId === world.seed.issue.reporter);
  await world.sandbox.change({ jira: { people: { [person.accountId]: { emailVisible: true } } } });
  await world.sandbox.change({ teamviewer: { contacts: [{ owner: await world.teamviewerAccount(0), email: person.email }], accounts: [{ email: person.email, presence: 'online', features: 'remote_control, videocall, chat, meeting' }] } });
  await until('they are online', async () => {
    world.clock.advance({ seconds: 3 });
    return (await agent.expect(200, 'GET', '/v1/panel')).people.find(({ id }) => id === person.accountId)?.standing === 'online';
  });
});
after(() => world?.close());

const launch = (mode, who = person) => agent.call('POST', `/v1/people/${encodeURIComponent(who.accountId)}/launch`, { mode });
async function entries() {
  const { status, output, errors } = await runProgram('sqlite3', sqlite3, ['-readonly', '-json', join(world.folder, 'belay.db'), "select * from audit_entry where action = 'launched' order by happened_at, id"]);
  assert.equal(status, 0, errors);
  return output.trim() === '' ? [] : JSON.parse(output);
}

test('each launch is one entry, with who, whom, which issue, the mode, when and from where', { skip }, async () => {
  for (const mode of ['chat', 'call', 'control', 'present']) {
    const before = world.clock.now().getTime();
    const { status, json: { url } } = await launch(mode);
    assert.equal(status, 200);
    const told = await entries();
    const entry = told.at(-1);
    assert.deepEqual([entry.actor_id, entry.person_id, entry.session_id, JSON.parse(entry.detail)], [agent.account, person.accountId, null, { mode }]);
    assert.equal(entry.peer, '127.0.0.1');
    assert.ok(entry.happened_at >= before - 1000 && entry.happened_at <= world.clock.now().getTime() + 1000);
    const { issue } = await agent.expect(200, 'GET', '/v1/panel');
    assert.equal(entry.issue_id, issue.id);
    assert.ok(!JSON.stringify(told).includes(url) && !JSON.stringify(told).includes(person.email), 'a link or an address is in the log');
  }
  assert.equal((await entries()).length, 4);
});

test('a launch that came to nothing is none', { skip }, async () => {
  await world.sandbox.change({ teamviewer: { accounts: [{ email: person.email, presence: 'offline' }] } });
  assert.equal((await launch('chat')).status, 409);
  assert.equal((await launch('chat', { accountId: 'nobody' })).status, 404);
  assert.equal((await entries()).length, 4);
});
