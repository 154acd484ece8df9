// A request of a Jira Data Center that is moved, while its panel is open, to a project where the agent has no right: with Jira's word it is out of their sight at once, without
// it within five minutes; what was begun goes on, and it is theirs again when it comes back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { opened } from '../contract/steps.mjs';
import { onPanel, openDataCenter, people } from '../harness/datacenter.mjs';
import { link } from '../harness/linking.mjs';
import { addressOf, saidBy, told, ways } from '../harness/matrix.mjs';
import { until } from '../harness/wait.mjs';

let world;
let agent;   // of the help desk alone
let session;
before(async () => {
  world = await openDataCenter({ configure: () => ({ teamviewer: { calls_per_minute: 600 } }) });
  const webhooks = [{ url: `${world.publicUrl}/datacenter/dc/webhook`, secret: 'webhook-secret', events: ['jira:issue_updated', 'jira:issue_deleted'] }];
  await world.sandbox.change({ datacenter: { dc: { webhooks } } });
  agent = await (await onPanel(world, 'dc', people.colleague, 'DESK-1')).signIn();
  const account = (await world.sandbox.state()).teamviewer.accounts.find(({ email }) => email === people.colleague.email).id;
  await link(agent, { account });
  session = await opened(agent, (await agent.expect(202, 'POST', '/v1/sessions', { customer: { id: people.customer.key }, invitation: 'none' })).session.id);
});
after(() => world?.close());

/** Waits until belayd has heard of it, where it is told. */
async function move(key) {
  const before = (await world.sandbox.state()).datacenter.webhooks.deliveries.length;
  const { webhooks } = (await world.sandbox.state()).datacenter.sites.find(({ name }) => name === 'dc');
  await world.sandbox.change({ datacenter: { dc: { issues: { [agent.issue]: { key } } } } });
  if (webhooks.length > 0) await until('belayd was told', async () => (await world.sandbox.state()).datacenter.webhooks.deliveries.length > before);
}
const onPanelPage = ways.filter(({ row }) => row.pages.panel === 'agents' || row.pages.panel === 'onlookers');
const atAll = (way) => agent.call(way.method, addressOf(way, { session: session.id, person: people.customer.key }), way.row.body);
async function nothingFromPanel() {
  for (const way of onPanelPage) {
    const answer = await atAll(way);
    assert.equal(saidBy({ row: { says: [] } }, answer), told.notThere, `${way.id}: ${answer.text.slice(0, 200)}`);
    assert.ok(!answer.text.includes(session.code));
  }
}
async function outOfSight() {
  await nothingFromPanel();
  const { sessions } = await agent.with({ page: 'sessions', issue: undefined }).expect(200, 'GET', '/v1/sessions?scope=mine');
  const [own] = sessions.filter(({ id }) => id === session.id);
  assert.deepEqual([own.issueHidden, own.issueKey, own.code, own.customer, own.description, own.actions], ['out_of_sight', undefined, undefined, undefined, '', []]);
}

test('told by a webhook: out of sight with the next question, and nothing is changed', async () => {
  await move('PRESS-700');
  await nothingFromPanel();
  world.clock.advance({ minutes: 5 });   // what one’s own list knows of the issue is no webhook’s matter
  await outOfSight();
  const { state } = (await world.sandbox.state()).teamviewer.sessions.find(({ code }) => code === session.code);
  assert.equal(state.toLowerCase(), 'open', 'it goes on');
});

test('whoever has rights where it is now finds it there, with its session', async () => {
  const there = await (await onPanel(world, 'dc', people.agent, 'PRESS-700')).signIn();
  const { issue, sessions } = await there.expect(200, 'GET', '/v1/panel');
  assert.equal(issue.key, 'PRESS-700');
  assert.deepEqual(sessions.map(({ id }) => id), [session.id]);
});

test('back again, it is theirs again; moved without a word, it is out of sight within five minutes', async () => {
  await move('DESK-1');
  await until('it is there again', async () => {
    world.clock.advance({ minutes: 1 });
    agent.take(await agent.token({ grant: 'refresh' }));
    return (await agent.get('/v1/panel')).status === 200;
  });
  assert.equal((await agent.expect(200, 'GET', `/v1/sessions/${session.id}`)).session.code, session.code);
  await world.sandbox.change({ datacenter: { dc: { webhooks: [] } } });
  await move('PRESS-701');
  world.clock.advance({ minutes: 5 });
  await outOfSight();
});
