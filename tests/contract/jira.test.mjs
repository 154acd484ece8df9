// Every request that belayd sends to Jira, over all it does, before Atlassian's own OpenAPI (jira_judge.mjs). The sandbox records them; that a
// bearer token was there is taken from the recording, because Prism does not ask for one on most operations.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parse } from 'yaml';
import { root } from '../harness/program.mjs';
import { link } from '../harness/linking.mjs';
import { freshSeed } from '../harness/seed.mjs';
import { asTimePasses, until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';
import * as adf from './adf_judge.mjs';
import { contract } from './contracts.mjs';
import { CallsDriven, callsInSource } from './driven.mjs';
import { JiraJudge, reportProblems } from './jira_judge.mjs';
import { close, create, held, opened, saveSettings, sessionWhen } from './steps.mjs';

/** What Belay calls. A call that is new here has to be added, and with it goes a look at its scope. */
const expected = ['addComment', 'addWorklog', 'bulkFetchIssues', 'bulkGetGroups', 'bulkGetUsers', 'deleteComment', 'deleteWorklog', 'getComments', 'getCommentsByIds', 'getCurrentUser', 'getIssue', 'getIssueWorklog', 'getMyPermissions', 'getUser', 'getUserEmailBulk', 'getUserGroups', 'setIssueProperty', 'updateComment', 'updateWorklog'];

const comment = { party: 'jira', method: 'POST', path: '/rest/api/3/issue/*/comment' };
const crowded = 'OFFICE-2';   // more new comments than one page holds
const { file, skip } = contract('jira-cloud-openapi-v3.json');

// A suite that is skipped is not counted, a test is.
(skip ? test : describe)('requests to Jira', { skip }, () => {
  let judge;
  let world;
  let agent;
  let driven;
  before(async () => {
    const judging = JiraJudge.start(file);
    judging.catch(() => {});
    world = await World.open({ seed: freshSeed(({ sites: [site] }) => {
      const issue = site.issues.find(({ key }) => key === crowded);
      issue.comments = Array.from({ length: 130 }, (_, index) => ({ by: issue.reporter, minutesAgo: 0, text: `Comment ${index}` }));
    }) });
    driven = new CallsDriven(world, 'jira');
    agent = await world.linkedAgent(0);
    judge = await judging;
  });
  after(async () => {
    await world?.close();
    await judge?.stop();
  });

  const reporter = () => ({ customer: { id: world.seed.issue.reporter } });
  const journal = async (kind) => (await world.sandbox.journal({ kind })).length;
  const recorded = async () => (await world.sandbox.requests()).filter(({ party }) => party === 'jira');
  const faulty = (rule) => world.sandbox.faults([{ times: 1, ...rule }]);

  describe('are driven by', () => {
    test('a lost answer on a busy issue: our comment is looked for on more than one page', async () => {
      await faulty({ match: comment, drop: 'after' });
      const busy = agent.with({ issue: crowded });
      const { id } = await create(busy, { customer: { name: 'Busy Example' }, invitation: 'public' });
      await asTimePasses(world.clock, 'the comment is found', async () => (await busy.expect(200, 'GET', `/v1/sessions/${id}`)).session.steps.invitation === 'done', { seconds: 2 });
      assert.equal(await journal('comment.created'), 1);
      const pages = (await recorded()).filter(({ method, path }) => method === 'GET' && path.endsWith('/comment')).map(({ query }) => Object.fromEntries(query).startAt);
      assert.ok(new Set(pages).size > 1, `pages ${pages}`);
      await close(busy, id);
    });

    test('the hourly call: Atlassian is told whose account ids are kept', async () => {
      // While this belayd lives: Forge calls on its own too, sooner or later, and what is told then is not told again for a week.
      await world.sandbox.event({ event: 'hourly' });
      await asTimePasses(world.clock, 'it is reported', async () => await journal('accounts.reported') > 0, { seconds: 2 });
    });

    test('the panel, on a service project and on others, by an agent and by a customer', async () => {
      for (const issue of [world.seed.issue.key, 'PRESS-1', 'OFFICE-1']) await agent.with({ issue }).expect(200, 'GET', '/v1/panel');
      await agent.with({ account: world.seed.outsider.accountId }).get('/v1/panel');
      const [portal] = world.seed.people.filter(({ type }) => type === 'customer');
      await agent.with({ account: portal.accountId, issue: 'HELP-6' }).get('/v1/panel');
      await world.caller({ account: portal.accountId, page: 'request', request: 'HELP-6' }).expect(200, 'GET', '/v1/request');
    });

    test('the set-up and the personal page', async () => {
      await world.admin.expect(200, 'GET', '/v1/links');
      await world.admin.with({ account: world.seed.outsider.accountId }).expect(403, 'GET', '/v1/settings');
      await agent.with({ page: 'account', issue: undefined }).expect(200, 'GET', '/v1/account');
      await agent.with({ page: 'account', issue: undefined }).expect(200, 'GET', '/v1/sessions?scope=mine');
      await saveSettings(world.admin, () => ({ allowedGroups: ['support-team', 'staff'] }));
      await agent.expect(200, 'GET', '/v1/panel');
    });

    test('a launch, on a site that wants the counts on its issues', async () => {
      const { reporter: contact } = world.seed.issue;
      await saveSettings(world.admin, () => ({ countOnIssue: true }));
      await asTimePasses(world.clock, 'the reporter can be reached', async () => (await agent.expect(200, 'GET', '/v1/panel')).people.find(({ id }) => id === contact)?.actions.includes('chat'), { seconds: 3 });
      await agent.expect(200, 'POST', `/v1/people/${encodeURIComponent(contact)}/launch`, { mode: 'chat' });
      const [counts] = await until('the counts are written', async () => {
        const written = (await recorded()).filter(({ method, path, status, body }) => method === 'PUT' && path.endsWith('/properties/belay') && status < 300 && 'launches' in JSON.parse(body));
        return written.length > 0 && written;
      });
      assert.equal(JSON.parse(counts.body).launches, 1);
      await saveSettings(world.admin, () => ({ countOnIssue: false }));
    });

    test('what came of a session: for the team, as work, and changed by a late record', async () => {
      const account = await world.teamviewerAccount(0);
      await link(agent.with({ page: 'account', issue: undefined }), { account, access: 'reports' });
      await saveSettings(world.admin, () => ({ worklog: true, tellOfWaiting: true }));
      const worklog = { party: 'jira', method: 'POST', path: '/rest/api/3/issue/*/worklog' };
      const { id } = await create(agent, reporter());
      const { code } = await opened(agent, id);
      await world.sandbox.change({ teamviewer: { sessions: [{ code, online: true }] } });
      await asTimePasses(world.clock, 'the customer is there', async () => (await agent.expect(200, 'GET', `/v1/sessions/${id}`)).session.state === 'customer_present', { seconds: 30 });
      await close(agent, id);
      await world.sandbox.change({ teamviewer: { records: [{ session: code, account, startedSecondsAgo: 120, seconds: 90, rating: 4, notes: 'Two\nlines' }] } });
      // The answer to the worklog is lost: it is looked for before another is written.
      // It seems not to be there, so that another is written; then the first is found after all.
      const hidden = { match: { ...worklog, method: 'GET' }, answer: { status: 200, body: { startAt: 0, maxResults: 1_000, total: 0, worklogs: [] } }, times: 1 };
      await world.sandbox.faults([{ id: 'worklog', match: worklog, answer: { status: 503, body: {} }, answerMoment: 'after', times: 1 }, hidden]);
      await asTimePasses(world.clock, 'the report is written', async () => (await agent.expect(200, 'GET', `/v1/sessions/${id}`)).session.state === 'reported', { seconds: 60 });
      await world.sandbox.change({ teamviewer: { records: [{ session: code, account, startedSecondsAgo: 20, seconds: 60 }] } });
      await asTimePasses(world.clock, 'the late record is written', async () => await journal('worklog.edited') > 0, { seconds: 60 });
      await asTimePasses(world.clock, 'the second one is taken away', async () => await journal('worklog.deleted') === 1, { seconds: 60 });
      assert.equal(await journal('worklog.created'), 2);
      await saveSettings(world.admin, () => ({ worklog: false, tellOfWaiting: false }));
      // What is tried below is about other comments.
      await agent.with({ page: 'account', issue: undefined }).expect(200, 'DELETE', '/v1/account/reports');
    });

    test('a site without service projects, which refuses their permission', async () => {
      await world.admin.expect(200, 'GET', '/v1/settings');
      world.clock.advance({ minutes: 6 });   // rights are kept five minutes
      await faulty({ match: { party: 'jira', path: '/rest/api/3/mypermissions' }, answer: { status: 400, body: { errorMessages: ['Unrecognized permission keys: SERVICEDESK_AGENT'], errors: {} } } });
      await agent.with({ issue: 'PRESS-1' }).expect(200, 'GET', '/v1/panel');
      const asked = (await recorded()).filter(({ path }) => path.endsWith('/mypermissions')).slice(-2).map(({ query }) => Object.fromEntries(query).permissions);
      assert.deepEqual(asked.map((permissions) => permissions.includes('SERVICEDESK_AGENT')), [true, false]);
      await driven.listen();
      await world.belayd.stop();   // what a site lacks is remembered; on this one it was a lie
      await world.startBelayd();
    });

    test('an invitation from writing to its last edit, to the customer and to the team', async () => {
      for (const invitation of ['public', 'internal']) {
        const { id } = await create(agent, { ...reporter(), invitation });
        await opened(agent, id);
        await close(agent, id);
        world.clock.advance({ minutes: 2 });
      }
      await until('both are edited', async () => await journal('comment.edited') >= 3);
    });

    test('a team comment that the customer can read after all: it is deleted', async () => {
      await world.sandbox.change({ jira: { behaviour: { internalCommentsBecomePublic: true } } });
      const { id } = await create(agent, { ...reporter(), invitation: 'internal' });
      await sessionWhen(agent, id, 'the surprise is told', ({ error }) => error?.code === 'comment_visibility_surprise');
      await world.sandbox.change({ jira: { behaviour: { internalCommentsBecomePublic: false } } });
      await until('the comment is deleted', async () => (await journal('comment.deleted')) === 1);
    });

    test('an invitation that only the team can read: the agent is told that the customer was not', async () => {
      await world.sandbox.change({ jira: { behaviour: { publicCommentsBecomeInternal: true } } });
      const { id } = await create(agent, { ...reporter(), invitation: 'public' });
      const told = await sessionWhen(agent, id, 'it is told', ({ error }) => error);
      assert.deepEqual([told.error.code, told.state, told.steps.invitation], ['comment_hidden_from_customer', 'open', 'done']);
      await world.sandbox.change({ jira: { behaviour: { publicCommentsBecomeInternal: false } } });
      await close(agent, id);
      world.clock.advance({ minutes: 2 });
    });

    for (const [what, answer] of [
      ['a pause that Jira asks for', { status: 429, headers: { 'Retry-After': '3', 'RateLimit-Reason': 'jira-per-issue-on-write' }, body: {} }],
      ['trouble in Jira', { status: 503, body: {} }],
      ['a token that Jira no longer takes', { status: 401, body: { code: 401, message: 'Unauthorized' } }],
      ['rights that are not there yet', { status: 403, body: { errorMessages: ['Not now'], errors: {} } }],
    ]) {
      test(`${what}: the comment comes later`, async () => {
        world.clock.advance({ minutes: 2 });
        await faulty({ match: comment, answer });
        const before = await journal('comment.created');
        const { id } = await create(agent, { ...reporter(), invitation: 'public' });
        await asTimePasses(world.clock, 'the invitation is written or failed', async () => {
          const { session } = await agent.expect(200, 'GET', `/v1/sessions/${id}`);
          if (session.steps.invitation === 'failed') await agent.expect(202, 'POST', `/v1/sessions/${id}/invitation`, {});
          return session.steps.invitation === 'done';
        }, { seconds: 2 });
        assert.equal(await journal('comment.created'), before + 1);
        await close(agent, id);
      });
    }

    test('a power cut before Jira has the comment: the late second one is deleted', async () => {
      world.clock.advance({ minutes: 2 });
      const deleted = await journal('comment.deleted');
      await faulty({ match: comment, hold: 'before' });
      const { id } = await create(agent, { ...reporter(), invitation: 'public' });
      await held(world.sandbox);
      await driven.listen();
      await world.belayd.kill();
      await world.startBelayd();
      await asTimePasses(world.clock, 'the invitation is written', async () => (await agent.expect(200, 'GET', `/v1/sessions/${id}`)).session.steps.invitation === 'done');
      await world.sandbox.control('POST', 'release', {});
      await asTimePasses(world.clock, 'the second comment is deleted', async () => await journal('comment.deleted') === deleted + 1);
      await close(agent, id);
    });

    test('leaving: everything is given back', async () => {
      await world.admin.expect(200, 'DELETE', '/v1/pairing');
      await until('the installation is forgotten', async () => (await world.admin.get('/v1/settings')).body.code === 'not_paired');
    });
  });

  test('every call that the source knows was driven', async () => {
    await driven.listen();
    assert.deepEqual(driven.names, callsInSource('jira/cloud', /"jira\.([a-z_]+)"/g));
  });

  const isDocumented = ({ path }) => !path.startsWith('/rest/servicedeskapi/') && path !== '/app/report-accounts/';

  test('all of them carry a bearer token and are what Atlassian documents', async (t) => {
    const lines = await recorded();
    // The same request twice is judged once; what was sent is compared, not what came back.
    const distinct = new Map(lines.map((line) => [JSON.stringify([line.method, line.path, line.query, line.body, line.contentType, line.authorization, line.bearer]), line]));
    const problems = [];
    for (const line of distinct.values()) problems.push(...await judge.problemsOf(line));
    assert.deepEqual(problems, []);
    assert.deepEqual([...new Set(lines.filter(isDocumented).map((line) => judge.operationOf(line)?.operationId))].sort(), expected);
    t.diagnostic(`${lines.length} requests, ${distinct.size} distinct`);
  });

  test('every document in them is one by Atlassian’s schema: invitations, reports, what waits, time worked', { skip: adf.skip }, async (t) => {
    const documents = (await recorded()).flatMap(({ method, path, body }) => {
      const sent = body ? JSON.parse(body) : {};
      return [sent.body, sent.comment].filter((one) => one?.type === 'doc').map((document) => ({ what: `${method} ${path}`, document }));
    });
    assert.deepEqual(documents.flatMap(({ what, document }) => adf.problemsOf(document).map((problem) => `${what}: ${problem}`)), []);
    const texts = documents.map(({ document }) => adf.textOf(document)).join('\n');
    for (const words of [/Nothing happens on your computer/, / min, by /, /waiting/]) assert.match(texts, words);
    assert.ok(documents.some(({ what }) => what.endsWith('/worklog')), 'time worked is among them');
    t.diagnostic(`${documents.length} documents`);
  });

  test('the app asks for the scope that each of them needs', async () => {
    const { permissions } = parse(readFileSync(join(root, 'forge/manifest.yml'), 'utf8'));
    assert.ok(permissions.scopes.includes('read:email-address:jira') && permissions.scopes.includes('report:personal-data') && permissions.scopes.includes('read:servicedesk-request'));
    for (const line of await recorded()) {
      // The document names no scope for addresses, and does not know Service Management: their scopes stand above.
      if (!isDocumented(line) || line.path.startsWith('/rest/api/3/user/email')) continue;
      const { operationId, security } = judge.operationOf(line);
      const ways = security.map(({ OAuth2 }) => OAuth2).filter(Boolean);
      assert.ok(ways.some((scopes) => scopes.every((scope) => permissions.scopes.includes(scope))), `${operationId} needs ${JSON.stringify(ways)}`);
    }
  });

  describe('are refused when', () => {
    const right = {
      method: 'POST', path: '/rest/api/3/issue/10000/comment', query: [], contentType: 'application/json', authorization: true, bearer: true,
      body: JSON.stringify({ body: { type: 'doc', version: 1, content: [] }, properties: [{ key: 'belay.session', value: { id: '1' } }] }),
    };
    const get = (path, query = []) => ({ ...right, method: 'GET', path, query, body: '', contentType: '' });
    const body = (value) => ({ ...right, body: JSON.stringify(value) });
    const wrong = [
      ['the visibility has a type that does not exist', body({ body: {}, visibility: { type: 'everybody', value: 'x' } }), /400.*visibility/],
      ['a property has a member too many', body({ body: {}, properties: [{ key: 'belay.session', name: 'x' }] }), /400.*properties/],
      ['a member is misspelt', body({ boddy: {} }), /member boddy is not in the document/],
      ['a member is Jira\'s own to set', body({ body: {}, jsdPublic: false }), /member jsdPublic is read-only/],
      ['the route does not exist', get('/rest/api/3/issues/10000'), /404/],
      ['the method does not exist', { ...right, method: 'PATCH' }, /405|404/],
      ['a required parameter is missing', get('/rest/api/3/user/groups'), /422.*accountid/],
      ['addresses are asked for, and nobody is named', get('/rest/api/3/user/email/bulk'), /400.*accountid/i],
      ['a parameter is of the wrong type', get('/rest/api/3/issue/10000/comment', [['maxResults', 'many']]), /400.*maxResults/i],
      ['a parameter is misspelt', get('/rest/api/3/user', [['accountID', 'x']]), /query accountID is not in the document/],
      ['a parameter is of former times', get('/rest/api/3/user', [['username', 'x']]), /query username is no longer available/],
      ['no token is sent', { ...get('/rest/api/3/issue/10000'), authorization: false, bearer: false }, /no bearer token/],
      ['no token is sent, and the document insists', { ...get('/rest/api/3/myself'), anonymous: true }, /401/],
      ['the content type is another', { ...right, contentType: 'text/plain' }, /text\/plain/],
    ];
    for (const [what, line, why] of wrong) {
      test(what, async () => assert.match((await judge.problemsOf(line)).join('\n'), why));
    }

    test('a report on accounts is another than the guide has it', () => {
      const account = { accountId: 'a', updatedAt: '2018-10-25T23:08:51.382Z' };
      const report = (accounts, more = {}) => reportProblems({ ...right, path: '/app/report-accounts/', body: JSON.stringify({ accounts, ...more }) });
      assert.deepEqual(report([account]), []);
      for (const wrongly of [report([]), report(Array.from({ length: 91 }, (_, i) => ({ ...account, accountId: `a${i}` }))), report([account, account]), report([{ ...account, name: 'x' }]), report([{ ...account, updatedAt: '2018-10-25' }]), report([account], { x: 1 })]) assert.equal(wrongly.length, 1);
    });

    test('and a right one is let through, also of addresses, for which the document has no bearer token', async () => {
      for (const line of [right, get('/rest/api/3/user/email/bulk', [['accountId', 'a']])]) assert.deepEqual(await judge.problemsOf(line), []);
    });
  });
});
