// The page among the queues of a service project: who waits on its requests, as its agents may see them, and nobody else.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { saveSettings } from '../contract/steps.mjs';
import { onEachStorage } from '../harness/storages.mjs';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';

onEachStorage((storage) => {
  let world;
  let agent;
  let queue;
  let customer;
  let request;
  before(async () => {
    world = await World.open({ storage: await storage.fresh(), configure: () => ({ teamviewer: { calls_per_minute: 600 } }) });
    const asking = world.seed.people.find(({ type, accountId }) => type === 'customer' && world.seed.issues.some(({ reporter }) => reporter === accountId));
    request = world.seed.issues.find(({ reporter }) => reporter === asking.accountId);
    customer = world.customer(request);
    agent = await world.linkedAgent(0, request.key);
    queue = agent.with({ page: 'queue', issue: undefined, project: request.key.split('-')[0] });
  });
  after(() => world?.close());

  const listed = async (who = queue) => (await who.expect(200, 'GET', '/v1/queue')).requests;
  const of = (requests) => requests.find(({ issue }) => issue.key === request.key);

  describe('queue', () => {
    test('nothing is waited for at first', async () => {
      assert.deepEqual(await listed(), []);
    });

    test('a customer who asked for help waits, until an agent makes a session for them; who joins it waits again', async () => {
      await saveSettings(world.admin, () => ({ customersMayAsk: true }));
      await customer.expect(200, 'POST', '/v1/requests/ask');
      const asked = of(await listed());
      assert.equal(asked.issue.summary, request.summary);
      assert.equal(asked.waiting.why, 'asked');
      assert.equal(asked.sessions, 0);

      const { session } = await agent.expect(202, 'POST', '/v1/sessions', { invitation: 'none', customer: { id: request.reporter } });
      await until('the session is open', async () => (await agent.expect(200, 'GET', `/v1/sessions/${session.id}`)).session.state === 'open');
      const open = of(await listed());
      assert.equal(open.waiting, undefined);
      assert.equal(open.sessions, 1);

      const { code } = (await agent.expect(200, 'GET', `/v1/sessions/${session.id}`)).session;
      await world.sandbox.change({ teamviewer: { sessions: [{ code, online: true }] } });
      const joined = await until('the customer is there', async () => {
        world.clock.advance({ seconds: 8 });
        const found = of(await listed());
        return found?.waiting ? found : undefined;
      });
      assert.equal(joined.waiting.why, 'joined');
      assert.ok(joined.waiting.supporter);
    });

    test('other pages, other projects and people who are no agents there are refused', async () => {
      for (const page of ['panel', 'admin', 'account']) {
        const { status, body } = await agent.with({ page, ...(page === 'panel' ? {} : { issue: undefined }) }).get('/v1/queue');
        assert.equal(status, 403, page);
        assert.equal(body.detail.reason, 'wrong_module');
      }
      const other = world.seed.people.find(({ type, accountId }) => type === 'customer' && accountId !== request.reporter);
      assert.ok([403, 404].includes((await queue.with({ account: other.accountId }).get('/v1/queue')).status));
    });
  });
});
