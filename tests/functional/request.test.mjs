// What customers see in the portal: their own sessions on their own request, and nothing else of the house; from there nothing of an agent's or an
// admin's is reached, and from their pages nothing of a customer's.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { document } from '../harness/openapi.mjs';
import { onEachStorage } from '../harness/storages.mjs';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';

/** What a page sends, by the operation of docs/openapi.yaml, where it is not nothing. */
const bodies = {
  dismissAsk: { ask: 'x' },
  mapPerson: { address: 'a@b.example' }, launch: { mode: 'chat' }, connectSession: { client: 'app' }, noteSession: { notes: 'x' }, putSettings: { version: 0 }, previewCustomerText: { text: 'x', language: 'en' },
  finishAccount: { token: 'x'.repeat(43) }, pair: { code: 'AAAAA-BBBBB' }, automationCreateSession: { issueKey: 'HELP-1' },
};
const queries = { listContacts: '?search=a', exportAudit: '?format=csv', exportReports: '?format=csv' };

/** Every call with a token that is not the customer's own, as [method, path, body]. */
function callsOfOthers({ person, session }) {
  const ids = { sessions: session, people: person };
  return Object.entries(document.paths).flatMap(([path, item]) => ['get', 'post', 'put', 'delete', 'patch'].filter((method) => item[method] && !item[method].security)
    .filter((method) => !['getRequest', 'askForHelp', 'withdrawAsk'].includes(item[method].operationId))
    .map((method) => {
      const { operationId } = item[method];
      const at = path.replace('{id}', encodeURIComponent(ids[path.split('/')[2]] ?? 'x')).replace('{name}', 'hourly');
      return [method.toUpperCase(), at + (queries[operationId] ?? ''), bodies[operationId] ?? (['get', 'delete'].includes(method) ? undefined : {})];
    }));
}

