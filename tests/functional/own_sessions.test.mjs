// One's own sessions over all issues: none that is not over is left out, and an issue that is out of sight is told nothing of.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { onEachStorage } from '../harness/storages.mjs';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';

const most = 100;
const course = ['actions', 'createdAt', 'description', 'id', 'invitation', 'issueHidden', 'state', 'steps', 'supporter', 'validUntil'];
const elsewhere = 'OFFICE-1';

onEachStorage((storage) => {
  let world;
  let agent;
  let page;   // the agent's own
  before(async () => {
    world = await World.open({ storage: await storage.fresh(), configure: () => ({ teamviewer: { calls_per_minute: 600 } }) });
    agent = await world.linkedAgent(0);
    page = agent.with({ page: 'account', issue: undefined });
  });
  after(() => world?.close());

  const mine = () => page.expect(200, 'GET', '/v1/sessions?scope=mine');
  const create = async (name, where = agent) => (await where.expect(202, 'POST', '/v1/sessions', { customer: { name }, invitation: 'none' })).session.id;
  const bulk = { party: 'jira', method: 'POST', path: '/rest/api/3/issue/bulkfetch' };
  const asked = async () => (await world.sandbox.requests()).filter(({ method, path }) => method === 'POST' && path.endsWith('/issue/bulkfetch')).length;

  describe('with more sessions than fit', () => {
    let ids;
    before(async () => {
      ids = [];
      for (let n = 0; n <= most + 2; n += 1) {
        ids.push(await create(`Customer ${n}`));
        world.clock.advance({ milliseconds: 10 });
      }
      await until('all are open', async () => (await mine()).sessions.every(({ state }) => state === 'open'));
    });

    test('each that is not over is told, however many there are, the newest first', async () => {
      const { sessions, cut } = await mine();
      assert.deepEqual(sessions.map(({ id }) => id), ids.toReversed());
      assert.equal(cut, undefined, 'there are no others');
    });

    test('those that are over follow, the newest first, until there are a hundred', async () => {
      const closed = ids.slice(-5);
      for (const id of closed) await agent.expect(202, 'POST', `/v1/sessions/${id}/close`, {});
      const { sessions, cut } = await mine();
      assert.equal(cut, true);
      assert.deepEqual(sessions.map(({ id }) => id), [...ids.slice(0, -5).toReversed(), ...closed.toReversed().slice(0, 2)]);
      assert.equal(sessions.length, most);
    });
  });

  describe('of an issue that the agent may not see any more', () => {
    let there;     // a session on an issue that stays in sight
    const roles = (change) => world.sandbox.change({ jira: { roles: { HELP: change } } });
    const split = async () => {
      const { sessions, missing } = await mine();
      return { missing, there: sessions.find(({ id }) => id === there), others: sessions.filter(({ id }) => id !== there) };
    };
    before(async () => {
      there = await create('Somebody else', agent.with({ issue: elsewhere }));
      await until('it is open', async () => (await mine()).sessions.find(({ id }) => id === there)?.state === 'open');
    });

    test('the course of its sessions is told and nothing else, five minutes later at most; the others are told whole', async () => {
      assert.ok((await split()).others.every(({ issueKey, customer }) => issueKey && customer));
      await roles({ 'Service Desk Team': [] });
      world.clock.advance({ minutes: 5 });
      const seen = await split();
      assert.ok(seen.others.length > 0);
      for (const session of seen.others) {
        const { endedAt: _, ...told } = session;
        assert.deepEqual([Object.keys(told).sort(), told.issueHidden, told.description, told.actions], [course, 'out_of_sight', '', []]);
      }
      assert.equal(seen.there.issueKey, elsewhere);
      assert.equal(seen.there.customer.name, 'Somebody else');
      assert.deepEqual(seen.missing, []);
      assert.ok(!JSON.stringify(seen.others).includes('HELP'));
    });

    test('Jira is asked once in five minutes, with one call, with the agent\'s own rights', async () => {
      const before = await asked();
      for (let n = 0; n < 5; n += 1) {
        world.clock.advance({ seconds: 8 });
        await mine();
      }
      assert.equal(await asked(), before);
      world.clock.advance({ minutes: 5 });
      await mine();
      assert.equal(await asked(), before + 1);
    });

    test('where Jira does not say, nothing of any issue is told, and the page says so; then all is told again', async () => {
      await world.sandbox.faults([{ match: bulk, answer: { status: 503 } }]);
      world.clock.advance({ minutes: 5 });
      const { sessions, missing } = await mine();
      assert.deepEqual(missing, [{ what: 'issues', why: 'jira_unreachable' }]);
      assert.deepEqual([...new Set(sessions.map(({ issueHidden, issueKey }) => `${issueHidden} ${issueKey}`))], ['unknown undefined']);
      await world.sandbox.faults([]);
      await roles({ 'Service Desk Team': [agent.account] });
      await until('all is told', async () => {
        const told = await mine();
        return told.missing.length === 0 && told.sessions.every(({ issueHidden }) => issueHidden === undefined);
      });
    });
  });
});
