// A launch stands in the audit log: who, whom, on which issue, how and when, from where; and nothing that could be used again. On both storages.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { freshSeed } from '../harness/seed.mjs';
import { onEachStorage } from '../harness/storages.mjs';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';

const modes = ['chat', 'call', 'control', 'present'];

onEachStorage((storage) => {
  let world;
  let agent;
  let person;
  before(async () => {
    world = await World.open({ storage: await storage.fresh(), seed: freshSeed((seed) => { seed.teamviewer.contacts = []; }) });
    agent = await world.linkedAgent(0);
    person = world.seed.people.find(({ accountId }) => accountId === world.seed.issue.reporter);
    await world.sandbox.change({ jira: { people: { [person.accountId]: { emailVisible: true } } } });
    await world.sandbox.change({ teamviewer: { contacts: [{ owner: await world.teamviewerAccount(0), email: person.email }] } });
    await goes('online');
  });
  after(() => world?.close());

  const goes = async (presence) => {
    await world.sandbox.change({ teamviewer: { accounts: [{ email: person.email, presence, features: 'remote_control, videocall, chat, meeting' }] } });
    await until(`they are ${presence}`, async () => {
      world.clock.advance({ seconds: 3 });
      return (await agent.expect(200, 'GET', '/v1/panel')).people.find(({ id }) => id === person.accountId)?.standing === presence;
    });
  };
  const launch = (mode, { who = person, by = agent } = {}) => by.call('POST', `/v1/people/${encodeURIComponent(who.accountId)}/launch`, { mode });
  /** Newest first. */
  const entries = async () => (await world.admin.expect(200, 'GET', '/v1/audit?action=launched')).entries;

  test('each launch is one entry, with who, whom, which issue, the mode, when and from where', async () => {
    const links = [];
    for (const mode of modes) {
      const known = (await entries()).length;
      const before = world.clock.now().getTime();
      const { status, json: { url } } = await launch(mode);
      assert.equal(status, 200);
      links.push(url);
      const told = await entries();
      assert.equal(told.length, known + 1, mode);
      const [{ id, at, ...entry }] = told;
      const { issue: { id: issue, key } } = await agent.expect(200, 'GET', '/v1/panel');
      assert.deepEqual(entry, {
        action: 'launched', actor: { id: agent.account, name: world.seed.agents[0].name }, person: { id: person.accountId, name: person.name }, issue: { id: issue, key }, peer: '127.0.0.1', detail: { mode },
      });
      assert.ok(Date.parse(at) >= before - 1000 && Date.parse(at) <= world.clock.now().getTime() + 1000, at);
      assert.ok(!told.slice(1).some((other) => other.id === id));
    }
    const { text, total } = await world.admin.expect(200, 'GET', '/v1/audit/export?action=launched&format=jsonl');
    assert.equal(total, (await entries()).length);
    for (const secret of [...links, person.email, 'http']) assert.ok(!text.includes(secret), secret);
  });

  test('a launch that came to nothing is none', async () => {
    const known = await entries();
    await goes('offline');
    assert.equal((await launch('chat')).status, 409);
    assert.equal((await launch('chat', { who: { accountId: 'nobody' } })).status, 404);
    assert.equal((await launch('vpn')).status, 400);
    assert.equal((await launch('chat', { by: world.agent(1) })).status, 403);   // has connected no account
    assert.deepEqual(await entries(), known);
    await goes('online');
  });
});
