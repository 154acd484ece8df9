// The people on the ticket: where each stands is brought about by what happens in Jira and at TeamViewer, on both storages.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { callsOfAgents } from '../harness/agent_calls.mjs';
import { request } from '../harness/http.mjs';
import { link } from '../harness/linking.mjs';
import { freshSeed, letReporterBrowse } from '../harness/seed.mjs';
import { onEachStorage } from '../harness/storages.mjs';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';

const modes = ['chat', 'call', 'control', 'present'];

onEachStorage((storage) => {
  let world;
  let agent;
  let me;          // the agent's TeamViewer account
  let person;      // somebody of the issue who is no contact at first
  before(async () => {
    world = await World.open({
      storage: await storage.fresh(),
      seed: freshSeed((seed) => {
        seed.teamviewer.contacts = [];
        letReporterBrowse(seed);
      }),
    });
    agent = await world.linkedAgent(0);
    me = await world.teamviewerAccount(0);
    person = world.seed.people.find(({ accountId }) => accountId === world.seed.issue.reporter);
    await jira({ emailVisible: true });
  });
  after(() => world?.close());

  const jira = (change, who = person) => world.sandbox.change({ jira: { people: { [who.accountId]: change } } });
  const teamviewer = (change) => world.sandbox.change({ teamviewer: change });
  const behind = (change) => teamviewer({ accounts: [{ email: person.email, ...change }] });
  const path = (what, who = person) => `/v1/people/${encodeURIComponent(who.accountId)}/${what}`;
  const panel = () => agent.expect(200, 'GET', '/v1/panel');
  const shown = async (who = person) => (await panel()).people.find(({ id }) => id === who.accountId);
  /** The person on the panel, once they are as wanted. Facts are a few seconds old at most: the clock is moved on. */
  const when = (what, wanted, who = person) => until(what, async () => {
    world.clock.advance({ seconds: 3 });
    const one = await shown(who);
    return one && wanted(one) ? one : undefined;
  });
  const stands = (standing, who) => when(`they stand as ${standing}`, (one) => one.standing === standing, who);

  test('everybody who takes part, once each, in order: reporter, assignee, then whoever spoke last', async () => {
    const { people, more } = await panel();
    assert.equal(more, false);
    const { reporter, assignee, participants = [] } = world.seed.issue;
    assert.equal(people[0].id, reporter);
    assert.equal(people[1].id, assignee);
    assert.deepEqual([...new Set(people.map(({ id }) => id))], people.map(({ id }) => id));
    for (const participant of participants) assert.ok(people.find(({ id }) => id === participant)?.roles.includes('participant'));
    const self = people.find(({ id }) => id === agent.account);
    assert.deepEqual([self.standing, self.actions, self.disabled], ['self', [], []]);
    assert.ok(people.every((one) => !JSON.stringify(one).includes('@')), 'no address is told');
  });

  test('warm, the panel asks nobody outside', async () => {
    const outside = async () => (await world.sandbox.requests()).filter(({ party }) => party === 'jira' || party === 'teamviewer').length;
    await until('an answer that cost no call', async () => {
      const before = await outside();
      await panel();
      return (await outside()) === before;
    });
  });

  test('a visible address and no contact: Add, map, create session; then invited, until they are a contact', async () => {
    const before = await stands('not_contact');
    assert.equal(before.matchedBy, 'profile_address');
    assert.deepEqual(before.actions, ['add', 'map', 'create_session']);
    const stranger = { email: 'nobody-there@example.net' };
    await jira({ email: stranger.email });
    await stands('not_contact');
    const { person: asked } = await agent.expect(202, 'POST', path('contact'), {});
    assert.deepEqual([asked.standing, asked.invitation.state], ['invited', 'pending']);
    const invited = await when('the invitation is sent', ({ invitation }) => invitation?.state === 'sent');
    assert.equal(invited.standing, 'invited');
    assert.deepEqual(invited.disabled, [{ action: 'resend_invitation', reason: 'resend_too_early' }]);
    const sent = await world.sandbox.journal({ kind: 'invitation.sent' });
    assert.deepEqual(sent.map(({ more }) => more.email), [stranger.email]);
    assert.equal((await agent.call('POST', path('contact'), {})).json.code, 'resend_too_early');

    world.clock.advance({ hours: 24 });
    const later = await when('it may be sent again', ({ actions }) => actions.includes('resend_invitation'));
    assert.equal(later.standing, 'invited');
    await agent.expect(202, 'POST', path('contact'), {});
    await until('it was sent again', async () => (await world.sandbox.journal({ kind: 'invitation.sent' })).length === 2);

    // Declined a moment after it was sent again: there is nothing that would have to wait a day.
    await when('it is shown as sent', ({ invitation }) => invitation.state === 'sent');
    const waiting = (await world.sandbox.state()).teamviewer.invitations.find(({ email }) => email === stranger.email);
    await request(new URL(`/invitations/${waiting.id}`, world.sandbox.addresses.teamviewer_authorize), { method: 'POST', body: new URLSearchParams({ decision: 'decline' }) });
    await stands('not_contact');
    assert.equal((await agent.expect(202, 'POST', path('contact'), {})).person.standing, 'invited');
    await until('a new one was sent', async () => (await world.sandbox.journal({ kind: 'invitation.sent' })).length === 3);
    await jira({ email: person.email });
  });

  describe('the group at TeamViewer', () => {
    const groupOf = async (name) => {
      const found = (await world.sandbox.state()).teamviewer.groups.filter((one) => one.owner === me && one.name === name);
      assert.equal(found.length, 1, `${name} is one group of the agent's own`);
      return found[0].id;
    };
    const saved = async (teamviewerGroup) => {
      const { installation: _i, health: _h, defaults, ...settings } = await world.admin.expect(200, 'GET', '/v1/settings');
      await world.admin.expect(200, 'PUT', '/v1/settings', { ...settings, teamviewerGroup });
      return defaults.teamviewerGroup;
    };
    /** Somebody without an account is invited, and a session made for them; where both are, and where the contact is once they accept. */
    async function placesOf(email) {
      await jira({ email });
      world.clock.advance({ minutes: 2 });   // what is asked for twice within a minute is one session
      await stands('not_contact');
      await agent.expect(202, 'POST', path('contact'), {});
      const { session: { id } } = await agent.expect(202, 'POST', '/v1/sessions', { customer: { id: person.accountId }, invitation: 'none' });
      const { code } = await until('the session is open', async () => {
        const { session } = await agent.expect(200, 'GET', `/v1/sessions/${id}`);
        return session.state === 'open' && session;
      });
      await when('the invitation is sent', ({ invitation }) => invitation?.state === 'sent');
      const { invitations, sessions } = (await world.sandbox.state()).teamviewer;
      const invitation = invitations.find((one) => one.owner === me && one.email === email);
      const session = sessions.find((one) => one.code === code);
      await request(new URL(`/invitations/${invitation.id}`, world.sandbox.addresses.teamviewer_authorize), { method: 'POST', body: new URLSearchParams({ decision: 'accept' }) });
      await stands('offline');
      const contact = (await world.sandbox.state()).teamviewer.contacts.find((one) => one.owner === me && one.email === email);
      return { invitation: invitation.group, session: session.group, contact: contact.group };
    }
    after(async () => {
      await saved('');
      await jira({ email: person.email });
    });

    test('whoever is invited, and every session, is in the group that the configuration names', async () => {
      const name = await saved('');
      assert.equal(name, 'Jira');
      const places = await placesOf('first-comer@example.net');
      const group = await groupOf(name);
      assert.deepEqual(places, { invitation: group, session: group, contact: group });
    });

    test('or in the one that the admin names instead, which is made where there is none', async () => {
      await saved('Help desk');
      const places = await placesOf('second-comer@example.net');
      const group = await groupOf('Help desk');
      assert.notEqual(group, await groupOf('Jira'));
      assert.deepEqual(places, { invitation: group, session: group, contact: group });
    });
  });

  test('a contact: offline, away, busy, online; the four ways to reach them are launch links that the server makes', async () => {
    await teamviewer({ contacts: [{ owner: me, email: person.email }] });
    await behind({ presence: 'offline', features: 'remote_control, videocall, chat, meeting' });
    assert.deepEqual((await stands('offline')).actions, ['create_session']);
    assert.equal((await agent.call('POST', path('launch'), { mode: 'chat' })).json.code, 'not_reachable');
    for (const presence of ['away', 'busy', 'online']) {
      await behind({ presence });
      assert.deepEqual((await stands(presence)).actions, [...modes, 'create_session']);
    }
    const { contacts } = (await world.sandbox.state()).teamviewer;
    const { id } = contacts.find(({ owner, email }) => owner === me && email === person.email);
    const base = `${world.sandbox.addresses.teamviewer_launch}/contact/${id}`;
    const expected = { chat: '/mode/chat', call: '/authorization/prompt/mode/videocall', control: '/authorization/prompt/mode/control', present: '/authorization/prompt/mode/present' };
    for (const mode of modes) assert.equal((await agent.expect(200, 'POST', path('launch'), { mode })).url, base + expected[mode]);
  });

  test('a mode that the contact\'s client does not have is disabled, with the reason', async () => {
    await behind({ features: 'chat, meeting' });
    const one = await when('the modes are known', ({ disabled }) => disabled.length > 0);
    assert.deepEqual(one.actions, ['chat', 'present', 'create_session']);
    assert.deepEqual(one.disabled, [{ action: 'call', reason: 'not_supported' }, { action: 'control', reason: 'not_supported' }]);
    const refused = await agent.call('POST', path('launch'), { mode: 'control' });
    assert.deepEqual([refused.status, refused.json.code, refused.json.detail], [409, 'mode_not_supported', { mode: 'control', provider: 'TeamViewer' }]);
    assert.match(refused.json.message, /TeamViewer client cannot do that/);
  });

  test('a contact that was deleted between panel and launch', async () => {
    const contact = (await world.sandbox.state()).teamviewer.contacts.find(({ owner, email }) => owner === me && email === person.email);
    await world.sandbox.change({ teamviewer: { contacts: [{ id: contact.id, deleted: true }] } });
    assert.equal((await agent.call('POST', path('launch'), { mode: 'chat' })).json.code, 'contact_gone');
    assert.equal((await when('the list is read anew', ({ standing }) => standing === 'not_contact')).actions[0], 'add');
    await world.sandbox.change({ teamviewer: { contacts: [{ id: contact.id, owner: me, email: person.email }] } });
    await when('they are back', ({ standing }) => standing === 'online');
    await agent.expect(200, 'POST', path('launch'), { mode: 'chat' });
  });

  test('a hidden address: the app alone knows it, so Add is not offered, and it is never told', async () => {
    await jira({ emailVisible: false });
    world.clock.advance({ minutes: 11 });   // what the app was given is kept for ten
    const contact = await when('matched by what the app knows', ({ matchedBy }) => matchedBy === 'jira_address');
    assert.equal(contact.standing, 'online');
    const { people } = await panel();
    const other = world.seed.people.find(({ accountId, email }) => email && accountId !== person.accountId && people.some(({ id, standing }) => id === accountId && standing === 'not_contact'));
    await jira({ emailVisible: false }, other);
    const one = await when('they are no contact', ({ standing, matchedBy }) => standing === 'not_contact' && matchedBy === 'jira_address', other);
    assert.deepEqual(one.actions, ['map', 'create_session']);
    assert.deepEqual(one.disabled, [{ action: 'add', reason: 'address_of_app' }]);
    assert.equal((await agent.call('POST', path('contact', other), {})).json.code, 'address_of_app');
    assert.ok(!JSON.stringify(await panel()).includes(other.email));
    assert.ok(!world.belayd.program.written().includes(other.email));
  });

  describe('an address that nobody gives', () => {
    before(async () => {
      await jira({ email: '', emailVisible: false });
    });

    test('not shared: explained, map, create session', async () => {
      world.clock.advance({ minutes: 11 });   // what the app was given is kept for ten
      const one = await stands('address_not_shared');
      assert.deepEqual(one.actions, ['map', 'create_session']);
      assert.equal(one.matchedBy, undefined);
      assert.equal((await agent.call('POST', path('contact'), {})).json.code, 'address_not_shared');
    });

    test('tied by hand to a contact of one\'s own, found by name; undone later', async () => {
      const { contacts } = await agent.expect(200, 'GET', `/v1/contacts?search=${encodeURIComponent(person.name.slice(0, 4))}`);
      assert.equal(contacts.length, 1);
      const { person: mapped } = await agent.expect(200, 'PUT', path('mapping'), { contact: contacts[0].id });
      assert.deepEqual([mapped.matchedBy, mapped.mapping.to, mapped.mapping.by.id], ['mapping', contacts[0].name, agent.account]);
      assert.equal((await stands('online')).matchedBy, 'mapping');
      const { person: undone } = await agent.expect(200, 'DELETE', path('mapping'));
      assert.equal(undone.mapping, undefined);
      await stands('address_not_shared');
    });

    test('tied by hand to an address, or to a contact; another agent finds the same person in their own list', async () => {
      const colleague = await world.linkedAgent(1);
      const { contacts } = await agent.expect(200, 'GET', `/v1/contacts?search=${encodeURIComponent(person.name.slice(0, 4))}`);
      const asTheySee = async () => (await colleague.expect(200, 'GET', '/v1/panel')).people.find(({ id }) => id === person.accountId);
      const colleagueSees = (what, wanted) => until(what, async () => {
        world.clock.advance({ seconds: 3 });
        const one = await asTheySee();
        return wanted(one) ? one : undefined;
      });
      for (const [to, told] of [[{ address: `  ${person.email.toUpperCase()} ` }, person.email.toUpperCase()], [{ contact: contacts[0].id }, contacts[0].name]]) {
        const { person: mapped } = await agent.expect(200, 'PUT', path('mapping'), to);
        assert.equal(mapped.mapping.to, told);   // an address as it was typed
        await stands('online');
        if (to.contact) await colleagueSees('nobody of that account is in the colleague\'s list: what somebody else tied does not count for them', ({ standing }) => standing === 'address_not_shared');
        await teamviewer({ contacts: [{ owner: await world.teamviewerAccount(1), email: person.email }] });
        const seen = await colleagueSees('the colleague sees them', ({ standing }) => standing === 'online');
        assert.equal(seen.mapping.by.id, agent.account);
        await colleague.expect(200, 'DELETE', path('mapping'));
        await teamviewer({ contacts: [{ owner: await world.teamviewerAccount(1), email: person.email, deleted: true }] });
      }
    });

    test('what is neither a contact nor an address, and who is not on the issue', async () => {
      for (const [body, code] of [[{ contact: 'c1' }, 'invalid_field'], [{ contact: '../x' }, 'invalid_field'], [{ address: 'a@b,c@d' }, 'invalid_field'], [{ address: 'nobody' }, 'invalid_field'],
        [{}, 'invalid_field'], [{ contact: 'c1', address: 'a@b.example' }, 'invalid_field'], [{ address: 'a@b.example', phone: '1' }, 'unknown_field']]) {
        assert.equal((await agent.call('PUT', path('mapping'), body)).json.code, code, JSON.stringify(body));
      }
      const stranger = { accountId: 'nobody-at-all' };
      for (const call of [['PUT', path('mapping', stranger), { address: 'a@b.example' }], ['POST', path('contact', stranger), {}], ['POST', path('launch', stranger), { mode: 'chat' }],
        ['POST', path('launch', { accountId: agent.account }), { mode: 'chat' }]]) {
        const { status, json } = await agent.call(...call);
        assert.deepEqual([status, json.code], [404, 'not_found'], call[1]);
      }
      assert.equal((await agent.call('POST', path('launch'), { mode: 'vpn' })).json.code, 'invalid_field');
    });
  });

  test('TeamViewer is away: the last known presence with its age, nothing can be started, and it comes back', async () => {
    await jira({ email: person.email, emailVisible: true });
    world.clock.advance({ minutes: 11 });
    await stands('online');
    await teamviewer({ settings: { down: true } });
    const away = await when('nobody knows', ({ standing }) => standing === 'unknown');
    assert.deepEqual([away.presence, away.actions], ['online', []]);
    assert.ok((await panel()).missing.some(({ what }) => what === 'presence'));
    await teamviewer({ settings: { down: false } });
    await stands('online');
  });

  test('launches are counted on the issue when the admin wants it: counts and times, nothing else', async () => {
    const { installation: _i, health: _h, defaults: _d, ...settings } = await world.admin.expect(200, 'GET', '/v1/settings');
    await world.admin.expect(200, 'PUT', '/v1/settings', { ...settings, countOnIssue: true });
    await behind({ presence: 'online', features: 'remote_control, videocall, chat, meeting' });
    await stands('online');
    await agent.expect(200, 'POST', path('launch'), { mode: 'chat' });
    const property = await until('the property is written', async () => {
      const [line] = (await world.sandbox.requests()).filter(({ method, path: at }) => method === 'PUT' && at.endsWith('/properties/belay')).slice(-1);
      return line && 'launches' in JSON.parse(line.body) && JSON.parse(line.body);
    });
    assert.deepEqual(Object.keys(property).sort(), ['lastLaunch', 'launches', 'minutes', 'open', 'sessions']);
    assert.ok(property.launches > 0);
  });

  describe('a reporter who may look at the issue, and is no agent', () => {
    let reporter;   // on the panel, with a TeamViewer account that they connected themselves
    let inPortal;
    let id;         // of a session that is theirs to join
    before(async () => {
      assert.deepEqual(world.seed.project.roles.Viewers, [person.accountId]);
      ({ session: { id } } = await agent.expect(202, 'POST', '/v1/sessions', { customer: { id: person.accountId }, invitation: 'none' }));
      await until('the session is open', async () => (await agent.expect(200, 'GET', `/v1/sessions/${id}`)).session.state === 'open');
      reporter = agent.with({ account: person.accountId });
      const { id: account } = (await world.sandbox.state()).teamviewer.accounts.find(({ email }) => email === person.email);
      await link(reporter, { account });
      // Whoever has connected is given the group for Add a moment later: only then nothing of ours is under way.
      await until('their group is made', async () => (await world.sandbox.journal({ kind: 'group.created' })).some((made) => made.account === account));
      inPortal = world.customer();
    });

    test('the panel says why, and shows neither people nor sessions; their own sessions are none', async () => {
      const { viewer, people, sessions, defaults } = await reporter.expect(200, 'GET', '/v1/panel');
      assert.deepEqual([viewer.mayAct, viewer.reason, people, sessions, defaults.customers], [false, 'not_agent', [], [], []]);
      assert.deepEqual((await reporter.expect(200, 'GET', '/v1/sessions?scope=mine')).sessions, []);
    });

    test('every call of an agent, made by hand, is refused, on the issue, in the portal and on a page of one\'s own, and nothing comes of it', async () => {
      const calls = callsOfAgents({ person: person.accountId, session: id });
      const before = await world.sandbox.journal();
      const session = await agent.expect(200, 'GET', `/v1/sessions/${id}`);
      const elsewhere = [['GET', '/v1/panel'], ['GET', '/v1/sessions?scope=mine']];
      for (const [caller, reason, more] of [[reporter, 'not_agent', []], [inPortal, 'wrong_module', elsewhere], [reporter.with({ page: 'account', issue: undefined }), 'wrong_module', elsewhere.slice(0, 1)]]) {
        for (const [method, at, body] of [...calls, ...more]) {
          const { status, json } = await caller.call(method, at, body);
          assert.deepEqual([status, json.code, json.detail], [403, 'forbidden', { reason }], `${method} ${at} ${JSON.stringify(body)}`);
        }
      }
      assert.deepEqual(await world.sandbox.journal(), before);
      assert.deepEqual(await agent.expect(200, 'GET', `/v1/sessions/${id}`), session);
      assert.equal((await shown()).mapping, undefined);
    });

    test('whoever may not even see the issue in Jira: it is not there, for every call', async () => {
      const outsider = agent.with({ account: world.seed.people.find(({ type, accountId }) => type === 'customer' && accountId !== person.accountId).accountId });
      for (const [method, at, body] of [...callsOfAgents({ person: person.accountId, session: id }), ['GET', '/v1/panel']]) {
        const { status, json } = await outsider.call(method, at, body);
        assert.deepEqual([status, json.code], [404, 'not_found'], `${method} ${at}`);
      }
    });
  });
});
