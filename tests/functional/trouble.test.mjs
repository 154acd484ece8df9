// What goes wrong outside: each trouble has its own words, says whether anything was changed, and is mended by what it says.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { link } from '../harness/linking.mjs';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';

let world;
let agent;
let account;
before(async () => {
  world = await World.open();
  agent = await world.linkedAgent(0);
  account = await world.teamviewerAccount(0);
});
after(() => world.close());
afterEach(async () => {
  await world.sandbox.faults([]);
  await world.sandbox.change({ teamviewer: { settings: { down: false, blocked: false } } });
});

let names = 0;
const create = async (body = {}) => {
  names += 1;
  return (await agent.expect(202, 'POST', '/v1/sessions', { customer: { name: `Customer ${names}` }, invitation: 'none', ...body })).session;
};
const read = async (id) => (await agent.expect(200, 'GET', `/v1/sessions/${id}`)).session;
const when = (id, what, wanted, options) => until(what, async () => {
  const session = await read(id);
  return wanted(session) ? session : undefined;
}, options);
const opened = (id) => when(id, 'the session is open', ({ state, steps }) => state === 'open' && ['none', 'done'].includes(steps.invitation));
const close = async (id) => {
  await agent.expect(202, 'POST', `/v1/sessions/${id}/close`, {});
  return when(id, 'the session is closed', ({ steps }) => steps.closing === 'done');
};
const liveAt = async () => (await world.sandbox.state()).teamviewer.sessions.filter(({ state }) => state.toLowerCase() === 'open').length;

test('not linked: the panel says so, and a session is refused with the provider\'s name', async () => {
  const colleague = world.agent(1);
  const panel = await colleague.expect(200, 'GET', '/v1/panel');
  assert.equal(panel.viewer.linked, false);
  const answer = await colleague.post('/v1/sessions', {});
  assert.deepEqual([answer.status, answer.body.code, answer.body.detail.provider], [403, 'not_linked', 'TeamViewer']);
});

test('a licence that is not eligible: linking says which it is, and sessions are refused', async () => {
  const [person] = world.seed.unlicensed;
  const colleague = agent.with({ account: person.accountId });
  const linked = await link(colleague, { account: person.teamviewer.id });
  assert.deepEqual([linked.linked, linked.licence.eligible, linked.licence.reason], [true, false, 'free']);
  const answer = await colleague.post('/v1/sessions', {});
  assert.deepEqual([answer.status, answer.body.code], [403, 'licence_not_eligible']);

  // Bought in the meantime: nobody has to wait for the daily look, nor to connect anew.
  await world.sandbox.change({ teamviewer: { accounts: [{ id: person.teamviewer.id, licence: { type: 'Corporate', paid: true, active: true } }] } });
  world.clock.advance({ seconds: 11 });
  const looked = await colleague.expect(200, 'POST', '/v1/account/check', {});
  assert.deepEqual([looked.licence.eligible, looked.licence.type], [true, 'Corporate']);
  assert.equal((await colleague.expect(200, 'GET', '/v1/panel')).viewer.licence.eligible, true);
});

test('the licence\'s limit: the session fails with the provider\'s words, nothing exists outside, and Try again works after closing', async () => {
  const first = await opened((await create()).id);
  await world.sandbox.change({ teamviewer: { accounts: [{ id: account, licence: { concurrentSessions: 1 } }] } });
  const second = await create();
  const failed = await when(second.id, 'the second session failed', ({ state }) => state === 'failed');
  assert.equal(failed.error.code, 'licence_limit_reached');
  assert.equal(failed.error.detail.provider, 'TeamViewer');
  assert.ok(failed.actions.includes('retry'));
  assert.equal(await liveAt(), 1);

  await close(first.id);
  await agent.expect(202, 'POST', `/v1/sessions/${second.id}/invitation`, {});
  await opened(second.id);
  await world.sandbox.change({ teamviewer: { accounts: [{ id: account, licence: { concurrentSessions: 100 } }] } });
  await close(second.id);
});

test('TeamViewer is down: the session waits, the panel answers, and it is made once it is back', async () => {
  await world.sandbox.change({ teamviewer: { settings: { down: true } } });
  const made = await create();
  const waiting = await when(made.id, 'the failure of the step is shown', ({ error }) => error);
  assert.equal(waiting.state, 'intended');
  assert.equal(waiting.error.code, 'provider_unreachable');
  const panel = await agent.expect(200, 'GET', '/v1/panel');
  assert.ok(panel.sessions.some(({ id }) => id === made.id));

  await world.sandbox.change({ teamviewer: { settings: { down: false } } });
  world.clock.advance({ minutes: 5 });
  const session = await opened(made.id);
  assert.equal(session.error, undefined);
  await close(made.id);
});

