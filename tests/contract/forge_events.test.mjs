// Events as Forge tells them: answered within a second whatever happens outside, told again when Forge did not hear the answer, without any
// second effect; and when the app is taken away nothing is left, neither here nor at TeamViewer.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { allowRemote } from '../harness/doors.mjs';
import { consent } from '../harness/linking.mjs';
import { problemsOf } from '../harness/openapi.mjs';
import { onEachStorage } from '../harness/storages.mjs';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';
import { Between } from './between.mjs';
import { close, create, opened, saveSettings } from './steps.mjs';

/** Everything that the storage holds, as bytes: SQLite's files as they lie there, PostgreSQL's rows. */
function stored(world) {
  const { url } = world.sections.storage;
  if (url.startsWith('sqlite:')) {
    return Buffer.concat(readdirSync(world.folder).filter((name) => name.startsWith('belay.db')).map((name) => readFileSync(join(world.folder, name))));
  }
  return execFileSync('pg_dump', ['--data-only', '--inserts', url], { maxBuffer: 64 * 1024 * 1024 });
}

onEachStorage((storage) => {
  let world;
  let between;
  let agents;
  const server = () => world.belayd;
  const installation = () => world.sandbox.addresses.installation_id;
  const revoked = async () => (await world.sandbox.journal({ kind: 'token.revoked' })).length;
  const closings = async (code) => (await world.sandbox.requests()).filter(({ party, method, path }) => party === 'teamviewer' && method === 'PUT' && path.endsWith(`/${code}`)).length;
  const deliveries = async () => (await world.sandbox.state()).forge.events.deliveries;
  const heard = (name, count) => until(`event ${name}, ${count} times`, () => between.to(name).length >= count && between.to(name));
  const told = (event, outcome, count) => until(`Forge noted ${event} as ${outcome}, ${count} times`, async () => (await deliveries()).filter((one) => one.event === event && one.outcome === outcome).length >= count);
  const delivered = (event, count = 1) => told(event, 'delivered', count);
  // The minute until it is told again runs from here, and not from when the request came.
  const failed = (event, count) => told(event, 'failed', count);

  before(async () => {
    world = await World.open({ storage: await storage.fresh() });
    between = await Between.start(server);
    for (const site of world.sites) await allowRemote({ sandbox: world.sandbox, publicUrl: between.url, installation: site.installation });
    agents = [await world.linkedAgent(0), await world.linkedAgent(1)];
    await world.sandbox.change({ teamviewer: { accounts: [{ id: await world.teamviewerAccount(1), licence: { concurrentSessions: 100 } }] } });
  });
  after(async () => {
    await world?.close();
    between?.stop();
  });

  test('upgraded, every hour, and from an installation that nobody paired', async () => {
    await world.sandbox.event({ event: 'avi:forge:upgraded:app' });
    await heard('lifecycle', 1);
    await world.sandbox.event({ event: 'hourly' });
    const [tick] = await heard('hourly', 1);
    assert.ok(tick.headers['x-forge-oauth-system'] && !tick.headers['x-forge-oauth-user'], 'an event brings the token of the app alone');
    assert.equal(tick.answer.json.accepted, true);

    const second = world.sites.find(({ installation: id }) => id !== installation());
    // Installed anew: the first event goes nowhere, as long as no admin has said where the server is.
    await world.sandbox.control('POST', 'install', { installation: second.installation, remote: between.url });
    const { id } = (await world.sandbox.state()).forge.installations.findLast(({ site, installed }) => site === second.cloudId && installed !== false);
    await world.sandbox.event({ event: 'avi:forge:installed:app', installation: id });
    const installed = await until('the new installation is told', () => between.to('lifecycle').find(({ body }) => body.payload.eventType === 'avi:forge:installed:app'));
    assert.deepEqual([installed.answer.status, installed.answer.json], [200, { accepted: false }]);
    assert.equal(installed.body.payload.id, id);
    // Its first hourly tick too, now: by itself it would come after five minutes, in the midst of a test that moves the clock past its token's end.
    await world.sandbox.event({ event: 'hourly', installation: id });
    assert.deepEqual((await heard('hourly', 2))[1].answer.json, { accepted: false });
    assert.ok(!stored(world).includes(id), 'nothing is stored of it');
  });

  test('an event whose answer Forge did not hear is told again with its context, and has no second effect', async () => {
    const [first, next] = world.seed.issues.filter(({ key }) => key !== world.seed.issue.key);
    const sessions = [];
    for (const [index, { key }] of [first, next].entries()) {
      const on = agents[0].with({ issue: key });
      sessions.push(await opened(on, (await create(on, { customer: { name: `Deleted Example ${index}` }, invitation: 'public' })).id));
    }
    between.instead = () => (between.to('product').length < 3 ? 500 : undefined);
    await world.sandbox.change({ jira: { issues: { [first.key]: { deleted: true } } } });
    await heard('product', 1);
    await until('the session is closed at the provider', async () => await closings(sessions[0].code) === 1);
    // And that is written down: a clock that is moved on before would end the lease of whoever is at it, and another would close it once more.
    await until('nothing is left of it', async () => !(await agents[0].with({ page: 'account', issue: undefined }).get('/v1/sessions?scope=mine')).text.includes(sessions[0].id));
    for (const count of [2, 3]) {
      await failed('avi:jira:deleted:issue', count - 1);
      world.clock.advance({ seconds: 61 });
      await heard('product', count);
    }
    await delivered('avi:jira:deleted:issue');
    assert.deepEqual(between.to('product').map(({ answer }) => [answer.status, answer.json]), Array(3).fill([200, { accepted: true }]), 'belayd took it each time');
    assert.deepEqual(between.to('product').map(({ body }) => body.payload.retryContext), [
      undefined, ...[1, 2].map((retryCount) => ({ retryCount, retryReason: 'INVALID_REMOTE_INVOCATION_ERROR', retryData: null })),
    ]);

    // What comes after it has been done, so what the retries asked for has been looked at too.
    await world.sandbox.change({ jira: { issues: { [next.key]: { deleted: true } } } });
    await until('the second session is closed at the provider', async () => await closings(sessions[1].code) === 1);
    await delivered('avi:jira:deleted:issue', 2);
    assert.equal(await closings(sessions[0].code), 1);
    assert.equal((await world.sandbox.journal({ kind: 'session.closed' })).filter(({ object }) => sessions.some(({ code }) => code === object.session)).length, 2);
    between.instead = () => undefined;
  });

  test('an event that came while belayd was away is told again and taken', async () => {
    const before = between.to('hourly').length;
    await world.belayd.stop();
    await world.sandbox.event({ event: 'hourly' });
    await heard('hourly', before + 1);
    assert.equal(between.to('hourly').at(-1).answer, undefined);
    await failed('scheduledTrigger', 1);
    await world.startBelayd();
    world.clock.advance({ seconds: 61 });
    const again = (await heard('hourly', before + 2)).at(-1);
    assert.equal(again.answer.json.accepted, true);
    assert.equal(again.body.payload.retryContext.retryCount, 1);
  });

  test('the same tick five times at once, with one and the same token', async () => {
    await world.sandbox.event({ event: 'hourly' });
    const tick = (await heard('hourly', between.to('hourly').length + 1)).at(-1);
    const answers = await Promise.all(Array.from({ length: 5 }, () => between.send(server(), tick)));
    assert.deepEqual(answers.map(({ status, json }) => [status, json.accepted]), Array(5).fill([200, true]));
  });

  test('taking the app away closes every session, gives every grant back once, and leaves nothing', async () => {
    const secrets = ['Erased Example', 'erased@example.com', 'A description to erase', 'Notes to erase', 'Words to erase {{session.link}}'];
    await saveSettings(world.admin, ({ customerText }) => ({ customerText: { ...customerText, en: secrets[4] } }));
    const ended = await opened(agents[0], (await create(agents[0], { customer: { name: 'Ended Example' }, invitation: 'none' })).id);
    await agents[0].expect(202, 'POST', `/v1/sessions/${ended.id}/close`, { notes: secrets[3] });
    const sessions = [];
    for (const agent of agents) {
      for (const invitation of ['public', 'none']) {
        world.clock.advance({ minutes: 2 });
        const body = { customer: { name: `${secrets[0]} ${invitation}`, email: secrets[1] }, description: secrets[2], invitation, idempotencyKey: `key-${sessions.length}` };
        sessions.push(await opened(agent, (await create(agent, body)).id));
      }
    }
    // Somebody stands between consent and Finish connecting, and somebody else has just begun.
    const [, , third] = world.seed.agents;
    await consent(agents[0].with({ account: third.accountId }), { account: third.teamviewer.id });
    await world.admin.with({ page: 'account' }).expect(200, 'POST', '/v1/account/start', {});

    const people = [...agents.map(({ account }) => account), third.accountId, world.seed.admin.accountId];
    const names = world.seed.agents.map(({ name }) => name);
    const addresses = world.seed.agents.map(({ teamviewer }) => teamviewer.email);
    const marks = [...secrets, ...people, ...names, ...addresses, ...sessions.flatMap(({ id, code, customerLink }) => [id, code, customerLink]), installation(), world.sandbox.addresses.cloud_id];
    const presentOf = (wanted) => { const bytes = stored(world); return wanted.filter((mark) => bytes.includes(mark)); };
    const there = [...secrets, ...people, ...sessions.map(({ code }) => code), installation()];
    assert.deepEqual(presentOf(there), there, 'where it is stored, this test sees it');

    const before = await revoked();
    const mark = (await world.sandbox.requests()).at(-1).seq;
    await world.sandbox.faults([{ match: { party: 'teamviewer' }, delayMs: 1500, times: 1 }]);   // nobody waits for TeamViewer here
    await world.sandbox.control('POST', 'uninstall', {});
    const [farewell] = await heard('uninstall', 1);
    for (let again = 0; again < 2; again += 1) assert.equal((await between.send(server(), farewell)).status, 200);
    let seconds = 10;   // it waits a moment for the comments that say so
    await until('the installation is erased', () => {
      if (seconds-- > 0) world.clock.advance({ seconds: 1 });
      return world.belayd.logs.some(({ event }) => event === 'installation_erased');
    }, { timeout: 30_000 });

    const asked = (await world.sandbox.requests()).filter(({ seq, party }) => seq > mark && party === 'teamviewer');
    assert.equal(await revoked(), before + 3, 'two links and the grant that nobody fetched');
    assert.equal(asked.filter(({ path }) => /revoke$/i.test(path)).length, 3, 'each once');
    const closed = (await world.sandbox.journal({ kind: 'session.closed' })).map(({ object }) => object.session);
    for (const { code } of sessions) assert.equal(closed.filter((one) => one === code).length, 1, `${code} is closed once`);
    assert.deepEqual((await world.sandbox.state()).teamviewer.sessions.filter(({ state }) => state.toLowerCase() === 'open'), []);
    const order = asked.map(({ path }) => (/revoke$/i.test(path) ? 'revoke' : 'close'));
    assert.ok(order.indexOf('revoke') >= 2, `a token is given back when its sessions are closed: ${order}`);

    assert.equal((await between.send(server(), farewell)).json.accepted, false, 'told once more, it stores nothing');
    if (storage.name === 'sqlite') await world.belayd.stop();   // until then the write-ahead log lies there too
    assert.deepEqual(presentOf(marks), []);
  });

  test('every answer came within a second and is as documented', (t) => {
    const taken = between.heard.filter(({ answer }) => answer);
    assert.ok(taken.length >= 9);
    // Of a refusal the log says why; the caller is not told.
    const refused = world.belayd.logs.filter(({ event }) => event === 'refused').map((line) => JSON.stringify(line)).join('\n');
    for (const { path, answer, milliseconds } of taken) {
      assert.equal(answer.status, 200, `${path} ${answer.text}\n${refused}`);
      assert.deepEqual(problemsOf('POST', path, answer), []);
      assert.ok(milliseconds < 1000, `${path} took ${milliseconds} ms`);
    }
    t.diagnostic(`slowest ${Math.max(...taken.map(({ milliseconds }) => milliseconds)).toFixed(1)} ms of ${taken.length}`);
  });
});
