// The action "Create support session" of Jira's automation, run by a rule as Jira would: for whom it acts, in whose account the session lives, and what
// the rule's audit log says when nothing is created.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { request } from '../harness/http.mjs';
import { problemsOf } from '../harness/openapi.mjs';
import { freshSeed, withSecondSite } from '../harness/seed.mjs';
import { onEachStorage } from '../harness/storages.mjs';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';

const kAction = 'belay-create-session';
const kPath = '/v1/automation/create-session';
// HELP-1 is the first agent's, HELP-2 the second's, HELP-6 nobody's.
const kOfFirst = 'HELP-1';
const kOfSecond = 'HELP-2';
const kOfNobody = 'HELP-6';

onEachStorage((storage) => {
  let world;
  let agent;
  before(async () => {
    world = await World.open({ storage: await storage.fresh(), seed: freshSeed(withSecondSite) });
    agent = await world.linkedAgent(0, kOfFirst);
  });
  after(() => world?.close());

  const actor = () => world.seed.agents[1].accountId;   // an agent of the desk, with nothing linked
  async function run({ inputs = {}, issue = kOfFirst, as = actor(), ...more } = {}) {
    const ran = await world.sandbox.rule({ action: kAction, ...(as ? { actor: as } : {}), issue, inputs: { issueKey: '{{issue.key}}', ...inputs }, ...more });
    if (ran.status > 0) assert.deepEqual(problemsOf('POST', kPath, { status: ran.status, headers: { 'content-type': 'application/json' }, text: JSON.stringify(ran.output), json: ran.output }), []);
    return ran;
  }
  async function refused(ran, code, words) {
    const { outcome, errors, output, status } = await ran;
    assert.deepEqual([status, outcome, output.errors?.[0].code], [200, 'failure', code], JSON.stringify(output));
    assert.equal(errors.length, 1);
    assert.match(errors[0], words);
    assert.doesNotMatch(errors[0], /\{[a-z]+\}/i, 'no hole in the sentence');
    return errors[0];
  }
  const sessionsOf = async (issue) => (await agent.with({ issue }).expect(200, 'GET', '/v1/sessions')).sessions;
  const sessionWhen = (issue, id, what, wanted) => until(what, async () => {
    const session = (await sessionsOf(issue)).find((one) => one.id === id);
    return session && wanted(session) ? session : undefined;
  });
  async function settle(change) {
    const { installation: _i, health: _h, defaults: _d, ...now } = await world.admin.expect(200, 'GET', '/v1/settings');
    return world.admin.expect(200, 'PUT', '/v1/settings', { ...now, ...change });
  }
  /** Whatever state the sessions of the issue come to meanwhile. */
  const closeAll = (issue) => until('every session of the issue is over', async () => {
    const going = (await sessionsOf(issue)).filter(({ actions }) => actions.includes('close') || actions.includes('cancel'));
    for (const { id, actions } of going) await agent.with({ issue }).post(`/v1/sessions/${id}/${actions.includes('close') ? 'close' : 'cancel'}`, {});
    return going.length === 0;
  });
  const counted = async (kind) => (await world.sandbox.journal({ kind })).length;

  test('the session lives in the assignee\'s account, is for the reporter, and its invitation is written', async () => {
    const { outcome, output } = await run();
    assert.equal(outcome, 'success');
    assert.deepEqual([output.joined, output.supporter], [false, world.seed.agents[0].name]);
    const session = await sessionWhen(kOfFirst, output.sessionId, 'the invitation is written', ({ steps }) => steps.invitation === 'done');
    const issue = world.seed.issues.find(({ key }) => key === kOfFirst);
    assert.equal(session.customer.id, issue.reporter);
    assert.equal(session.supporter.id, agent.account);
    const [made] = await world.sandbox.journal({ kind: 'session.created' });
    assert.equal(made.account, await world.teamviewerAccount(0), 'in the supporter\'s account at TeamViewer');
    const comments = (await world.sandbox.journal({ kind: 'comment.created' })).filter(({ object }) => object.issueKey === kOfFirst);
    assert.equal(comments.length, 1);
  });

  test('a call that comes twice, also much later, is one session; once that is closed there is another', async () => {
    const before = await counted('session.created');
    const [one, two] = await Promise.all([run(), run()]);
    world.clock.advance({ minutes: 10 });
    const three = await run();
    assert.deepEqual(new Set([one, two, three].map(({ output }) => output.sessionId)).size, 1);
    assert.ok([one, two, three].every(({ output }) => output.joined));
    assert.equal(await counted('session.created'), before);
    await closeAll(kOfFirst);
    // The first call itself comes twice: Forge repeats one whose answer it did not see.
    const first = await Promise.all([run(), run()]);
    assert.deepEqual(first.map(({ output }) => output.joined).sort(), [false, true]);
    assert.equal(new Set(first.map(({ output }) => output.sessionId)).size, 1);
    await sessionWhen(kOfFirst, first[0].output.sessionId, 'it is made', ({ state }) => state === 'open');
    assert.equal(await counted('session.created'), before + 1);
    await closeAll(kOfFirst);
  });

  test('what the rule says counts: customer, description, validity, invitation', async () => {
    const customer = world.seed.issues.find(({ key }) => key === kOfFirst).participants[0];
    const { output } = await run({ inputs: { customer, description: 'From a rule: {{issue.summary}}', validityMinutes: 60, invitation: 'none' } });
    const session = await sessionWhen(kOfFirst, output.sessionId, 'it is made', ({ state }) => state === 'open');
    assert.deepEqual([session.customer.id, session.invitation], [customer, 'none']);
    assert.match(session.description, /^From a rule: Colours/);
    assert.ok(Math.abs(new Date(session.validUntil) - new Date(session.createdAt) - 3_600_000) < 5_000);
    await closeAll(kOfFirst);
    const empty = await run({ inputs: { customer: '', description: '', invitation: '' } });
    assert.equal(empty.outcome, 'success', 'what was left empty in the rule counts as absent');
    await closeAll(kOfFirst);
  });

  describe('the supporter', () => {
    beforeEach(() => settle({ defaultSupporter: '' }));

    test('where the assignee has no account connected, and nobody is named, nothing is created', async () => {
      const before = await counted('session.created');
      await refused(run({ issue: kOfSecond }), 'no_supporter', /the assignee of HELP-2 has no TeamViewer account connected, and no default supporter is named/);
      await refused(run({ issue: kOfNobody }), 'no_supporter', /HELP-6/);
      assert.equal(await counted('session.created'), before);
    });

    test('then the one that the admin named: a connected account, and no other', async () => {
      const { installation: _i, health: _h, defaults: _d, ...now } = await world.admin.expect(200, 'GET', '/v1/settings');
      const wrong = await world.admin.put('/v1/settings', { ...now, defaultSupporter: actor() });
      assert.deepEqual([wrong.status, wrong.body.detail.field, wrong.body.detail.rule], [400, 'defaultSupporter', 'linked_account']);
      await settle({ defaultSupporter: agent.account });
      const { output } = await run({ issue: kOfNobody, inputs: { invitation: 'none' } });
      assert.equal(output.supporter, world.seed.agents[0].name);
      const session = await sessionWhen(kOfNobody, output.sessionId, 'it is made', ({ state }) => state === 'open');
      assert.equal(session.supporter.id, agent.account);
      await closeAll(kOfNobody);
    });

    test('one whose link came to an end, or whose licence does not do, is refused by name', async () => {
      await world.linkedAgent(1, kOfSecond);
      const { name } = world.seed.agents[1];
      await settle({ eligibleLicences: { policy: 'listed', types: ['Corporate'] } });
      assert.ok((await refused(run({ issue: kOfSecond }), 'licence_not_eligible', /licence of .* cannot be used here/)).includes(name));
      await settle({ eligibleLicences: { policy: 'any_paid' }, defaultSupporter: world.seed.agents[1].accountId });
      await agent.with({ account: world.seed.agents[1].accountId, page: 'account', issue: undefined }).expect(200, 'DELETE', '/v1/account');
      await refused(run({ issue: kOfSecond }), 'not_linked', /the default supporter has no TeamViewer account connected any more|is disconnecting/);
    });
  });

  describe('for whom it acts', () => {
    test('without a user token nothing is created, and it is said why', async () => {
      await refused(run({ as: '' }), 'actor_unknown', /Jira did not say for whom this rule acts/);
    });

    test('the actor\'s own rights on the issue decide, not the app\'s', async () => {
      await refused(run({ as: world.seed.outsider.accountId }), 'not_found', /there is no issue HELP-1, or the person this rule runs as may not see it/);
      const { roles } = world.seed.site.projects.find(({ key }) => key === 'PRESS');
      await refused(run({ issue: 'PRESS-1', as: roles.Viewers[0] }), 'forbidden', /may not work on PRESS-1/);
      await settle({ allowedGroups: ['developers'] });
      await refused(run(), 'forbidden', /limited to certain groups/);
      await settle({ allowedGroups: [] });
    });

    test('an issue that there is not is refused, and so is a project where remote support is off', async () => {
      await refused(run({ inputs: { issueKey: 'HELP-999' } }), 'not_found', /there is no issue HELP-999/);
      const keeper = world.projectAdmin();
      const path = `/v1/settings?project=${world.seed.project.key}`;
      const { project: _p, site: _s, ...now } = await keeper.expect(200, 'GET', path);
      const off = await keeper.expect(200, 'PUT', path, { ...now, enabled: false });
      await refused(run(), 'project_off', /switched off in the project of HELP-1/);
      await keeper.expect(200, 'PUT', path, { ...now, version: off.version });
    });

    test('a page cannot do this, nor an installation that is not paired; and what is sent besides the inputs is refused', async () => {
      const page = await agent.post(kPath, { issueKey: kOfFirst });
      assert.deepEqual([page.status, page.body.code, page.body.detail.reason], [403, 'forbidden', 'wrong_module']);
      const { installation } = world.siteByHost('second.localhost');
      const unpaired = await run({ installation });
      assert.deepEqual([unpaired.outcome, unpaired.status, unpaired.output.code], ['failure', 403, 'not_paired']);
      const { fit, userToken } = await world.sandbox.fit({ module: kAction, account: '' }).then(async (tokens) => ({ ...tokens, ...(await userTokenOf(actor())) }));
      const send = async (body) => {
        const answer = await request(`${world.belayd.url}${kPath}`, { method: 'POST', body, headers: { authorization: `Bearer ${fit}`, 'x-forge-oauth-user': userToken } });
        assert.deepEqual(problemsOf('POST', kPath, answer), []);
        return answer.json;
      };
      for (const [body, code] of [[{ issueKey: '' }, 'invalid_field'], [{}, 'invalid_field'], [{ payload: { issueKey: kOfFirst, colour: 'red' } }, 'unknown_field'], [{ issueKey: kOfFirst, validityMinutes: 1 }, 'invalid_field'],
        [{ issueKey: kOfFirst, invitation: 'all' }, 'invalid_field'], [{ issueKey: '../1/comment' }, 'not_found'], [{ issueKey: kOfFirst, customer: world.seed.people.find(({ job }) => /Sales/.test(job)).accountId }, 'invalid_field']]) {
        const { errors } = await send(body);
        assert.equal(errors?.[0].code, code, JSON.stringify(body));
        assert.ok(errors[0].message.length > 20);
      }
      for (const validityMinutes of ['soon', '14', '60 ', '6e1', '']) {
        const { errors } = await send({ issueKey: kOfFirst, validityMinutes, invitation: 'all' });
        assert.match(errors[0].message, validityMinutes === '' ? /^invitation / : /^validityMinutes /);
      }
      const inText = await send({ issueKey: kOfFirst, validityMinutes: '60', invitation: 'none' });
      const { validUntil, createdAt } = await sessionWhen(kOfFirst, inText.sessionId, 'it is made', ({ state }) => state === 'open');
      assert.ok(Math.abs(new Date(validUntil) - new Date(createdAt) - 3_600_000) < 5_000, 'a smart value comes as text');
      await closeAll(kOfFirst);
      const done = await send({ issueKey: kOfFirst, invitation: 'none', context: { jira: { issueKey: 'HELP-7' } } });
      assert.equal(typeof done.sessionId, 'string', 'Forge\'s own context is not an input');
      await closeAll(kOfFirst);
    });

    async function userTokenOf(account) {
      const { userToken } = await world.sandbox.fit({ module: 'belay-panel', issue: kOfFirst, account });
      return { userToken };
    }
  });

  test('the audit log is written in the site\'s default language', async () => {
    await settle({ defaultLanguage: 'fr', defaultSupporter: '' });
    await refused(run({ issue: kOfNobody }), 'no_supporter', /Aucune session n’a été créée/);
    await settle({ defaultLanguage: 'en' });
  });

  test('it is answered within five seconds while Jira hangs, and nothing is created', async () => {
    const before = await counted('session.created');
    world.clock.advance({ minutes: 6 });   // what was known of the actor's rights is asked for again
    await world.sandbox.faults([{ match: { party: 'jira', path: '**/mypermissions' }, hold: 'before' }]);
    const begun = Date.now();
    await refused(run(), 'jira_unreachable', /Jira does not answer/);
    assert.ok(Date.now() - begun < 5_000);
    await world.sandbox.faults([]);
    assert.equal(await counted('session.created'), before);
  });
});
