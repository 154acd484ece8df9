// The audit log and what was set aside, as a Jira admin reads them: filters, pages, the file, another try. On both storages.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { freshSeed, withSecondSite } from '../harness/seed.mjs';
import { onEachStorage } from '../harness/storages.mjs';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';

const refusedAs = (answer, status, code) => {
  assert.deepEqual([answer.status, answer.body.code], [status, code], answer.text);
  return answer.body;
};
const query = (filter) => new URLSearchParams(filter).toString();

onEachStorage((storage) => {
  let world;
  let agent;
  let admin;
  let elsewhere;   // the admin of another company
  before(async () => {
    world = await World.open({ storage: await storage.fresh(), seed: freshSeed(withSecondSite) });
    agent = await world.linkedAgent(0);
    ({ admin } = world);
    const { installation, url } = world.siteByHost('second.localhost');
    elsewhere = admin.with({ installation });
    await elsewhere.expect(200, 'POST', '/v1/pairing', { code: await world.belayd.pairingCode(url) });
  });
  after(() => world?.close());

  const audit = (filter = {}, caller = admin) => caller.expect(200, 'GET', `/v1/audit?${query(filter)}`);
  const actions = async (filter) => (await audit(filter)).entries.map(({ action }) => action);
  const opened = async (body = {}) => {
    const { session } = await agent.expect(202, 'POST', '/v1/sessions', { customer: { name: 'Ada Example' }, invitation: 'public', ...body });
    return until('the session is open and its invitation written', async () => {
      const { session: now } = await agent.expect(200, 'GET', `/v1/sessions/${session.id}`);
      return now.state === 'open' && ['none', 'done'].includes(now.steps.invitation) ? now : undefined;
    });
  };

  describe('the audit log', () => {
    let session;
    before(async () => {
      world.clock.advance({ minutes: 2 });
      session = await opened();
    });

    test('tells who did what on which issue and in which session, newest first, with names', async () => {
      const { entries } = await audit({ session: session.code });
      assert.deepEqual(entries.map(({ action }) => action), ['invitation_written', 'session_made', 'session_created']);
      const created = entries.at(-1);
      const { agents, issue } = world.seed;
      assert.deepEqual(created.actor, { id: agents[0].accountId, name: agents[0].name });
      assert.deepEqual(created.session, { id: session.id, code: session.code });
      assert.equal(created.issue.key, issue.key);
      assert.ok(created.peer);
      assert.equal(entries[0].actor, undefined, 'Belay itself');
      assert.ok(Math.abs(new Date(created.at) - world.clock.now()) < 60_000);
    });

    test('each filter narrows it; an issue by key and id, a session by code and id', async () => {
      const { entries: [{ issue }] } = await audit({ session: session.id });
      const of = { actor: world.seed.agents[0].accountId, action: 'session_created' };
      assert.deepEqual(await actions({ ...of, session: session.code }), ['session_created']);
      for (const named of [issue.key, issue.key.toLowerCase(), issue.id]) assert.ok((await actions({ issue: named })).includes('session_made'), named);
      assert.deepEqual(await actions({ actor: 'belay', session: session.code }), ['invitation_written', 'session_made']);
      assert.deepEqual(await actions({ ...of, issue: 'HELP-99999' }), []);
      assert.deepEqual(await actions({ session: 's00-000-000' }), []);
      assert.deepEqual(await actions({ person: 'nobody' }), []);
      const soon = new Date(world.clock.now().getTime() + 60_000).toISOString();
      assert.deepEqual(await actions({ from: soon }), []);
      assert.deepEqual((await actions({ to: soon, session: session.id })).length, 3);
      assert.deepEqual(await actions({ to: session.createdAt, session: session.id }), []);
      // Of another issue, on which nothing was done: Jira knows it, the log does not.
      const { key } = world.seed.issues.find((other) => other.key !== world.seed.issue.key);
      assert.deepEqual(await actions({ issue: key }), []);
    });

    test('pages and pieces of the file have every entry once', async () => {
      const { installation, health, defaults, ...values } = await admin.expect(200, 'GET', '/v1/settings');
      for (let version = values.version; version < values.version + 60; version += 1) await admin.expect(200, 'PUT', '/v1/settings', { ...values, version });
      const filter = { action: 'settings_changed' };
      const first = await audit(filter);
      assert.equal(first.entries.length, 50);
      await admin.expect(200, 'PUT', '/v1/settings', { ...values, version: values.version + 60 });   // shifts nothing
      const second = await audit({ ...filter, cursor: first.next });
      assert.equal(second.next, undefined);
      const all = [...first.entries, ...second.entries];
      assert.equal(new Set(all.map(({ id }) => id)).size, 60);
      assert.deepEqual(all.map(({ at }) => at), all.map(({ at }) => at).sort().reverse());

      const file = await admin.expect(200, 'GET', `/v1/audit/export?${query({ ...filter, format: 'jsonl' })}`);
      assert.deepEqual([file.total, file.count, file.next], [61, 61, undefined]);
      const lines = file.text.trimEnd().split('\n').map((line) => JSON.parse(line));
      assert.deepEqual(lines.slice(1), all, 'as the log is read');
      const csv = await admin.expect(200, 'GET', `/v1/audit/export?${query({ ...filter, format: 'csv' })}`);
      const [head, row] = csv.text.split('\r\n');
      assert.equal(head, 'at,action,actor,actorName,issue,issueKey,session,sessionCode,person,personName,peer,detail,id');
      assert.ok(row.startsWith(`${lines[0].at},settings_changed,${world.seed.admin.accountId},${world.seed.admin.name},`), row);
      assert.equal(csv.text.split('\r\n').length, 63);
    });

    test('names whom it names', async () => {
      const { actors } = await admin.expect(200, 'GET', '/v1/audit/people');
      const { agents, admin: boss } = world.seed;
      assert.deepEqual(actors.filter(({ id }) => id === agents[0].accountId || id === boss.accountId).map(({ name }) => name).sort(), [agents[0].name, boss.name].sort());
    });

    test('holds no link, no token, no address and nothing that was said', async () => {
      const { text } = await admin.expect(200, 'GET', '/v1/audit/export?format=jsonl');
      for (const secret of [session.customerLink, 'http', 'eyJ', 'Ada Example', session.description, '@example']) assert.ok(!text.includes(secret), secret);
    });

    test('is for Jira admins on the admin page, of their own site alone', async () => {
      const paths = ['/v1/audit', '/v1/audit/export?format=csv', '/v1/audit/people', '/v1/work'];
      for (const path of paths) {
        assert.equal(refusedAs(await admin.with({ page: 'account' }).get(path), 403, 'forbidden').detail.reason, 'wrong_module');
        assert.equal(refusedAs(await agent.get(path), 403, 'forbidden').detail.reason, 'wrong_module');
        assert.equal(refusedAs(await admin.with({ account: world.seed.agents[0].accountId }).get(path), 403, 'forbidden').detail.reason, 'not_admin');
      }
      assert.deepEqual((await audit({}, elsewhere)).entries.map(({ action }) => action), ['paired']);
      assert.deepEqual((await audit({ session: session.id }, elsewhere)).entries, []);
      assert.deepEqual((await audit({ session: session.code }, elsewhere)).entries, []);
      assert.equal((await elsewhere.expect(200, 'GET', '/v1/audit/export?format=csv')).total, 1);
      assert.deepEqual((await elsewhere.expect(200, 'GET', '/v1/audit/people')).actors.length, 1);
    });

    test('what is asked badly is refused by name and rule', async () => {
      for (const [asked, field, rule] of [
        ['from=yesterday', 'from', 'time'], ['to=2026-13-01T00:00:00Z', 'to', 'time'], ['cursor=x', 'cursor', 'cursor'], ['cursor=1.x', 'cursor', 'cursor'],
        [`issue=${'x'.repeat(129)}`, 'issue', 'max_bytes'], ['actor=%E2%80%AE', 'actor', 'visible_ascii'], ['session=%00', 'session', 'visible_ascii'],
      ]) {
        const { detail } = refusedAs(await admin.get(`/v1/audit?${asked}`), 400, 'invalid_field');
        assert.deepEqual([detail.field, detail.rule], [field, rule], asked);
      }
      for (const asked of ['limit=9', 'actor=a&actor=b', 'format=csv']) refusedAs(await admin.get(`/v1/audit?${asked}`), 400, 'unknown_field');
      for (const path of ['/v1/audit/people', '/v1/work']) refusedAs(await admin.get(`${path}?x=1`), 400, 'unknown_field');
      assert.equal(refusedAs(await admin.get('/v1/audit/export'), 400, 'invalid_field').detail.rule, 'required');
      assert.deepEqual(refusedAs(await admin.get('/v1/audit/export?format=xls'), 400, 'invalid_field').detail.choices, ['csv', 'jsonl']);
      for (const method of ['post', 'put', 'delete']) assert.equal((await admin[method]('/v1/audit', {})).status, 405, 'nothing changes the log');
      assert.deepEqual(await actions({ actor: "x' or '1'='1" }), []);
    });

    test('a deleted issue leaves its entries, with the key and the code they had', async () => {
      const before = await audit({ session: session.id });
      await world.sandbox.change({ jira: { issues: { [world.seed.issue.key]: { deleted: true } } } });
      await until('the session is closed', async () => (await actions({ session: session.code })).includes('session_closed'));
      await until('its rows are erased', async () => (await world.belayd.metrics()).split('\n').some((line) => line.includes('kind="issue.gone"') && line.includes('outcome="done"')));
      const { entries } = await audit({ session: session.code });
      assert.deepEqual(entries.slice(-3).map(({ issue, session: named }) => [issue, named]), before.entries.slice(-3).map(({ issue, session: named }) => [issue, named]));
      assert.ok((await actions({ issue: world.seed.issue.key })).includes('session_created'));
    });
  });

  describe('what was set aside', () => {
    const work = (caller = admin) => caller.expect(200, 'GET', '/v1/work');
    const health = async () => (await admin.expect(200, 'GET', '/v1/settings')).health.find(({ check }) => check === 'work').ok;
    const gauge = async (name) => Number((await world.belayd.metrics()).match(new RegExp(`^belay_outbox_${name} (\\d+)`, 'm'))[1]);
    const refuseToClose = () => world.sandbox.faults([
      { match: { party: 'teamviewer', method: 'PUT', path: '**/sessions/*' }, answer: { status: 400, body: { error: 'invalid_request', error_description: 'not now', error_code: 1 } } },
    ]);
    const live = async (code) => (await world.sandbox.state()).teamviewer.sessions.find((one) => one.code === code).state.toLowerCase() === 'open';

    before(() => {
      const { key } = world.seed.issues.find((other) => other.key !== world.seed.issue.key);
      agent = agent.with({ issue: key });
    });

    test('a step that is refused for good is listed with what, why and since when; Try again really does it, and is noted', async () => {
      assert.deepEqual(await work(), { work: [], more: false });
      assert.equal(await health(), true);
      const session = await opened();
      await refuseToClose();
      await agent.expect(202, 'POST', `/v1/sessions/${session.id}/close`, {});
      const [item] = (await until('the closing is set aside', async () => {
        const answer = await work();
        return answer.work.length > 0 ? answer : undefined;
      })).work;
      assert.deepEqual([item.kind, item.tries, item.error.code], ['session.close', 1, 'provider_refused']);
      assert.deepEqual(item.session, { id: session.id, code: session.code });
      assert.deepEqual(item.agent, { id: world.seed.agents[0].accountId, name: world.seed.agents[0].name });
      assert.equal(item.issue.key, agent.issue);
      assert.equal(await health(), false);
      assert.equal(await gauge('set_aside'), 1);
      assert.ok(await live(session.code), 'open at the provider');

      // Again in vain: it comes back.
      await admin.expect(202, 'POST', `/v1/work/${item.id}/retry`, {});
      await until('it is set aside again', async () => (await work()).work.length === 1);
      await world.sandbox.faults([]);
      const [again] = (await work()).work;
      const left = await admin.expect(202, 'POST', `/v1/work/${again.id}/retry`, {});
      assert.deepEqual(left.work, []);
      await until('the session is closed at the provider', async () => !await live(session.code));
      await until('the agent sees that', async () => (await agent.expect(200, 'GET', `/v1/sessions/${session.id}`)).session.steps.closing === 'done');
      assert.equal(await health(), true);
      await until('the gauge is back', async () => await gauge('set_aside') === 0);
      const { entries } = await audit({ action: 'work_retried' });
      assert.equal(entries.length, 2);
      assert.deepEqual(entries[0].actor, { id: world.seed.admin.accountId, name: world.seed.admin.name });
      assert.deepEqual([entries[0].detail, entries[0].session.code], [{ kind: 'session.close' }, session.code]);
      await until('the row is gone', async () => (await admin.post(`/v1/work/${again.id}/retry`, {})).status === 404);
    });

    test('of one that goes on already the second admin hears so; another company finds nothing', async () => {
      const session = await opened();
      await refuseToClose();
      await agent.expect(202, 'POST', `/v1/sessions/${session.id}/close`, {});
      const [item] = await until('the closing is set aside', async () => {
        const { work: rows } = await work();
        return rows.length > 0 ? rows : undefined;
      });
      refusedAs(await elsewhere.post(`/v1/work/${item.id}/retry`, {}), 404, 'not_found');
      assert.deepEqual((await work(elsewhere)).work, []);
      for (const caller of [agent, admin.with({ page: 'account' }), admin.with({ account: world.seed.agents[0].accountId })]) {
        refusedAs(await caller.post(`/v1/work/${item.id}/retry`, {}), 403, 'forbidden');
      }
      refusedAs(await admin.post(`/v1/work/${item.id}/retry`, { x: 1 }), 400, 'unknown_field');
      refusedAs(await admin.post('/v1/work/nothing/retry', {}), 404, 'not_found');

      await world.sandbox.faults([{ match: { party: 'teamviewer', method: 'PUT', path: '**/sessions/*' }, hold: 'before' }]);
      const answers = await Promise.all([admin.post(`/v1/work/${item.id}/retry`, {}), admin.post(`/v1/work/${item.id}/retry`, {})]);
      assert.deepEqual(answers.map(({ status }) => status).sort(), [202, 409]);
      refusedAs(answers.find(({ status }) => status === 409), 409, 'not_set_aside');
      await world.sandbox.faults([]);
      await world.sandbox.control('POST', 'release', {});
      await until('the session is closed at the provider', async () => !await live(session.code));
    });
  });
});
