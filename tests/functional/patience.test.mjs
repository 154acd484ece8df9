// However long Jira takes for each of its answers, and however many of them one call needs: Forge gives up after 25 s, so the answer is there before.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { consent, link } from '../harness/linking.mjs';
import { document, operationOf } from '../harness/openapi.mjs';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';

const kJiraTakes = 9_000;
const kForgeWaits = 25_000;

let world;
let agent;
before(async () => {
  world = await World.open();
  agent = await world.linkedAgent(0);
});
after(() => world.close());

test('a slow Jira: no call takes as long as Forge waits, each says that nothing was changed, and nothing was', async () => {
  const { people } = await agent.expect(200, 'GET', '/v1/panel');
  const commenter = people.find(({ roles, standing }) => !roles.includes('reporter') && !roles.includes('assignee') && standing !== 'self');
  assert.ok(commenter, 'somebody who commented');
  await world.belayd.stop();   // what is remembered goes
  await world.startBelayd();
  await world.sandbox.faults([{ match: { party: 'jira' }, delayMs: kJiraTakes }]);

  const calls = [
    ['POST', '/v1/sessions', { customer: { id: commenter.id }, invitation: 'none' }],
    ['POST', `/v1/people/${commenter.id}/contact`, {}],
    ['POST', `/v1/people/${commenter.id}/launch`, { mode: 'chat' }],
  ];
  const answers = await Promise.all(calls.map(async ([method, path, body]) => {
    const begun = performance.now();
    const answer = await agent.call(method, path, body);
    return { path, took: performance.now() - begun, ...answer };
  }));
  for (const { path, took, status, body } of answers) {
    assert.ok(took < kForgeWaits - 2_000, `${path} took ${Math.round(took)} ms`);
    assert.equal(status, 502, path);
    assert.equal(body.code, 'jira_unreachable', path);
    assert.match(body.message, /nothing was changed/);
  }
  await world.sandbox.faults([]);
  assert.deepEqual((await agent.expect(200, 'GET', '/v1/panel')).sessions, []);
  assert.equal((await world.sandbox.journal({ kind: 'session.created' })).length, 0);
});

test('a panel in a hurry asks Jira first: whoever creates a session meanwhile still hears the answer that the panel did not wait for', async () => {
  await world.belayd.stop();   // what is remembered goes
  await world.startBelayd();
  await world.sandbox.faults([{ id: 'rights', match: { party: 'jira', path: '/rest/api/3/mypermissions' }, hold: 'before', times: 1 }]);
  const panel = agent.get('/v1/panel');
  await until('Jira is asked', async () => (await world.sandbox.faultState()).holding.length > 0);
  const created = agent.post('/v1/sessions', { customer: { name: 'Ada Example' }, invitation: 'none' });
  await panel;
  await world.sandbox.control('POST', 'release', {});
  const { status, text } = await created;
  assert.equal(status, 202, text);
});

// Not a page's: a rule has five seconds (automation.test.mjs), an event too (below), and the browser itself waits for the way to TeamViewer.
const others = ['/v1/automation/', '/v1/forge/', '/oauth/', '/datacenter/'];
const kOfPages = Object.entries(document.paths).filter(([path]) => !others.some((other) => path.startsWith(other)))
  .flatMap(([, { parameters: _p, ...operations }]) => Object.values(operations).map(({ operationId }) => operationId));

