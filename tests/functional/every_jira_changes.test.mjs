// What happens to a page that stands open, on every Jira: its ticket moves out of sight or is deleted, Jira gives no answer. And what is told away from the ticket: of one's own
// sessions, in the portal, among the queues.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { opened, saveSettings } from '../contract/steps.mjs';
import { onEachJira } from '../harness/jiras.mjs';
import { asTimePasses, until } from '../harness/wait.mjs';

const kRightsLast = { minutes: 6 };   // what somebody may do, and see, is asked again after five

onEachJira((jira) => {
  let place;
  let people;
  let own;     // the agent's page of all their sessions
  before(async () => {
    place = await jira.open();
    ({ people } = place);
    own = place.page('agent', 'sessions');
  });
  after(() => place?.close());
  afterEach(() => place.sandbox.faults([]));

  const session = async (who, body = {}) => {
    const made = (await who.expect(202, 'POST', '/v1/sessions', { customer: { name: 'Ada Example' }, invitation: 'none', ...body })).session;
    return opened(who, made.id);
  };
  const mine = () => own.expect(200, 'GET', '/v1/sessions?scope=mine');
  /** What somebody can learn from an answer: its status, code and detail. */
  const answered = async (answering) => {
    const { status, body } = await answering;
    return [status, body.code, body.detail];
  };
  const gone = [404, 'not_found', undefined];
  const calls = ({ id }) => [
    ['GET', '/v1/panel'], ['GET', `/v1/sessions/${id}`], ['GET', '/v1/sessions'], ['POST', '/v1/sessions', {}], ['POST', `/v1/sessions/${id}/connect`, { client: 'app' }],
    ['POST', `/v1/sessions/${id}/close`, {}], ['POST', `/v1/people/${people.reporter.id}/launch`, { mode: 'chat' }], ['GET', '/v1/contacts?search=a'],
  ];

  describe('the ticket', () => {
    test('moved where the agent does not see it: with the next look it is gone, for every call and in the same words; who sees it there finds all of it; moved back, so does the agent', async () => {
      const issue = place.freshIssue();
      const agent = await place.linked('agent', issue);
      const made = await session(agent);
      const { version } = await agent.expect(200, 'GET', '/v1/panel');
      const there = `${place.vault}-1`;
      await place.change(issue, { key: there });
      const first = await asTimePasses(place.clock, 'the panel has noticed', async () => {
        const answer = await agent.get(`/v1/panel?since=${version}`);
        return answer.status !== 200 && answer;
      }, { seconds: 30 });
      assert.deepEqual([first.status, first.body.code], [404, 'not_found']);
      place.clock.advance(kRightsLast);
      for (const [method, path, body] of calls(made)) assert.deepEqual(await answered(agent.call(method, path, body)), gone, `${method} ${path}`);
      assert.equal((await place.sessionAtTeamViewer(made.code)).state.toLowerCase(), 'open', 'nothing is done to it');

      const admin = await place.linked('admin', there);
      const panel = await admin.expect(200, 'GET', '/v1/panel');
      assert.deepEqual([panel.issue.key, panel.sessions.map(({ id }) => id)], [there, [made.id]]);

      await place.change(there, { key: issue });
      place.clock.advance(kRightsLast);
      assert.deepEqual((await agent.expect(200, 'GET', '/v1/panel')).sessions.map(({ id }) => id), [made.id]);
    });

    test('moved out of sight: the panel’s words tell nobody that there is one', async () => {
      const issue = place.freshIssue();
      const agent = await place.linked('agent', issue);
      await agent.expect(200, 'GET', '/v1/panel');
      await place.change(issue, { key: `${place.vault}-3` });
      const refused = await asTimePasses(place.clock, 'the panel has noticed', async () => {
        const answer = await agent.get('/v1/panel');
        return answer.status !== 200 && answer;
      }, { seconds: 30 });
      assert.deepEqual(await answered(refused), gone);
    });

    test('deleted: it is gone for every call, its session is closed at TeamViewer, and nothing of it is kept', async () => {
      const issue = place.freshIssue();
      const agent = await place.linked('agent', issue);
      const made = await session(agent);
      assert.ok((await mine()).sessions.some(({ id }) => id === made.id));
      const open = await place.stillOpen(agent);
      await place.change(issue, { deleted: true });
      await until('its session is closed at TeamViewer', async () => (await place.sessionAtTeamViewer(made.code)).state.toLowerCase() === 'closed');
      await until('nothing of it is kept', async () => !(await mine()).sessions.some(({ id }) => id === made.id));
      for (const [method, path, body] of calls(made)) assert.deepEqual(await answered(open.call(method, path, body)), gone, `${method} ${path}`);
    });

    test('with a new summary: the panel has it, and so has the next session', async () => {
      const issue = place.freshIssue();
      const agent = await place.linked('agent', issue);
      const summary = 'Colours come out *too* dark';
      await place.change(issue, { summary });
      const { defaults } = await asTimePasses(place.clock, 'the panel has it', async () => {
        const panel = await agent.expect(200, 'GET', '/v1/panel');
        return panel.issue.summary === summary && panel;
      }, { seconds: 30 });
      assert.equal(defaults.description, `${issue} ${summary}`);
      assert.equal((await session(agent)).description, `${issue} ${summary}`);
    });
  });

  describe('Jira', () => {
    let issue;
    let agent;
    let made;
    before(async () => {
      issue = place.freshIssue();
      agent = await place.linked('agent', issue);
      made = await session(agent);
    });

    // What the panel and the list say of a token that was typed in: that its owner has to sign in again, as every call does. Elsewhere Jira gets another.
    const token = jira.typed ? { status: 403, code: 'signed_out', pagesToo: true } : { status: 503, code: 'jira_token_missing' };
    for (const [what, fault, { status, code, pagesToo = false, retryAfter = 0 }] of [
      ['asks for a pause (429)', { answer: { status: 429, headers: { 'Retry-After': '7' }, body: {} } }, { status: 503, code: 'jira_rate_limited', retryAfter: 7 }],
      ['takes no token (401)', { answer: { status: 401, body: {} } }, token],
      ['is out of order (503)', { answer: { status: 503, body: {} } }, { status: 502, code: 'jira_unreachable' }],
      ['has an error (500)', { answer: { status: 500, body: {} } }, { status: 502, code: 'jira_unreachable' }],
      ['sends no JSON', { garbage: true }, { status: 502, code: 'jira_unreachable' }],
      ['hangs up', { drop: 'before' }, { status: 502, code: 'jira_unreachable' }],
    ]) {
      test(`${what}: every call is told so, the panel and the list of one’s own name what they lack, and nothing is done`, async () => {
        const admin = place.page('admin', 'admin');
        await admin.expect(200, 'GET', '/v1/settings');
        await mine();
        const effects = async () => (await place.sandbox.journal({ party: 'teamviewer' })).length;
        const before = await effects();
        place.clock.advance(kRightsLast);
        // The pages get themselves a token now, and not while Jira is in trouble.
        for (const role of ['agent', 'admin']) await place.renewed(role);
        await place.sandbox.faults([place.rule({ path: '/**' }, fault)]);

        const panel = await agent.get('/v1/panel');
        const list = await own.get('/v1/sessions?scope=mine');
        if (pagesToo) {
          for (const page of [panel, list]) assert.deepEqual([page.status, page.body.code], [status, code]);
        } else {
          assert.deepEqual([panel.status, panel.body.viewer.mayAct, panel.body.people, panel.body.sessions], [200, false, [], []]);
          assert.deepEqual(panel.body.missing, [{ what: 'people', why: code }, { what: 'sessions', why: code }]);
          assert.deepEqual([list.status, list.body.missing], [200, [{ what: 'issues', why: code }]]);
          assert.deepEqual([...new Set(list.body.sessions.map(({ issueHidden, issueKey, customer }) => `${issueHidden} ${issueKey} ${customer}`))], ['unknown undefined undefined']);
        }
        for (const [who, method, path, body] of [...calls(made).slice(1).map((call) => [agent, ...call]), [admin, 'GET', '/v1/settings']]) {
          const answer = await who.call(method, path, body);
          assert.deepEqual([answer.status, answer.body.code], [status, code], `${method} ${path}`);
          if (retryAfter) assert.ok(answer.body.retryAfter > 0 && answer.body.retryAfter <= retryAfter, `${answer.body.retryAfter}`);
        }
        assert.equal(await effects(), before);

        await place.sandbox.faults([]);
        for (const role of ['agent', 'admin']) place.comeAgain(role);
        await asTimePasses(place.clock, 'all is as before', async () => {
          const { body: now } = await agent.get('/v1/panel');
          return now.viewer?.mayAct && now.missing.length === 0 && now.sessions.some(({ id }) => id === made.id);
        });
      });
    }
  });

  test('Jira takes somebody’s tokens back: they go on, where people sign in after they have done so, and nothing was told before', async () => {
    const agent = await place.linked('agent', place.freshIssue());
    const { id } = await session(agent);
    await place.renewed('agent');
    await place.takesBackTokensOf('agent');
    place.clock.advance(kRightsLast);
    if (jira.signsIn) {
      // A panel does not wait until that is certain: it may say first that it lacks people.
      const first = await until('the panel says so', async () => {
        const answer = await agent.get('/v1/panel');
        if (answer.status === 200) assert.deepEqual([answer.body.people, answer.body.sessions], [[], []]);
        return answer.status !== 200 && answer;
      });
      assert.deepEqual([first.status, first.body.code], [403, 'signed_out']);
      for (const path of [`/v1/sessions/${id}`, '/v1/sessions?scope=mine']) assert.deepEqual(await answered(agent.get(path)), [403, 'signed_out', undefined], path);
    }
    place.comeAgain('agent');
    assert.deepEqual((await agent.expect(200, 'GET', '/v1/panel')).sessions.map((one) => one.id), [id]);
  });

  describe('one’s own sessions, over all tickets', () => {
    test('are told whole while their ticket is in sight; of one that is out of sight, its course alone', async () => {
      const [near, far] = [place.freshIssue(), place.freshIssue()];
      const made = [];
      for (const issue of [near, far]) made.push(await session(await place.linked('agent', issue), { customer: { name: `Somebody of ${issue}` } }));
      const both = async () => {
        const { sessions, missing } = await mine();
        assert.deepEqual(missing, []);
        return made.map(({ id }) => sessions.find((one) => one.id === id));
      };
      assert.deepEqual((await both()).map(({ issueKey, customer, code }) => [issueKey, customer.name, code]), [[near, `Somebody of ${near}`, made[0].code], [far, `Somebody of ${far}`, made[1].code]]);
      await place.change(far, { key: `${place.vault}-2` });
      place.clock.advance(kRightsLast);
      const [seen, hidden] = await both();
      assert.deepEqual([seen.issueKey, seen.issueHidden], [near, undefined]);
      assert.deepEqual([hidden.issueHidden, hidden.description, hidden.actions, hidden.state], ['out_of_sight', '', [], 'open']);
      for (const name of ['issueKey', 'code', 'customer', 'customerLink']) assert.ok(!(name in hidden), name);
      await place.change(`${place.vault}-2`, { key: far });
      place.clock.advance(kRightsLast);
      assert.equal((await both())[1].issueKey, far);
    });

    test('are nobody else’s', async () => {
      for (const role of ['colleague', 'onlooker']) assert.deepEqual((await place.page(role, 'sessions').expect(200, 'GET', '/v1/sessions?scope=mine')).sessions, []);
    });
  });

  if (jira.portal) {
    describe('the portal and the queues', () => {
      test('who asks for help there is seen by the agents, until a session is made for them; of that they see the link, and no notes', async () => {
        await saveSettings(place.page('admin', 'admin'), () => ({ customersMayAsk: true }));
        const issue = place.freshIssue();
        const agent = await place.linked('agent', issue);
        const customer = place.portal('reporter', issue);
        const queue = place.queue('agent');
        assert.equal((await customer.expect(200, 'POST', '/v1/requests/ask', {})).own, true);
        assert.deepEqual((await agent.expect(200, 'GET', '/v1/panel')).askedForHelp.customer, { id: people.reporter.id, name: people.reporter.name });
        const waiting = async () => (await queue.expect(200, 'GET', '/v1/queue')).requests.find((one) => one.issue.key === issue)?.waiting?.why;
        assert.equal(await waiting(), 'asked');
        const { id, customerLink } = await session(agent, { customer: { id: people.reporter.id } });
        await agent.expect(200, 'PATCH', `/v1/sessions/${id}`, { notes: 'For the team alone' });
        assert.equal((await agent.expect(200, 'GET', '/v1/panel')).askedForHelp, undefined);
        assert.equal(await waiting(), undefined);
        const seen = await customer.get('/v1/request');
        assert.deepEqual(seen.body.sessions.map((one) => [one.id, one.customerLink]), [[id, customerLink]]);
        assert.ok(!seen.text.includes('For the team alone'));
      });

      test('from there nothing of an agent’s is reached, and nobody but the customer finds the request', async () => {
        const issue = place.freshIssue();
        for (const path of ['/v1/panel', '/v1/sessions', '/v1/sessions?scope=mine', '/v1/queue']) assert.deepEqual(await answered(place.portal('reporter', issue).get(path)), [403, 'forbidden', { reason: 'wrong_module' }]);
        assert.deepEqual(await answered(place.portal('stranger', issue).get('/v1/request')), gone);
        assert.deepEqual(await answered(place.queue('onlooker').get('/v1/queue')), [403, 'forbidden', { reason: 'not_agent' }]);
      });
    });
  }

  describe('what is kept of somebody', () => {
    const kept = async (role) => place.page('admin', 'admin').expect(200, 'GET', `/v1/accounts/${encodeURIComponent(people[role].id)}`);
    const erase = async (role) => {
      await place.page('admin', 'admin').expect(202, 'DELETE', `/v1/accounts/${encodeURIComponent(people[role].id)}`);
      return asTimePasses(place.clock, 'all of it is erased', async () => {
        const now = await kept(role);
        return now.erasing === undefined && now;
      });
    };
    const nothing = { sessions: 0, entries: 0, mappings: 0, invitations: 0, asks: 0, issues: 0 };

    test('of a customer: exported and erased as the admin asks; their session goes on without them', async () => {
      const issue = place.freshIssue();
      const agent = await place.linked('agent', issue);
      const { id } = await session(agent, { customer: { id: people.reporter.id } });
      assert.ok((await kept('reporter')).kept.sessions >= 1);
      const { text } = await place.page('admin', 'admin').expect(200, 'GET', `/v1/accounts/${encodeURIComponent(people.reporter.id)}/export`);
      assert.ok(text.includes(id) && text.includes(people.reporter.name));
      assert.deepEqual((await erase('reporter')).kept, nothing);
      const { session: left } = await agent.expect(200, 'GET', `/v1/sessions/${id}`);
      assert.deepEqual([left.state, left.customer, left.description], ['open', undefined, '']);
    });

    test('of an agent: disconnected, their open sessions are closed at TeamViewer, and they can begin anew', async () => {
      const issue = place.freshIssue();
      const colleague = await place.linked('colleague', issue);
      const made = await session(colleague);
      assert.equal((await kept('colleague')).openSessions, 1);
      assert.deepEqual((({ linked, openSessions, kept: left }) => ({ linked, openSessions, left }))(await erase('colleague')), { linked: false, openSessions: 0, left: nothing });
      assert.equal((await place.sessionAtTeamViewer(made.code)).state.toLowerCase(), 'closed');
      place.comeAgain('colleague');
      const { viewer } = await colleague.expect(200, 'GET', '/v1/panel');
      assert.deepEqual([viewer.mayAct, viewer.linked], [true, false]);
    });

    test('an agent whom the admin disconnects: the same, and what was over stays', async () => {
      const admin = place.page('admin', 'admin');
      const issue = place.freshIssue();
      const agent = await place.linked('agent', issue);
      const made = await session(agent);
      const { links } = await admin.expect(200, 'GET', '/v1/links');
      await admin.expect(200, 'DELETE', `/v1/links/${links.find(({ account }) => account.id === people.agent.id).id}`);
      await until('it is closed at TeamViewer', async () => (await place.sessionAtTeamViewer(made.code)).state.toLowerCase() === 'closed');
      const { viewer, sessions } = await agent.expect(200, 'GET', '/v1/panel');
      assert.deepEqual([viewer.linked, sessions.map(({ id, state }) => [id, state])], [false, [[made.id, 'closed']]]);
      assert.equal((await agent.post('/v1/sessions', {})).body.code, 'not_linked');
    });
  });
});
