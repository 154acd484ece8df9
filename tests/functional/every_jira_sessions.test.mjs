// A support session on every Jira, from its beginning to what stands on the ticket afterwards: written once, for those who are to read it, whatever happens in between.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { close, create, held, opened, saveSettings, sessionWhen } from '../contract/steps.mjs';
import { onEachJira } from '../harness/jiras.mjs';
import { asTimePasses, until } from '../harness/wait.mjs';

const kSaidBefore = 2;   // comments of people, on each ticket
const kText = 'Hello {{customer.name}}, open {{session.link}} for {{issue.summary}}. {{agent.name}}, {{session.code}}, until {{session.validUntil}}';
// Whatever a Jira would make a link, a mention, a colour, a table or a picture of.
const kMarkup = '*b* _i_ [~tferreira] [a|https://evil.example/a] https://evil.example/b {color:red}c{color} ||t|| !p.png! h1. <b>x</b> @all :) {{issue.key}}';

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

  const pass = (time) => place.clock.advance(time);
  const look = async (who, id) => (await who.expect(200, 'GET', `/v1/sessions/${id}`)).session;
  const onTicket = async () => {
    const issue = place.freshIssue();
    return { issue, agent: await place.linked('agent', issue) };
  };
  /** Made and invited, for the reporter unless something else is said. */
  const invited = async (agent, body = {}) => {
    const { id } = await create(agent, { customer: { id: people.reporter.id }, ...body });
    return opened(agent, id);
  };
  const comes = async (agent, { id, code }, online = true) => {
    await place.customer(code, online);
    pass({ seconds: 61 });
    return sessionWhen(agent, id, online ? 'the customer is there' : 'the customer has left', ({ state }) => state === (online ? 'customer_present' : 'open'));
  };
  const says = (issue, id, what) => until(`a comment says: ${what}`, async () => (await place.commentsOf(issue, id)).find(({ text }) => what.test(text)));
  const refused = async (answering, status, code, detail) => {
    const answer = await answering;
    assert.deepEqual([answer.status, answer.body.code], [status, code], answer.text);
    if (detail) assert.deepEqual(answer.body.detail, { ...answer.body.detail, ...detail });
  };

  describe('the invitation', () => {
    test('stands on the ticket once, as the app’s: the customer is mentioned, the way in is a link, and it is for everybody', async () => {
      const { issue, agent } = await onTicket();
      const made = await create(agent, { customer: { id: people.reporter.id } });
      assert.deepEqual([made.state, made.steps], ['intended', { session: 'pending', invitation: 'pending', closing: 'none' }]);
      const { id, code, customerLink } = await opened(agent, made.id);
      const [comment, ...more] = (await place.comments(issue)).slice(kSaidBefore);
      assert.deepEqual(more, []);
      assert.deepEqual([comment.author, comment.internal, comment.mentions, comment.links, comment.strays], [await place.appId(), false, [people.reporter.id], [customerLink], []]);
      for (const part of [people.reporter.name, people.agent.name, code, 'Colours come out too dark']) assert.ok(comment.text.includes(part), `${part}: ${comment.text}`);
      assert.equal((await place.effects('comment.created', id)).length, 1);
      assert.equal((await place.sandbox.journal({ kind: 'session.created' })).filter(({ identity }) => JSON.stringify(identity).includes(id)).length, 1);
    });

    test('no value in it becomes a link, a mention or markup', async () => {
      const { customerText } = await saveSettings(admin, (now) => ({ customerText: { ...now.customerText, en: kText } }));
      assert.equal(customerText.en, kText);
      const { issue, agent } = await onTicket();
      await place.change(issue, { summary: kMarkup });
      pass({ minutes: 2 });   // the panel keeps the ticket for one
      const { id, customerLink, code } = await invited(agent, { customer: { name: kMarkup.slice(0, 100) } });
      const [comment] = await place.commentsOf(issue, id);
      assert.deepEqual([comment.links, comment.mentions, comment.strays], [[customerLink], [], []]);
      const flat = (text) => text.replace(/\s+/g, ' ');
      assert.ok(flat(comment.text).startsWith(flat(`Hello ${kMarkup.slice(0, 100).trim()}, open ${customerLink} for ${kMarkup}. ${people.agent.name}, ${code}, until `)), comment.text);
    });

    test('a reporter whose Jira is in French is invited in French', async () => {
      const { issue, agent } = await onTicket();
      await place.changePerson('reporter', { locale: 'fr-FR' });
      pass({ minutes: 11 });   // what is known of people is kept for ten
      const { id } = await invited(agent);
      const [{ text }] = await place.commentsOf(issue, id);
      assert.match(text, /Votre code de session est/);
      await place.changePerson('reporter', { locale: 'en-US' });
      pass({ minutes: 11 });
    });

    test('somebody typed in has a mail to be sent by hand, and nobody is mentioned; without an invitation nothing is written', async () => {
      const { issue, agent } = await onTicket();
      const typed = await invited(agent, { customer: { name: 'Ada Example', email: 'ada@example.com' } });
      assert.equal(typed.mail.to, 'ada@example.com');
      assert.ok(typed.mail.body.includes(typed.customerLink));
      const [comment] = await place.commentsOf(issue, typed.id);
      assert.deepEqual(comment.mentions, []);
      assert.ok(!comment.text.includes('ada@example.com'));
      const quiet = await invited(agent, { customer: { name: 'Bea Example' }, invitation: 'none' });
      await close(agent, quiet.id);
      assert.deepEqual(await place.commentsOf(issue, quiet.id), []);
    });

    if (jira.service) {
      test('for the team alone: an internal comment, that mentions no customer', async () => {
        const { issue, agent } = await onTicket();
        const { id, customerLink } = await invited(agent, { invitation: 'internal' });
        const [comment, ...more] = await place.commentsOf(issue, id);
        assert.deepEqual([comment.internal, comment.links, more], [true, [customerLink], []]);
      });

      test('one for the team that Jira shows to the customer all the same: closed and taken away, and the agent is told', async () => {
        const { issue, agent } = await onTicket();
        await place.behaves({ internalCommentsBecomePublic: true });
        const { id } = await create(agent, { customer: { id: people.reporter.id }, invitation: 'internal' });
        const over = await sessionWhen(agent, id, 'it is closed', ({ state }) => state === 'closed');
        assert.equal(over.error.code, 'comment_visibility_surprise');
        await until('the comment is gone', async () => (await place.commentsOf(issue, id)).length === 0);
        assert.equal((await place.effects('comment.created', id)).length, 1);
        await place.behaves({ internalCommentsBecomePublic: false });
      });
    } else {
      test('for the team alone there is none, since everybody who sees the ticket would read it', async () => {
        const { issue, agent } = await onTicket();
        await refused(agent.post('/v1/sessions', { invitation: 'internal' }), 400, 'invalid_field', { field: 'invitation', rule: 'service_project' });
        assert.equal((await place.comments(issue)).length, kSaidBefore);
      });
    }

    test('is taken back before use: closed, and it says so without the link; cancelled before it was made, it is never written', async () => {
      const { issue, agent } = await onTicket();
      const { id, customerLink } = await invited(agent);
      const over = await close(agent, id);
      assert.ok(over.endedAt);
      const comment = await until('the comment says so', async () => (await place.commentsOf(issue, id)).find(({ links }) => links.length === 0));
      assert.ok(!comment.text.includes(customerLink), comment.text);
      assert.match(comment.text, /ended/);
      assert.equal((await place.commentsOf(issue, id)).length, 1);
      await refused(agent.post(`/v1/sessions/${id}/connect`, { client: 'app' }), 409, 'invalid_state', { state: 'closed' });

      pass({ minutes: 2 });   // what is asked for twice within one is one session
      await place.sandbox.faults([{ match: { party: 'teamviewer', method: 'POST', path: '**/sessions' }, hold: 'before', times: 1 }]);
      const never = await create(agent, { customer: { id: people.reporter.id } });
      await held(place.sandbox);
      await agent.expect(202, 'POST', `/v1/sessions/${never.id}/cancel`, {});
      await place.sandbox.control('POST', 'release', {});
      await sessionWhen(agent, never.id, 'it is cancelled', ({ state, steps }) => state === 'closed' && steps.closing !== 'pending');
      assert.deepEqual(await place.commentsOf(issue, never.id), []);
    });

    test('deleted by somebody: the session goes on, and is sent again as a new comment; deleted again, its end writes nothing', async () => {
      const { issue, agent } = await onTicket();
      const { id, customerLink } = await invited(agent);
      const deleteIt = async () => {
        const [{ id: comment }] = await place.commentsOf(issue, id);
        assert.equal((await place.byHand('keeper', 'DELETE', `/issue/${issue}/comment/${comment}`)).status, 204);
      };
      await deleteIt();
      assert.equal((await look(agent, id)).state, 'open');
      await refused(agent.post(`/v1/sessions/${id}/invitation`, {}), 409, 'invited_recently');
      pass({ minutes: 6 });
      await agent.expect(202, 'POST', `/v1/sessions/${id}/invitation`, {});
      const again = await until('it is written again', async () => (await place.commentsOf(issue, id))[0]);
      assert.deepEqual([again.links, again.mentions], [[customerLink], [people.reporter.id]]);
      await sessionWhen(agent, id, 'that is known', ({ steps }) => steps.invitation === 'done');
      await deleteIt();
      await close(agent, id);
      await until('the end was to be written', async () => (await place.asked('PUT', /\/comment\//)).some(({ status }) => status === 404));
      assert.deepEqual(await place.commentsOf(issue, id), []);
      assert.deepEqual((await admin.expect(200, 'GET', '/v1/work')).work, []);
    });

    test('sent again while it stands: the new one takes its place', async () => {
      const { issue, agent } = await onTicket();
      const { id } = await invited(agent);
      const [first] = await place.commentsOf(issue, id);
      pass({ minutes: 6 });
      await agent.expect(202, 'POST', `/v1/sessions/${id}/invitation`, {});
      await until('the new one stands there alone', async () => {
        const [one, ...more] = await place.commentsOf(issue, id);
        return one && one.id !== first.id && more.length === 0;
      });
    });

    test('edited by somebody: in the end it is dead all the same', async () => {
      const { issue, agent } = await onTicket();
      const { id, customerLink } = await invited(agent);
      const [{ id: comment }] = await place.commentsOf(issue, id);
      assert.equal((await place.byHand('keeper', 'PUT', `/issue/${issue}/comment/${comment}`, { body: place.commentBody(`Please use ${customerLink} after lunch`) })).status, 200);
      await close(agent, id);
      const { text } = await says(issue, id, /ended/);
      assert.ok(!text.includes(customerLink), text);
    });
  });

  describe('the way of a session', () => {
    test('the customer waits, an agent connects, stays, connects again; a colleague takes over; it ends, and the comment says so', async () => {
      const { issue, agent } = await onTicket();
      const made = await invited(agent);
      const { id, customerLink } = made;
      await comes(agent, made);
      const connect = (who, client = 'app') => who.expect(200, 'POST', `/v1/sessions/${id}/connect`, { client });
      const { url } = await connect(agent);
      assert.notEqual(url, customerLink);
      assert.equal((await agent.expect(200, 'DELETE', `/v1/sessions/${id}/connect`)).session.state, 'customer_present');
      await connect(agent, 'browser');
      assert.equal((await look(agent, id)).state, 'in_progress');
      const colleague = await place.linked('colleague', issue);
      await connect(colleague);
      const { supporter, takenOverFrom } = await look(colleague, id);
      assert.deepEqual([supporter.id, takenOverFrom.id], [people.colleague.id, people.agent.id]);
      await close(colleague, id);
      await says(issue, id, /ended/);
      const comments = await place.commentsOf(issue, id);
      assert.deepEqual(comments.map(({ links, internal }) => [links, internal]), [[[], false]]);
      for (const [name, text] of [['the ticket', JSON.stringify(await place.issue(issue))], ['the panel', (await colleague.get('/v1/panel')).text], ['the log', place.world.belayd.program.written()]]) {
        assert.ok(!text.includes(url.slice(url.lastIndexOf('/') + 1)), `${name} has no way in for supporters`);
      }
    });

    test('the customer of a session does not connect to it, whoever they are besides', async () => {
      const { issue, agent } = await onTicket();
      const colleague = await place.linked('colleague', issue);
      assert.equal((await place.byHand('colleague', 'POST', `/issue/${issue}/comment`, { body: place.commentBody('It is mine, too.') })).status, 201);
      await until('they are on the ticket', async () => (await agent.expect(200, 'GET', '/v1/panel')).people.some(({ id }) => id === people.colleague.id));
      const { id } = await invited(agent, { customer: { id: people.colleague.id } });
      await refused(colleague.post(`/v1/sessions/${id}/connect`, { client: 'app' }), 403, 'forbidden', { reason: 'own_session' });
    });

    test('two who ask for the same within a minute have one session; the same key is the same session', async () => {
      const { issue, agent } = await onTicket();
      const colleague = await place.linked('colleague', issue);
      const wish = { customer: { id: people.reporter.id } };
      const answers = await Promise.all([agent, colleague].map((who) => who.expect(202, 'POST', '/v1/sessions', wish)));
      assert.deepEqual([new Set(answers.map(({ session }) => session.id)).size, answers.map(({ joined }) => joined).sort()], [1, [false, true]]);
      const key = { headers: { 'idempotency-key': `of ${issue}` } };
      const typed = { customer: { name: 'Ada Example' }, invitation: 'none' };
      const [one, two] = [await create(agent, typed), await create(agent, typed)];
      assert.equal(one.id, two.id);
      const first = await agent.expect(202, 'POST', '/v1/sessions', { customer: { name: 'Bea Example' }, invitation: 'none' }, key);
      pass({ minutes: 2 });
      assert.equal((await agent.expect(202, 'POST', '/v1/sessions', { customer: { name: 'Bea Example' }, invitation: 'none' }, key)).session.id, first.session.id);
      await refused(agent.post('/v1/sessions', { customer: { name: 'Cleo Example' }, invitation: 'none' }, key), 409, 'idempotency_conflict');
    });

    test('replaced: both stand until somebody joins the new one; then the old one is closed, and its comment says that there is a newer', async () => {
      const { issue, agent } = await onTicket();
      const old = await invited(agent);
      const { session } = await agent.expect(202, 'POST', `/v1/sessions/${old.id}/replace`, { validityMinutes: 60 });
      const fresh = await opened(agent, session.id);
      assert.deepEqual((await place.comments(issue)).slice(kSaidBefore).map(({ links }) => links), [[old.customerLink], [fresh.customerLink]]);
      await comes(agent, fresh);
      await sessionWhen(agent, old.id, 'the old one is closed', ({ state, steps }) => state === 'closed' && steps.closing === 'done');
      const { text } = await says(issue, old.id, /newer/);
      assert.ok(!text.includes(old.customerLink));
      assert.deepEqual((await place.commentsOf(issue, fresh.id)).map(({ links }) => links), [[fresh.customerLink]]);
      await close(agent, fresh.id);
    });

    test('nobody came for a day: it has expired, is closed at TeamViewer, and says so on the ticket', async () => {
      const { issue, agent } = await onTicket();
      const { id, code, validUntil, createdAt, customerLink } = await invited(agent);
      assert.ok(Math.abs(Date.parse(validUntil) - Date.parse(createdAt) - 24 * 3_600_000) < 60_000);
      pass({ hours: 24, minutes: 1 });
      await place.tick();
      await asTimePasses(place.clock, 'it has expired', async () => (await look(agent, id)).state === 'expired');
      await until('it is closed at TeamViewer', async () => (await place.sessionAtTeamViewer(code)).state.toLowerCase() === 'closed');
      const { text, links } = await until('the comment says so', async () => (await place.commentsOf(issue, id)).find((one) => one.links.length === 0));
      assert.ok(!text.includes(customerLink) && links.length === 0, text);
      await refused(agent.post(`/v1/sessions/${id}/connect`, { client: 'app' }), 409, 'invalid_state', { state: 'expired' });
    });

    test('the server is killed while the comment is written, and starts again: one session, one comment', async () => {
      const { issue, agent } = await onTicket();
      await place.sandbox.faults([place.rule({ method: 'POST', path: '/issue/*/comment' }, { hold: 'after', times: 1 })]);
      const { id } = await create(agent, { customer: { id: people.reporter.id } });
      await held(place.sandbox);
      await place.world.belayd.kill();
      await place.sandbox.faults([]);
      await place.world.startBelayd();
      await asTimePasses(place.clock, 'the comment that is there is known', async () => (await look(agent, id)).steps.invitation === 'done');
      assert.equal((await place.commentsOf(issue, id)).length, 1);
      assert.equal((await place.effects('comment.created', id)).length, 1);
      await close(agent, id);
    });

    test('the server is killed before Jira has taken the comment, which it does late: one is left', async () => {
      const { issue, agent } = await onTicket();
      await place.sandbox.faults([place.rule({ method: 'POST', path: '/issue/*/comment' }, { hold: 'before', times: 1 })]);
      const { id } = await create(agent, { customer: { id: people.reporter.id } });
      await held(place.sandbox);
      await place.world.belayd.kill();
      await place.world.startBelayd();
      await asTimePasses(place.clock, 'it is written anew', async () => (await look(agent, id)).steps.invitation === 'done');
      assert.equal((await place.commentsOf(issue, id)).length, 1);
      await place.sandbox.faults([]);   // what was held goes on
      await until('the late one came', async () => (await place.effects('comment.created', id)).length === 2);
      await asTimePasses(place.clock, 'one is left', async () => (await place.commentsOf(issue, id)).length === 1);
      await close(agent, id);
    });

    test('Jira wants a pause when the invitation is to be written: it is written once, afterwards', async () => {
      const { issue, agent } = await onTicket();
      await place.sandbox.faults([{ id: 'pause', ...place.rule({ method: 'POST', path: '/issue/*/comment' }, { answer: { status: 429, headers: { 'Retry-After': '20' }, body: {} } }) }]);
      const { id } = await create(agent, { customer: { id: people.reporter.id } });
      await until('Jira has said so', async () => (await place.sandbox.faultState()).rules[0].hits > 0);
      await place.sandbox.faults([]);
      await asTimePasses(place.clock, 'it is written', async () => (await look(agent, id)).steps.invitation === 'done');
      assert.equal((await place.commentsOf(issue, id)).length, 1);
      await close(agent, id);
    });
  });
});
