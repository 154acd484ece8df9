// What is kept about people: for how long, one account's file and erase, and what Atlassian is told. On both storages.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { freshSeed, withSecondSite } from '../harness/seed.mjs';
import { onEachStorage } from '../harness/storages.mjs';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';

const refusedAs = (answer, status, code) => {
  assert.deepEqual([answer.status, answer.body.code], [status, code], answer.text);
  return answer.body;
};
const enc = encodeURIComponent;
const kMany = 60_000;

onEachStorage((storage) => {
  let world;
  let url;
  let agent;
  let admin;
  let elsewhere;   // the admin of another company
  before(async () => {
    url = await storage.fresh();
    world = await World.open({ storage: url, seed: freshSeed(withSecondSite) });
    agent = await world.linkedAgent(0);
    ({ admin } = world);
    const { installation, url: site } = world.siteByHost('second.localhost');
    elsewhere = admin.with({ installation });
    await elsewhere.expect(200, 'POST', '/v1/pairing', { code: await world.belayd.pairingCode(site) });
  });
  after(() => world?.close());

  const sql = (text) => (storage.name === 'sqlite'
    ? execFileSync('sqlite3', ['-bail', '-cmd', '.timeout 20000', join(world.folder, 'belay.db'), text], { encoding: 'utf8' })
    : execFileSync('psql', ['-X', '-q', '-t', '-A', '-v', 'ON_ERROR_STOP=1', '-c', text, url], { encoding: 'utf8', maxBuffer: 512 * 1024 * 1024 })).trim();
  const installation = () => world.sites[0].installation;
  const retention = (days, caller = admin) => caller.expect(200, 'GET', `/v1/retention${days === undefined ? '' : `?days=${days}`}`);
  const save = async (retentionDays, caller = admin) => {
    const { installation: _i, health: _h, defaults: _d, ...values } = await caller.expect(200, 'GET', '/v1/settings');
    return caller.put('/v1/settings', { ...values, retentionDays });
  };
  const audit = async (filter = {}, caller = admin) => (await caller.expect(200, 'GET', `/v1/audit?${new URLSearchParams(filter)}`)).entries;
  const opened = async (body = {}, who = agent) => {
    const { session } = await who.expect(202, 'POST', '/v1/sessions', { customer: { name: 'Ada Example' }, invitation: 'public', ...body });
    return until('the session is open and its invitation written', async () => {
      const { session: now } = await who.expect(200, 'GET', `/v1/sessions/${session.id}`);
      return now.state === 'open' && ['none', 'done'].includes(now.steps.invitation) ? now : undefined;
    });
  };
  const closed = async (session, who = agent) => {
    await who.expect(202, 'POST', `/v1/sessions/${session.id}/close`, {});
    return until('it is closed', async () => (await who.expect(200, 'GET', `/v1/sessions/${session.id}`)).session.steps.closing === 'done');
  };
  // Entries of long ago, as many as nobody has time to make.
  const manyEntries = (count, daysAgo) => {
    const numbers = storage.name === 'sqlite'
      ? `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${count})`
      : `with n as (select generate_series(1, ${count}) as i)`;
    const at = world.clock.now().getTime() - daysAgo * 86_400_000;
    sql(`insert into audit_entry (installation_id, id, happened_at, actor_id, action, peer, detail) ${numbers} select '${installation()}', 'many-${daysAgo}-' || i, ${at} - i, 'somebody', 'launched', '', '{}' from n`);
  };
  const advance = async (by) => {
    world.clock.advance(by);
    await world.sandbox.event({ event: 'hourly' }).catch(() => {});   // Jira's next call brings tokens that are good then
  };

  describe('retention', () => {
    test('is kept as it is until somebody says so; bad days are refused by field and rule', async () => {
      assert.equal((await admin.expect(200, 'GET', '/v1/settings')).retentionDays, 0);
      assert.deepEqual((await retention()).toErase, { sessions: 0, entries: 0, others: 0, total: 0 });
      for (const [days, rule] of [[-1, 'range'], [3651, 'range'], ['7', 'integer'], [1.5, 'integer'], [true, 'integer'], [null, 'required']]) {
        const { detail } = refusedAs(await save(days), 400, 'invalid_field');
        assert.deepEqual([detail.field, detail.rule], ['retentionDays', rule], String(days));
      }
      for (const [days, rule] of [['-1', 'range'], ['3651', 'range'], ['99999999999999999999', 'range'], ['7d', 'integer'], ['1.5', 'integer'], ['x', 'integer']]) {
        const { detail } = refusedAs(await admin.get(`/v1/retention?days=${enc(days)}`), 400, 'invalid_field');
        assert.deepEqual([detail.field, detail.rule], ['days', rule], days);
      }
      refusedAs(await admin.get('/v1/retention?day=1'), 400, 'unknown_field');
    });

    test('says what other days would erase, and erases it at once when they are saved; what is live or young stays', async () => {
      const old = await opened();
      await closed(old);
      const live = await opened({ customer: { name: 'Bert Example' }, validityMinutes: 7 * 1440 });
      await advance({ hours: 49 });
      // Its result is not to be had without leave to read records: the last look is a day after the end.
      await until('there is nothing to be done for it any more', async () => {
        world.clock.advance({ minutes: 10 });
        return sql(`select count(*) from outbox where subject = '${old.id}'`) === '0';
      });
      const would = await until('the old one would go', async () => {
        const view = await retention(1);
        return view.toErase.sessions === 1 ? view : undefined;
      });
      assert.ok(would.toErase.entries > 0);
      assert.ok(new Date(would.oldest) < world.clock.now());
      assert.equal((await retention(3000)).toErase.total, 0);
      const { status } = await save(1);
      assert.equal(status, 200);
      const done = await until('it is erased', async () => {
        const view = await retention();
        return view.last && !view.running ? view : undefined;
      });
      assert.equal(done.last.erased.sessions, 1);
      assert.equal(done.toErase.total, 0);
      refusedAs(await agent.get(`/v1/sessions/${old.id}`), 404, 'not_found');
      assert.notEqual((await agent.expect(200, 'GET', `/v1/sessions/${live.id}`)).session.state, undefined);
      const told = await audit({ action: 'retention_erased' });
      assert.equal(told.length, 1);
      assert.equal(told[0].actor, undefined, 'Belay itself');
      assert.equal(told[0].detail.sessions, 1);
      assert.equal(told[0].detail.days, 1);
      assert.deepEqual(await audit({ session: old.id }), []);
      assert.ok((await audit({ action: 'settings_changed' })).length > 0);
      await save(0);
    });

    test('a long one can be followed, lets others through, and goes on after a kill -9 until one entry tells of it', async () => {
      manyEntries(kMany, 40);
      const before = (await audit({ action: 'retention_erased' })).length;
      assert.equal((await retention(30)).toErase.entries, kMany);
      assert.equal((await save(30)).status, 200);
      let slowest = 0;
      const seen = [];
      const look = async () => {
        const begun = performance.now();
        const view = await retention();
        slowest = Math.max(slowest, performance.now() - begun);
        if (view.running) seen.push(view.running.erased);
        return view;
      };
      await until('it is under way', async () => {
        const { running } = await look();
        return running?.erased > 0;
      }, { every: 5 });
      await world.belayd.kill();
      const left = Number(sql(`select count(*) from audit_entry where action = 'launched' and installation_id = '${installation()}'`));
      assert.ok(left > 0 && left < kMany, `killed in the middle: ${left} left`);
      await world.startBelayd();
      const view = await until('all of it is erased', async () => {
        const now = await look();
        return now.last && !now.running && now.toErase.total === 0 ? now : undefined;
      }, { timeout: 130_000 });
      assert.ok(seen.some((erased) => erased >= kMany - left), 'it went on from where it was');
      assert.deepEqual([...seen].sort((a, b) => a - b), seen, 'and never back');
      assert.equal(view.last.erased.entries, kMany);
      const told = await audit({ action: 'retention_erased' });
      assert.equal(told.length, before + 1);
      assert.equal(told[0].detail.entries, kMany);
      assert.equal(sql(`select count(*) from audit_entry where action = 'launched' and installation_id = '${installation()}'`), '0');
      assert.ok(slowest < 5_000, `nobody waited for long: ${slowest} ms`);
      await save(0);
    });

    test('comes round by itself, and is for Jira admins on the admin page, of their own site alone', async () => {
      manyEntries(10, 1);
      await save(2);
      assert.equal((await retention()).toErase.total, 0);
      await advance({ hours: 26 });
      await until('what has become too old meanwhile is erased', async () => {
        const view = await retention();
        return view.last?.erased.entries >= 10 && view.toErase.total === 0;
      });
      await save(0);
      assert.equal((await retention(undefined, elsewhere)).last, undefined);
      assert.equal((await elsewhere.expect(200, 'GET', '/v1/settings')).retentionDays, 0);
    });
  });

  describe('the data of one account', () => {
    const data = (account, caller = admin) => caller.expect(200, 'GET', `/v1/accounts/${enc(account)}`);
    const file = async (account) => {
      let text = '';
      let pieces = 0;
      for (let cursor; ;) {
        const piece = await admin.expect(200, 'GET', `/v1/accounts/${enc(account)}/export${cursor ? `?cursor=${enc(cursor)}` : ''}`);
        text += piece.text;
        pieces += 1;
        if (piece.next === undefined) return { document: JSON.parse(text), text, pieces };
        cursor = piece.next;
      }
    };
    const erased = (account) => until('it is erased', async () => {
      world.clock.advance({ seconds: 1 });
      return (await data(account)).erasing === undefined;
    }, { timeout: 180_000 });
    let reporter;
    let session;
    before(async () => {
      reporter = world.seed.issue.reporter;
      world.clock.advance({ minutes: 2 });
      session = await opened({ customer: { id: reporter }, description: 'The reporter cannot print' });
    });

    test('everybody whose id is kept is listed with their name, and how much it is', async () => {
      const { accounts } = await admin.expect(200, 'GET', '/v1/accounts');
      const { agents, admin: boss } = world.seed;
      for (const { accountId, name } of [agents[0], boss]) assert.equal(accounts.find(({ id }) => id === accountId)?.name, name);
      assert.ok(accounts.some(({ id }) => id === reporter));
      assert.equal(new Set(accounts.map(({ id }) => id)).size, accounts.length);
      const seen = await data(agents[0].accountId);
      assert.equal(seen.linked, true);
      assert.ok(seen.openSessions >= 1 && seen.kept.sessions >= 1 && seen.kept.entries >= 1);
      assert.deepEqual((await data('nobody')).kept, { sessions: 0, entries: 0, mappings: 0, invitations: 0, asks: 0, issues: 0 });
    });

    test('the file has all of it and no secret; of others nothing but their ids', async () => {
      const [{ accountId, name }] = world.seed.agents;
      const { document, text } = await file(accountId);
      assert.equal(document.account, accountId);
      assert.equal(document.link.name, name);
      assert.ok(document.link.providerAccount.email.includes('@'));
      const row = document.sessions.find(({ id }) => id === session.id);
      assert.deepEqual([row.as, row.customer, row.code], [['creator', 'supporter'], reporter, session.code]);
      assert.equal(document.auditEntries.filter(({ session: id, action }) => id === session.id && action === 'session_created').length, 1);
      const { name: reporterName } = world.seed.people.find((one) => one.accountId === reporter);
      const tokens = sql('select sealed_access_token from account_link');
      for (const secret of [session.customerLink, 'Ada Example', 'Bert Example', reporterName, tokens, 'eyJ', 'access_token']) assert.ok(!text.includes(secret), secret);
      const of = await file(reporter);
      assert.equal(of.document.link, null);
      assert.deepEqual(of.document.sessions.find(({ id }) => id === session.id).as, ['customer']);
      assert.ok(!of.text.includes(`"${name}"`));
    });

    test('a large file comes in pieces, each far below what Forge lets through', async () => {
      manyEntries(30_000, 3);
      const { document, text, pieces } = await file('somebody');
      assert.equal(document.auditEntries.length, 30_000);
      assert.equal(new Set(document.auditEntries.map(({ id }) => id)).size, 30_000);
      assert.ok(pieces >= 2 && text.length / pieces < 3 * 1024 * 1024, `${pieces} pieces of ${text.length}`);
    });

    test('is for Jira admins on the admin page, of their own site alone; what is asked badly is refused', async () => {
      const one = `/v1/accounts/${enc(world.seed.agents[0].accountId)}`;
      for (const path of ['/v1/retention', '/v1/accounts', one, `${one}/export`]) {
        assert.equal(refusedAs(await admin.with({ page: 'account' }).get(path), 403, 'forbidden').detail.reason, 'wrong_module');
        assert.equal(refusedAs(await agent.get(path), 403, 'forbidden').detail.reason, 'wrong_module');
        assert.equal(refusedAs(await admin.with({ account: world.seed.agents[0].accountId }).get(path), 403, 'forbidden').detail.reason, 'not_admin');
      }
      for (const caller of [agent, admin.with({ page: 'account' }), admin.with({ account: world.seed.agents[0].accountId })]) refusedAs(await caller.delete(one), 403, 'forbidden');
      assert.equal((await data(world.seed.agents[0].accountId, elsewhere)).kept.sessions, 0);
      assert.equal((await elsewhere.expect(202, 'DELETE', one)).erasing, undefined, 'nothing of theirs is there');
      assert.equal((await data(world.seed.agents[0].accountId)).linked, true);
      const { accounts } = await elsewhere.expect(200, 'GET', '/v1/accounts');
      assert.deepEqual(accounts.map(({ id }) => id), [world.seed.admin.accountId]);
      for (const path of ['/v1/accounts/erased', '/v1/accounts/%20', '/v1/accounts/a%7Cb', `/v1/accounts/${'x'.repeat(129)}`]) {
        refusedAs(await admin.get(path), 404, 'not_found');
        refusedAs(await admin.delete(path), 404, 'not_found');
      }
      for (const cursor of ['x', 's.', 'e.1', 'e.x.y']) assert.equal(refusedAs(await admin.get(`${one}/export?cursor=${cursor}`), 400, 'invalid_field').detail.rule, 'cursor');
      refusedAs(await admin.get(`${one}?x=1`), 400, 'unknown_field');
      refusedAs(await admin.get('/v1/accounts?after=%E2%80%AE'), 400, 'invalid_field');
    });

    test('a customer: the session goes on without them, and their entries have no id', async () => {
      assert.ok((await data(reporter)).kept.sessions >= 1);
      const answer = await admin.expect(202, 'DELETE', `/v1/accounts/${enc(reporter)}`);
      assert.ok(answer.erasing.toErase >= 1);
      await erased(reporter);
      const { session: left } = await agent.expect(200, 'GET', `/v1/sessions/${session.id}`);
      assert.deepEqual([left.state, left.customer, left.description], ['open', undefined, '']);
      assert.deepEqual(await audit({ person: reporter }), []);
      assert.ok((await audit({ person: 'erased' })).length >= 1);
      assert.equal(sql(`select count(*) from support_session where customer_id = '${reporter}' or description like '%reporter cannot print%'`), '0');
    });

    test('an agent with open sessions: closed and revoked at TeamViewer as Disconnect does, then nothing here has the id', async () => {
      const [{ accountId }] = world.seed.agents;
      const code = session.code;
      const tokens = await world.sandbox.journal({ kind: 'consent.revoked' });
      await admin.expect(202, 'DELETE', `/v1/accounts/${enc(accountId)}`);
      // A second admin asks for the same.
      assert.ok((await admin.expect(202, 'DELETE', `/v1/accounts/${enc(accountId)}`)).account.id === accountId);
      await erased(accountId);
      assert.deepEqual(await data(accountId), { account: { id: accountId, name: world.seed.agents[0].name }, linked: false, openSessions: 0, kept: { sessions: 0, entries: 0, mappings: 0, invitations: 0, asks: 0, issues: 0 } });
      const { teamviewer } = await world.sandbox.state();
      assert.equal(teamviewer.sessions.find((one) => one.code === code).state.toLowerCase(), 'closed');
      const lines = await world.sandbox.journal({ party: 'teamviewer' });
      assert.ok(lines.some(({ kind, object }) => kind === 'session.closed' && Object.values(object).includes(code)), 'the journal shows that it was closed');
      assert.ok(lines.filter(({ kind }) => /revoked/.test(kind)).length > tokens.length, `the journal shows the revoke: ${[...new Set(lines.map(({ kind }) => kind))]}`);
      // In no table, but for what came since: the agent has not called.
      const everywhere = storage.name === 'sqlite'
        ? execFileSync('sqlite3', [join(world.folder, 'belay.db'), '.dump'], { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 })
        : sql(`select string_agg(t::text, ' ') from (select * from audit_entry) t`) + sql(`select coalesce(string_agg(t::text, ' '), '') from support_session t`) + sql(`select coalesce(string_agg(t::text, ' '), '') from outbox t`) + sql(`select coalesce(string_agg(t::text, ' '), '') from erasure t`) + sql(`select coalesce(string_agg(t::text, ' '), '') from kept_account t`);
      assert.ok(!everywhere.includes(accountId), everywhere.slice(Math.max(0, everywhere.indexOf(accountId) - 300), everywhere.indexOf(accountId) + 100));
      const [told] = await audit({ action: 'account_erased' });
      assert.equal(told.detail.wish, 'asked');
      const asked = await audit({ action: 'account_erase_asked' });
      assert.equal(asked.length, 2, 'once for each of them');
      assert.deepEqual([asked[0].actor.id, asked[0].person], [world.seed.admin.accountId, undefined]);
      // Nothing is left: asking again begins nothing.
      assert.equal((await admin.expect(202, 'DELETE', `/v1/accounts/${enc(accountId)}`)).erasing, undefined);
      // The page that was open asks on, with the token that it had: Jira is asked in their name as before.
      const { viewer, missing } = await world.agent(0).expect(200, 'GET', '/v1/panel');
      assert.deepEqual([viewer.mayAct, viewer.linked, missing], [true, false, []]);
    });

    test('a long one goes on after a kill -9', async () => {
      manyEntries(kMany, 2);
      await admin.expect(202, 'DELETE', '/v1/accounts/somebody');
      await until('it is under way', async () => (await data('somebody')).erasing?.erased > 0, { every: 5 });
      await world.belayd.kill();
      await world.startBelayd();
      await erased('somebody');
      assert.equal((await data('somebody')).kept.entries, 0);
      assert.ok((await audit({ actor: 'erased', action: 'launched' })).length > 0, 'the entries are there');
      const [told] = await audit({ action: 'account_erased' });
      assert.equal(told.detail.entries, kMany + 30_000);
    });
  });

  describe('reports to Atlassian', () => {
    // The hourly call comes for every site, and the other company's reports would be counted as well.
    before(() => elsewhere.expect(200, 'DELETE', '/v1/pairing'));
    const reports = () => world.sandbox.journal({ kind: 'accounts.reported' });
    const tick = async () => world.sandbox.event({ event: 'hourly' });
    const passed = (what, probe, by = { minutes: 20 }) => until(what, async () => {
      world.clock.advance(by);
      return probe();
    }, { timeout: 60_000 });
    const health = async () => (await admin.expect(200, 'GET', '/v1/settings')).health.find(({ check }) => check === 'account_reports');

    test('after the hourly call whose ids are kept is reported once a cycle', async () => {
      await tick();
      await until('the first report', async () => (await reports()).length > 0);
      await passed('everybody is reported', async () => {
        const { accounts } = await admin.expect(200, 'GET', '/v1/accounts');
        const told = new Set((await reports()).flatMap(({ more }) => more.accounts));
        return accounts.every(({ id }) => told.has(id));
      });
      assert.ok((await admin.expect(200, 'GET', '/v1/accounts')).reportedAt);
      assert.equal((await health()).ok, true);
      const count = (await reports()).length;
      for (let day = 0; day < 5; day += 1) {
        await advance({ hours: 24 });
        await tick();
        await until('the daily looks', async () => (await admin.expect(200, 'GET', '/v1/settings')).health.length > 0);
      }
      assert.deepEqual((await reports()).flatMap(({ more }) => more.early), []);
      await advance({ hours: 72 });
      await tick();
      await passed('the next cycle', async () => (await reports()).length > count, { minutes: 20 });
      assert.deepEqual((await reports()).flatMap(({ more }) => more.early), []);
    });

    test('who was renamed is read anew, who was deleted is erased', async () => {
      world.clock.advance({ minutes: 2 });
      const second = await world.linkedAgent(1);
      const { accountId } = world.seed.agents[1];
      const made = await opened({ customer: { name: 'Cleo Example' } }, second);
      await closed(made, second);
      await world.sandbox.change({ jira: { people: { [accountId]: { name: 'Anew Named' } } } });
      await advance({ hours: 8 * 24 });
      await tick();
      await passed('the new name is there', async () => sql(`select count(*) from support_session where creator_id = '${accountId}' and creator_name = 'Anew Named'`) === '1');
      const { links } = await admin.expect(200, 'GET', '/v1/links');
      assert.equal(links.find(({ account }) => account.id === accountId).account.name, 'Anew Named');

      await world.sandbox.change({ jira: { people: { [accountId]: { deleted: true } } } });
      await advance({ hours: 8 * 24 });
      await tick();
      await passed('it is erased', async () => sql(`select count(*) from support_session where creator_id = '${accountId}'`) === '0' && (await data(accountId)).erasing === undefined, { minutes: 1 });
      const [told] = await audit({ action: 'account_erased' });
      assert.equal(told.detail.wish, 'closed');
      assert.ok(!(await admin.expect(200, 'GET', '/v1/links')).links.some(({ account }) => account.id === accountId));
    });
    const data = (account) => admin.expect(200, 'GET', `/v1/accounts/${enc(account)}`);

    test('a refusal is told in words and tried again a day later; a pause is kept; a kill loses nothing', async () => {
      await world.sandbox.faults([{ id: 'no', match: { party: 'jira', method: 'POST', path: '/app/report-accounts/' }, answer: { status: 403, body: { code: 403, message: 'no' } } }]);
      await advance({ hours: 8 * 24 });
      await tick();
      await passed('the admin is told', async () => (await health()).ok === false);
      assert.equal((await health()).code, 'account_reports_refused');
      assert.equal((await admin.expect(200, 'GET', '/v1/accounts')).notReported, 'account_reports_refused');
      const refusals = async () => (await world.sandbox.faultState()).rules[0].hits;
      const count = await refusals();
      await advance({ hours: 2 });
      await tick();
      await until('nothing is tried within the hour', async () => (await admin.expect(200, 'GET', '/v1/accounts')).notReported);
      assert.equal(await refusals(), count);

      await world.sandbox.faults([{ match: { party: 'jira', method: 'POST', path: '/app/report-accounts/' }, answer: { status: 429, headers: { 'Retry-After': '120' }, body: {} }, times: 1 },
        { match: { party: 'jira', method: 'POST', path: '/app/report-accounts/' }, hold: 'after', times: 1 }]);
      const before = (await reports()).length;
      await advance({ hours: 24 });
      await tick();
      await passed('the answer is held', async () => (await world.sandbox.faultState()).holding.length > 0, { minutes: 1 });
      await world.belayd.kill();
      await world.sandbox.faults([]);
      await world.sandbox.control('POST', 'release', { discard: true });
      await world.startBelayd();
      await admin.expect(200, 'GET', '/v1/settings');
      await passed('it is reported, and the line is green again', async () => (await health()).ok && (await reports()).length >= before + 2, { minutes: 1 });
    });
  });
});
