// The desk on every Jira: who is on the ticket and how they are reached, who may do what, and what admins set and read. Sessions, their results, and what changes under an open
// page have files of their own beside this one.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { opened, saveSettings } from '../contract/steps.mjs';
import { callsOfAgents } from '../harness/agent_calls.mjs';
import { onEachJira } from '../harness/jiras.mjs';
import { until } from '../harness/wait.mjs';

const modes = ['chat', 'call', 'control', 'present'];
const kRightsLast = { minutes: 6 };    // what somebody may do is asked again after five
const kNamesLast = { minutes: 11 };    // names and addresses after ten

onEachJira((jira) => {
  let place;
  let people;
  before(async () => {
    place = await jira.open();
    ({ people } = place);
  });
  after(() => place?.close());
  afterEach(() => place.sandbox.faults([]));

  const panelOf = (who) => who.expect(200, 'GET', '/v1/panel');
  const shown = async (who, role) => (await panelOf(who)).people.find(({ id }) => id === people[role].id);
  /** Somebody on the panel, once they are as wanted. Facts are a few seconds old at most: the clock is moved on. */
  const when = (who, role, what, wanted) => until(what, async () => {
    place.clock.advance({ seconds: 3 });
    const one = await shown(who, role);
    return one && wanted(one) && one;
  });
  const path = (role, what) => `/v1/people/${encodeURIComponent(people[role].id)}/${what}`;
  const refused = async (answering, status, code, reason) => {
    const answer = await answering;
    assert.deepEqual([answer.status, answer.body.code, answer.body.detail?.reason], [status, code, reason], answer.text);
    return answer.body;
  };
  const session = async (who, body = {}) => {
    const made = (await who.expect(202, 'POST', '/v1/sessions', { customer: { name: 'Ada Example' }, invitation: 'none', ...body })).session;
    return opened(who, made.id);
  };
  const admin = () => place.page('admin', 'admin');

  describe('the people on the ticket', () => {
    let agent;
    before(async () => { agent = await place.linked('agent', place.freshIssue()); });

    test('each once, in order, with their roles; where they stand, by which address, and what can be done', async () => {
      const { issue, viewer, people: all, more, missing } = await panelOf(agent);
      assert.equal(issue.summary, 'Colours come out too dark');
      assert.deepEqual([viewer.linked, viewer.licence.eligible, viewer.mayAct, more, missing], [true, true, true, false, []]);
      const of = (role) => ({ id: people[role].id, name: people[role].name });
      const also = (role) => (jira.service ? [role] : []);
      assert.deepEqual(all.map(({ id, name, roles, standing, matchedBy, actions }) => ({ id, name, roles, standing, matchedBy, actions })), [
        { ...of('reporter'), roles: ['reporter', ...also('customer')], standing: 'online', matchedBy: 'profile_address', actions: [...modes, 'create_session'] },
        { ...of('agent'), roles: ['assignee'], standing: 'self', matchedBy: undefined, actions: [] },
        { ...of('silent'), roles: ['commenter'], standing: 'address_not_shared', matchedBy: undefined, actions: ['map', 'create_session'] },
        { ...of('newcomer'), roles: ['commenter', ...also('participant')], standing: 'not_contact', matchedBy: 'profile_address', actions: ['add', 'map', 'create_session'] },
      ]);
      assert.ok(!JSON.stringify(all).includes('@'), 'no address is told');
    });

    test('warm, the panel asks nobody outside', async () => {
      const outside = async () => (await place.sandbox.requests()).filter(({ party }) => [place.party, 'teamviewer'].includes(party)).length;
      await until('an answer that cost no call', async () => {
        const before = await outside();
        await panelOf(agent);
        return (await outside()) === before;
      });
    });

    test('a contact is reached by the four ways, while they are there and as their client can', async () => {
      const { contacts } = (await place.sandbox.state()).teamviewer;
      const { id } = contacts.find(({ email }) => email === people.reporter.email);
      const base = `${place.sandbox.addresses.teamviewer_launch}/contact/${id}`;
      const ways = { chat: '/mode/chat', call: '/authorization/prompt/mode/videocall', control: '/authorization/prompt/mode/control', present: '/authorization/prompt/mode/present' };
      for (const mode of modes) assert.equal((await agent.expect(200, 'POST', path('reporter', 'launch'), { mode })).url, base + ways[mode]);
      await place.stands('reporter', { features: 'chat' });
      const one = await when(agent, 'reporter', 'their client can chat alone', ({ disabled }) => disabled.length === 3);
      assert.deepEqual([one.actions, one.disabled.map(({ reason }) => reason)], [['chat', 'create_session'], Array(3).fill('not_supported')]);
      await refused(agent.post(path('reporter', 'launch'), { mode: 'control' }), 409, 'mode_not_supported');
      await place.stands('reporter', { presence: 'offline' });
      assert.deepEqual((await when(agent, 'reporter', 'they are gone', ({ standing }) => standing === 'offline')).actions, ['create_session']);
      await refused(agent.post(path('reporter', 'launch'), { mode: 'chat' }), 409, 'not_reachable');
      await place.stands('reporter', { presence: 'online', features: 'remote_control, videocall, chat, meeting' });
      await when(agent, 'reporter', 'they are back', ({ actions }) => actions.includes('control'));
      await refused(agent.post(path('reporter', 'launch'), { mode: 'vpn' }), 400, 'invalid_field');
      for (const nobody of ['nobody-at-all', people.agent.id, people.stranger.id]) await refused(agent.post(`/v1/people/${nobody}/launch`, { mode: 'chat' }), 404, 'not_found');
    });

    test('whoever shows an address is added, and invited once; again after a day', async () => {
      const { person } = await agent.expect(202, 'POST', path('newcomer', 'contact'), {});
      assert.deepEqual([person.standing, person.invitation.state], ['invited', 'pending']);
      const invited = await when(agent, 'newcomer', 'the invitation is sent', ({ invitation }) => invitation?.state === 'sent');
      assert.deepEqual(invited.disabled, [{ action: 'resend_invitation', reason: 'resend_too_early' }]);
      await refused(agent.post(path('newcomer', 'contact'), {}), 409, 'resend_too_early');
      assert.deepEqual((await place.sandbox.journal({ kind: 'invitation.sent' })).map(({ more }) => more.email), [people.newcomer.email]);
      place.clock.advance({ hours: 24 });
      await when(agent, 'newcomer', 'it may be sent again', ({ actions }) => actions.includes('resend_invitation'));
    });

    test('whoever shares no address cannot be added or called; tied by hand to a contact they can be called, and it is undone', async () => {
      await refused(agent.post(path('silent', 'contact'), {}), 409, 'address_not_shared');
      await refused(agent.post(path('silent', 'launch'), { mode: 'chat' }), 409, 'not_reachable');
      const { contacts: [{ id, name }] } = await agent.expect(200, 'GET', `/v1/contacts?search=${encodeURIComponent('Priya')}`);
      const { person } = await agent.expect(200, 'PUT', path('silent', 'mapping'), { contact: id });
      assert.deepEqual([person.matchedBy, person.mapping.to, person.mapping.by.id], ['mapping', name, people.agent.id]);
      await when(agent, 'silent', 'they can be reached', ({ standing }) => standing === 'online');
      await agent.expect(200, 'POST', path('silent', 'launch'), { mode: 'chat' });
      await agent.expect(200, 'DELETE', path('silent', 'mapping'));
      await when(agent, 'silent', 'as before', ({ standing }) => standing === 'address_not_shared');
    });

    test('whoever comments is on the panel as soon as Jira tells of it', async () => {
      const issue = place.freshIssue();
      const there = await place.linked('agent', issue);
      const others = async () => (await panelOf(there)).people.slice(2).map(({ id }) => id);
      assert.deepEqual(await others(), [people.silent.id, people.newcomer.id]);
      assert.equal((await place.byHand('colleague', 'POST', `/issue/${issue}/comment`, { body: place.commentBody('I know this one.') })).status, 201);
      await until('they come first of those who commented', async () => (await others())[0] === people.colleague.id);
    });

    test('whose comment the agent may not read is not on the panel; whose they may, is', async () => {
      const issue = place.freshIssue();
      const there = await place.linked('agent', issue);
      const restricted = [['keeper', { type: 'role', value: 'Administrators' }], ['colleague', { type: 'group', value: 'support-team' }]];
      for (const [role, visibility] of restricted) {
        assert.equal((await place.byHand(role, 'POST', `/issue/${issue}/comment`, { body: place.commentBody('Between us.'), visibility })).status, 201);
      }
      await until('whose they may is there', async () => shown(there, 'colleague'));
      place.clock.advance(kNamesLast);
      assert.deepEqual((await panelOf(there)).people.map(({ id }) => id), ['reporter', 'agent', 'colleague', 'silent', 'newcomer'].map((role) => people[role].id));
    });

    test('of more comments than Jira gives at once, whoever wrote the first is on the panel once all are read; then they are not read again', async () => {
      const there = await place.linked('agent', place.longIssue);
      const { people: all } = await until('all are read', async () => {
        const panel = await panelOf(there);
        return !panel.more && panel;
      });
      assert.deepEqual(all.map(({ id }) => id), ['reporter', 'agent', 'newcomer', 'onlooker'].map((role) => people[role].id));
      const pages = async () => (await place.asked('GET', /\/comment$/)).length;
      const before = await pages();
      place.clock.advance(kNamesLast);
      await panelOf(there);
      assert.ok(await pages() <= before + 2, 'the newest two pages at most');
    });

    test('whose account is deactivated is shown as such, without actions; who is not on the ticket, and the agent, are nobody’s customer', async () => {
      await place.changePerson('newcomer', { active: false });
      place.clock.advance(kNamesLast);
      const one = await when(agent, 'newcomer', 'it is known', ({ standing }) => standing === 'inactive');
      assert.deepEqual(one.actions, []);
      await place.changePerson('newcomer', { active: true });
      place.clock.advance(kNamesLast);
      for (const [id, rule] of [[people.stranger.id, 'person_of_the_issue'], ['nobody', 'person_of_the_issue'], [people.agent.id, 'not_yourself']]) {
        const { detail } = await refused(agent.post('/v1/sessions', { customer: { id } }), 400, 'invalid_field');
        assert.deepEqual([detail.field, detail.rule], ['customer.id', rule]);
      }
    });

    test('a reporter who is renamed stays who they are, under the new name', async () => {
      await place.changePerson('reporter', { name: 'Priya Sharma' });
      place.clock.advance(kNamesLast);
      const one = await when(agent, 'reporter', 'the new name is known', ({ name }) => name === 'Priya Sharma');
      assert.equal(one.standing, 'online');
      const { customer } = await session(agent, { customer: { id: people.reporter.id } });
      assert.deepEqual(customer, { id: people.reporter.id, name: 'Priya Sharma' });
    });
  });

  describe('who may', () => {
    let issue;
    let agent;
    let id;
    before(async () => {
      issue = place.freshIssue();
      agent = await place.linked('agent', issue);
      ({ id } = await session(agent));
    });

    /** Every call of an agent is refused so, and nothing comes of any. */
    async function isRefusedEverything(who, status, code, reason) {
      const seen = async () => [await place.sandbox.journal(), await agent.expect(200, 'GET', `/v1/sessions/${id}`)];
      await who.call('GET', '/v1/panel');   // signing in is an effect too
      const before = await seen();
      for (const [method, at, body] of callsOfAgents({ person: people.reporter.id, session: id })) await refused(who.call(method, at, body), status, code, reason);
      assert.deepEqual(await seen(), before);
    }

    for (const role of ['onlooker', 'reporter']) {
      test(`the ${role} sees the ticket and may do nothing on it; the panel says why, and shows neither people nor sessions`, async () => {
        const who = await place.panel(role, issue);
        const { viewer, people: all, sessions } = await panelOf(who);
        assert.deepEqual([viewer.mayAct, viewer.reason, all, sessions], [false, 'not_agent', [], []]);
        await isRefusedEverything(who, 403, 'forbidden', 'not_agent');
      });
    }

    for (const role of ['stranger', 'admin']) {
      test(`to the ${role}, who does not see the ticket, it is not there`, async () => {
        const who = await place.panel(role, issue);
        await refused(who.get('/v1/panel'), 404, 'not_found');
        await isRefusedEverything(who, 404, 'not_found');
      });
    }

    test('an agent whose account is not connected sees who is there, and can begin nothing', async () => {
      const colleague = await place.panel('colleague', issue);
      const { viewer, people: all, sessions } = await panelOf(colleague);
      assert.deepEqual([viewer.linked, viewer.mayAct, viewer.licence.reason, sessions.length], [false, true, 'not_linked', 1]);
      assert.deepEqual(all.map(({ standing, actions }) => [standing, actions]), all.map(() => ['not_linked', []]));
      for (const [at, body] of [['/v1/sessions', {}], [`/v1/sessions/${id}/connect`, { client: 'app' }], [path('reporter', 'launch'), { mode: 'chat' }], [path('newcomer', 'contact'), {}]]) {
        await refused(colleague.post(at, body), 403, 'not_linked');
      }
    });

    test('from a page that is not the panel an agent is refused too', async () => {
      for (const page of ['account', 'admin', 'project']) {
        await refused(place.page('agent', page).post('/v1/sessions', {}), 403, 'forbidden', 'wrong_module');
        await refused(place.page('agent', page).get('/v1/panel'), 403, 'forbidden', 'wrong_module');
      }
    });

    test('another ticket’s session is not there, nor is one that nobody made', async () => {
      const elsewhere = await place.linked('agent', place.freshIssue());
      for (const none of [id, '018f0000-0000-7000-8000-000000000000']) await refused(elsewhere.get(`/v1/sessions/${none}`), 404, 'not_found');
    });

    test('where the admin names groups, who is in none of them may not; a group that Jira does not have is refused', async () => {
      const unknown = await admin().call('PUT', '/v1/settings', await changed({ allowedGroups: ['suport-team'] }));
      assert.deepEqual([unknown.status, unknown.body.code, unknown.body.detail.rule, unknown.body.detail.names], [400, 'invalid_field', 'unknown_group', ['suport-team']]);
      await saveSettings(admin(), () => ({ allowedGroups: ['support-team'] }));
      place.clock.advance(kRightsLast);
      assert.equal((await panelOf(agent)).viewer.mayAct, true);
      await saveSettings(admin(), () => ({ allowedGroups: ['jira-administrators'] }));
      place.clock.advance(kRightsLast);
      await refused(agent.post('/v1/sessions', {}), 403, 'forbidden', 'not_in_allowed_groups');
      assert.equal((await panelOf(agent)).viewer.reason, 'not_in_allowed_groups');
      await saveSettings(admin(), () => ({ allowedGroups: [] }));
      place.clock.advance(kRightsLast);
      assert.equal((await panelOf(agent)).viewer.mayAct, true);
    });
  });

  /** The settings as PUT takes them. */
  async function changed(change) {
    const { installation: _i, health: _h, defaults: _d, ...now } = await admin().expect(200, 'GET', '/v1/settings');
    return { ...now, ...change };
  }

  describe('what the admin sets and reads', () => {
    test('is kept, counts at once, and is not written over by a page that is older', async () => {
      const agent = await place.linked('agent', place.freshIssue());
      const old = await changed({});
      await admin().expect(200, 'PUT', '/v1/settings', { ...old, validityMinutes: 90 });
      await refused(admin().call('PUT', '/v1/settings', { ...old, validityMinutes: 30 }), 409, 'settings_changed');
      assert.equal((await panelOf(agent)).defaults.validityMinutes, 90);
      const { createdAt, validUntil } = await session(agent);
      assert.ok(Math.abs(Date.parse(validUntil) - Date.parse(createdAt) - 90 * 60_000) < 60_000);
      await saveSettings(admin(), () => ({ validityMinutes: old.validityMinutes }));
    });

    test('is for admins of Jira, on their page', async () => {
      for (const at of ['/v1/settings', '/v1/links', '/v1/audit', '/v1/reports', '/v1/work']) {
        await admin().expect(200, 'GET', at);
        for (const role of ['agent', 'keeper', 'onlooker']) await refused(place.page(role, 'admin').get(at), 403, 'forbidden', 'not_admin');
        await refused(place.page('admin', 'account').get(at), 403, 'forbidden', 'wrong_module');
      }
    });

    test('a text is shown before it is saved; one without the link, or with a value that is none, is not saved', async () => {
      const preview = (text) => admin().expect(200, 'POST', '/v1/settings/preview', { text, language: 'en' });
      assert.deepEqual((await preview('Join: {{session.link}}')).problems, []);
      assert.equal((await preview('Join us {{session.lnk}}')).problems.length, 2);
      await refused(admin().call('PUT', '/v1/settings', await changed({ customerText: { en: 'Join us', fr: '{{session.link}}' } })), 400, 'customer_text_invalid');
    });

    test('tells who is connected, what was done, and what came of it', async () => {
      const issue = place.freshIssue();
      const agent = await place.linked('agent', issue);
      const { id } = await session(agent);
      const { links } = await admin().expect(200, 'GET', '/v1/links');
      assert.deepEqual(links.map(({ account }) => account), [{ id: people.agent.id, name: people.agent.name }]);
      const { entries } = await admin().expect(200, 'GET', `/v1/audit?session=${id}`);
      const { actor, issue: on } = entries.find(({ action }) => action === 'session_created');
      assert.deepEqual([actor, on.key], [{ id: people.agent.id, name: people.agent.name }, issue]);
      const { agents, projects } = await admin().expect(200, 'GET', '/v1/reports');
      assert.ok(agents.some(({ agent: who }) => who.id === people.agent.id && who.name === people.agent.name));
      assert.deepEqual(projects.map(({ project }) => project), [jira.project]);
    });

    test('a project’s admins switch it off there; what is open is ended, and nothing begins', async () => {
      const at = `/v1/settings?project=${jira.project}`;
      const keeper = place.projectPage('keeper');
      const save = async (enabled) => {
        const { project: _p, site: _s, ...now } = await keeper.expect(200, 'GET', at);
        await keeper.expect(200, 'PUT', at, { ...now, enabled });
      };
      const agent = await place.linked('agent', place.freshIssue());
      const { id } = await session(agent);
      await refused(place.projectPage('agent').get(at), 403, 'forbidden', 'not_project_admin');
      await save(false);
      await refused(agent.post('/v1/sessions', {}), 403, 'project_off');
      assert.equal((await panelOf(agent)).projectOff, true);
      await agent.expect(202, 'POST', `/v1/sessions/${id}/close`, {});
      await save(true);
      assert.equal((await panelOf(agent)).projectOff, undefined);
    });
  });
});
