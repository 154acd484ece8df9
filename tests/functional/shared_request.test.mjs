// A request that is shared: with a participant of another company, with the customer's own organization, and with a colleague who may look at it and takes no part. None of them
// is the customer of its sessions, so none is told of them, joins them, or finds out by guessing whether there are any. Of another organization nobody sees it at all.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { opened } from '../contract/steps.mjs';
import { addressOf, ways } from '../harness/matrix.mjs';
import { freshSeed, letReporterBrowse } from '../harness/seed.mjs';
import { onEachStorage } from '../harness/storages.mjs';
import { World } from '../harness/world.mjs';

const kOrganization = 'Kumo Books';
const member = { accountId: 'qm:7c1e04a2-9f3b-4d58-8a60-1b2c3d4e5f11', name: 'Aya Mori', email: 'aya.mori@example.com', type: 'customer', organizations: [kOrganization] };
const stranger = { accountId: 'qm:7c1e04a2-9f3b-4d58-8a60-1b2c3d4e5f12', name: 'Luca Rizzo', email: 'luca.rizzo@example.com', type: 'customer', organizations: ['Rizzo Ships'] };

/** The first customer's request, with the second customer, and with the organization. */
function share({ sites: [site] }) {
  const [one, other] = site.people.filter(({ type }) => type === 'customer');
  Object.assign(site.issues.find(({ reporter }) => reporter === one.accountId), { participants: [other.accountId], organizations: [kOrganization] });
  site.people.push(member, stranger);
}

