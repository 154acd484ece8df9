// Which sites this server serves: those that a Jira admin tied to it with the operator's one-use code.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { freshSeed, withSecondSite } from '../harness/seed.mjs';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';

let world;
let second;
before(async () => {
  world = await World.open({ paired: false, seed: freshSeed(withSecondSite) });
  second = world.siteByHost('second.localhost');
});
after(() => world.close());

const paired = async () => (await world.admin.get('/v1/settings')).status === 200;
const code = (site = world.sandbox.addresses.site) => world.belayd.pairingCode(site);
const pairWith = (typed, caller = world.admin) => caller.post('/v1/pairing', { code: typed });

test('an installation that is not paired reaches nothing but pairing', async () => {
  for (const [caller, method, path, body] of [
    [world.agent(), 'GET', '/v1/panel'], [world.agent(), 'POST', '/v1/sessions', {}], [world.admin, 'GET', '/v1/settings'], [world.admin, 'GET', '/v1/links'],
    [world.agent().with({ page: 'account' }), 'GET', '/v1/account'], [world.agent().with({ page: 'account' }), 'POST', '/v1/account/start', {}], [world.admin, 'DELETE', '/v1/pairing'],
  ]) {
    const answer = await caller.call(method, path, body);
    assert.deepEqual([answer.status, answer.body.code], [403, 'not_paired'], `${method} ${path}`);
  }
});

test('its events are answered with 200 and store nothing', async () => {
  const event = world.caller({ account: '', page: 'belay-on-hourly' });
  const answer = await event.post('/v1/forge/events/hourly', {});
  assert.deepEqual([answer.status, answer.body], [200, { accepted: false }]);
});

test('a wrong code, a code of another site and a code that came too late are refused', async () => {
  const wrong = await pairWith('AAAAA-BBBBB-CCCCC-DDDDD');
  assert.deepEqual([wrong.status, wrong.body.code], [403, 'pairing_code_invalid']);

  const foreign = await pairWith(await code('https://elsewhere.example'));
  assert.deepEqual([foreign.status, foreign.body.code], [403, 'pairing_code_invalid']);

  const late = await code();
  world.clock.advance({ minutes: 16 });
  const answer = await pairWith(late);
  assert.deepEqual([answer.status, answer.body.code], [403, 'pairing_code_expired']);
  assert.equal(await paired(), false);
});

test('only a Jira admin can pair, and somebody else does not use the code up', async () => {
  const good = await code();
  const other = await pairWith(good, world.admin.with({ account: world.seed.outsider.accountId }));
  assert.deepEqual([other.status, other.body.code, other.body.detail.reason], [403, 'forbidden', 'not_admin']);

  const answer = await pairWith(good);
  assert.equal(answer.status, 200);
  assert.equal(answer.body.installation.pairedBy.id, world.seed.admin.accountId);
  assert.equal(answer.body.installation.siteUrl, world.sandbox.addresses.site);
  assert.equal(await paired(), true);
});

test('a site that is paired takes no further code', async () => {
  const again = await pairWith(await code());
  assert.deepEqual([again.status, again.body.code], [409, 'already_paired']);
});

test('unpairing forgets the installation; the used code does not come back to life', async () => {
  const gone = await world.admin.delete('/v1/pairing');
  assert.equal(gone.status, 200);
  assert.equal(gone.body.paired, false);
  await until('the installation is forgotten', async () => (await world.admin.get('/v1/settings')).body.code === 'not_paired');

  const good = await code();
  assert.equal((await pairWith(good.toLowerCase().replaceAll('-', ' '))).status, 200);
  await world.admin.delete('/v1/pairing');
  await until('the installation is forgotten', async () => (await world.admin.get('/v1/settings')).body.code === 'not_paired');
  const used = await pairWith(good);
  assert.deepEqual([used.status, used.body.code], [403, 'pairing_code_invalid']);
});

test('after five wrong codes within an hour even the right one is refused, for this installation alone', async () => {
  const admin = world.admin.with({ installation: second.installation });
  for (let n = 0; n < 5; n += 1) {
    if (n > 0) world.clock.advance({ minutes: 10 });
    assert.equal((await pairWith(`WRONG-WRONG-WRONG-WRON${n}`, admin)).body.code, 'pairing_code_invalid');
  }
  const good = await code(second.url);
  const refused = await pairWith(good, admin);
  assert.deepEqual([refused.status, refused.body.code], [429, 'pairing_attempts_exceeded']);
  // The first of the five was forty minutes ago, and some time of the machine's own has passed.
  const { retryAfter } = refused.body;
  assert.ok(retryAfter > 18 * 60 && retryAfter <= 20 * 60, `${retryAfter} s`);
  assert.equal((await pairWith(await code())).status, 200, 'the first site is not concerned');

  world.clock.advance({ seconds: retryAfter - 120 });
  assert.equal((await pairWith(await code(second.url), admin)).body.code, 'pairing_attempts_exceeded');
  world.clock.advance({ seconds: 120 });
  assert.equal((await pairWith(await code(second.url), admin)).status, 200, 'when it said');
});

test('a used code pairs no other installation, of the same site or of another one', async () => {
  const forgotten = (admin) => until('the installation is forgotten', async () => (await admin.get('/v1/settings')).body.code === 'not_paired');
  const before = world.admin.with({ installation: second.installation });
  await before.delete('/v1/pairing');
  await forgotten(before);
  const used = await code(second.url);
  assert.equal((await pairWith(used, before)).status, 200);

  // Uninstalled and installed again: the same site, and to the server another installation.
  await world.sandbox.control('POST', 'uninstall', { installation: second.installation });
  const { json } = await world.sandbox.control('POST', 'install', { installation: second.cloudId, account: world.seed.admin.accountId, remote: world.publicUrl });
  const { id } = json.installations.find(({ site }) => site === second.cloudId);
  assert.notEqual(id, second.installation);
  const after = world.admin.with({ installation: id });
  await world.admin.delete('/v1/pairing');
  await forgotten(world.admin);

  for (const admin of [after, world.admin]) {
    const refused = await pairWith(used, admin);
    assert.deepEqual([refused.status, refused.body.code], [403, 'pairing_code_invalid']);
    assert.equal((await admin.get('/v1/settings')).body.code, 'not_paired', 'nothing is paired');
  }
  assert.equal((await pairWith(await code(second.url), after)).status, 200, 'a fresh code is taken');
});
