// However long Jira takes for each of its answers, and however many of them one call needs: Forge gives up after 25 s, so the answer is there before.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
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