onEachStorage((storage) => {
  let world;
  let agent;      // on the customer's request
  let keeper;     // administers the project
  let customers;  // of the portal, each with a request
  let customer;   // the first of them, in the portal
  let request;    // theirs
  before(async () => {
    world = await World.open({ storage: await storage.fresh(), configure: () => ({ teamviewer: { calls_per_minute: 600 } }) });
    customers = world.seed.people.filter(({ type }) => type === 'customer').map((person) => ({ ...person, request: world.seed.issues.find(({ reporter }) => reporter === person.accountId) }));
    assert.ok(customers.length >= 2 && customers.every((one) => one.request));
    request = customers[0].request;
    customer = world.customer(request);
    agent = await world.linkedAgent(0, request.key);
    keeper = world.projectAdmin();
  });
  after(() => world?.close());

  const look = () => customer.expect(200, 'GET', '/v1/request');
  const told = async () => (await look()).sessions;
  const create = async (wish, where = agent) => (await where.expect(202, 'POST', '/v1/sessions', { invitation: 'none', ...wish })).session.id;
  /** What the agent's panel says of it, once it is so. */
  const when = (id, what, wanted, where = agent) => until(what, async () => {
    const { session } = await where.expect(200, 'GET', `/v1/sessions/${id}`);
    return wanted(session) ? session : undefined;
  });
  const opened = (id, where) => when(id, 'the session is open', ({ state }) => state === 'open', where);
  const stands = (id, state) => until(`the customer reads ${state}`, async () => {
    world.clock.advance({ seconds: 8 });
    const session = (await told()).find((one) => one.id === id);
    return session?.state === state ? session : undefined;
  });
  const online = (code, there) => world.sandbox.change({ teamviewer: { sessions: [{ code, online: there }] } });
  const asked = async () => (await world.sandbox.requests()).filter(({ path }) => path.endsWith(`/servicedeskapi/request/${request.key}`)).length;
  const ofRequest = { party: 'jira', method: 'GET', path: '**/servicedeskapi/request/*' };
  const refused = async (answering, status, code, reason) => {
    const answer = await answering;
    assert.deepEqual([answer.status, answer.json.code, answer.json.detail?.reason], [status, code, reason], answer.text);
  };

  describe('the customer of a request', () => {
    let id;
    let code;

    test('is told of nothing while nothing is theirs, whatever there is for others', async () => {
      await opened(await create({ customer: { name: customers[0].name, email: customers[0].email } }));
      await opened(await create({}));
      const { sessions, missing, cut, projectOff } = await look();
      assert.deepEqual([sessions, missing, cut, projectOff], [[], [], undefined, undefined]);
    });

    test('sees that a session is being made, and then what there is to join, and no more than that', async () => {
      await world.sandbox.faults([{ match: { party: 'teamviewer', method: 'POST', path: '**/sessions' }, hold: 'before', times: 1 }]);
      id = await create({ customer: { id: customer.account }, description: 'What the team says of it' });
      const [made] = await told();
      assert.deepEqual([made.id, made.state, Object.keys(made).sort()], [id, 'intended', ['createdAt', 'id', 'state', 'supporter', 'validUntil']]);
      await until('TeamViewer is asked for it', async () => (await world.sandbox.faultState()).holding.length === 1);
      await world.sandbox.control('POST', 'release', {});
      const session = await opened(id);
      const [shown] = await told();
      assert.deepEqual(shown, {
        id, state: 'open', supporter: { name: session.supporter.name }, createdAt: session.createdAt, madeAt: shown.madeAt, validUntil: session.validUntil, code: session.code, customerLink: session.customerLink,
      });
      code = shown.code;
      const { url } = await agent.expect(200, 'POST', `/v1/sessions/${id}/connect`, { client: 'app' });
      assert.notEqual(url, shown.customerLink);
      assert.ok(!JSON.stringify(await look()).includes(new URL(url).pathname), 'the supporter’s way in is not told');
    });

    test('is told by the next answers that they are in, that somebody is with them, and that it is over', async () => {
      await online(code, true);
      assert.ok((await stands(id, 'customer_present')).customerLink);
      await agent.expect(200, 'POST', `/v1/sessions/${id}/connect`, { client: 'browser' });
      await stands(id, 'in_progress');
      await agent.expect(202, 'POST', `/v1/sessions/${id}/close`, { notes: 'For the team alone' });
      const over = await stands(id, 'closed');
      assert.deepEqual(Object.keys(over).sort(), ['createdAt', 'endedAt', 'id', 'madeAt', 'state', 'supporter', 'validUntil']);
      assert.ok(!JSON.stringify(await look()).includes('For the team alone'));
    });

    test('is not shown two for one: what another takes the place of is gone as soon as that can be joined', async () => {
      const old = await create({ customer: { id: customer.account } });
      await opened(old);
      const { session: fresh } = await agent.expect(202, 'POST', `/v1/sessions/${old}/replace`, { validityMinutes: 60 });
      await opened(fresh.id);
      assert.deepEqual((await told()).filter(({ state }) => state === 'open').map((one) => one.id), [fresh.id]);
      await agent.expect(202, 'POST', `/v1/sessions/${fresh.id}/close`, {});
      await agent.expect(202, 'POST', `/v1/sessions/${old}/close`, {}).catch(() => {});   // it may have got its place back, or not
    });

    test('has no link where the project has switched remote support off, and is told so', async () => {
      id = await create({ customer: { id: customer.account } });
      await opened(id);
      const path = `/v1/settings?project=${world.seed.project.key}`;
      const save = async (enabled) => {
        const { project: _p, site: _s, ...now } = await keeper.expect(200, 'GET', path);
        await keeper.expect(200, 'PUT', path, { ...now, enabled });
      };
      await save(false);
      const off = await look();
      assert.equal(off.projectOff, true);
      const session = off.sessions.find((one) => one.id === id);
      assert.deepEqual([session.state, session.customerLink], ['open', undefined]);
      await save(true);
      const on = await look();
      assert.equal(on.projectOff, undefined);
      assert.ok(on.sessions.find((one) => one.id === id).customerLink);
    });

    test('is told that what they see may be old while TeamViewer does not answer', async () => {
      await world.sandbox.faults([{ match: { party: 'teamviewer' }, answer: { status: 500, body: { error: 'internal_error' } } }]);
      await until('it is said', async () => {
        world.clock.advance({ seconds: 8 });
        const { missing } = await look();
        return missing.length > 0 && missing.every(({ what, why }) => what === 'session_state' && why === 'provider_unreachable');
      });
      await world.sandbox.faults([]);
      await until('it is no longer said', async () => {
        world.clock.advance({ seconds: 30 });
        return (await look()).missing.length === 0;
      });
    });
  });

  describe('nobody else', () => {
    test('another customer, on this request: it is not there; on their own there is nothing', async () => {
      const other = world.customer(customers[1].request);
      await refused(other.with({ request: request.key }).get('/v1/request'), 404, 'not_found');
      assert.deepEqual((await other.expect(200, 'GET', '/v1/request')).sessions, []);
      await refused(customer.with({ request: customers[1].request.key }).get('/v1/request'), 404, 'not_found');
    });

    test('an issue that is no request is not there either', async () => {
      await refused(world.caller({ account: agent.account, page: 'request', request: 'PRESS-1' }).get('/v1/request'), 404, 'not_found');
    });

    test('an agent who looks at it in the portal has nothing there, since nothing of it is theirs to join', async () => {
      assert.deepEqual((await world.caller({ account: agent.account, page: 'request', request: request.key }).expect(200, 'GET', '/v1/request')).sessions, []);
    });

    test('from every other page it is refused, to the customer as to anybody', async () => {
      const account = agent.with({ page: 'account', issue: undefined });
      for (const caller of [agent, agent.with({ account: customer.account }), account, account.with({ account: customer.account }), account.with({ page: 'belay-sessions' }), world.admin, keeper]) {
        await refused(caller.get('/v1/request'), 403, 'forbidden', 'wrong_module');
      }
      await refused(customer.with({ request: undefined }).get('/v1/request'), 403, 'forbidden', 'wrong_module');
    });

    test('from the portal every call of agents and admins is refused, also to who is an agent, and nothing comes of it', async () => {
      const [{ id }] = await told();
      await until('nothing is under way', async () => {
        world.clock.advance({ seconds: 30 });
        const { sessions } = await agent.expect(200, 'GET', '/v1/sessions');
        return sessions.every(({ steps }) => !Object.values(steps).includes('pending'));
      });
      const calls = callsOfOthers({ person: customer.account, session: id });
      assert.ok(calls.length > 40);
      const before = [await world.sandbox.journal(), (await agent.expect(200, 'GET', `/v1/sessions/${id}`)).session];
      for (const caller of [customer, customer.with({ account: agent.account }), customer.with({ account: world.seed.admin.accountId })]) {
        for (const [method, path, body] of calls) {
          const { status, json } = await caller.call(method, path, body);
          assert.deepEqual([status, json.code, json.detail], [403, 'forbidden', { reason: 'wrong_module' }], `${method} ${path}`);
        }
      }
      assert.deepEqual([await world.sandbox.journal(), (await agent.expect(200, 'GET', `/v1/sessions/${id}`)).session], before);
    });
  });

  describe('whether the request is theirs to see', () => {
    test('Jira is asked once in five minutes, with one call, by the key that the portal names', async () => {
      world.clock.advance({ minutes: 5 });
      await look();
      const before = await asked();
      for (let n = 0; n < 5; n += 1) {
        world.clock.advance({ seconds: 8 });
        await look();
      }
      assert.equal(await asked(), before);
      world.clock.advance({ minutes: 5 });
      await look();
      assert.equal(await asked(), before + 1);
    });

    test('where Jira does not say, nothing is told, and the next question asks again', async () => {
      world.clock.advance({ minutes: 5 });
      for (const [status, code] of [[503, 'jira_unreachable'], [401, 'jira_token_missing']]) {
        await world.sandbox.faults([{ match: ofRequest, answer: { status, body: {} } }]);
        const answer = await customer.get('/v1/request');
        assert.equal(answer.json.code, code);
        assert.equal(answer.json.sessions, undefined);
      }
      await world.sandbox.faults([]);
      assert.ok((await told()).length > 0);
    });

    test('where Jira forbids it, it is not there', async () => {
      world.clock.advance({ minutes: 15 });   // soon after the pairing it would only mean that Jira does not know the app everywhere yet
      await world.sandbox.faults([{ match: ofRequest, answer: { status: 403, body: { errorMessage: 'No.' } }, times: 1 }]);
      await refused(customer.get('/v1/request'), 404, 'not_found');
      world.clock.advance({ minutes: 5 });   // that is kept as long as a yes is
      assert.ok((await told()).length > 0);
    });

    test('a customer who takes no part in it any more has nothing there, five minutes later at most', async () => {
      await look();
      await world.sandbox.change({ jira: { issues: { [request.key]: { reporter: customers[1].accountId } } } });
      world.clock.advance({ minutes: 5 });
      await refused(customer.get('/v1/request'), 404, 'not_found');
      assert.deepEqual((await world.customer(request, customers[1].accountId).expect(200, 'GET', '/v1/request')).sessions, [], 'whoever comes after them has none of theirs');
      await world.sandbox.change({ jira: { issues: { [request.key]: { reporter: customer.account } } } });
      world.clock.advance({ minutes: 5 });
      assert.ok((await told()).length > 0);
    });
  });

  describe('asking for help', () => {
    const allow = async (customersMayAsk) => {
      const { installation: _i, health: _h, defaults: _d, ...now } = await world.admin.expect(200, 'GET', '/v1/settings');
      await world.admin.expect(200, 'PUT', '/v1/settings', { ...now, customersMayAsk });
    };
    const ask = () => customer.expect(200, 'POST', '/v1/requests/ask', {});
    const waiting = async () => (await agent.expect(200, 'GET', '/v1/panel')).askedForHelp;
    const entries = async (action) => (await world.admin.expect(200, 'GET', `/v1/audit?action=${action}`)).entries;
    before(async () => {
      for (const { id, state } of (await agent.expect(200, 'GET', '/v1/sessions')).sessions) if (state === 'open') await agent.expect(202, 'POST', `/v1/sessions/${id}/close`, {});
    });

    test('is offered where the admin allows it, and nowhere else', async () => {
      assert.deepEqual((await look()).asking, { offered: false });
      await refused(customer.post('/v1/requests/ask', {}), 403, 'asking_off');
      await allow(true);
      assert.deepEqual((await look()).asking, { offered: true });
      await refused(agent.post('/v1/requests/ask', {}), 403, 'forbidden', 'wrong_module');
      await refused(customer.post('/v1/requests/ask', { loudly: true }), 400, 'unknown_field');
    });

    test('the team sees who waits; a session for them is the answer, and one open ask a request is all there is', async () => {
      const at = world.clock.now();
      const { since, own } = await ask();
      assert.ok(own && Math.abs(Date.parse(since) - at) < 5_000);
      world.clock.advance({ minutes: 3 });
      assert.equal((await ask()).since, since);
      const { id: shownAs, ...shown } = await waiting();
      assert.ok(shownAs);
      assert.deepEqual(shown, { customer: { id: customer.account, name: customers[0].name }, since });
      assert.equal((await entries('help_asked')).length, 1);
      const id = await create({ customer: { id: customer.account } });
      assert.equal(await waiting(), undefined);
      assert.deepEqual((await look()).asking, { offered: true });
      await opened(id);
      await agent.expect(202, 'POST', `/v1/sessions/${id}/close`, {});
    });

    test('it can be taken back, and dismissed by the team, who alone may do that', async () => {
      await ask();
      await refused(customer.post('/v1/requests/ask/dismiss', { ask: 'any' }), 403, 'forbidden', 'wrong_module');
      assert.deepEqual(await customer.expect(200, 'DELETE', '/v1/requests/ask'), { offered: true });
      assert.equal(await waiting(), undefined);
      await ask();
      const dismiss = async (id) => (await agent.expect(200, 'POST', '/v1/requests/ask/dismiss', { ask: id })).dismissed;
      const { id } = await waiting();
      assert.equal(await dismiss('another'), false);
      assert.ok(await waiting());
      assert.deepEqual([await dismiss(id), await dismiss(id)], [true, false]);
      assert.equal(await waiting(), undefined);
      await refused(agent.post('/v1/requests/ask/dismiss', {}), 400, 'invalid_field');
      assert.deepEqual([(await entries('help_withdrawn')).length, (await entries('help_dismissed')).length], [1, 1]);
    });

    test('five a day, wherever; then it says when they may again', async () => {
      for (let n = 0; n < 2; n += 1) {
        await ask();
        await customer.expect(200, 'DELETE', '/v1/requests/ask');
      }
      const { asking } = await look();
      assert.equal(asking.offered, false);
      const left = Date.parse(asking.againAt) - world.clock.now();
      assert.ok(left > 23 * 3_600_000 && left < 24 * 3_600_000, asking.againAt);
      const { status, json } = await customer.post('/v1/requests/ask', {});
      assert.deepEqual([status, json.code, json.detail], [409, 'asked_too_often', { most: 5 }]);
      assert.ok(Math.abs(json.retryAfter * 1000 - left) < 60_000);
      world.clock.advance({ milliseconds: left + 1_000 });
      assert.ok((await ask()).own);
    });

    test('ten who ask at once are one ask, on both sides of a kill', async () => {
      world.clock.advance({ hours: 25 });   // whoever waited does not any more
      assert.equal(await waiting(), undefined);
      const answers = await Promise.all(Array.from({ length: 10 }, () => ask()));
      assert.equal(new Set(answers.map(({ since }) => since)).size, 1);
      await world.belayd.kill();
      await world.startBelayd();
      assert.deepEqual((await look()).asking, answers[0]);
    });

    test('switched off again, whoever waits is seen no more', async () => {
      await allow(false);
      assert.equal(await waiting(), undefined);
    });
  });

  test('a site that is not paired any more tells nothing', async () => {
    await world.admin.expect(200, 'DELETE', '/v1/pairing');
    await until('it is forgotten', async () => (await customer.get('/v1/request')).status !== 200);
    await refused(customer.get('/v1/request'), 403, 'not_paired');
  });
});
