// The keys that sign Forge's tokens: where a token may send us, and what happens when the keys change or cannot be had.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { request } from '../harness/http.mjs';
import { onEachStorage } from '../harness/storages.mjs';
import { claimsOf, serveKeys, signed } from '../harness/tokens.mjs';
import { World } from '../harness/world.mjs';

onEachStorage((storage) => {
  let world;
  let keys;
  let claims;
  let tokens;
  let state;   // the folder that systemd gives a service
  before(async () => {
    state = mkdtempSync(join(tmpdir(), 'belay-state-'));
    world = await World.open({
      storage: await storage.fresh(),
      env: { STATE_DIRECTORY: state },
      configure: async ({ addresses }) => {
        keys = await serveKeys(addresses.jwks);
        return { forge: { jwks_url: keys.url, jwks_cache: undefined } };
      },
    });
    const { authorization, ...others } = await world.agent().headers();
    tokens = others;
    claims = claimsOf(authorization);
  });
  after(async () => {
    await world?.close();
    keys?.close();
    rmSync(state, { recursive: true, force: true });
  });

  const withToken = (token) => request(`${world.belayd.url}/v1/panel`, { headers: { ...tokens, authorization: `Bearer ${token}` } });
  /** A token with those claims, good now by the moved clock. */
  const fresh = (change = (copy) => copy, header) => {
    const copy = structuredClone(claims);
    const now = Math.floor(world.clock.now().getTime() / 1000);
    Object.assign(copy, { iat: now, nbf: now, exp: now + 25 });
    return signed(change(copy) ?? copy, header);
  };
  const outside = async () => (await world.sandbox.requests()).length;

  test('a token of ours with honest claims is taken', async () => {
    assert.equal((await withToken(fresh())).status, 200);
  });

  test('a page on which nobody is signed in cannot send events: those come from no page at all', async () => {
    const token = fresh((copy) => { delete copy.principal; });
    const answer = await request(`${world.belayd.url}/v1/forge/events/uninstall`, { method: 'POST', body: {}, headers: { authorization: `Bearer ${token}` } });
    assert.deepEqual([answer.status, answer.json.code, answer.json.detail.reason], [403, 'forbidden', 'wrong_module']);
    assert.equal((await withToken(fresh())).status, 200);
  });

  test('an API address outside the pinned hosts is refused, though the signature is good, and no token goes there', async () => {
    for (const host of ['https://api.atlassian.com.evil.example', 'http://127.0.0.1:1', 'https://evil.example']) {
      const token = fresh((copy) => {
        const address = `${host}/ex/jira/${copy.context.cloudId}`;
        copy.app.apiBaseUrl = address;
        copy.app.installation.contexts = copy.app.installation.contexts.map((context) => ({ ...context, apiBaseUrl: address }));
      });
      const before = await outside();
      const answer = await withToken(token);
      assert.deepEqual([answer.status, answer.json.code], [401, 'invalid_invocation_token'], host);
      assert.equal(await outside(), before);
    }
  });

  test("another app's token, another environment, another algorithm, a claim that lies: refused", async () => {
    const cases = [
      [401, fresh((copy) => { copy.aud = 'ari:cloud:ecosystem::app/00000000-0000-4000-8000-000000000000'; })],
      [401, fresh((copy) => { copy.app.installation.id = 'ari:cloud:ecosystem::installation/other'; })],
      [401, fresh((copy) => { copy.context.cloudId = '00000000-0000-4000-8000-000000000000'; })],
      [401, fresh((copy) => { copy.iss = 'somebody'; })],
      [401, fresh((copy) => { copy.icLabel = 'eu'; })],
      [401, fresh((copy) => { copy.exp += 0.5; })],
      [401, fresh((copy) => copy, { alg: 'HS256' })],
      [401, fresh((copy) => copy, { kid: undefined })],
      [403, fresh((copy) => { copy.app.environment.type = 'DEVELOPMENT'; })],
    ];
    for (const [index, [status, token]] of cases.entries()) assert.equal((await withToken(token)).status, status, `case ${index}`);
  });

  test('an unknown key is looked up at once the first time, then at most once a minute, whoever asks', async () => {
    const strange = () => fresh((copy) => copy, { kid: 'never-seen' });
    const before = keys.asked;
    assert.equal((await withToken(strange())).status, 401);
    assert.equal(keys.asked, before + 1);
    await Promise.all(Array.from({ length: 20 }, () => withToken(strange())));
    assert.equal(keys.asked, before + 1, 'twenty more strangers cost nothing');
    world.clock.advance({ seconds: 61 });
    await withToken(strange());
    assert.equal(keys.asked, before + 2);
  });

  test('a key server in trouble keeps the keys that were good', async () => {
    for (const answer of [{ status: 500, text: 'no' }, { text: 'garbage' }, { text: '{"keys":[]}' }]) {
      keys.answer = answer;
      world.clock.advance({ seconds: 61 });
      assert.equal((await withToken(fresh((copy) => copy, { kid: 'strange' }))).status, 401);
      assert.equal((await withToken(fresh())).status, 200);
    }
    keys.answer = undefined;
  });

  test('a restart while the key server is away locks nobody out', async () => {
    const kept = (folder) => readdirSync(folder).filter((file) => /^forge-keys.*\.json$/.test(file)).length;
    assert.deepEqual([kept(world.folder), kept(state)], storage.name === 'sqlite' ? [1, 0] : [0, 1]);
    keys.answer = { status: 503, text: '' };
    await world.belayd.stop();
    await world.startBelayd();
    assert.equal((await withToken(fresh())).status, 200);
    keys.answer = undefined;
  });
});
