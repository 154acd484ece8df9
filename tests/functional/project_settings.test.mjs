// What the admins of one project decide, who they are, and what comes of it on the project's issues and on nobody else's.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { freshSeed, withSecondSite } from '../harness/seed.mjs';
import { onEachStorage } from '../harness/storages.mjs';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';

const kText = 'The help desk asks you to join: {{session.link}}';

onEachStorage((storage) => {
  let world;
  let agent;
  let keeper;     // of the service project
  before(async () => {
    world = await World.open({ storage: await storage.fresh(), seed: freshSeed(withSecondSite) });
    agent = await world.linkedAgent(0);
    keeper = world.projectAdmin();
  });
  after(() => world?.close());

  const key = () => world.seed.project.key;
  const path = (project = key()) => `/v1/settings?project=${project}`;
  const read = (who = keeper) => who.expect(200, 'GET', path());
  async function save(change, who = keeper) {
    const { project: _p, site: _s, ...now } = await read(who);
    return who.expect(200, 'PUT', path(), { ...now, ...change });
  }
  async function refused(answering, status, code, reason) {
    const answer = await answering;
    assert.deepEqual([answer.status, answer.body.code, answer.body.detail?.reason], [status, code, reason], answer.text);
    return answer.body;
  }
  const elsewhere = () => agent.with({ issue: 'PRESS-1' });
  const commentsOf = async (issueKey) => (await world.sandbox.journal({ kind: 'comment.created' })).filter(({ object }) => object.issueKey === issueKey);
  const created = async (customer) => {
    const { session } = await agent.expect(202, 'POST', '/v1/sessions', { customer });
    return until('the invitation is written', async () => {
      const { session: now } = await agent.expect(200, 'GET', `/v1/sessions/${session.id}`);
      return now.steps.invitation === 'done' ? now : undefined;
    });
  };
  const lastComment = async () => {
    const requests = await world.sandbox.requests();
    return JSON.stringify(JSON.parse(requests.findLast(({ method, path: at }) => method === 'POST' && /\/comment$/.test(at)).body).body);
  };

  describe('who may', () => {
    test('an admin of the project and a Jira admin, from its settings page', async () => {
      const shown = await read();
      assert.deepEqual([shown.version, shown.enabled, shown.customerText, shown.allowedGroups, shown.project], [0, true, {}, [], { key: key() }]);
      assert.equal(shown.site.customerText.en, (await world.admin.expect(200, 'GET', '/v1/settings')).customerText.en);
      await read(world.projectAdmin(key(), world.seed.admin.accountId));
      const hidden = world.projectAdmin('PRESS', world.seed.admin.accountId);
      await hidden.expect(200, 'GET', path('PRESS'));   // a Jira admin whom the project does not let browse
    });

    test('nobody else, from no other page, and for no other project than the page stands in', async () => {
      const body = { version: 0, enabled: false, customerText: {}, allowedGroups: [] };
      for (const [method, sent] of [['GET'], ['PUT', body]]) {
        await refused(world.projectAdmin(key(), agent.account).call(method, path(), sent), 403, 'forbidden', 'not_project_admin');
        await refused(world.projectAdmin('PRESS').call(method, path('PRESS'), sent), 403, 'forbidden', 'not_project_admin');
        await refused(keeper.call(method, path('PRESS'), sent), 404, 'not_found');
        await refused(keeper.call(method, path(key().toLowerCase()), sent), 404, 'not_found');
        await refused(keeper.call(method, '/v1/settings?project=', sent), 400, 'invalid_field');
        for (const page of [world.admin, agent, keeper.with({ page: 'account' })]) await refused(page.call(method, path(), sent), 403, 'forbidden', 'wrong_module');
      }
      await refused(keeper.get('/v1/settings'), 403, 'forbidden', 'wrong_module');
      await refused(keeper.get('/v1/links'), 403, 'forbidden', 'wrong_module');
      await refused(keeper.get('/v1/panel'), 403, 'forbidden', 'wrong_module');
      assert.equal((await read()).version, 0);
    });

    test('the preview is for them as well', async () => {
      const { problems } = await keeper.expect(200, 'POST', '/v1/settings/preview', { text: kText, language: 'en' });
      assert.deepEqual(problems, []);
      await refused(world.projectAdmin(key(), agent.account).post('/v1/settings/preview', { text: kText, language: 'en' }), 403, 'forbidden', 'not_project_admin');
    });

    test('who is an admin of the project no longer, is none within five minutes', async () => {
      const { roles } = world.seed.project;
      const change = (members) => world.sandbox.change({ jira: { roles: { [key()]: { Administrators: members } } } });
      await read();
      await change([]);
      try {
        world.clock.advance({ minutes: 6 });
        await refused(keeper.get(path()), 403, 'forbidden', 'not_project_admin');
      } finally {
        await change(roles.Administrators);
        world.clock.advance({ minutes: 6 });
      }
      await read();
    });
  });

  test('what is wrong is refused, and nothing is saved', async () => {
    const before = await read();
    const body = { version: before.version, enabled: true, customerText: {}, allowedGroups: [] };
    const { enabled: _e, ...without } = body;
    for (const [wrong, status, code] of [
      [without, 400, 'invalid_field'], [{ ...body, enabled: 'no' }, 400, 'invalid_field'], [{ ...body, version: -1 }, 400, 'invalid_field'], [{ ...body, colour: 'red' }, 400, 'unknown_field'],
      [{ ...body, customerText: { de: kText } }, 400, 'unknown_field'], [{ ...body, customerText: { en: 'Join us' } }, 400, 'customer_text_invalid'],
      [{ ...body, customerText: { en: '{{session.link}} {{session.pasword}}' } }, 400, 'customer_text_invalid'], [{ ...body, allowedGroups: Array(51).fill('a') }, 400, 'invalid_field'],
      [{ ...body, validityMinutes: 60 }, 400, 'unknown_field'], [{ ...body, version: before.version + 1 }, 409, 'settings_changed'],
    ]) await refused(keeper.put(path(), wrong), status, code);
    const unknown = await refused(keeper.put(path(), { ...body, allowedGroups: ['suport-team'] }), 400, 'invalid_field');
    assert.deepEqual([unknown.detail.rule, unknown.detail.names], ['unknown_group', ['suport-team']]);
    assert.deepEqual(await read(), before);
  });

  test('of two admins who save at the same time one wins', async () => {
    const { project: _p, site: _s, ...now } = await read();
    const answers = await Promise.all([keeper.put(path(), now), world.projectAdmin(key(), world.seed.admin.accountId).put(path(), now)]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409]);
  });

  test('its text is in the invitation, in the languages in which it has one; elsewhere the site’s', async () => {
    await save({ customerText: { en: kText } });
    await created({ name: 'Ada Example' });
    assert.match(await lastComment(), /The help desk asks you to join/);
    const site = (await read()).site.customerText.fr;
    assert.ok(!site.includes('help desk asks'));
    await save({ customerText: { fr: kText } });
    await created({ name: 'Zoe Example' });
    assert.doesNotMatch(await lastComment(), /The help desk asks you to join/);
    await save({ customerText: {} });
  });

  test('its groups narrow what the site allows, and cannot widen it', async () => {
    const mayAct = async (who = agent) => (await who.expect(200, 'GET', '/v1/panel')).viewer;
    await save({ allowedGroups: ['developers'] });
    assert.deepEqual([(await mayAct()).mayAct, (await mayAct()).reason], [false, 'not_in_allowed_groups']);
    await refused(agent.post('/v1/sessions', {}), 403, 'forbidden', 'not_in_allowed_groups');
    assert.equal((await mayAct(elsewhere())).mayAct, true, 'in another project nothing is narrowed');
    await save({ allowedGroups: ['support-team'] });
    assert.equal((await mayAct()).mayAct, true);
    const { installation: _i, health: _h, defaults: _d, ...now } = await world.admin.expect(200, 'GET', '/v1/settings');
    const site = await world.admin.expect(200, 'PUT', '/v1/settings', { ...now, allowedGroups: ['developers'] });
    assert.deepEqual([(await mayAct()).mayAct, (await mayAct()).reason], [false, 'not_in_allowed_groups']);
    assert.deepEqual((await read()).site.allowedGroups, ['developers']);
    await world.admin.expect(200, 'PUT', '/v1/settings', { ...now, version: site.version, allowedGroups: [] });
    await save({ allowedGroups: [] });
    assert.equal((await mayAct()).mayAct, true);
  });

  test('switched off, nothing begins there, and what is open can be closed; other projects and other sites go on', async () => {
    const open = await created({ name: 'Kim Example' });
    const person = world.seed.issue.reporter;
    const before = (await commentsOf(world.seed.issue.key)).length;
    await save({ enabled: false });
    const panel = await agent.expect(200, 'GET', '/v1/panel');
    assert.deepEqual([panel.projectOff, panel.viewer.mayAct, panel.people], [true, true, []]);
    assert.deepEqual(panel.sessions.find(({ id }) => id === open.id).actions, ['note', 'close']);
    for (const [method, to, body] of [
      ['POST', '/v1/sessions', { customer: { name: 'Ada Example' } }], ['POST', `/v1/sessions/${open.id}/connect`, { client: 'app' }], ['POST', `/v1/sessions/${open.id}/invitation`, {}],
      ['POST', `/v1/people/${person}/contact`, {}], ['POST', `/v1/people/${person}/launch`, { mode: 'chat' }], ['PUT', `/v1/people/${person}/mapping`, { address: 'a@b.example' }],
      ['DELETE', `/v1/people/${person}/mapping`], ['GET', '/v1/contacts?search=a'],
    ]) {
      const { message } = await refused(agent.call(method, to, body), 403, 'project_off');
      assert.match(message, /switched off in this project/);
    }
    assert.equal((await commentsOf(world.seed.issue.key)).length, before);
    assert.equal((await elsewhere().expect(200, 'GET', '/v1/panel')).projectOff, undefined);

    const { installation, url } = world.siteByHost('second.localhost');
    await world.admin.with({ installation }).expect(200, 'POST', '/v1/pairing', { code: await world.belayd.pairingCode(url) });
    const there = await keeper.with({ installation }).expect(200, 'GET', path());
    assert.deepEqual([there.version, there.enabled], [0, true], 'a project of the same id at another site');

    await agent.expect(202, 'POST', `/v1/sessions/${open.id}/close`, {});
    await until('the session is closed at the provider', async () => (await agent.expect(200, 'GET', `/v1/sessions/${open.id}`)).session.steps.closing === 'done');
    await save({ enabled: true });
    assert.equal((await agent.expect(200, 'GET', '/v1/panel')).projectOff, undefined);
    await agent.expect(202, 'POST', '/v1/sessions', { customer: { name: 'Back Example' }, invitation: 'none' });
  });

  test('what a project decided outlives a restart', async () => {
    await save({ allowedGroups: ['support-team'], customerText: { fr: kText } });
    const before = await read();
    await world.belayd.stop();
    await world.startBelayd();
    assert.deepEqual(await read(), before);
  });
});