test('an access token that has run out is renewed without anybody noticing', async () => {
  await world.sandbox.change({ teamviewer: { accounts: [{ id: account, expireTokens: true }] } });
  await close((await opened((await create()).id)).id);
  assert.ok((await world.sandbox.journal({ kind: 'token.refreshed' })).length > 0);
});

test('Jira says 429 with Retry-After: the invitation waits so long, and is then written once', async () => {
  await world.sandbox.faults([{
    match: { party: 'jira', method: 'POST', path: '**/comment' }, times: 1,
    answer: { status: 429, headers: { 'Retry-After': '30', 'RateLimit-Reason': 'jira-burst-based' }, body: {} },
  }]);
  const before = (await world.sandbox.journal({ kind: 'comment.created' })).length;
  const made = await create({ invitation: 'public' });
  const waiting = await when(made.id, 'the refusal is shown', ({ error }) => error);
  assert.deepEqual([waiting.state, waiting.steps.invitation, waiting.error.code], ['open', 'pending', 'jira_rate_limited']);
  world.clock.advance({ seconds: 20 });
  await opened((await create({ invitation: 'none', customer: { name: 'Made meanwhile' } })).id);   // by then the worker has looked at everything that is due
  assert.equal((await world.sandbox.journal({ kind: 'comment.created' })).length, before, 'not before the time');
  world.clock.advance({ seconds: 15 });
  await when(made.id, 'the invitation is written', ({ steps }) => steps.invitation === 'done');
  assert.equal((await world.sandbox.journal({ kind: 'comment.created' })).length, before + 1);
  await close(made.id);
});

test('a refused comment: the session stays open, the agent is told, and Try again writes it', async () => {
  await world.sandbox.faults([{
    match: { party: 'jira', method: 'POST', path: '**/comment' },
    answer: { status: 400, body: { errorMessages: ['Comment body is not valid.'], errors: {} } },
  }]);
  const made = await create({ invitation: 'public' });
  const refused = await when(made.id, 'the invitation failed', ({ steps }) => steps.invitation === 'failed');
  assert.equal(refused.state, 'open');
  assert.equal(refused.error.code, 'jira_refused_comment');
  assert.ok(refused.actions.includes('retry') && refused.actions.includes('copy_link'));

  await world.sandbox.faults([]);
  await agent.expect(202, 'POST', `/v1/sessions/${made.id}/invitation`, {});
  await when(made.id, 'the invitation is written', ({ steps }) => steps.invitation === 'done');
  await close(made.id);
});

test('an answer that never comes: the session is found again by our id, and exactly one is live', async () => {
  await world.sandbox.faults([{ match: { party: 'teamviewer', method: 'POST', path: '**/sessions' }, drop: 'after', times: 1 }]);
  const before = await liveAt();
  const made = await create();
  const waiting = await when(made.id, 'the lost answer is noted', ({ error }) => error);
  assert.deepEqual([waiting.state, waiting.error.code], ['intended', 'provider_unreachable']);
  world.clock.advance({ minutes: 1 });
  await opened(made.id);
  assert.equal(await liveAt(), before + 1);
  await close(made.id);
});

test('garbage from the provider is a failure of the step, not of the server: it looks again, and exactly one is live', async () => {
  await world.sandbox.faults([{ match: { party: 'teamviewer', method: 'POST', path: '**/sessions' }, garbage: true, times: 1 }]);
  const before = await liveAt();
  const made = await create();
  const waiting = await when(made.id, 'the garbage is noted', ({ error }) => error);
  assert.deepEqual([waiting.state, waiting.error.code], ['intended', 'provider_unreachable']);
  world.clock.advance({ minutes: 1 });
  await opened(made.id);
  assert.equal(await liveAt(), before + 1);
  await close(made.id);
});

test('a link that TeamViewer revoked: the panel asks to connect again, and linking anew mends it', async () => {
  await world.sandbox.change({ teamviewer: { accounts: [{ id: account, revokeTokens: true }] } });
  const made = await create();
  const failed = await when(made.id, 'the session failed', ({ state }) => state === 'failed');
  assert.equal(failed.error.code, 'link_expired');
  const panel = await agent.expect(200, 'GET', '/v1/panel');
  assert.deepEqual([panel.viewer.linked, panel.viewer.linkExpired], [false, true]);
  const refused = await agent.post('/v1/sessions', {});
  assert.deepEqual([refused.status, refused.body.code], [403, 'link_expired']);

  await link(agent, { account });
  await close((await opened((await create()).id)).id);
});
