// What came of a session, from the provider's records to the ticket: once, late, for the team or the customer; on both storages.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { parse } from 'yaml';
import { link } from '../harness/linking.mjs';
import { onEachStorage } from '../harness/storages.mjs';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';

/** What Jira indexes of the issue's property: {path, type, searchAlias}. */
const indexed = parse(readFileSync(new URL('../../forge/manifest.yml', import.meta.url), 'utf8')).modules['jira:entityProperty'].find(({ propertyKey }) => propertyKey === 'belay').values;

onEachStorage((storage) => {
  let world;
  let agent;
  let account;
  before(async () => {
    world = await World.open({ storage: await storage.fresh() });
    agent = await world.linkedAgent(0);
    account = await world.teamviewerAccount(0);
  });
  after(() => world?.close());

  const look = async (id) => (await agent.expect(200, 'GET', `/v1/sessions/${id}`)).session;
  const when = (id, what, wanted) => until(what, async () => {
    const session = await look(id);
    return wanted(session) ? session : undefined;
  });
  const opened = async (name) => {
    const { session } = await agent.expect(202, 'POST', '/v1/sessions', { customer: { name } });
    return when(session.id, 'made and invited', ({ state, steps }) => state === 'open' && steps.invitation === 'done');
  };
  const closed = async (id, body = {}) => {
    await agent.expect(202, 'POST', `/v1/sessions/${id}/close`, body);
    return when(id, 'closed at the provider', ({ steps }) => steps.closing === 'done');
  };
  const pass = (seconds) => world.clock.advance({ seconds });
  const record = (session, more) => world.sandbox.change({ teamviewer: { records: [{ session, ...more }] } });
  const issue = async () => (await world.sandbox.state()).jira.sites.flatMap(({ issues }) => issues).find(({ key }) => key === world.seed.issue.key);
  const comments = async (code) => (await issue()).comments.filter(({ text }) => text.includes(code));
  const worklogs = async (code) => (await issue()).worklogs.filter(({ text }) => text.includes(code));
  const save = async (changes) => {
    const { installation: _i, health: _h, defaults: _d, ...settings } = await world.admin.expect(200, 'GET', '/v1/settings');
    await world.admin.expect(200, 'PUT', '/v1/settings', { ...settings, ...changes });
  };

  test('without leave to read records a session stays closed, and nothing is said', async () => {
    const { id } = await opened('Ada');
    const { code } = await closed(id);
    await record(code, { startedSecondsAgo: 60, seconds: 30 });
    pass(130);
    const { id: second } = await opened('Bea');   // what comes after it has been done
    await closed(second);
    assert.equal((await look(id)).state, 'closed');
    assert.equal((await comments(code)).filter((comment) => !comment.public).length, 0);
  });

  test('with leave: who, how long, rating and notes stand on the ticket once, for the team, and the property counts', async () => {
    const allowed = async () => (await world.admin.expect(200, 'GET', '/v1/links')).links.map(({ reports }) => [reports.available, reports.allowed]);
    assert.deepEqual(await allowed(), [[true, false]]);
    await link(agent.with({ page: 'account', issue: undefined }), { account, access: 'reports' });
    assert.deepEqual(await allowed(), [[true, true]]);
    await save({ worklog: true });
    const { id } = await opened('Cleo');
    pass(1_800);
    const { code } = await closed(id, { notes: 'Driver replaced' });
    await record(code, { startedSecondsAgo: 1_200, seconds: 1_080, account, notes: 'Typed there', rating: 5, comment: 'Quick and kind' });
    pass(121);
    const reported = await when(id, 'the report is written', ({ state }) => state === 'reported');
    assert.equal(reported.report.seconds, 1_080);
    assert.equal(reported.report.rating, 5);
    const [written] = (await comments(code)).filter(({ public: isPublic }) => !isPublic);
    for (const part of ['18 min', 'Cleo', 'Typed there', 'Driver replaced', 'Quick and kind']) assert.ok(written.text.includes(part), `${part}: ${written.text}`);
    const { records } = (await world.sandbox.state()).teamviewer;
    assert.equal(records.find(({ session }) => session === code).notes, 'Typed there\nDriver replaced');
    const [worklog] = await until('the time is booked', async () => {
      const booked = await worklogs(code);
      return booked.length > 0 ? booked : undefined;
    });
    assert.deepEqual([worklog.author, worklog.seconds], [agent.account, 1_080]);
    const { properties } = await until('the property counts it', async () => {
      const now = await issue();
      return now.properties.belay?.minutes === 18 ? now : undefined;
    });
    assert.deepEqual(Object.keys(properties.belay).sort(), ['last', 'minutes', 'open', 'sessions']);
    assert.ok(!JSON.stringify(properties.belay).includes('Cleo'));
    for (const [path, value] of Object.entries(properties.belay)) {
      const { type, searchAlias } = indexed.find((one) => one.path === path);
      assert.equal(searchAlias, `belay.${path}`);
      assert.ok(type === 'number' ? Number.isInteger(value) : new Date(value).toISOString() === value, `${path}: ${value} is a ${type}`);
    }

    // A late one changes what was written, and writes nothing anew.
    await record(code, { startedSecondsAgo: 60, seconds: 60, account });
    pass(200);
    await when(id, 'the late record is in it', ({ report }) => report.seconds === 1_140);
    await until('and on the ticket', async () => (await comments(code)).some(({ text }) => text.includes('19 min')) || undefined);
    assert.equal((await comments(code)).filter(({ public: isPublic }) => !isPublic).length, 1);
    await until('and as work', async () => (await worklogs(code))[0].seconds === 1_140 || undefined);
    assert.equal((await worklogs(code)).length, 1);

    // Notes of afterwards: here at once, then on the ticket and in the provider's record, in place of those that were there.
    const { session: noted } = await agent.expect(200, 'PATCH', `/v1/sessions/${id}`, { notes: 'Driver and cable replaced' });
    assert.equal(noted.report.notes, 'Typed there\nDriver and cable replaced');
    await until('the new ones are on the ticket', async () => (await comments(code)).some(({ text }) => text.includes('Driver and cable replaced')) || undefined);
    const atTeamViewer = async () => (await world.sandbox.state()).teamviewer.records.filter(({ session }) => session === code).map(({ notes }) => notes);
    await until('and in the record', async () => (await atTeamViewer()).includes('Typed there\nDriver and cable replaced'));
    assert.equal((await comments(code)).filter(({ public: isPublic }) => !isPublic).length, 1);
    assert.equal((await look(id)).report.notes, 'Typed there\nDriver and cable replaced');
  });

  test('records of every odd kind: without what may be missing, in the other date form, of another code, and twice', async () => {
    const { id } = await opened('Kim');
    pass(1_800);
    const { code } = await closed(id);
    const full = '5F0C7A12-83BE-4D6A-9C41-E7702BD3A958';
    await record(code, { startedSecondsAgo: 900, sparse: true, basicDates: true });
    await record(code, { startedSecondsAgo: 600, seconds: 60, code: 's999-999-999' });
    await record(code, { id: full, startedSecondsAgo: 240, seconds: 120, account });
    await world.sandbox.change({ teamviewer: { records: [{ id: full.toLowerCase(), twice: true }] } });
    pass(121);
    // One of them does not say when it ended: until tomorrow it may still be going on.
    await until('the records were looked for', async () => (await world.sandbox.requests()).some(({ party, path, query }) => party === 'teamviewer' && path.endsWith('/reports/connections') && query.some(([, value]) => value === code)) || undefined);
    assert.equal((await look(id)).state, 'closed');
    pass(24 * 3_600);
    const { report } = await when(id, 'reported', ({ state }) => state === 'reported');
    assert.deepEqual([report.connections, report.seconds], [2, 120]);
    const [written, ...others] = (await comments(code)).filter(({ public: isPublic }) => !isPublic);
    assert.equal(others.length, 0);
    assert.match(written.text, /2 min/);
  });

  test('nobody came: that is said after a quarter of an hour; in the invitation, where the admin wants it, without notes', async () => {
    const { id } = await opened('Dora');
    const { code } = await closed(id);
    pass(16 * 60);
    const none = await when(id, 'reported', ({ state }) => state === 'reported');
    assert.deepEqual([none.report.connections, none.report.seconds], [0, 0]);
    await until('for the team', async () => (await comments(code)).some(({ text, public: isPublic }) => !isPublic && /nobody connected/.test(text)) || undefined);

    await save({ report: 'invitation' });
    const { id: second } = await opened('Eva');
    pass(600);
    const { code: other } = await closed(second, { notes: 'For us only' });
    await record(other, { startedSecondsAgo: 400, seconds: 300, account });
    pass(121);
    await when(second, 'reported', ({ state }) => state === 'reported');
    const said = await until('the invitation says it', async () => (await issue()).comments.find(({ text }) => /helped you for 5 min/.test(text)));
    assert.ok(!said.text.includes('For us only'));
  });

  test('killed at any time, it is written once', async () => {
    await save({ report: 'internal', worklog: true });
    const { id } = await opened('Fay');
    pass(600);
    const { code } = await closed(id);
    await record(code, { startedSecondsAgo: 400, seconds: 300, account });
    await world.sandbox.faults([{ id: 'report', match: { party: 'jira', method: 'POST', path: '/rest/api/3/issue/*/comment' }, hold: 'after', times: 1 }]);
    pass(121);
    await until('the comment is written and its answer held', async () => (await comments(code)).filter(({ public: isPublic }) => !isPublic).length === 1 || undefined);
    await world.belayd.kill();
    await world.sandbox.faults([]);
    await world.startBelayd();
    pass(90);
    await when(id, 'reported', ({ state }) => state === 'reported');
    assert.equal((await comments(code)).filter(({ public: isPublic }) => !isPublic).length, 1);
    await until('the time is booked', async () => (await worklogs(code)).length === 1);
  });

  test('time that Jira refuses for good keeps nothing else back; the admin reads why, and has it booked after all', async () => {
    await save({ report: 'internal', worklog: true });
    const { id } = await opened('Hal');
    pass(600);
    const { code } = await closed(id);
    await record(code, { startedSecondsAgo: 400, seconds: 300, account });
    await world.sandbox.faults([{ match: { party: 'jira', method: 'POST', path: '/rest/api/3/issue/*/worklog' }, answer: { status: 400, body: { errorMessages: ['Time tracking is off.'], errors: {} } } }]);
    pass(121);
    await when(id, 'reported', ({ state }) => state === 'reported');
    assert.equal((await comments(code)).filter(({ public: isPublic }) => !isPublic).length, 1);
    const row = await until('the booking is set aside', async () => (await world.admin.expect(200, 'GET', '/v1/work')).work.find(({ kind, session }) => kind === 'session.worklog' && session.id === id));
    assert.equal(row.tries, 1);
    assert.equal(row.error.code, 'jira_refused');
    await world.sandbox.faults([]);
    await world.admin.expect(202, 'POST', `/v1/work/${row.id}/retry`, {});
    await until('the time is booked', async () => (await worklogs(code)).length === 1);
  });

  test('a report that takes effect late, after another was written, is found and taken away', async () => {
    await save({ report: 'internal', worklog: true });
    const { id } = await opened('Ida');
    pass(600);
    const { code } = await closed(id);
    await record(code, { startedSecondsAgo: 400, seconds: 300, account });
    const holds = async (rule) => (await world.sandbox.faultState()).holding.some((one) => one.rule === rule);
    const late = (rule, path) => ({ id: rule, match: { party: 'jira', method: 'POST', path, bodyHas: id }, hold: 'before', times: 1 });
    await world.sandbox.faults([late('report', '/rest/api/3/issue/*/comment'), late('worklog', '/rest/api/3/issue/*/worklog')]);
    pass(121);
    for (const rule of ['report', 'worklog']) {
      await until(`${rule}: sent, and not carried out yet`, async () => {
        if (await holds(rule)) return true;
        pass(1);
        return false;
      });
      await world.belayd.kill();
      await world.startBelayd();
      pass(31);
    }
    await when(id, 'reported', ({ state }) => state === 'reported');
    const reports = async () => (await comments(code)).filter(({ public: isPublic }) => !isPublic).length;
    await until('one of each was written instead', async () => (await reports()) === 1 && (await worklogs(code)).length === 1);
    await world.sandbox.faults([]);
    const came = async (kind, property) => (await world.sandbox.journal({ kind })).filter(({ identity }) => identity[property]?.id === id).length;
    await until('both came a second time', async () => (await came('comment.created', 'belay.report')) === 2 && (await came('worklog.created', 'belay.session')) === 2);
    pass(16);
    await until('one of each is left', async () => (await reports()) === 1 && (await worklogs(code)).length === 1);
  });

  test('who waits is told of once, where the admin wants it', async () => {
    await save({ tellOfWaiting: true });
    const { id, code } = await opened('Gus');
    await world.sandbox.change({ teamviewer: { sessions: [{ code, online: true }] } });
    pass(61);
    await when(id, 'the customer is there', ({ state }) => state === 'customer_present');
    const [told] = await until('the agent is mentioned', async () => {
      const now = (await comments(code)).filter(({ text, public: isPublic }) => !isPublic && /is waiting/.test(text));
      return now.length > 0 ? now : undefined;
    });
    assert.ok(JSON.stringify(told.body).includes(agent.account));

    const come = async (online) => {
      await world.sandbox.change({ teamviewer: { sessions: [{ code, online }] } });
      pass(61);
      await when(id, online ? 'back' : 'gone', ({ state }) => state === (online ? 'customer_present' : 'open'));
    };
    await come(false);
    await come(true);
    await closed(id);   // and whatever came of it
    assert.equal((await comments(code)).filter(({ text }) => /is waiting/.test(text)).length, 1);
  });

  test('what Jira refuses while the customer waits is said when they come again', async () => {
    await save({ tellOfWaiting: true });
    const { id, code } = await opened('Gil');
    const come = async (online) => {
      await world.sandbox.change({ teamviewer: { sessions: [{ code, online }] } });
      pass(61);
      await when(id, online ? 'there' : 'gone', ({ state }) => state === (online ? 'customer_present' : 'open'));
    };
    const told = async () => (await comments(code)).filter(({ text }) => /is waiting/.test(text)).length;
    await world.sandbox.faults([{ id: 'waiting', match: { party: 'jira', method: 'POST', path: '/rest/api/3/issue/*/comment' }, answer: { status: 429, headers: { 'Retry-After': '30' } } }]);
    await come(true);
    await until('Jira refuses it', async () => (await world.sandbox.faultState()).rules.find(({ id: rule }) => rule === 'waiting')?.hits > 0 || undefined);
    await come(false);
    await world.sandbox.faults([]);
    pass(60);
    assert.equal(await told(), 0);
    await come(true);
    await until('the agent is told', async () => (await told()) === 1);
  });
});
