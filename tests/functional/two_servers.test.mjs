// Two servers on one PostgreSQL database (docs/storage.md): what either accepts is carried out once, by whichever of them, and also when one is killed in between.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Belayd, tomlOf } from '../harness/belayd.mjs';
import { Caller } from '../harness/caller.mjs';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';
import { isInstalled, start } from '../postgres/cluster.mjs';

describe('two servers on one database', { skip: isInstalled() ? false : 'PostgreSQL is not installed' }, () => {
  let cluster;
  let world;
  let second;
  /** The same agent, through either server. */
  let through;
  let colleague;

  const startSecond = async () => {
    const { folder, sections, clock } = world;
    const file = join(folder, 'second.toml');
    writeFileSync(file, tomlOf({ ...sections, server: { ...sections.server, listen: '127.0.0.1:0' }, forge: { ...sections.forge, jwks_cache: join(folder, 'second-forge-keys.json') } }));
    second = await Belayd.start({ file, clock });
  };
  const atSecond = (n) => new Caller({ sandbox: world.sandbox, server: () => second, account: world.seed.agents[n].accountId, page: 'panel', issue: world.seed.issue.key });

  before(async () => {
    cluster = await start();
    world = await World.open({ storage: await cluster.database('two') });
    await startSecond();
    through = [await world.linkedAgent(0), atSecond(0)];
    colleague = await world.linkedAgent(1);
  });
  after(async () => {
    await second?.stop();
    await world?.close();
    await cluster?.stop();
  });

  const create = (caller, name, key = randomUUID()) => caller.post('/v1/sessions', { customer: { name } }, { headers: { 'idempotency-key': key } });
  const ready = (caller, id) => until(`${id} is open and announced`, async () => {
    const { session } = await caller.expect(200, 'GET', `/v1/sessions/${id}`);
    return session.state === 'open' && session.steps.invitation === 'done' ? session : undefined;
  });
  const made = async (id) => (await world.sandbox.journal({ kind: 'session.created' })).filter(({ identity }) => JSON.stringify(identity).includes(id)).length;
  const announced = async (id) => (await world.sandbox.journal({ kind: 'comment.created' })).filter(({ identity }) => identity['belay.session']?.id === id).length;

  test('what both accept at the same time is made and announced once, and either knows of it', async () => {
    const answers = await Promise.all(Array.from({ length: 24 }, (_, n) => create(through[n % 2], `Customer ${n}`)));
    const ids = answers.map(({ status, body }) => {
      assert.equal(status, 202);
      return body.session.id;
    });
    assert.equal(new Set(ids).size, 24);
    for (const [n, id] of ids.entries()) {
      await ready(through[(n + 1) % 2], id);   // asked of the other one
      assert.deepEqual([await made(id), await announced(id)], [1, 1]);
    }
  });

  test('one request that comes to both is one session; so is a second agent’s for the same customer', async () => {
    const key = randomUUID();
    const same = await Promise.all(through.map((caller) => create(caller, 'Twice Asked', key)));
    assert.equal(new Set(same.map(({ body }) => body.session.id)).size, 1);
    const customer = { id: world.seed.issue.reporter };
    const both = await Promise.all([through[1], colleague].map((caller) => caller.post('/v1/sessions', { customer }, { headers: { 'idempotency-key': randomUUID() } })));
    assert.deepEqual(both.map(({ status }) => status < 300), [true, true]);
    assert.equal(new Set(both.map(({ body }) => body.session.id)).size, 1);
    for (const { body } of [same[0], both[0]]) {
      await ready(through[0], body.session.id);
      assert.deepEqual([await made(body.session.id), await announced(body.session.id)], [1, 1]);
    }
  });

  test('two who change one session at two servers: one wins, and the other is told what stands there', async () => {
    const { body: { session } } = await create(through[0], 'Contested');
    await ready(through[0], session.id);
    const tries = ['Typed here', 'Typed there'];
    const answers = await Promise.all(through.map((caller, n) => caller.call('PATCH', `/v1/sessions/${session.id}`, { notes: tries[n], before: '' })));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409]);
    const winner = tries[answers.findIndex(({ status }) => status === 200)];
    assert.deepEqual(answers.find(({ status }) => status === 409).body.detail, { notes: winner });
    for (const caller of through) assert.equal((await caller.expect(200, 'GET', `/v1/sessions/${session.id}`)).session.notes, winner);
  });

  for (const hold of ['before', 'after']) {
    test(`the second is killed ${hold} TeamViewer made the session: the first goes on, and one lives`, async () => {
      await world.sandbox.faults([{ id: 'made', match: { party: 'teamviewer', method: 'POST', path: '**/sessions' }, hold, times: 1 }]);
      const { body: { session } } = await create(through[1], `Killed ${hold}`);
      await until('the call is held', async () => (await world.sandbox.faultState()).holding.length === 1);
      await second.kill();
      await world.sandbox.control('POST', 'release', { discard: true });
      await world.sandbox.faults([]);
      world.clock.advance({ minutes: 5 });   // whoever was killed holds the work for a while
      await ready(through[0], session.id);
      const { code } = (await through[0].expect(200, 'GET', `/v1/sessions/${session.id}`)).session;
      const closed = new Set((await world.sandbox.journal({ kind: 'session.closed' })).map(({ object }) => object.session));
      const live = (await world.sandbox.journal({ kind: 'session.created' })).filter(({ identity, object }) => JSON.stringify(identity).includes(session.id) && !closed.has(object.session));
      assert.deepEqual(live.map(({ object }) => object.session), [code]);
      assert.equal(await announced(session.id), 1);
      await startSecond();
    });
  }
});
