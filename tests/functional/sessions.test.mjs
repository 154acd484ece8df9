// The main way: create, invitation, connect, close; on both storages.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { onEachStorage } from '../harness/storages.mjs';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';

/** The session of the panel with this id, once it is as `wanted` says. */
function sessionWhen(agent, id, what, wanted) {
  return until(what, async () => {
    const { session } = await agent.expect(200, 'GET', `/v1/sessions/${id}`);
    return wanted(session) ? session : undefined;
  });
}

/** A document's node with all that stand in it. */
const nodesOf = (node) => [node, ...(node.content ?? []).flatMap(nodesOf)];

onEachStorage((storage) => {
  let world;
  let agent;
  before(async () => {
    world = await World.open({ storage: await storage.fresh() });
    agent = await world.linkedAgent(0);
  });
  after(() => world?.close());

  const create = async (body, options) => (await agent.expect(202, 'POST', '/v1/sessions', body, options)).session;
  const opened = (id) => sessionWhen(agent, id, 'the session is open and its invitation written', ({ state, steps }) =>
    state === 'open' && steps.session === 'done' && ['done', 'none'].includes(steps.invitation));
  const journal = (kind) => world.sandbox.journal({ kind });
  let first;
  let supporterLinks;

  test('Create session answers at once, then makes the session and writes the invitation', async () => {
    const customer = world.seed.issue.reporter;
    const made = await create({ customer: { id: customer }, validityMinutes: 60 });
    assert.equal(made.state, 'intended');
    assert.deepEqual(made.steps, { session: 'pending', invitation: 'pending', closing: 'none' });

    first = await opened(made.id);
    assert.match(first.code, /^s\d{2,3}-\d{3}-\d{3}$/);
    assert.ok(first.customerLink.startsWith('http'));
    assert.ok(first.actions.includes('connect') && first.actions.includes('close'));
    assert.equal(first.description, `${world.seed.issue.key} ${world.seed.issue.summary}`);

    const sessions = await journal('session.created');
    const comments = await journal('comment.created');
    assert.equal(sessions.length, 1);
    assert.equal(comments.length, 1);
    assert.equal(comments[0].object.issueKey, world.seed.issue.key);
    assert.ok(JSON.stringify(sessions[0].identity).includes(made.id), 'the provider got our id');
    assert.ok(JSON.stringify(comments[0].identity).includes(made.id), 'the comment carries our id');
  });

  test('the invitation holds the customer link as a link and names the end', async () => {
    const requests = await world.sandbox.requests();
    const comment = requests.find(({ method, path }) => method === 'POST' && /\/comment$/.test(path));
    const nodes = nodesOf(JSON.parse(comment.body).body);
    assert.deepEqual(nodes.flatMap(({ marks = [] }) => marks).filter(({ type }) => type === 'link').map(({ attrs }) => attrs.href), [first.customerLink]);
    assert.equal(nodes.filter(({ type }) => type === 'date').length, 1);
  });

  test('the customer who is there shows as customer_present, and Connect to session gives the supporter its address', async () => {
    await world.sandbox.change({ teamviewer: { sessions: [{ code: first.code, online: true }] } });
    world.clock.advance({ seconds: 70 });
    await sessionWhen(agent, first.id, 'the customer is present', ({ state }) => state === 'customer_present');

    await agent.expect(200, 'POST', `/v1/sessions/${first.id}/connect`, { client: 'app' });
    const { session: waiting } = await agent.expect(200, 'DELETE', `/v1/sessions/${first.id}/connect`);
    assert.equal(waiting.state, 'customer_present', 'an agent who stays in Jira leaves the customer waiting');
    const { url } = await agent.expect(200, 'POST', `/v1/sessions/${first.id}/connect`, { client: 'app' });
    const { url: inBrowser } = await agent.expect(200, 'POST', `/v1/sessions/${first.id}/connect`, { client: 'browser' });
    assert.notEqual(url, first.customerLink);
    assert.notEqual(url, inBrowser);
    await sessionWhen(agent, first.id, 'the session is in progress', ({ state }) => state === 'in_progress');
    supporterLinks = { app: url, browser: inBrowser };
  });

  test('what makes a link the supporter\'s goes to the supporter who asked, and stands nowhere else', async () => {
    assert.ok(supporterLinks.app.startsWith(`${first.customerLink}-`));
    const secrets = [supporterLinks.app.slice(first.customerLink.length + 1), new URL(supporterLinks.browser).searchParams.get('servicequeuetoken')];
    const requests = (await world.sandbox.requests()).filter(({ party }) => party === 'jira');
    const places = {
      'what Jira was told': requests.map(({ path, query, body }) => JSON.stringify([path, query, body])).join('\n'),
      'the panel': (await agent.get('/v1/panel')).text,
      'the panel of a colleague': (await world.agent(1).get('/v1/panel')).text,
      'the list': (await agent.get('/v1/sessions?scope=mine')).text,
      'the session': (await agent.get(`/v1/sessions/${first.id}`)).text,
      'the log': world.belayd.program.written(),
      'the metrics': await world.belayd.metrics(),
    };
    for (const place of ['what Jira was told', 'the panel', 'the panel of a colleague', 'the list', 'the session']) assert.ok(places[place].includes(first.code), `${place} tells of the session`);
    for (const [place, text] of Object.entries(places)) {
      for (const secret of secrets) {
        assert.ok(secret.length >= 8, secret);
        assert.ok(!text.includes(secret), place);
      }
    }
  });

  test('Close session closes it at the provider, and says so on the comment', async () => {
    await agent.expect(202, 'POST', `/v1/sessions/${first.id}/close`, { notes: 'Printer works again' });
    const closed = await sessionWhen(agent, first.id, 'the session is closed', ({ state, steps }) => state === 'closed' && steps.closing === 'done');
    assert.ok(closed.endedAt);
    assert.deepEqual(closed.actions.filter((action) => action.startsWith('connect')), []);
    assert.equal((await journal('session.closed')).length, 1);
    await until('the comment is edited', async () => (await journal('comment.edited')).length === 1);

    const again = await agent.post(`/v1/sessions/${first.id}/close`, {});
    assert.equal(again.status, 202, 'closing what is closed answers as if it had just been done');
    const late = await agent.post(`/v1/sessions/${first.id}/connect`, { client: 'app' });
    assert.deepEqual([late.status, late.body.code, late.body.detail.state], [409, 'invalid_state', 'closed']);
  });

  test('the same key with the same body is the same session, with another body a conflict', async () => {
    const body = { customer: { name: 'Ada Example' }, invitation: 'none' };
    const headers = { 'idempotency-key': 'key-1' };
    const one = await create(body, { headers });
    const two = await create(body, { headers });
    const three = await create({ ...body, idempotencyKey: 'key-1' });
    assert.equal(two.id, one.id);
    assert.equal(three.id, one.id);
    const other = await agent.post('/v1/sessions', { ...body, description: 'something else' }, { headers });
    assert.deepEqual([other.status, other.body.code], [409, 'idempotency_conflict']);
    await opened(one.id);
  });

  test('two creates for the same customer within a minute give one session, and the second one hears it', async () => {
    const body = { customer: { name: 'Grace Example', email: 'grace@example.com' }, invitation: 'none' };
    const [one, two] = await Promise.all([agent.expect(202, 'POST', '/v1/sessions', body), agent.expect(202, 'POST', '/v1/sessions', body)]);
    assert.equal(one.session.id, two.session.id);
    assert.deepEqual([one.joined, two.joined].sort(), [false, true]);
    const session = await opened(one.session.id);
    assert.equal(session.mail.to, 'grace@example.com');
    assert.ok(session.mail.body.includes(session.customerLink));

    world.clock.advance({ seconds: 90 });
    const later = await agent.expect(202, 'POST', '/v1/sessions', body);
    assert.notEqual(later.session.id, one.session.id);
    await opened(later.session.id);
  });

  test('a reporter whose Jira is in French is invited in French', async () => {
    const person = world.seed.issue.reporter;
    await world.sandbox.change({ jira: { people: { [person]: { locale: 'fr-FR' } } } });
    world.clock.advance({ seconds: 90 });
    const made = await opened((await create({ customer: { id: person } })).id);
    const [written] = (await journal('comment.created')).slice(-1);
    assert.ok(JSON.stringify(written.identity).includes(made.id));
    assert.match(written.more.text, /Votre code de session est/);
    await world.sandbox.change({ jira: { people: { [person]: { locale: 'en-US' } } } });
  });

  test('a session that nobody joined expires', async () => {
    const made = await create({ customer: { name: 'Late Example' }, validityMinutes: 15, invitation: 'none' });
    await opened(made.id);
    world.clock.advance({ minutes: 16 });
    await sessionWhen(agent, made.id, 'the session is expired', ({ state }) => state === 'expired');
  });

  test('lists of sessions say the server\'s time, which theirs are to be counted from', async () => {
    assert.ok(world.clock.offset > 60_000, 'the server\'s clock is not this one');
    for (const path of ['/v1/sessions?scope=mine', '/v1/sessions']) {
      const before = world.clock.now().getTime();
      const { now } = await agent.expect(200, 'GET', path);
      assert.ok(Date.parse(now) >= before && Date.parse(now) <= world.clock.now().getTime(), `${path}: ${now}`);
    }
  });

  test('another agent takes the session over by connecting, with a link of their own', async () => {
    const made = await opened((await create({ customer: { name: 'Moved Example' }, invitation: 'none' })).id);
    const colleague = world.agent(1);
    const unlinked = await colleague.post(`/v1/sessions/${made.id}/connect`, { client: 'app' });
    assert.deepEqual([unlinked.status, unlinked.body.code], [403, 'not_linked']);
    await world.linkedAgent(1);
    await colleague.expect(200, 'POST', `/v1/sessions/${made.id}/connect`, { client: 'app' });
    const { session } = await colleague.expect(200, 'GET', `/v1/sessions/${made.id}`);
    assert.equal(session.supporter.id, world.seed.agents[1].accountId);
    assert.equal(session.takenOverFrom.id, world.seed.agents[0].accountId, 'whose it was is told');
  });

  test('a restart forgets nothing', async () => {
    const made = await opened((await create({ customer: { name: 'Kept Example' }, invitation: 'none' })).id);
    await world.belayd.stop();
    await world.startBelayd();
    const { session } = await agent.expect(200, 'GET', `/v1/sessions/${made.id}`);
    assert.equal(session.code, made.code);
    const panel = await agent.expect(200, 'GET', '/v1/panel');
    assert.equal(panel.viewer.linked, true, 'the sealed link can be read again');
    // What was only in memory is looked up anew, and may still be news at the second question.
    await until('nothing is new any more', async () => {
      const { version } = await agent.expect(200, 'GET', '/v1/panel');
      return (await agent.expect(200, 'GET', `/v1/panel?since=${version}`)).changed === false;
    });
  });
});
