// What goes on with a session that is open: another in its place, the invitation again, notes; on both storages.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { onEachStorage } from '../harness/storages.mjs';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';

onEachStorage((storage) => {
  let world;
  let agent;
  before(async () => {
    world = await World.open({ storage: await storage.fresh() });
    agent = await world.linkedAgent(0);
  });
  after(() => world?.close());

  const look = async (id) => (await agent.expect(200, 'GET', `/v1/sessions/${id}`)).session;
  const when = (id, what, wanted) => until(what, async () => { 
    const session = await look(id);
    return wanted(session) ? session : undefined;
  });
  const invited = (id) => when(id, 'made and invited', ({ state, steps }) => state === 'open' && steps.invitation === 'done');
  const opened = async (name) => {
    const { session } = await agent.expect(202, 'POST', '/v1/sessions', { customer: { name } });
    return invited(session.id);
  };
  /** Comments of Belay on the issue, as they stand in the world. */
  const comments = async (session) => {
    const written = await world.sandbox.journal({ kind: 'comment.created' });
    const gone = new Set((await world.sandbox.journal({ kind: 'comment.deleted' })).map(({ object }) => object.comment));
    return written.filter(({ object, identity }) => JSON.stringify(identity).includes(session) && !gone.has(object.comment)).map(({ object }) => object.comment);
  };
  const online = (code, there) => world.sandbox.change({ teamviewer: { sessions: [{ code, online: there }] } });
  const pass = (seconds) => world.clock.advance({ seconds });

  describe('Replace', () => {
    test('another session with its own invitation and validity; the old one is closed when somebody joins the new one', async () => {
      const old = await opened('Ada');
      const { session, joined } = await agent.expect(202, 'POST', `/v1/sessions/${old.id}/replace`, { validityMinutes: 10_080 });
      assert.equal(joined, false);
      assert.equal(session.replaces, old.id);
      const again = await agent.expect(202, 'POST', `/v1/sessions/${old.id}/replace`, { validityMinutes: 15 });
      assert.deepEqual([again.joined, again.session.id], [true, session.id]);
      const fresh = await invited(session.id);
      const valid = Date.parse(fresh.validUntil) - Date.parse(fresh.createdAt);
      assert.ok(Math.abs(valid - 7 * 24 * 3_600_000) <= 1_000, `the provider counts in seconds: ${valid}`);
      const waits = await look(old.id);
      assert.deepEqual([waits.state, waits.replacedBy], ['open', fresh.id]);
      assert.ok(!waits.actions.includes('replace'));

      await online(fresh.code, true);
      pass(70);
      const joinedBy = await when(fresh.id, 'somebody joined the new one', ({ state }) => state === 'customer_present');
      assert.ok(Date.parse(joinedBy.customerSince) > 0);
      const closed = await when(old.id, 'the old one is closed, also at the provider', ({ state, steps }) => state === 'closed' && steps.closing === 'done');
      assert.equal(closed.replacedBy, fresh.id);
      const [comment] = await comments(old.id);
      await until('its invitation says that a newer one takes its place', async () =>
        (await world.sandbox.journal({ kind: 'comment.edited' })).some(({ object }) => object.comment === comment) || undefined);
    });

    test('only for one that is open, by an agent, with a validity that sessions can have', async () => {
      const old = await opened('Bea');
      for (const validityMinutes of [14, 10_081, 'a week', 1.5]) {
        const { field } = (await agent.expect(400, 'POST', `/v1/sessions/${old.id}/replace`, { validityMinutes })).detail;
        assert.equal(field, 'validityMinutes');
      }
      assert.equal((await agent.expect(400, 'POST', `/v1/sessions/${old.id}/replace`, { validUntil: 'never' })).code, 'unknown_field');
      await agent.expect(404, 'POST', '/v1/sessions/6f9619ff-8b86-4d01-b42d-00cf4fc964f1/replace', {});
      await agent.expect(202, 'POST', `/v1/sessions/${old.id}/close`, {});
      const refused = await agent.expect(409, 'POST', `/v1/sessions/${old.id}/replace`, {});
      assert.deepEqual([refused.code, refused.detail.state], ['invalid_state', 'closed']);
    });
  });

  describe('two agents at once', () => {
    let rival;
    before(async () => {
      rival = await world.linkedAgent(1);
      await closeAll();
    });
    // A licence allows a few at a time, whoever of the two comes to have them.
    const closeAll = async () => {
      const { sessions } = await agent.expect(200, 'GET', '/v1/sessions');
      for (const { id } of sessions.filter(({ actions }) => actions.includes('close'))) await agent.expect(202, 'POST', `/v1/sessions/${id}/close`, {});
      for (const { id } of sessions) await when(id, 'closed there', ({ steps }) => steps.closing !== 'pending');
    };
    const made = async (since) => (await world.sandbox.journal({ kind: 'session.created' })).length - since;

    test('Close and Replace: whoever is first wins, and the other hears the state that it found', async () => {
      for (let round = 0; round < 6; ++round) {
        const { id } = await opened(`Race ${round}`);
        const before = await made(0);
        const close = () => agent.post(`/v1/sessions/${id}/close`, {});
        const replace = () => rival.post(`/v1/sessions/${id}/replace`, {});
        const [closed, replaced] = round % 2 ? await Promise.all([close(), replace()]) : (await Promise.all([replace(), close()])).reverse();
        assert.equal(closed.status, 202);   // also of one that is to be replaced
        if (replaced.status !== 202) assert.deepEqual([replaced.status, replaced.body.code, replaced.body.detail.state], [409, 'invalid_state', 'closed']);
        const old = await when(id, 'closed there as well', ({ state, steps }) => state === 'closed' && steps.closing === 'done');
        assert.ok(!old.actions.includes('replace'));
        if (replaced.status === 202) await invited(replaced.body.session.id);
        assert.equal(await made(before), replaced.status === 202 ? 1 : 0);
        await closeAll();
      }
    });

    test('Replace and Replace: one session takes its place, and both are told of it', async () => {
      const { id } = await opened('Twice replaced');
      const before = await made(0);
      const answers = await Promise.all([agent, rival].map((who) => who.expect(202, 'POST', `/v1/sessions/${id}/replace`, {})));
      assert.deepEqual(answers.map(({ joined }) => joined).sort(), [false, true]);
      assert.equal(answers[0].session.id, answers[1].session.id);
      await invited(answers[0].session.id);
      assert.equal(await made(before), 1);
      await closeAll();
    });

    test('Close and Close: it is closed once', async () => {
      const { id, code } = await opened('Twice closed');
      const answers = await Promise.all([agent, rival].map((who) => who.post(`/v1/sessions/${id}/close`, {})));
      assert.deepEqual(answers.map(({ status }) => status), [202, 202]);
      await when(id, 'closed there', ({ steps }) => steps.closing === 'done');
      assert.equal((await world.sandbox.journal({ kind: 'session.closed' })).filter(({ object }) => object.session === code).length, 1);
    });
  });

  describe('the invitation again', () => {
    test('a new comment, and the old one is taken away; within five minutes nothing', async () => {
      const session = await opened('Cleo');
      const before = await comments(session.id);
      assert.equal(before.length, 1);
      const early = await agent.expect(409, 'POST', `/v1/sessions/${session.id}/invitation`, {});
      assert.equal(early.code, 'invited_recently');
      assert.ok(early.retryAfter > 0 && early.retryAfter <= 300);
      pass(301);
      await agent.expect(202, 'POST', `/v1/sessions/${session.id}/invitation`, {});
      await until('one comment stands, another one', async () => {
        const now = await comments(session.id);
        return now.length === 1 && now[0] !== before[0] ? now : undefined;
      });
      assert.equal((await look(session.id)).steps.invitation, 'done');
    });
  });

  describe('notes', () => {
    test('are kept, replaced and taken away, also after the end, and are no part of a customer’s comment or of the log', async () => {
      const session = await opened('Dora');
      const write = async (notes) => (await agent.expect(200, 'PATCH', `/v1/sessions/${session.id}`, { notes })).session.notes;
      assert.equal(await write('Paper sensor <b>dirty</b> {{session.code}}'), 'Paper sensor <b>dirty</b> {{session.code}}');
      await agent.expect(202, 'POST', `/v1/sessions/${session.id}/close`, {});
      assert.equal((await look(session.id)).notes, 'Paper sensor <b>dirty</b> {{session.code}}');
      assert.equal(await write(''), undefined);
      await write('Paper sensor cleaned');
      assert.ok(!(await agent.get('/v1/sessions?scope=mine')).text.includes('Paper sensor'));
      assert.ok(!world.belayd.program.written().includes('Paper sensor'));
      const said = (await world.sandbox.requests()).filter(({ party }) => party === 'jira');
      assert.ok(!said.some(({ body }) => String(body).includes('Paper sensor')));
    });

    test('of many agents who write at once one wins; the others are told what stands there, and nothing is lost by whoever has seen it', async () => {
      const session = await opened('Gus');
      const colleague = world.agent(1);
      const path = `/v1/sessions/${session.id}`;
      const tries = Array.from({ length: 8 }, (_, turn) => ({ who: turn % 2 ? agent : colleague, notes: `Written by ${turn}` }));
      const answers = await Promise.all(tries.map(({ who, notes }) => who.call('PATCH', path, { notes, before: '' })));
      const { notes: winner } = tries[answers.findIndex(({ status }) => status === 200)];
      assert.equal((await look(session.id)).notes, winner);
      const losers = answers.filter(({ status }) => status !== 200);
      assert.deepEqual(losers.map(({ status, body: { code, detail } }) => ({ status, code, detail })), Array(7).fill({ status: 409, code: 'notes_changed', detail: { notes: winner } }));
      assert.equal((await colleague.expect(200, 'PATCH', path, { notes: `${winner}, and mine`, before: winner })).session.notes, `${winner}, and mine`);
      // The answer to a try was lost: the same again is no clash.
      assert.equal((await colleague.expect(200, 'PATCH', path, { notes: `${winner}, and mine`, before: winner })).session.notes, `${winner}, and mine`);
    });

    test('a close whose notes somebody was faster with is not begun; without notes it closes, and theirs stay', async () => {
      const session = await opened('Hal');
      const close = (status, body) => agent.expect(status, 'POST', `/v1/sessions/${session.id}/close`, body);
      await world.agent(1).expect(200, 'PATCH', `/v1/sessions/${session.id}`, { notes: 'Theirs', before: '' });
      const { code, detail } = await close(409, { notes: 'Mine', before: '' });
      assert.deepEqual([code, detail], ['notes_changed', { notes: 'Theirs' }]);
      assert.deepEqual((({ state, notes, steps }) => [state, notes, steps.closing])(await look(session.id)), ['open', 'Theirs', 'none']);
      assert.equal((await close(202, {})).session.notes, 'Theirs');
      assert.equal((await close(409, { notes: 'Mine', before: '' })).code, 'notes_changed');
      assert.equal((await close(202, { notes: 'Mine', before: 'Theirs' })).session.notes, 'Mine');
    });

    test('too long, with control characters, absent or unknown: refused, and nothing is changed', async () => {
      const session = await opened('Eva');
      const refuse = (body) => agent.expect(400, 'PATCH', `/v1/sessions/${session.id}`, body);
      assert.equal((await refuse({ notes: 'n'.repeat(4_001) })).detail.field, 'notes');
      assert.equal((await refuse({ notes: 'n'.repeat(100_000) })).detail.field, 'notes');
      assert.equal((await refuse({ notes: 'bell \u0007' })).detail.field, 'notes');
      assert.equal((await refuse({})).detail.field, 'notes');
      assert.equal((await refuse({ before: '' })).detail.field, 'notes');
      assert.equal((await refuse({ notes: 'x', before: 'n'.repeat(4_001) })).detail.field, 'before');
      assert.equal((await refuse({ notes: 'x', state: 'closed' })).code, 'unknown_field');
      assert.equal((await look(session.id)).notes, undefined);
    });
  });

  test('whoever does not see the issue does none of it', async () => {
    const session = await opened('Fay');
    const stranger = world.caller({ account: world.seed.issue.reporter, page: 'panel', issue: world.seed.issue.key });
    for (const [method, path, body] of [['PATCH', '', { notes: 'x' }], ['POST', '/replace', {}], ['POST', '/invitation', {}]]) {
      assert.equal((await stranger.expect(404, method, `/v1/sessions/${session.id}${path}`, body)).code, 'not_found');
    }
  });
});
