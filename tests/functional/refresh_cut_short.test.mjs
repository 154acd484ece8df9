// belayd ends while TeamViewer renews the tokens of a link. A refresh spends the old refresh token, so what was spent and not stored is gone: then the link says so, and
// connecting anew mends it. In every other case the link goes on.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { link } from '../harness/linking.mjs';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';

const kToken = '**/oauth2/token';

let world;
let agent;
let account;
beforeEach(async () => {
  world = await World.open();
  agent = await world.linkedAgent(0);
  account = await world.teamviewerAccount(0);
});
afterEach(() => world?.close());

const rotate = (rotateRefreshTokens) => world.sandbox.change({ teamviewer: { settings: { rotateRefreshTokens } } });
const refreshed = () => world.sandbox.journal({ kind: 'token.refreshed' });
const create = () => agent.expect(202, 'POST', '/v1/sessions', { customer: { name: 'Ada Example' }, invitation: 'none' });
const state = async ({ session: { id } }) => (await agent.expect(200, 'GET', `/v1/sessions/${id}`)).session;
const opened = (made) => until('the session is open', async () => (await state(made)).state === 'open');

/** The tokens have run out, somebody creates a session, and the refresh for it is held at this moment. */
async function refreshHeld(hold) {
  await world.sandbox.faults([{ match: { party: 'teamviewer', method: 'POST', path: kToken, bodyHas: 'grant_type=refresh_token' }, hold, times: 1 }]);
  await world.sandbox.change({ teamviewer: { accounts: [{ id: account, expireTokens: true }] } });
  const made = await create();
  await until('the refresh is held', async () => (await world.sandbox.faultState()).holding.length === 1);
  return made;
}
const release = (discard = false) => world.sandbox.control('POST', 'release', { discard });

describe('killed', () => {
  const killed = async () => {
    await world.belayd.kill();
    await release(true);
    await world.startBelayd();
    world.clock.advance({ minutes: 5 });   // whoever was killed holds the work for a while
  };

  test('before TeamViewer carried it out: the link goes on, and the session is made', async () => {
    const made = await refreshHeld('before');
    await killed();
    await opened(made);
    assert.equal((await refreshed()).length, 1);
    assert.equal((await agent.expect(200, 'GET', '/v1/panel')).viewer.linked, true);
  });

  test('after TeamViewer carried it out, where the refresh token stays good: the link goes on', async () => {
    await rotate(false);
    const made = await refreshHeld('after');
    await killed();
    await opened(made);
    assert.equal((await refreshed()).length, 2);
  });

  test('after TeamViewer carried it out, where that spent the refresh token: the link says that it is over, and connecting anew mends it', async () => {
    const made = await refreshHeld('after');
    await killed();
    const failed = await until('the session has failed', async () => {
      const session = await state(made);
      return session.state === 'failed' && session;
    });
    assert.equal(failed.error.code, 'link_expired');
    assert.equal((await agent.expect(200, 'GET', '/v1/panel')).viewer.linkExpired, true);
    const page = agent.with({ page: 'account', issue: undefined });
    assert.deepEqual((({ linked, linkExpired }) => ({ linked, linkExpired }))(await page.expect(200, 'GET', '/v1/account')), { linked: false, linkExpired: true });
    assert.ok(world.belayd.logs.some(({ event, level }) => event === 'teamviewer_link_expired' && level === 'warning'), 'the operator reads of it');
    assert.equal((await refreshed()).length, 1, 'nothing was refreshed with a spent token');

    await link(agent, { account });
    await opened(await create());
  });
});

test('ended politely: what TeamViewer then answers is stored, and the link goes on', async () => {
  const made = await refreshHeld('after');
  const stopped = world.belayd.stop();
  await release();
  await stopped;
  await world.startBelayd();
  world.clock.advance({ minutes: 5 });
  await opened(made);
  assert.equal((await refreshed()).length, 1, 'it was not refreshed again');
});

test('however many ask meanwhile, one refresh is under way, and all go on with what it brings', async () => {
  const first = await refreshHeld('before');
  const second = await create();
  const panels = Array.from({ length: 6 }, () => agent.expect(200, 'GET', '/v1/panel'));
  const check = agent.with({ page: 'account', issue: undefined }).post('/v1/account/check', {});
  await Promise.all(panels);   // a panel does not wait for it
  const { rules: [{ seen }] } = await world.sandbox.faultState();
  assert.equal(seen, 1, 'nobody else asked for tokens');
  await release();
  assert.equal((await check).status, 200);
  await opened(first);
  await opened(second);
  assert.equal((await refreshed()).length, 1);
});
