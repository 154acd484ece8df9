// Reports over sessions, as a Jira admin reads them: figures of what really happened, filters, days of a zone, the file, and who may not. On both
// storages.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { link } from '../harness/linking.mjs';
import { freshSeed, withSecondSite } from '../harness/seed.mjs';
import { onEachStorage } from '../harness/storages.mjs';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';

const refusedAs = (answer, status, code) => {
  assert.deepEqual([answer.status, answer.body.code], [status, code], answer.text);
  return answer.body;
};
const query = (filter) => new URLSearchParams(filter).toString();
const header = 'createdAt,day,session,code,issue,issueKey,project,state,agent,agentName,customer,customerName,cameAt,connectedAt,waitingSeconds,endedAt,connections,durationSeconds,rating';

onEachStorage((storage) => {
  let world;
  let admin;
  let agent;
  let colleague;
  let elsewhere;   // the admin of another company
  let helped;      // customer came, waited, was helped, gave a rating
  let alone;       // nobody joined
  let open;        // still running
  const other = 'PRESS-1';
  before(async () => {
    world = await World.open({ storage: await storage.fresh(), seed: freshSeed(withSecondSite) });
    ({ admin } = world);
    agent = await world.linkedAgent(0);
    await link(agent, { account: await world.teamviewerAccount(0), access: 'reports' });
    colleague = (await world.linkedAgent(1)).with({ issue: other });
    const { installation, url } = world.siteByHost('second.localhost');
    elsewhere = admin.with({ installation });
    await elsewhere.expect(200, 'POST', '/v1/pairing', { code: await world.belayd.pairingCode(url) });
  });
  after(() => world?.close());

  const pass = (seconds) => world.clock.advance({ seconds });
  const look = async (who, id) => (await who.expect(200, 'GET', `/v1/sessions/${id}`)).session;
  const when = (who, id, what, wanted) => until(what, async () => {
    const session = await look(who, id);
    return wanted(session) ? session : undefined;
  });
  const opened = async (who, body) => {
    const { session } = await who.expect(202, 'POST', '/v1/sessions', body);
    return when(who, session.id, 'made and invited', ({ state, steps }) => state === 'open' && ['none', 'done'].includes(steps.invitation));
  };
  const closed = async (who, id) => {
    await who.expect(202, 'POST', `/v1/sessions/${id}/close`, { notes: 'Secret notes' });
    return when(who, id, 'closed at the provider', ({ steps }) => steps.closing === 'done');
  };
  const reports = (filter = {}, caller = admin) => caller.expect(200, 'GET', `/v1/reports?${query(filter)}`);
  const file = (filter = {}, caller = admin) => caller.expect(200, 'GET', `/v1/reports/export?${query({ ...filter, format: 'csv' })}`);
  const none = { sessions: 0, running: 0, notMade: 0, nobody: 0, came: 0, connected: 0 };

  test('before anything happened there are thirty days with nothing, and no figure is invented', async () => {
    const answer = await reports();
    assert.deepEqual(answer.total, none);
    assert.equal(answer.days.length, 30);
    assert.deepEqual(answer.days.map(({ figures }) => figures), Array(30).fill(none));
    assert.equal(answer.days.at(-1).day, world.clock.now().toISOString().slice(0, 10));
    assert.deepEqual([answer.agents, answer.projects, answer.choices], [[], [], { agents: [], projects: [] }]);
    assert.equal((await file()).text, `${header}\r\n`);
  });

  test('a customer comes, waits, is helped and gives a rating; to another nobody comes; a third is still open', async () => {
    helped = await opened(agent, { customer: { id: world.seed.issue.reporter }, invitation: 'public' });
    await world.sandbox.change({ teamviewer: { sessions: [{ code: helped.code, online: true }] } });
    pass(70);
    await when(agent, helped.id, 'the customer is there', ({ state }) => state === 'customer_present');
    assert.deepEqual(await reports().then(({ total }) => total), { ...none, sessions: 1, running: 1, came: 1 }, 'who waits has not waited yet');
    pass(95);
    await agent.expect(200, 'POST', `/v1/sessions/${helped.id}/connect`, { client: 'app' });
    await when(agent, helped.id, 'an agent is with the customer', ({ state }) => state === 'in_progress');
    const seen = (await reports()).total;
    assert.equal(seen.connected, 1);
    assert.ok(seen.waiting.median >= 95 && seen.waiting.median < 125, JSON.stringify(seen.waiting));
    assert.equal(seen.duration, undefined, 'no record yet');
    pass(1_200);
    await closed(agent, helped.id);
    await world.sandbox.change({ teamviewer: { records: [{ session: helped.code, startedSecondsAgo: 1_180, seconds: 1_080, account: await world.teamviewerAccount(0), rating: 4, comment: 'Secret comment' }] } });
    pass(121);
    await when(agent, helped.id, 'the result is there', ({ state }) => state === 'reported');

    alone = await opened(colleague, { customer: { name: '=cmd|calc', email: 'zoe@example.com' }, invitation: 'none' });
    pass(300);
    await closed(colleague, alone.id);
    open = await opened(agent, { customer: { name: 'Open Example' }, invitation: 'none' });

    const { total, agents, projects, days } = await reports();
    const { waiting, ...rest } = total;
    assert.deepEqual(rest, {
      sessions: 3, running: 1, notMade: 0, nobody: 1, came: 1, connected: 1,
      duration: { count: 1, mean: 1_080, median: 1_080, ninetieth: 1_080, total: 1_080 }, ratings: { count: 1, mean: 4 },
    });
    assert.equal(waiting.count, 1);
    const [first, second] = world.seed.agents;
    assert.deepEqual(agents.map(({ agent: who, figures }) => [who, figures.sessions, figures.nobody]), [
      [{ id: first.accountId, name: first.name }, 2, 0], [{ id: second.accountId, name: second.name }, 1, 1],
    ]);
    assert.deepEqual(agents[1].figures, { ...none, sessions: 1, nobody: 1 }, 'no rating, no waiting and no duration of what nobody joined');
    assert.deepEqual(projects.map(({ project, figures }) => [project, figures.sessions]), [[world.seed.project.key, 2], ['PRESS', 1]]);
    assert.equal(days.reduce((sum, { figures }) => sum + figures.sessions, 0), 3);
  });

  test('filters narrow figures and file alike; what there is to choose from stays', async () => {
    const [first, second] = world.seed.agents;
    for (const [filter, count] of [
      [{ agent: first.accountId }, 2], [{ agent: second.accountId }, 1], [{ project: 'PRESS' }, 1], [{ project: 'press' }, 1], [{ project: 'PRES' }, 0],
      [{ agent: first.accountId, project: 'PRESS' }, 0], [{ agent: 'nobody' }, 0], [{ agent: "x' or '1'='1" }, 0], [{ project: '%' }, 0],
      [{ from: new Date(world.clock.now().getTime() - 3_600_000).toISOString() }, 3], [{ to: helped.createdAt }, 0], [{ from: alone.createdAt, to: open.createdAt }, 1],
    ]) {
      const answer = await reports(filter);
      assert.equal(answer.total.sessions, count, JSON.stringify(filter));
      assert.equal((await file(filter)).total, count, JSON.stringify(filter));
      if (!filter.to) assert.deepEqual(answer.choices.projects, ['HELP', 'PRESS']);
    }
  });

  test('days are those of the zone', async () => {
    // The zone in which it is midnight now, so that what was before lies on the day before.
    for (const zone of ['UTC', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', 'America/St_Johns']) {
      const dayOf = (iso) => new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format(new Date(iso));
      const answer = await reports({ zone });
      assert.equal(answer.zone, zone);
      assert.equal(answer.days.length, 30);
      assert.equal(answer.days.at(-1).day, dayOf(answer.to));
      for (const session of [helped, alone, open]) assert.ok(answer.days.find(({ day }) => day === dayOf(session.createdAt)).figures.sessions > 0, `${zone} ${session.createdAt}`);
      const [, newest] = (await file({ zone })).text.split('\r\n');
      assert.equal(newest.split(',')[1], dayOf(open.createdAt));
    }
  });

  test('the file has a line for each session: no formula, no link, no address, nothing that was said', async () => {
    const { text, count, total, next } = await file();
    assert.deepEqual([count, total, next], [3, 3, undefined]);
    const [head, ...lines] = text.trimEnd().split('\r\n');
    assert.equal(head, header);
    const columns = head.split(',');
    const rows = lines.map((line) => Object.fromEntries(line.split(',').map((cell, index) => [columns[index], cell])));
    assert.deepEqual(rows.map(({ session }) => session), [open.id, alone.id, helped.id], 'newest first');
    const [running, nobody, done] = rows;
    assert.deepEqual([running.state, running.endedAt, running.cameAt, running.waitingSeconds, running.connections, running.rating], ['open', '', '', '', '', '']);
    assert.deepEqual([nobody.customer, nobody.customerName, nobody.project, nobody.agentName], ['', "'=cmd|calc", 'PRESS', world.seed.agents[1].name]);
    const customer = world.seed.people.find(({ accountId }) => accountId === world.seed.issue.reporter);
    assert.deepEqual([done.code, done.issueKey, done.customer, done.customerName, done.state], [helped.code, world.seed.issue.key, customer.accountId, customer.name, 'reported']);
    assert.deepEqual([done.connections, done.durationSeconds, done.rating], ['1', '1080', '4']);
    assert.equal(Number(done.waitingSeconds), Math.floor((Date.parse(done.connectedAt) - Date.parse(done.cameAt)) / 1000));
    for (const secret of ['http', 'eyJ', '@example', 'Secret', helped.customerLink]) assert.ok(!text.includes(secret), secret);
  });

  test('a session that a colleague took over is theirs', async () => {
    const taker = colleague.with({ issue: world.seed.issue.key });
    await world.sandbox.change({ teamviewer: { sessions: [{ code: open.code, online: true }] } });
    pass(70);
    await when(agent, open.id, 'the customer is there', ({ state }) => state === 'customer_present');
    await taker.expect(200, 'POST', `/v1/sessions/${open.id}/connect`, { client: 'app' });
    assert.equal((await reports({ agent: taker.account })).total.sessions, 2);
    assert.equal((await reports({ agent: agent.account })).total.sessions, 1);
  });

  test('is for Jira admins on the admin page, of their own site alone', async () => {
    for (const path of ['/v1/reports', '/v1/reports/export?format=csv']) {
      assert.equal(refusedAs(await admin.with({ page: 'account' }).get(path), 403, 'forbidden').detail.reason, 'wrong_module');
      assert.equal(refusedAs(await agent.get(path), 403, 'forbidden').detail.reason, 'wrong_module');
      assert.equal(refusedAs(await world.projectAdmin().get(path), 403, 'forbidden').detail.reason, 'wrong_module');
      assert.equal(refusedAs(await admin.with({ account: world.seed.agents[0].accountId }).get(path), 403, 'forbidden').detail.reason, 'not_admin');
    }
    assert.deepEqual((await reports({}, elsewhere)).total, none);
    assert.deepEqual((await reports({ agent: world.seed.agents[0].accountId }, elsewhere)).choices, { agents: [], projects: [] });
    assert.equal((await file({}, elsewhere)).text, `${header}\r\n`);
  });

  test('what is asked badly is refused by name and rule', async () => {
    const now = world.clock.now().getTime();
    const day = (offset) => new Date(now + offset * 86_400_000).toISOString();
    for (const [asked, field, rule] of [
      [{ from: 'yesterday' }, 'from', 'time'], [{ to: '2026-13-01T00:00:00Z' }, 'to', 'time'],
      [{ from: day(-1), to: day(-2) }, 'to', 'after_from'], [{ from: day(-1), to: day(-1) }, 'to', 'after_from'], [{ from: day(1) }, 'to', 'after_from'],
      [{ from: day(-367) }, 'from', 'max_days'], [{ from: '0001-01-01T00:00:00Z', to: '9999-01-01T00:00:00Z' }, 'from', 'max_days'],
      [{ zone: 'Europe/Atlantis' }, 'zone', 'time_zone'], [{ zone: '+02:00' }, 'zone', 'time_zone'], [{ zone: '../zone.tab' }, 'zone', 'time_zone'], [{ zone: 'Paris' }, 'zone', 'time_zone'],
      [{ zone: 'x'.repeat(129) }, 'zone', 'max_bytes'], [{ agent: '\u202e' }, 'agent', 'visible_ascii'], [{ project: 'x'.repeat(129) }, 'project', 'max_bytes'],
    ]) {
      for (const [path, more] of [['/v1/reports', {}], ['/v1/reports/export', { format: 'csv' }]]) {
        const { detail } = refusedAs(await admin.get(`${path}?${query({ ...asked, ...more })}`), 400, 'invalid_field');
        assert.deepEqual([detail.field, detail.rule], [field, rule], JSON.stringify(asked));
      }
    }
    for (const asked of ['limit=9', 'zone=UTC&zone=UTC', 'format=csv', 'cursor=x', 'issue=HELP-1']) refusedAs(await admin.get(`/v1/reports?${asked}`), 400, 'unknown_field');
    assert.equal(refusedAs(await admin.get('/v1/reports/export'), 400, 'invalid_field').detail.rule, 'required');
    assert.deepEqual(refusedAs(await admin.get('/v1/reports/export?format=jsonl'), 400, 'invalid_field').detail.choices, ['csv']);
    for (const cursor of ['x', '1.x', '9.018f0000-0000-7000-8000-00000000000']) assert.equal(refusedAs(await admin.get(`/v1/reports/export?format=csv&cursor=${cursor}`), 400, 'invalid_field').detail.rule, 'cursor');
    for (const method of ['post', 'put', 'delete']) assert.equal((await admin[method]('/v1/reports', {})).status, 405);
    assert.equal((await reports({ from: day(-364) })).days.length, 365);
  });

  test('with its issue a session leaves the figures', async () => {
    await world.sandbox.change({ jira: { issues: { [other]: { deleted: true } } } });
    const { total, projects } = await until('its session is gone', async () => {
      const answer = await reports();
      return answer.total.sessions === 2 ? answer : undefined;
    });
    assert.deepEqual([total.nobody, projects.map(({ project }) => project)], [0, ['HELP']]);
  });
});
