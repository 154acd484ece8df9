// What Forge tells the server by itself: fresh tokens every hour, a deleted issue, the app taken away.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';

let world;
let agent;
before(async () => {
  world = await World.open();
  agent = await world.linkedAgent(0);
});
after(() => world.close());

const installation = async () => (await world.admin.expect(200, 'GET', '/v1/settings')).installation;
const open = async (caller, customer) => {
  const { session } = await caller.expect(202, 'POST', '/v1/sessions', { customer: { name: customer }, invitation: 'none' });
  return until('the session is open', async () => {
    const { session: now } = await caller.expect(200, 'GET', `/v1/sessions/${session.id}`);
    return now.state === 'open' ? now : undefined;
  });
};
const liveAtProvider = async () => (await world.sandbox.state()).teamviewer.sessions.filter(({ state }) => state.toLowerCase() === 'open').length;

test('the hourly tick brings a fresh app token, and the set-up page shows its age', async () => {
  const { appTokenReceivedAt: first } = await installation();
  assert.ok(first, 'the pairing call brought one already');
  world.clock.advance({ hours: 3 });
  await world.sandbox.event({ event: 'hourly' });
  await until('a newer token has come', async () => (await installation()).appTokenReceivedAt > first);
});

test('a comment is written with the token of the tick while no page is open', async () => {
  world.clock.advance({ hours: 3 });
  await world.sandbox.event({ event: 'hourly' });
  const { session } = await agent.expect(202, 'POST', '/v1/sessions', { customer: { id: world.seed.issue.reporter } });
  await until('the invitation is written', async () => (await agent.expect(200, 'GET', `/v1/sessions/${session.id}`)).session.steps.invitation === 'done');
  await agent.expect(202, 'POST', `/v1/sessions/${session.id}/close`, {});
});

test('a deleted issue closes its sessions at the provider', async () => {
  const [doomed] = world.seed.issues.filter(({ key }) => key !== world.seed.issue.key);
  await open(agent.with({ issue: doomed.key }), 'Gone Example');
  const before = await liveAtProvider();
  await world.sandbox.change({ jira: { issues: { [doomed.key]: { deleted: true } } } });
  await until('the session is closed at the provider', async () => (await liveAtProvider()) === before - 1);
});

test('taking the app away closes sessions, revokes links and forgets the installation', async () => {
  await open(agent, 'Last Example');
  await world.sandbox.control('POST', 'uninstall', {});
  await until('no session is live at the provider', async () => (await liveAtProvider()) === 0);
  await until('the link is revoked', async () => (await world.sandbox.journal({ kind: 'token.revoked' })).length > 0);
  await until('the installation is forgotten', async () => (await world.admin.get('/v1/settings')).body.code === 'not_paired');
});
