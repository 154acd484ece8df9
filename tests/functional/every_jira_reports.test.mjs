// What came of a session, on every Jira: on the ticket, once, notes for the team alone; as time worked; in the ticket's property; and what is said of a customer who waits.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { close, create, opened, saveSettings, sessionWhen } from '../contract/steps.mjs';
import { onEachJira } from '../harness/jiras.mjs';
import { asTimePasses, until } from '../harness/wait.mjs';

const kNotes = 'Driver {color:red}replaced{color}, see [~tferreira] and https://evil.example';

onEachJira((jira) => {
  let place;
  let people;
  let admin;
  before(async () => {
    place = await jira.open();
    ({ people } = place);
    admin = place.page('admin', 'admin');
  });
  after(() => place?.close());
  afterEach(() => place.sandbox.faults([]));

  const pass = (seconds) => place.clock.advance({ seconds });
  const set = (change) => saveSettings(admin, () => change);
  const look = async ({ agent, id }) => (await agent.expect(200, 'GET', `/v1/sessions/${id}`)).session;
  /** A session on a ticket of its own, with its invitation on it. */
  async function begun({ customer = { id: people.reporter.id }, reports = true } = {}) {
    const issue = place.freshIssue();
    const agent = await place.linked('agent', issue, { reports });
    const { id } = await create(agent, { customer });
    const session = await opened(agent, id);
    return { issue, agent, ...session };
  }
  /** It went on for ten minutes, and is over; `record`: what TeamViewer says of it. */
  async function over(session, { notes, record } = {}) {
    pass(600);
    if (notes) await session.agent.expect(200, 'PATCH', `/v1/sessions/${session.id}`, { notes });
    await close(session.agent, session.id);
    if (record) await place.record(session.code, { startedSecondsAgo: 400, seconds: 240, ...record });
  }
  const reported = (session) => asTimePasses(place.clock, 'the report is written', async () => {
    const now = await look(session);
    return now.state === 'reported' && now;
  }, { seconds: 20 });
  /** What stands on the ticket of the session: {invitation, report}. Where there are no comments for the team, the invitation is the report too. */
  async function written({ issue, id }) {
    const all = await place.commentsOf(issue, id);
    const [invitation, ...others] = all.filter(({ internal }) => !internal);
    assert.deepEqual(others, [], 'one comment is for everybody');
    return { invitation, team: all.filter(({ internal }) => internal) };
  }
  const reportOf = async (session) => {
    const { invitation, team } = await written(session);
    assert.equal(team.length, jira.service ? 1 : 0);
    return jira.service ? team[0] : invitation;
  };
  const isHeld = async () => (await place.sandbox.faultState()).holding.length > 0;
  const booked = async ({ issue }) => (await place.issue(issue)).worklogs;

  test('without leave to read records nothing is said but that it is over', async () => {
    const session = await begun({ reports: false });
    await over(session, { record: {} });
    pass(600);
    const next = await begun({ reports: false });   // what comes after it has been done
    await close(next.agent, next.id);
    assert.equal((await look(session)).state, 'closed');
    const { invitation, team } = await written(session);
    assert.match(invitation.text, /ended/);
    assert.doesNotMatch(invitation.text, /4 min/);
    assert.deepEqual(team, []);
  });

  describe('the result', () => {
    let session;
    before(async () => {
      await set({ worklog: true });
      session = await begun();
      await over(session, { notes: kNotes, record: { rating: 5, comment: 'Quick and kind' } });
      await reported(session);
    });

    test('says how long and by whom; the rating, what the customer said of it, and notes only to the team; nothing becomes markup', async () => {
      const { report } = await look(session);
      assert.deepEqual([report.seconds, report.rating], [240, 5]);
      const comment = await until('it is on the ticket', async () => {
        const found = await reportOf(session);
        return /4 min/.test(found.text) && found;
      });
      assert.equal(comment.author, await place.appId());
      assert.ok(comment.text.includes(people.agent.name), comment.text);
      assert.deepEqual([comment.links, comment.strays], [[], []]);
      const { invitation } = await written(session);
      assert.ok(!invitation.text.includes('Driver') && !invitation.text.includes('Quick and kind'), invitation.text);
      if (jira.service) for (const part of [kNotes, 'Quick and kind']) assert.ok(comment.text.includes(part), comment.text);
    });

    test('is booked once, as the time of the agent', async () => {
      const [worklog, ...more] = await until('it is booked', async () => {
        const all = await booked(session);
        return all.length > 0 && all;
      });
      assert.deepEqual([worklog.author, worklog.seconds, more], [people.agent.id, 240, []]);
      assert.ok(worklog.text.includes(session.code), worklog.text);
    });

    test('is counted in the ticket’s property: counts and times, and nothing about anybody', async () => {
      const { belay } = await until('it is counted', async () => {
        const { properties } = await place.issue(session.issue);
        return properties.belay?.minutes === 4 && properties;
      });
      assert.deepEqual({ ...belay, last: undefined }, { sessions: 1, open: 0, minutes: 4, last: undefined });
      assert.equal(new Date(belay.last).toISOString().slice(0, 10), place.clock.now().toISOString().slice(0, 10));
    });

    test('a record that comes late changes what was written, and writes nothing anew', async () => {
      const before = await place.commentsOf(session.issue, session.id);
      await place.record(session.code, { startedSecondsAgo: 60, seconds: 60 });
      pass(200);
      await asTimePasses(place.clock, 'on the ticket', async () => /5 min/.test((await reportOf(session)).text));
      await until('and as time worked', async () => (await booked(session))[0].seconds === 300);
      assert.equal((await booked(session)).length, 1);
      assert.deepEqual((await place.commentsOf(session.issue, session.id)).map(({ id }) => id), before.map(({ id }) => id));
    });

    test('notes that change afterwards change for the team, and are still told to nobody else', async () => {
      const { agent, id, issue } = session;
      const conflict = await agent.call('PATCH', `/v1/sessions/${id}`, { notes: 'Mine', before: 'What I never read' });
      assert.deepEqual([conflict.status, conflict.body.code, conflict.body.detail.notes], [409, 'notes_changed', kNotes]);
      const { session: noted } = await agent.expect(200, 'PATCH', `/v1/sessions/${id}`, { notes: 'Driver and cable', before: kNotes });
      assert.equal(noted.notes, 'Driver and cable');
      const record = async () => (await place.sandbox.state()).teamviewer.records.find((one) => one.session === session.code).notes;
      await until('they are on TeamViewer’s record', async () => (await record())?.includes('Driver and cable'));
      if (jira.service) await until('and for the team', async () => (await reportOf(session)).text.includes('Driver and cable'));
      const { invitation } = await written(session);
      assert.ok(!invitation.text.includes('cable'), invitation.text);
      for (const role of ['onlooker', 'reporter']) assert.ok(!(await (await place.panel(role, issue)).get('/v1/panel')).text.includes('cable'), role);
    });
  });

  test('nobody came: after a quarter of an hour that is the result', async () => {
    await set({ worklog: true });
    const session = await begun();
    await over(session);
    pass(16 * 60);
    const { report } = await reported(session);
    assert.deepEqual([report.connections, report.seconds], [0, 0]);
    const { team } = await written(session);
    assert.deepEqual(team.map(({ text }) => /nobody connected/.test(text)), jira.service ? [true] : []);
    assert.deepEqual(await booked(session), []);
  });

  test('in the invitation, where the admin wants it: how long, and no notes', async () => {
    await set({ report: 'invitation' });
    const session = await begun();
    await over(session, { notes: 'For us only', record: {} });
    await reported(session);
    await until('it is there', async () => /helped you for 4 min/.test((await written(session)).invitation.text));
    const { invitation, team } = await written(session);
    assert.ok(!invitation.text.includes('For us only'));
    assert.deepEqual(team, []);
    await set({ report: 'internal' });
  });

  test('the server is killed while the result is written, and starts again: it is there once, and so is the time', async () => {
    await set({ worklog: true });
    const session = await begun();
    const method = jira.service ? 'POST' : 'PUT';   // a comment of its own, or the invitation edited
    await over(session, { record: {} });
    const path = jira.service ? '/issue/*/comment' : '/issue/*/comment/*';
    await until('the end is written', async () => /ended/.test((await written(session)).invitation.text));
    await place.sandbox.faults([place.rule({ method, path }, { hold: 'after', times: 1 })]);
    await asTimePasses(place.clock, 'the result is written and its answer held', isHeld, { seconds: 20 });
    await place.world.belayd.kill();
    await place.sandbox.faults([]);
    await place.world.startBelayd();
    pass(90);
    await reported(session);
    await until('the time is booked', async () => (await booked(session)).length > 0);
    assert.match((await reportOf(session)).text, /4 min/);
    assert.equal((await booked(session)).length, 1);
    assert.equal((await place.effects('comment.created', session.id)).length, jira.service ? 2 : 1);
  });

  test('the server is killed while the time is booked, and starts again: it is booked once', async () => {
    await set({ worklog: true });
    const session = await begun();
    await over(session, { record: {} });
    await place.sandbox.faults([place.rule({ method: 'POST', path: '/issue/*/worklog' }, { hold: 'after', times: 1 })]);
    await asTimePasses(place.clock, 'it is booked and the answer held', isHeld, { seconds: 20 });
    await place.world.belayd.kill();
    await place.sandbox.faults([]);
    await place.world.startBelayd();
    await reported(session);
    pass(600);
    const next = await begun();   // what comes after it has been done
    await over(next, { record: {} });
    await reported(next);
    await until('the next is booked', async () => (await booked(next)).length === 1);
    assert.equal((await booked(session)).length, 1);
  });

  test('time that Jira takes from nobody keeps nothing else back; the admin reads why, and has it booked after all', async () => {
    await set({ worklog: true });
    const session = await begun();
    await place.sandbox.faults([place.rule({ method: 'POST', path: '/issue/*/worklog' }, { answer: { status: 400, body: { errorMessages: ['Time tracking is off.'], errors: {} } } })]);
    await over(session, { record: {} });
    await reported(session);
    const row = await until('the booking is set aside', async () => (await admin.expect(200, 'GET', '/v1/work')).work.find(({ kind, session: of }) => kind === 'session.worklog' && of.id === session.id));
    assert.deepEqual([row.tries, row.error.code], [1, 'jira_refused']);
    await place.sandbox.faults([]);
    await admin.expect(202, 'POST', `/v1/work/${row.id}/retry`, {});
    await until('it is booked', async () => (await booked(session)).length === 1);
  });

  test('a customer who waits is told of to the agent, once, where the admin wants it and the team has comments of its own', async () => {
    await set({ tellOfWaiting: true });
    const session = await begun();
    const comes = async (online) => {
      await place.customer(session.code, online);
      pass(61);
      await sessionWhen(session.agent, session.id, online ? 'there' : 'gone', ({ state }) => state === (online ? 'customer_present' : 'open'));
    };
    await comes(true);
    const told = async () => (await place.comments(session.issue)).filter(({ text }) => /is waiting/.test(text));
    if (jira.service) await until('the agent is told', async () => (await told()).length === 1);
    await comes(false);
    await comes(true);
    await close(session.agent, session.id);   // and whatever came of it
    assert.deepEqual((await told()).map(({ internal, mentions }) => [internal, mentions]), jira.service ? [[true, [people.agent.id]]] : []);
    await set({ tellOfWaiting: false });
  });
});
