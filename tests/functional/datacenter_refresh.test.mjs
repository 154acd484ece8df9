// A user's token at a Jira Data Center is renewed: Jira replaces the refresh token with each use, so what was spent and not stored is gone. A slow Jira, a wrong secret, a page in its
// way, two servers and a belayd that is killed end nobody's sign-in who need not sign in again.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { Belayd, tomlOf } from '../harness/belayd.mjs';
import { onPanel, openDataCenter, people, tokenFromJira } from '../harness/datacenter.mjs';
import { until } from '../harness/wait.mjs';
import { isInstalled, start } from '../postgres/cluster.mjs';

const kToken = { party: 'datacenter', method: 'POST', path: '/rest/oauth2/latest/token' };

let world;
const renewed = async () => (await world.sandbox.journal({ kind: 'grant.renewed' })).length;
const onTicket = async (site = 'dc') => (await onPanel(world, site, people.agent)).signIn();
/** Jira takes the access token no more, and what was read of Jira before is over. */
async function endAccess() {
  await world.sandbox.change({ datacenter: { dc: { endTokens: true } } });
  world.clock.advance({ minutes: 6 });
}
const held = () => until('the refresh is held', async () => (await world.sandbox.faultState()).holding.length === 1);
const release = (discard = false) => world.sandbox.control('POST', 'release', { discard });
const clear = () => world.sandbox.faults([]);

describe('one server', () => {
  beforeEach(async () => { world = await openDataCenter(); });
  afterEach(() => world?.close());

  test('a Jira that takes longer than a panel waits: what it answers is kept, and the next look has it', async () => {
    const agent = await onTicket();
    await endAccess();
    await world.sandbox.faults([{ match: kToken, hold: 'after', times: 1 }]);
    const looks = Promise.all(Array.from({ length: 4 }, () => agent.get('/v1/panel')));
    await held();
    for (const { status } of await looks) assert.notEqual(status, 403, 'nobody is signed out because Jira is slow');
    await release();
    await until('the panel is whole', async () => (await agent.expect(200, 'GET', '/v1/panel')).missing.length === 0);
    assert.equal(await renewed(), 1, 'however many asked');
    assert.equal((await agent.token({ grant: 'refresh' })).status, 200);
  });

  for (const [what, answer] of [['the secret is wrong', { status: 401, body: { error: 'invalid_client' } }], ['a page stands in the way', { status: 403, text: '<html>Blocked</html>' }], ['there is maintenance', { status: 404, text: 'later' }], ['Jira stumbles', { status: 500, text: '' }], ['it wants a pause', { status: 429, text: '' }]]) {
    test(`${what}: nobody is signed out, and it goes on once that is mended`, async () => {
      const agent = await onTicket();
      await endAccess();
      await world.sandbox.faults([{ match: kToken, answer }]);
      const { status, body } = await agent.get('/v1/panel');
      assert.equal(status, 200);
      assert.ok(body.missing.some(({ why }) => why === (answer.status === 429 ? 'jira_rate_limited' : 'jira_unreachable')), JSON.stringify(body.missing));
      await clear();
      assert.equal((await agent.expect(200, 'GET', '/v1/panel')).issue.key, 'PRESS-1');
      assert.equal(await renewed(), 1);
    });
  }

  test('killed before Jira gave the next tokens, the sign-in goes on; killed after, they are asked to sign in', async () => {
    for (const [hold, status] of [['before', 200], ['after', 403]]) {
      const agent = await onTicket();
      await endAccess();
      await world.sandbox.faults([{ match: kToken, hold, times: 1 }]);
      const look = agent.get('/v1/panel').catch(() => undefined);
      await held();
      await world.belayd.kill();
      await release(true);
      await look;
      await clear();
      await world.startBelayd();
      // It looks for a while whether another server has stored the next ones.
      const { body } = await until(`${hold}: the panel says what became of it`, async () => {
        const answer = await agent.get('/v1/panel');
        return !answer.body.missing?.some(({ why }) => why === 'jira_unreachable') && answer;
      });
      assert.deepEqual([body.issue?.key, body.code], status === 200 ? ['PRESS-1', undefined] : [undefined, 'signed_out'], hold);
      await (await onTicket()).expect(200, 'GET', '/v1/panel');
    }
  });

  test('a typed-in token is not forgotten for one refusal of a bad moment', async () => {
    const agent = await onTicket('server');
    world.clock.advance({ minutes: 6 });
    await world.sandbox.faults([{ match: { party: 'datacenter', method: 'GET', path: '/rest/api/2/mypermissions' }, times: 1, answer: { status: 401, text: '' } }]);
    await agent.expect(200, 'GET', '/v1/panel');
    await world.sandbox.faults([{ match: { party: 'datacenter', path: '/rest/api/2/**' }, answer: { status: 401, text: '' } }]);
    world.clock.advance({ minutes: 6 });
    assert.equal((await agent.get('/v1/panel')).body.code, 'signed_out', 'of two it is');
  });

  test('signed out in the last browser, nothing of theirs is kept; the other browser keeps it', async () => {
    const [desk, laptop] = [await onTicket(), await onTicket()];
    const out = (caller) => caller.signOut();
    await out(desk);
    await laptop.expect(200, 'GET', '/v1/panel');
    await out(laptop);
    world.clock.advance({ minutes: 6 });
    const { status, body } = await laptop.get('/v1/panel');
    assert.deepEqual([status, body.code], [403, 'signed_out'], 'the page token lives on, and finds nothing to act with');
    assert.ok(await tokenFromJira(world, 'dc', people.agent), 'Jira itself knows them still');
  });
});

describe('two servers on one database', { skip: isInstalled() ? false : 'PostgreSQL is not installed' }, () => {
  let cluster;
  let second;
  before(async () => {
    cluster = await start();
    world = await openDataCenter({ storage: await cluster.database('two') });
    const file = join(world.folder, 'second.toml');
    writeFileSync(file, tomlOf({ ...world.sections, server: { ...world.sections.server, listen: '127.0.0.1:0' }, forge: { ...world.sections.forge, jwks_cache: join(world.folder, 'second-forge-keys.json') } }));
    second = await Belayd.start({ file, clock: world.clock });
  });
  after(async () => {
    await second?.stop();
    await world?.close();
    await cluster?.stop();
  });

  test('whoever comes too late with the refresh token finds what the other got, and nobody is signed out', async () => {
    const agent = await onTicket();
    const there = agent.with({ server: second });
    await endAccess();
    await world.sandbox.faults([{ match: kToken, hold: 'after', times: 1 }]);
    const first = agent.get('/v1/panel');
    await held();
    const late = there.get('/v1/panel');   // with the refresh token that is spent by now
    await until('the second was refused', async () => (await world.sandbox.requests()).filter(({ party, path, status }) => party === 'datacenter' && path === kToken.path && status === 400).length === 1);
    await release();
    await Promise.all([first, late]);
    for (const caller of [agent, there]) await until('the panel is whole', async () => (await caller.expect(200, 'GET', '/v1/panel')).missing.length === 0);
    assert.equal(await renewed(), 1);
  });
});