describe('every call of every page has its answer while Forge waits, and so has every event', { concurrency: true }, () => {
  for (const [what, trouble] of [['hang', { hold: 'before' }], ['take long for each of their answers', { delayMs: kJiraTakes }]]) {
    test(`where Jira and TeamViewer ${what}`, async (t) => {
      const there = await World.open();
      t.after(() => there.close());
      const someone = await there.linkedAgent(0);
      const admin = there.admin;
      const account = someone.with({ page: 'account', issue: undefined });
      await link(someone, { account: await there.teamviewerAccount(0), access: 'reports' });
      const colleague = there.agent(1);
      const { token } = await consent(colleague, { account: await there.teamviewerAccount(1) });
      const { people: [{ id: person }] } = await someone.expect(200, 'GET', '/v1/panel');
      const { session: { id } } = await someone.expect(202, 'POST', '/v1/sessions', { customer: { name: 'Ada Example' }, invitation: 'none' });
      await until('the session is open', async () => (await someone.expect(200, 'GET', `/v1/sessions/${id}`)).session.state === 'open');
      const { links: [{ id: linked }] } = await admin.expect(200, 'GET', '/v1/links');
      const { installation: _i, health: _h, defaults: _d, ...settings } = await admin.expect(200, 'GET', '/v1/settings');
      const { accountId } = there.seed.agents[0];

      const session = `/v1/sessions/${id}`;
      const looks = [
        [someone, 'GET', '/v1/panel'], [there.customer(), 'GET', '/v1/request'], [someone.with({ page: 'queue', issue: undefined, project: there.seed.project.key }), 'GET', '/v1/queue'], [someone, 'GET', '/v1/sessions'], [someone, 'GET', session], [someone, 'GET', '/v1/contacts?search=Ada'],
        [account, 'GET', '/v1/account'], [account, 'POST', '/v1/account/start', {}], [account, 'POST', '/v1/account/check', {}],
        [admin, 'GET', '/v1/settings'], [admin, 'POST', '/v1/settings/preview', { language: 'en', text: '{{session.link}}' }], [admin, 'GET', '/v1/links'],
        [admin, 'GET', '/v1/audit'], [admin, 'GET', '/v1/audit/export?format=csv'], [admin, 'GET', '/v1/audit/people'], [admin, 'GET', '/v1/reports'],
        [admin, 'GET', '/v1/reports/export?format=csv'], [admin, 'GET', '/v1/retention'], [admin, 'GET', '/v1/accounts'], [admin, 'GET', `/v1/accounts/${accountId}`],
        [admin, 'GET', `/v1/accounts/${accountId}/export`], [admin, 'GET', '/v1/work'],
      ];
      const changes = [
        [someone, 'POST', '/v1/sessions', { customer: { id: person } }], [someone, 'PATCH', session, { notes: 'x' }], [someone, 'POST', `${session}/connect`, { client: 'app' }],
        [someone, 'DELETE', `${session}/connect`], [someone, 'POST', `${session}/cancel`, {}], [someone, 'POST', `${session}/invitation`, {}], [someone, 'POST', `${session}/replace`, {}],
        [someone, 'POST', `/v1/people/${person}/contact`, {}], [someone, 'PUT', `/v1/people/${person}/mapping`, { address: 'ada@example.com' }],
        [someone, 'POST', `/v1/people/${person}/launch`, { mode: 'chat' }], [colleague.with({ page: 'account', issue: undefined }), 'POST', '/v1/account/finish', { token }],
        [admin, 'PUT', '/v1/settings', { ...settings, allowedGroups: ['support-team'] }], [admin, 'POST', '/v1/pairing', { code: 'AAAA-BBBB-CCCC-DDDD' }],
        [admin, 'POST', '/v1/work/nothing/retry', {}], [there.customer(), 'POST', '/v1/requests/ask', {}], [someone, 'POST', '/v1/requests/ask/dismiss', { ask: 'any' }],
      ];
      const ends = [
        [someone, 'POST', `${session}/close`, {}], [there.customer(), 'DELETE', '/v1/requests/ask'], [someone, 'DELETE', `/v1/people/${person}/mapping`], [account, 'DELETE', '/v1/account/reports'], [account, 'DELETE', '/v1/account'],
        [admin, 'DELETE', `/v1/links/${linked}`], [admin, 'DELETE', `/v1/accounts/${accountId}`],
      ];
      const rounds = [looks, changes, ends, [[admin, 'DELETE', '/v1/pairing']]];
      assert.deepEqual(rounds.flat().map(([, method, path]) => operationOf(method, path).operation.operationId).sort(), kOfPages.toSorted(), 'each is tried');

      // What is remembered goes, and TeamViewer's tokens have to be renewed on the way.
      await there.belayd.stop();
      await there.startBelayd();
      await there.sandbox.change({ teamviewer: { accounts: [{ id: await there.teamviewerAccount(0), expireTokens: true }] } });
      await there.sandbox.faults(['jira', 'teamviewer'].map((party) => ({ match: { party }, ...trouble })));
      for (const event of [{ event: 'hourly' }, { event: 'avi:jira:updated:issue', issue: there.seed.issue.key, account: accountId }]) await there.sandbox.event(event);
      for (const round of rounds) {
        await Promise.all(round.map(async ([caller, method, path, body]) => {
          const begun = performance.now();
          const { status } = await caller.call(method, path, body);
          const took = performance.now() - begun;
          assert.ok(took < kForgeWaits - 2_000, `${method} ${path} took ${Math.round(took)} ms, then ${status}`);
        }));
      }
      const { deliveries } = (await there.sandbox.state()).forge.events;
      for (const event of ['scheduledTrigger', 'avi:jira:updated:issue']) {
        const [tried] = deliveries.filter((delivery) => delivery.event === event);
        assert.deepEqual([tried.outcome, tried.retryCount], ['delivered', 0], event);
      }
    });
  }
});