onEachStorage((storage) => {
  let world;
  let agent;
  let request;      // the customer's
  let customer;
  let participant;  // another company's customer, with whom it is shared
  let inOrganization;  // of the organization that it is shared with
  let outside;      // of another organization
  let onlooker;     // sees the project's requests, and takes part in none of them but their own
  let sessions;     // of the customer, of one who was typed in as the participant, of nobody
  before(async () => {
    world = await World.open({ storage: await storage.fresh(), seed: freshSeed((seed) => { letReporterBrowse(seed); share(seed); }), configure: () => ({ teamviewer: { calls_per_minute: 600 } }) });
    const [one, other] = world.seed.people.filter(({ type }) => type === 'customer');
    request = world.seed.issues.find(({ reporter }) => reporter === one.accountId);
    assert.deepEqual(request.participants, [other.accountId]);
    agent = await world.linkedAgent(0, request.key);
    customer = world.customer(request);
    participant = world.customer(request, other.accountId);
    inOrganization = world.customer(request, member.accountId);
    outside = world.customer(request, stranger.accountId);
    onlooker = world.customer(request, world.seed.issues[0].reporter);
    sessions = [];
    for (const wish of [{ customer: { id: one.accountId } }, { customer: { name: other.name, email: other.email } }, {}]) {
      const { session } = await agent.expect(202, 'POST', '/v1/sessions', { invitation: 'none', description: 'What the team says of it', ...wish });
      sessions.push(await opened(agent, session.id));
    }
    const { installation: _i, health: _h, defaults: _d, ...now } = await world.admin.expect(200, 'GET', '/v1/settings');
    await world.admin.expect(200, 'PUT', '/v1/settings', { ...now, customersMayAsk: true });
  });
  after(() => world?.close());

  /** What would help somebody to get in, or to know of it. */
  const secrets = () => sessions.flatMap(({ id, code, customerLink }) => [id, code, code.replaceAll('-', ''), customerLink, new URL(customerLink).pathname.split('/').at(-1)]).concat('What the team says of it');
  const tellsNothing = ({ text }, what) => {
    for (const secret of secrets()) assert.ok(!text.includes(secret), `${what}: ${text}`);
  };

  test('the customer has theirs, and the others on the request nothing, though they see it', async () => {
    assert.deepEqual((await customer.expect(200, 'GET', '/v1/request')).sessions.map(({ id }) => id), [sessions[0].id]);
    for (const [what, who] of [['participant', participant], ['organization', inOrganization], ['onlooker', onlooker]]) {
      const answer = await who.get('/v1/request');
      assert.deepEqual([answer.status, answer.json.sessions, answer.json.missing], [200, [], []], what);
      tellsNothing(answer, what);
    }
    const answer = await outside.get('/v1/request');
    assert.deepEqual([answer.status, answer.json.code], [404, 'not_found']);
    tellsNothing(answer, 'outside');
  });

  test('a session’s id does nothing for them, from whatever page, and one that exists is answered as one that does not', async () => {
    const before = await agent.expect(200, 'GET', '/v1/sessions');
    const journal = await world.sandbox.journal();
    for (const who of [participant, inOrganization, outside, onlooker, customer]) {
      for (const page of ['request', 'panel', 'account', 'belay-sessions', 'queue', 'project']) {
        const place = { request: { request: request.key }, panel: { issue: request.key }, queue: { project: world.seed.project.key }, project: { project: world.seed.project.key } }[page];
        const there = who.with({ page, request: undefined, ...place });
        for (const way of ways.filter(({ row }) => row.object === 'session')) {
          const ask = (session) => there.call(way.method, addressOf(way, { session }), way.row.body);
          const guessed = await ask(randomUUID());
          assert.ok([403, 404].includes(guessed.status), `${way.id} from ${page}: ${guessed.text}`);
          for (const { id } of sessions) {
            const answer = await ask(id);
            assert.deepEqual([answer.status, answer.text], [guessed.status, guessed.text], `${way.id} from ${page}`);
          }
        }
      }
    }
    const kept = ({ sessions: all }) => all.map(({ id, state, supporter, notes }) => [id, state, supporter, notes]);
    assert.deepEqual(kept(await agent.expect(200, 'GET', '/v1/sessions')), kept(before));
    assert.deepEqual(await world.sandbox.journal(), journal);
  });

  test('their own lists and pages tell nothing of it either', async () => {
    for (const who of [participant, inOrganization, outside, onlooker]) {
      for (const page of ['account', 'belay-sessions']) {
        const answer = await who.with({ page, request: undefined }).get('/v1/sessions?scope=mine');
        assert.deepEqual([answer.status, answer.json.sessions], [200, []]);
      }
      tellsNothing(await who.with({ page: 'panel', request: undefined, issue: request.key }).get('/v1/panel'), 'panel');
    }
  });

  test('the participant asks for help for themselves, and learns nothing of the customer; who only looks cannot', async () => {
    for (const who of [onlooker, inOrganization]) {
      const refused = await who.post('/v1/requests/ask', {});
      assert.deepEqual([refused.status, refused.json.detail], [403, { reason: 'not_on_request' }]);
    }
    assert.equal((await outside.post('/v1/requests/ask', {})).status, 404);
    const asked = await participant.post('/v1/requests/ask', {});
    assert.deepEqual([asked.status, asked.json.own], [200, true]);
    tellsNothing(asked, 'ask');
    const seen = (await customer.expect(200, 'GET', '/v1/request')).asking;
    assert.equal(seen.own ?? false, false);
    assert.ok(!JSON.stringify(seen).includes(participant.account), 'who it is, the others are not told');
    // Nobody takes another's back.
    await customer.expect(200, 'DELETE', '/v1/requests/ask');
    await onlooker.expect(200, 'DELETE', '/v1/requests/ask');
    assert.equal((await agent.expect(200, 'GET', '/v1/panel')).askedForHelp.customer.id, participant.account);
  });

  test('taken off the request, they see it no more; the customer still does', async () => {
    await world.sandbox.change({ jira: { issues: { [request.key]: { participants: [], organizations: [] } } } });
    world.clock.advance({ minutes: 6 });   // what somebody may see is remembered for five
    for (const who of [participant, inOrganization]) {
      const answer = await who.get('/v1/request');
      assert.deepEqual([answer.status, answer.json.code], [404, 'not_found']);
      assert.equal((await who.post('/v1/requests/ask', {})).status, 404);
    }
    assert.deepEqual((await customer.expect(200, 'GET', '/v1/request')).sessions.map(({ id }) => id), [sessions[0].id]);
  });
});
