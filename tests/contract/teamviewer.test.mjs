// Every request that belayd sends to TeamViewer over the whole life of links and sessions, and every answer of the sandbox, before the
// contract's OpenAPI. That document is our own reading of public sources: this shows that client and sandbox agree with it and with each
// other, not with the live service.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { request } from '../harness/http.mjs';
import { link } from '../harness/linking.mjs';
import { asTimePasses, until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';
import { teamviewerJudge } from '../sandbox/teamviewer_judge.mjs';
import { CallsDriven, callsInSource } from './driven.mjs';
import { close, create, opened, sessionWhen } from './steps.mjs';

/** What Belay calls, and every answer it has to understand. A call that is new here has to be added. */
const expected = {
  requestToken: [200, 400, 401], revokeToken: [204], getAccount: [200], listGroups: [200], createGroup: [200], createSession: [200, 400, 401, 403, 404, 429, 500],
  listSessions: [200], getSession: [200, 404], updateSession: [204],
  ping: [200], listContacts: [200], getContact: [200, 404], addContact: [200, 400],
  listConnectionReports: [200], updateConnectionReport: [204],
};

const { judge, skip } = teamviewerJudge();

// A suite that is skipped is not counted, a test is.
(skip ? test : describe)('TeamViewer', { skip }, () => {
  let world;
  let agent;
  let account;
  let driven;
  before(async () => {
    world = await World.open();
    driven = new CallsDriven(world, 'teamviewer');
    agent = await world.linkedAgent(0);
    account = await world.teamviewerAccount(0);
  });
  after(() => world?.close());

  const settings = (change) => world.sandbox.change({ teamviewer: { settings: change } });
  const journal = async (kind) => (await world.sandbox.journal({ kind })).length;
  const recorded = async (what) => (await world.sandbox.requests()).filter(({ party, method, path }) => party === 'teamviewer' && (!what || `${method} ${path}`.toLowerCase().endsWith(what)));
  const faulty = (rule) => world.sandbox.faults([{ times: 1, ...rule }]);
  const onCreate = { party: 'teamviewer', method: 'POST', path: '**/sessions' };
  /** The secret that TeamViewer knows for our app; without a value the right one. */
  const secret = (value = world.seed.teamviewerApp.clientSecret) => world.sandbox.change({
    teamviewer: { apps: [{ clientId: world.seed.teamviewerApp.clientId, clientSecret: value, redirectUris: [`${world.publicUrl}/oauth/teamviewer/callback`] }] },
  });
  let names = 0;
  const wish = (more = {}) => ({ customer: { name: `Customer ${names += 1}` }, invitation: 'none', ...more });
  const liveAtProvider = async () => (await world.sandbox.state()).teamviewer.sessions.filter(({ state }) => state.toLowerCase() === 'open').length;

  describe('is called by', () => {
    test('linking: code and challenge in the browser, then the exchange with verifier and secret', async () => {
      const caller = world.agent(1).with({ page: 'account', issue: undefined });
      const { url } = await caller.expect(200, 'POST', '/v1/account/start', {});
      const { location } = await request(url);
      const sent = new URL(location);
      assert.equal(sent.origin + sent.pathname, world.sandbox.addresses.teamviewer_authorize);
      const query = Object.fromEntries(sent.searchParams);
      assert.deepEqual(Object.keys(query).sort(), ['client_id', 'code_challenge', 'code_challenge_method', 'redirect_uri', 'response_type', 'state']);
      assert.deepEqual([query.response_type, query.client_id, query.code_challenge_method], ['code', world.seed.teamviewerApp.clientId, 'S256']);
      assert.equal(query.redirect_uri, `${world.publicUrl}/oauth/teamviewer/callback`);
      assert.equal(Buffer.from(query.code_challenge, 'base64url').length, createHash('sha256').digest().length);

      await link(caller, { account: await world.teamviewerAccount(1) });
      const form = new URLSearchParams((await recorded('post /api/v1/oauth2/token')).at(-1).body);
      assert.deepEqual([...form.keys()].sort(), ['client_id', 'client_secret', 'code', 'code_verifier', 'grant_type', 'redirect_uri']);
      assert.equal(form.get('redirect_uri'), query.redirect_uri, 'the same address as before, byte for byte');
      assert.equal((await world.sandbox.journal({ kind: 'token.issued' })).at(-1).more.pkce, true);
    });

    test('leave to read connection records: the second registration is asked, and its grant given back', async () => {
      const caller = world.agent(1).with({ page: 'account', issue: undefined });
      const { url } = await caller.expect(200, 'POST', '/v1/account/start', { access: 'reports' });
      const query = new URL((await request(url)).location).searchParams;
      assert.deepEqual([query.get('client_id'), query.get('code_challenge_method')], [world.seed.reportsApp.clientId, 'S256']);
      const revoked = await journal('token.revoked');
      await link(caller, { account: await world.teamviewerAccount(1), access: 'reports' });
      assert.equal(new URLSearchParams((await recorded('post /api/v1/oauth2/token')).at(-1).body).get('client_id'), world.seed.reportsApp.clientId);
      await caller.expect(200, 'DELETE', '/v1/account/reports');
      await until('the grant is given back', async () => await journal('token.revoked') === revoked + 1);
    });

    test('what came of a session: its records are read, and our notes written on the first', async () => {
      await link(agent.with({ page: 'account', issue: undefined }), { account, access: 'reports' });
      const { id } = await create(agent, wish());
      const { code } = await opened(agent, id);
      await agent.expect(202, 'POST', `/v1/sessions/${id}/close`, { notes: 'Noted here' });
      await world.sandbox.change({ teamviewer: { records: [{ session: code, account, startedSecondsAgo: 60, seconds: 30, notes: 'Typed there' }] } });
      await asTimePasses(world.clock, 'it is reported', async () => (await agent.expect(200, 'GET', `/v1/sessions/${id}`)).session.state === 'reported', { seconds: 60 });
      const { records } = (await world.sandbox.state()).teamviewer;
      assert.equal(records.find(({ session }) => session === code).notes, 'Typed there\nNoted here');
      await agent.with({ page: 'account', issue: undefined }).expect(200, 'DELETE', '/v1/account/reports');
    });

    test('sessions of every shape', async () => {
      await world.sandbox.change({ teamviewer: { accounts: [{ id: account, licence: { concurrentSessions: 100 } }] } });
      for (const body of [
        { customer: { id: world.seed.issue.reporter } }, wish({ customer: { name: 'Ada Example', email: 'ada@example.com' } }), wish({ customer: { name: 'é'.repeat(100) } }),
        wish({ description: '𝒳'.repeat(4000) }), wish({ description: '' }), wish({ validityMinutes: 15 }), wish({ validityMinutes: 10_080 }), { invitation: 'none' },
        wish({ description: 'Line one\nLine two\t"quoted" <b>' }),
      ]) await opened(agent, (await create(agent, body)).id);
      assert.equal(await liveAtProvider(), 9);
    });

    test('a group that the account lacks: it is made once', async () => {
      const colleague = world.agent(1);
      for (let count = 0; count < 2; count += 1) await close(colleague, (await opened(colleague, (await create(colleague, wish())).id)).id);
      assert.deepEqual([await recorded('post /api/v1/groups'), await recorded('get /api/v1/groups')].map((lines) => lines.length), [1, 2], 'once for each account, then by id');
    });

    test('a list longer than a page, when an answer was lost', async () => {
      await settings({ sessionPage: 2 });
      await faulty({ match: onCreate, drop: 'after' });
      const before = await liveAtProvider();
      const { id } = await create(agent, wish());
      await asTimePasses(world.clock, 'the session is found', async () => (await agent.expect(200, 'GET', `/v1/sessions/${id}`)).session.state === 'open');
      assert.equal(await liveAtProvider(), before + 1);
      const offsets = (await recorded('get /api/v1/sessions')).flatMap(({ query }) => query.filter(([key]) => key === 'offset').map(([, value]) => value));
      assert.ok(offsets.length > 3 && offsets.every((offset) => /^s\d{2,3}-\d{3}-\d{3}$/.test(offset)), offsets.join());
      await settings({ sessionPage: 100 });
    });

    test('following: the customer comes, the agent connects, the customer leaves, the provider closes', async () => {
      const { sessions } = await agent.expect(200, 'GET', '/v1/sessions');
      const [one] = sessions.filter(({ state }) => state === 'open');
      await world.sandbox.change({ teamviewer: { sessions: [{ code: one.code, online: true }] } });
      await asTimePasses(world.clock, 'the customer is there', async () => (await agent.expect(200, 'GET', `/v1/sessions/${one.id}`)).session.state === 'customer_present');
      const { url } = await agent.expect(200, 'POST', `/v1/sessions/${one.id}/connect`, { client: 'app' });
      const { url: inBrowser } = await agent.expect(200, 'POST', `/v1/sessions/${one.id}/connect`, { client: 'browser' });
      assert.notEqual(url, inBrowser);
      await world.sandbox.change({ teamviewer: { sessions: [{ code: one.code, online: false }] } });
      await asTimePasses(world.clock, 'the customer has left', async () => (await agent.expect(200, 'GET', `/v1/sessions/${one.id}`)).session.state === 'open');
      await world.sandbox.change({ teamviewer: { sessions: [{ code: one.code, state: 'closed' }] } });
      await asTimePasses(world.clock, 'Belay knows', async () => (await agent.expect(200, 'GET', `/v1/sessions/${one.id}`)).session.state === 'closed');
    });

    test('a session that TeamViewer no longer knows', async () => {
      const { id } = await opened(agent, (await create(agent, wish())).id);
      await faulty({ match: { party: 'teamviewer', method: 'GET', path: '**/sessions/*' }, answer: { status: 404, body: { error: 'not_found', error_description: 'There is no object with this ID.' } } });
      const gone = await agent.post(`/v1/sessions/${id}/connect`, { client: 'app' });
      assert.deepEqual([gone.status, gone.body.code, gone.body.detail.state], [409, 'invalid_state', 'closed']);
    });

    test('people: looked for by address, added, found by name, tied by hand, looked for by number and in the whole list, started', async () => {
      const path = (person, what) => `/v1/people/${encodeURIComponent(person)}/${what}`;
      const lists = async () => (await recorded('get /api/v1/contacts')).map(({ query }) => query.map(([key]) => key).sort().join());

      // Somebody with an account at TeamViewer, and somebody without: of the second it says 400 when the invitation has left.
      for (const [issue, role] of [['HELP-7', 'assignee'], ['HELP-2', 'reporter']]) {
        const there = agent.with({ issue });
        const person = world.seed.issues.find(({ key }) => key === issue)[role];
        await asTimePasses(world.clock, 'they are no contact', async () => (await there.expect(200, 'GET', '/v1/panel')).people.find(({ id }) => id === person)?.actions.includes('add'), { seconds: 3 });
        await there.expect(202, 'POST', path(person, 'contact'), {});
        await until('it is sent', async () => (await there.expect(200, 'GET', '/v1/panel')).people.find(({ id }) => id === person)?.invitation?.state !== 'pending');
      }
      assert.deepEqual((await recorded('post /api/v1/contacts')).map(({ status }) => status), [200, 400]);
      assert.ok((await lists()).includes('email,include_invitations'));

      const { reporter: contact, participants: [tied] } = world.seed.issue;
      const { name } = world.seed.people.find(({ accountId }) => accountId === contact);
      const { contacts: [found] } = await agent.expect(200, 'GET', `/v1/contacts?search=${encodeURIComponent(name)}`);
      assert.equal(found.name, name);
      assert.ok((await lists()).includes('name'));

      for (const person of [contact, tied]) await agent.expect(200, 'PUT', path(person, 'mapping'), { contact: found.id });
      const unknown = await agent.put(path(tied, 'mapping'), { contact: 'c1' });
      assert.deepEqual([unknown.status, unknown.body.code], [400, 'invalid_field']);
      const { contacts: [other] } = await agent.expect(200, 'GET', `/v1/contacts?search=${encodeURIComponent(world.seed.agents[1].name)}`);
      await agent.expect(200, 'PUT', path(tied, 'mapping'), { contact: other.id });
      await asTimePasses(world.clock, 'the whole list is read', async () => {
        await agent.expect(200, 'GET', '/v1/panel');
        return (await lists()).includes('');
      }, { seconds: 3 });

      await agent.expect(200, 'POST', path(contact, 'launch'), { mode: 'chat' });
      for (const person of [contact, tied]) await agent.expect(200, 'DELETE', path(person, 'mapping'));
    });

    test('dates in the older spelling', async () => {
      await settings({ basicDates: true });
      const session = await opened(agent, (await create(agent, wish({ validityMinutes: 60 }))).id);
      const left = new Date(session.validUntil) - world.clock.now();
      assert.ok(left > 59 * 60_000 && left <= 60 * 60_000, session.validUntil);
      await close(agent, session.id);
      await settings({ basicDates: false });
    });

    test('refreshing: with a new refresh token, without one, and after a 400 that says expired', async () => {
      for (const change of [{ rotateRefreshTokens: true }, { rotateRefreshTokens: false }, { tokenExpiredStatus: 400 }, { rotateRefreshTokens: true, tokenExpiredStatus: 401 }]) {
        await settings(change);
        const before = await journal('token.refreshed');
        await world.sandbox.change({ teamviewer: { accounts: [{ id: account, expireTokens: true }] } });
        await close(agent, (await opened(agent, (await create(agent, wish())).id)).id);
        assert.equal(await journal('token.refreshed'), before + 1, JSON.stringify(change));
      }
    });

    test('an admin with a link of their own who looks whether all is well', async () => {
      const own = world.admin.with({ page: 'account', issue: undefined });
      const { accounts } = (await world.sandbox.state()).teamviewer;
      await link(own, { account: accounts.find(({ email }) => email === world.seed.admin.email).id });
      const { health } = await world.admin.expect(200, 'GET', '/v1/settings');
      assert.equal(health.find(({ check }) => check === 'provider').ok, true, JSON.stringify(health));
      assert.deepEqual((await recorded('get /api/v1/ping')).map(({ status }) => status), [200]);
      const revoked = await journal('token.revoked');
      await own.expect(200, 'DELETE', '/v1/account');
      await until('the token is given back', async () => await journal('token.revoked') === revoked + 1);
    });

    test('an operator who asks whether the credentials are good', async () => {
      const doctor = async () => {
        const { output, errors } = await world.belayd.command('doctor');
        return (output + errors).split('\n').find((line) => line.includes('teamviewer'));
      };
      assert.match(await doctor(), /^ok .*accepted/);
      await secret('another');
      assert.match(await doctor(), /refuses the client id or secret/);
      await secret();
    });
  });

  describe('is understood when it refuses:', () => {
    const error = (name) => ({ error: name, error_description: 'As the contract says.', error_code: 4000, error_signature: '7c1e54d09ab3' });
    const tryAgain = async (id) => {
      await agent.expect(202, 'POST', `/v1/sessions/${id}/invitation`, {});
      return opened(agent, id);
    };

    // docs/teamviewer.md, "What errors become". `stays`: the session fails, and Try again makes it; otherwise it is made as time passes.
    for (const [what, answer, code, stays] of [
      ['a malformed request', { status: 400, body: error('invalid_request') }, 'provider_refused', true],
      ['a licence that is used up, in plain text', { status: 400, headers: { 'content-type': 'text/plain' }, text: 'Unable to create session due to license limitations.' }, 'licence_limit_reached', true],
      ['a licence that is used up, as an error', { status: 400, body: { ...error('invalid_request'), error_description: 'Unable to create session due to license limitations.' } }, 'licence_limit_reached', true],
      ['a missing permission', { status: 403, body: error('invalid_permission') }, 'provider_permission', true],
      ['an unknown client', { status: 400, body: error('invalid_client') }, 'provider_refused', true],
      ['a limit of the function', { status: 429, body: error('rate_limit_reached') }, 'provider_rate_limited', false],
      ['too many retries', { status: 429, body: error('too_many_retries') }, 'provider_rate_limited', false],
      ['a fault on their side', { status: 500, body: error('internal_error') }, 'provider_unreachable', false],
    ]) {
      test(what, async () => {
        await faulty({ match: onCreate, answer });
        const { id } = await create(agent, wish());
        const told = await sessionWhen(agent, id, 'the refusal is told', (session) => session.error);
        assert.deepEqual([told.error.code, told.state], [code, stays ? 'failed' : 'intended']);
        if (stays) await tryAgain(id);
        else await asTimePasses(world.clock, 'it is made', async () => (await agent.expect(200, 'GET', `/v1/sessions/${id}`)).session.state === 'open');
        await close(agent, id);
      });
    }

    test('a group that is gone is looked for anew', async () => {
      const before = (await recorded('get /api/v1/groups')).length;
      await faulty({ match: onCreate, answer: { status: 404, body: error('not_found') } });
      const { id } = await create(agent, wish());
      await sessionWhen(agent, id, 'the refusal is told', ({ error: told, state }) => state === 'intended' && told?.code === 'provider_refused');
      await asTimePasses(world.clock, 'it is made', async () => (await agent.expect(200, 'GET', `/v1/sessions/${id}`)).session.state === 'open');
      assert.equal((await recorded('get /api/v1/groups')).length, before + 1);
      await close(agent, id);
    });

    test('the sandbox\'s own words for a full licence, as text and as a JSON string', async () => {
      for (const licenceRefusalAsJson of [false, true]) {
        await settings({ licenceRefusalAsJson });
        assert.ok(await liveAtProvider() > 0);
        await world.sandbox.change({ teamviewer: { accounts: [{ id: account, licence: { concurrentSessions: 1 } }] } });
        const { id } = await create(agent, wish());
        const failed = await sessionWhen(agent, id, 'it failed', ({ state }) => state === 'failed');
        assert.equal(failed.error.code, 'licence_limit_reached');
        await world.sandbox.change({ teamviewer: { accounts: [{ id: account, licence: { concurrentSessions: 100 } }] } });
        await close(agent, (await tryAgain(id)).id);
      }
    });

    test('the sandbox\'s limit of a function', async () => {
      await settings({ rateLimits: { createSession: { calls: 0, seconds: 60 } } });
      const { id } = await create(agent, wish());
      await sessionWhen(agent, id, 'the pause is told', ({ error: told }) => told?.code === 'provider_rate_limited');
      await settings({ rateLimits: { '*': { calls: 600, seconds: 60 } } });
      await asTimePasses(world.clock, 'it is made', async () => (await agent.expect(200, 'GET', `/v1/sessions/${id}`)).session.state === 'open');
      await close(agent, id);
    });

    test('a blocked address: no call leaves until the block may be over', async () => {
      await settings({ blocked: true });
      const { id } = await create(agent, wish());
      const failed = await sessionWhen(agent, id, 'it failed', ({ state }) => state === 'failed');
      assert.equal(failed.error.code, 'provider_blocked');
      await settings({ blocked: false });
      const calls = (await recorded()).length;
      const refused = await create(agent, wish());
      await sessionWhen(agent, refused.id, 'it failed too', ({ state }) => state === 'failed');
      assert.equal((await recorded()).length, calls);
      world.clock.advance({ minutes: 11 });
      await close(agent, (await tryAgain(id)).id);
    });

    test('a client secret that is wrong for a while costs nobody their link', async () => {
      await secret('another');
      await world.sandbox.change({ teamviewer: { accounts: [{ id: account, expireTokens: true }] } });
      const { id } = await create(agent, wish());
      const failed = await sessionWhen(agent, id, 'it failed', ({ state }) => state === 'failed');
      assert.equal(failed.error.code, 'provider_refused');
      assert.equal((await agent.expect(200, 'GET', '/v1/panel')).viewer.linked, true);
      await secret();
      await close(agent, (await tryAgain(id)).id);
    });

    test('a token that was revoked: the agent is asked to connect again, and that mends it', async () => {
      await world.sandbox.change({ teamviewer: { accounts: [{ id: account, revokeTokens: true }] } });
      const { id } = await create(agent, wish());
      const failed = await sessionWhen(agent, id, 'it failed', ({ state }) => state === 'failed');
      assert.equal(failed.error.code, 'link_expired');
      await link(agent, { account });
      await close(agent, (await tryAgain(id)).id);
    });
  });

  test('goodbye: the sessions are closed first, then the tokens are given back', async () => {
    const live = await liveAtProvider();
    assert.ok(live > 0);
    const past = (await world.sandbox.journal()).length;
    const since = async () => (await world.sandbox.journal()).slice(past).filter(({ party }) => party === 'teamviewer').map(({ kind }) => kind);
    await agent.with({ page: 'account', issue: undefined }).expect(200, 'DELETE', '/v1/account');
    // A create that was tried again may still arrive for the first time: for a minute it is waited for.
    const later = (what, wanted) => until(what, async () => {
      world.clock.advance({ seconds: 5 });
      return wanted(await since());
    });
    await later('the token is given back', (kinds) => kinds.includes('token.revoked'));
    assert.deepEqual(await since(), [...Array(live).fill('session.closed'), 'token.revoked']);
    await world.admin.expect(200, 'DELETE', '/v1/pairing');
    await later('the colleague\'s token is given back too', (kinds) => kinds.filter((kind) => kind === 'token.revoked').length === 2);
  });

  test('every call that the source knows was driven', async () => {
    await driven.listen();
    assert.deepEqual(driven.names, callsInSource('teamviewer', /(?:request_for|session_request)\("([a-z_]+)"/g));
  });

  describe('in the eyes of the contract', () => {
    const local = () => [...new Set([world.sandbox.addresses.teamviewer_api, new URL(world.sandbox.addresses.teamviewer_authorize).origin, new URL(world.sandbox.addresses.teamviewer_launch).origin])];
    const urlOf = ({ path, query }) => `${world.sandbox.addresses.teamviewer_api}${path}${query.length > 0 ? `?${new URLSearchParams(query)}` : ''}`;
    const bodyOf = ({ contentType, body }) => {
      if (body === '') return undefined;
      if (!contentType.startsWith('application/x-www-form-urlencoded')) return JSON.parse(body);
      // The recording holds no secrets; what stands for the verifier gets a verifier's shape back.
      const form = Object.fromEntries(new URLSearchParams(body));
      return form.code_verifier === 'redacted' ? { ...form, code_verifier: 'r'.repeat(64) } : form;
    };
    const requestProblems = (line) => judge.request({ method: line.method, url: urlOf(line), headers: { ...(line.authorization ? { authorization: 'x' } : {}), 'content-type': line.contentType }, body: bodyOf(line) });
    const answerProblems = (line) => judge.answer({ method: line.method, url: urlOf(line), status: line.status, type: line.answerType, text: line.answer }, { local: local() });

    test('every request is right', async (t) => {
      const lines = await recorded();
      const problems = lines.flatMap((line) => requestProblems(line).map((problem) => `${line.seq} ${line.method} ${line.path}: ${problem}`));
      assert.deepEqual(problems, []);
      for (const line of lines) assert.equal(line.bearer, !/oauth2\/token$/i.test(line.path), `${line.method} ${line.path}`);
      t.diagnostic(`${lines.length} requests`);
    });

    test('every answer is right, and each that Belay has to understand has come', async () => {
      const problems = [];
      for (const line of await recorded()) {
        // The licence's refusal as a JSON string is the other spelling of plain text that trap 4 speaks of; no schema lists it.
        const asString = line.status === 400 && line.answer.startsWith('"');
        if (line.status !== 0 && !asString) problems.push(...answerProblems(line).map((problem) => `${line.seq} ${problem}`));
      }
      assert.deepEqual(problems, []);
      const seen = Object.fromEntries([...judge.seen].map(([operation, statuses]) => [operation, [...statuses].sort()]));
      assert.deepEqual(Object.keys(seen).sort(), Object.keys(expected).sort());
      for (const [operation, statuses] of Object.entries(expected)) {
        for (const status of statuses) assert.ok(seen[operation].includes(status), `${operation} ${status} never came: ${seen[operation]}`);
      }
    });

    test('a planted wrong request and a planted wrong answer are refused', async () => {
      const [made] = (await recorded('post /api/v1/sessions')).filter(({ status }) => status === 200);
      const body = JSON.parse(made.body);
      const { groupid: _g, ...without } = body;
      for (const [wrong, why] of [
        [{ body: JSON.stringify(without) }, /group/], [{ body: JSON.stringify({ ...body, assigned_userid: 'me' }) }, /assigned_userid/], [{ path: '/api/v1/session' }, /not in the contract/],
        [{ query: [['lang', 'en']] }, /query lang/], [{ authorization: false }, /Authorization is missing/], [{ contentType: 'text/json' }, /content type/],
        [{ body: JSON.stringify({ ...body, end_customer: { name: 'x'.repeat(101) } }) }, /end_customer/],
      ]) assert.match(requestProblems({ ...made, ...wrong }).join('\n'), why);
      const answer = JSON.parse(made.answer);
      for (const [wrong, why] of [
        [{ answer: JSON.stringify({ ...answer, code: '119457589' }) }, /code/], [{ answer: JSON.stringify({ ...answer, invented: 1 }) }, /additional/],
        [{ answer: JSON.stringify({ ...answer, closed_at: null }) }, /null/], [{ status: 418 }, /418/],
      ]) assert.match(answerProblems({ ...made, ...wrong }).join('\n'), why);
    });
  });
});
