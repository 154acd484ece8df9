// What happens at TeamViewer is on an open page with its very next question: the panel's, and that of one's own page. On both storages.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { onEachStorage } from '../harness/storages.mjs';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';

/** A page that can be seen asks so often. */
const kPage = { seconds: 8 };

onEachStorage((storage) => {
  let world;
  let agent;
  before(async () => {
    world = await World.open({ storage: await storage.fresh() });
    agent = await world.linkedAgent(0);
  });
  after(() => world?.close());

  const online = (code, is) => world.sandbox.change({ teamviewer: { sessions: [{ code, online: is }] } });
  /** Questions to TeamViewer about sessions, so far. */
  const looks = async () => (await world.sandbox.requests()).filter(({ party, method, path }) => party === 'teamviewer' && method === 'GET' && /\/sessions\/?$/.test(path.split('?')[0])).length;
  const opened = async (name) => {
    const { session } = await agent.expect(202, 'POST', '/v1/sessions', { customer: { name }, invitation: 'none' });
    return until('it is open', async () => {
      const now = (await agent.expect(200, 'GET', `/v1/sessions/${session.id}`)).session;
      return now.state === 'open' && now;
    });
  };

  for (const [page, open, ask] of [
    ['the panel', async () => (await agent.expect(200, 'GET', '/v1/panel')).version, (version) => agent.expect(200, 'GET', `/v1/panel?since=${version}`)],
    ['one\'s own page', async () => undefined, () => agent.with({ page: 'account', issue: undefined }).expect(200, 'GET', '/v1/sessions?scope=mine')],
  ]) {
    test(`${page}: a customer who came, and left, is on the next answer`, async () => {
      const { id, code } = await opened(`Customer of ${page}`);
      const version = await open();
      await ask(version);
      for (const [is, state] of [[true, 'customer_present'], [false, 'open']]) {
        await online(code, is);
        world.clock.advance(kPage);
        const { sessions } = await ask('another');
        assert.equal(sessions.find((session) => session.id === id).state, state);
      }
    });
  }

  test('many pages of one account bring no more looks than one every two seconds', async () => {
    await opened('Somebody');
    const { version } = await agent.expect(200, 'GET', '/v1/panel');
    world.clock.advance({ seconds: 60 });
    await agent.expect(200, 'GET', `/v1/panel?since=${version}`);
    const before = await looks();
    for (let page = 0; page < 10; page += 1) await agent.expect(200, 'GET', `/v1/panel?since=${version}`);
    assert.equal(await looks(), before);
    world.clock.advance({ seconds: 2 });
    await Promise.all(Array.from({ length: 10 }, () => agent.expect(200, 'GET', `/v1/panel?since=${version}`)));
    const after = await looks();
    assert.ok(after > before && after <= before + 2, `${after - before} looks`);
  });

  test('TeamViewer gives no answer: the page has its own in time, says what is missing, and the news comes once it is back', async () => {
    const { id, code } = await opened('Somebody else');
    const { version } = await agent.expect(200, 'GET', '/v1/panel');
    await world.sandbox.change({ teamviewer: { settings: { down: true } } });
    await online(code, true);
    world.clock.advance({ seconds: 60 });
    const told = await until('the panel says that states may be old', async () => {
      const began = performance.now();
      const panel = await agent.expect(200, 'GET', `/v1/panel?since=${version}`);
      assert.ok(performance.now() - began < 5_000);
      return panel.missing?.some(({ what }) => what === 'session_state') && panel;
    });
    assert.equal(told.sessions.find((session) => session.id === id).state, 'open');
    await world.sandbox.change({ teamviewer: { settings: { down: false } } });
    world.clock.advance({ minutes: 6 });
    const { sessions } = await agent.expect(200, 'GET', `/v1/panel?since=${told.version}`);
    assert.equal(sessions.find((session) => session.id === id).state, 'customer_present');
  });
});
