// People as a Jira Data Center may have them: without an address, with one that its administrator had masked, with one that is none or more than one; renamed, also to
// what is no username; deactivated; deleted. Each is shown, nobody else is asked for in their place, and the invitation says the right thing.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { held } from '../contract/steps.mjs';
import { readWiki } from '../contract/wiki_judge.mjs';
import { onPanel, openDataCenter, people } from '../harness/datacenter.mjs';
import { link } from '../harness/linking.mjs';
import { until } from '../harness/wait.mjs';

/** What Jira says of their address, and what becomes of it. */
const addresses = {
  none: { email: '', standing: 'address_not_shared' },
  masked: { email: 'odd dot masked at example dot com', standing: 'address_not_shared' },   // "Mask email addresses" of Jira's general configuration
  maskedAgain: { email: 'tomas at example dot com', standing: 'address_not_shared' },
  stars: { email: '***', standing: 'address_not_shared' },
  words: { email: 'hidden', standing: 'address_not_shared' },
  two: { email: 'a@b.example,tomas.ferreira@example.com', standing: 'address_not_shared', problem: 'malformed' },
  header: { email: 'a@b.example\r\nBcc: c@d.example', standing: 'address_not_shared', problem: 'malformed' },
  turned: { email: 'a\u202e@example.com', standing: 'address_not_shared', problem: 'malformed' },
  control: { email: 'a\u0007@example.com', standing: 'address_not_shared', problem: 'malformed' },
  capitals: { email: 'ODD.CAPITALS@EXAMPLE.COM', standing: 'online' },
  plain: { email: 'odd.plain@example.com', standing: 'not_contact' },
};
const cast = Object.entries(addresses).map(([name, { email }]) => ({ key: `ODD-${name}`, name: `odd-${name}`, displayName: `Odd ${name}`, email, groups: [] }));

let world;
let agent;
before(async () => {
  world = await openDataCenter({
    configure: () => ({ log: { level: 'debug' }, teamviewer: { calls_per_minute: 600 } }),
    change: (seed) => {
      const [dc] = seed.datacenter;
      dc.people = [...dc.people, ...cast];
      dc.issues.push({ key: 'DESK-9', summary: 'Many odd people', reporter: people.customer.key, assignee: people.agent.key, participants: cast.map(({ key }) => key) });
      seed.teamviewer.accounts.push({ email: 'odd.capitals@example.com', name: 'Odd capitals', presence: 'online', licence: { type: 'Free', paid: false } });
      seed.teamviewer.contacts.push({ owner: people.agent.email, email: 'odd.capitals@example.com' });
    },
  });
  agent = await (await onPanel(world, 'dc', people.agent, 'DESK-9')).signIn();
  const account = (await world.sandbox.state()).teamviewer.accounts.find(({ email }) => email === people.agent.email).id;
  await link(agent, { account });
});
after(() => world?.close());

const change = (patch) => world.sandbox.change({ datacenter: { dc: patch } });
/** What Jira told before is over; page tokens live shorter than that and a little. */
async function later() {
  for (let n = 0; n < 2; n += 1) {
    world.clock.advance({ minutes: 6 });
    agent.take(await agent.token({ grant: 'refresh' }));
  }
}
const whenShown = (what, wanted, on = agent) => until(what, async () => {
  world.clock.advance({ seconds: 2 });
  on.take(await on.token({ grant: 'refresh' }));
  const panel = await on.expect(200, 'GET', '/v1/panel');
  return wanted(panel) && panel;
});
const person = ({ people: all }, key) => all.find(({ id }) => id === key);
const comments = async (key) => (await world.sandbox.state()).datacenter.sites.find(({ name }) => name === 'dc').issues.find((issue) => issue.key === key).comments;
async function invited(on, body) {
  const { session: { id } } = await on.expect(202, 'POST', '/v1/sessions', { invitation: 'public', ...body });
  return written(on, id);
}
function written(on, id) {
  return until('the invitation is written', async () => {
    world.clock.advance({ milliseconds: 500 });
    const { session } = await on.expect(200, 'GET', `/v1/sessions/${id}`);
    return session.state === 'open' && session.steps.invitation === 'done' && session;
  });
}
const mentions = ({ body }) => [...body.matchAll(/(?<!\\)\[~([^\]]*)\]/g)].map(([, name]) => name);
const others = (wiki) => readWiki(wiki).flat().filter(({ other }) => other).map(({ other }) => other);

test('only what is an address is asked for at TeamViewer; of the others the panel says that they share none', async () => {
  const panel = await whenShown('everybody stands somewhere', ({ people: all, more }) => !more && all.every(({ standing }) => standing !== 'unknown') && cast.every(({ key }) => all.some(({ id }) => id === key)));
  for (const [name, { standing, problem }] of Object.entries(addresses)) {
    const shown = person(panel, `ODD-${name}`);
    assert.deepEqual([shown.standing, shown.addressProblem], [standing, problem], name);
    if (standing !== 'address_not_shared') continue;
    assert.deepEqual([shown.matchedBy, shown.actions], [undefined, ['map', 'create_session']], name);
    assert.equal((await agent.post(`/v1/people/ODD-${name}/contact`, {})).json.code, problem ? 'address_not_usable' : 'address_not_shared', name);
  }
  const asked = (await world.sandbox.requests()).filter(({ party, path }) => party === 'teamviewer' && path.endsWith('/contacts')).flatMap(({ query }) => query.filter(([name]) => name === 'email').flatMap(([, list]) => list.split(',')));
  assert.ok(asked.length > 0);
  const known = [...Object.values(people), ...cast].map(({ email }) => email.toLowerCase()).filter((email) => /^[a-z.]+@example\.com$/.test(email));
  assert.deepEqual([...new Set(asked)].filter((email) => !known.includes(email.toLowerCase())), []);
  const log = world.belayd.program.written();
  for (const { email } of cast.filter(({ email: one }) => one.length > 8)) assert.ok(!log.includes(email), 'no address is in the log');
});

test('somebody without an address is helped all the same, and mentioned', async () => {
  await invited(agent, { customer: { id: 'ODD-none' } });
  assert.deepEqual(mentions((await comments('DESK-9')).at(-1)), ['odd-none']);
});

test('whoever is renamed is mentioned by the new name; by what is no username nobody is, and the name stands there as text', async () => {
  const session = await invited(agent, { customer: { id: 'ODD-plain' } });
  for (const [name, mentioned] of [['odd-renamed', ['odd-renamed']], ['x] [~isorensen', []], ['a|b', []], ['{code}', []], ['odd plain', []], ['odd-last', ['odd-last']]]) {
    await change({ people: { 'ODD-plain': { name, displayName: `Odd {color:red}${name}` } } });
    await later();
    const old = (await comments('DESK-9')).map(({ id }) => id);
    await agent.expect(202, 'POST', `/v1/sessions/${session.id}/invitation`, {});
    const { body } = await until('another takes its place', async () => {
      world.clock.advance({ milliseconds: 500 });
      const all = await comments('DESK-9');
      return all.length === old.length && all.find(({ id }) => !old.includes(id));
    });
    await until('the step is done', async () => (await agent.expect(200, 'GET', `/v1/sessions/${session.id}`)).session.steps.invitation === 'done');
    assert.deepEqual(mentions({ body }), mentioned, body);
    assert.deepEqual(others(body), mentioned.map(() => 'mention'), body);
    assert.equal((await agent.expect(200, 'GET', `/v1/sessions/${session.id}`)).session.customer.id, 'ODD-plain', 'they stay who they are');
  }
});

test('whoever was deactivated is shown so, with nothing to do; back again, they are as before', async () => {
  await change({ people: { 'ODD-capitals': { active: false } } });
  await later();
  const gone = await whenShown('they stand as inactive', (panel) => person(panel, 'ODD-capitals').standing === 'inactive');
  assert.deepEqual([person(gone, 'ODD-capitals').actions, gone.defaults.customers.includes('ODD-capitals')], [[], false]);
  const { status, json } = await agent.post('/v1/people/ODD-capitals/launch', { mode: 'chat' });
  assert.deepEqual([status, json.code], [409, 'not_reachable']);
  await change({ people: { 'ODD-capitals': { active: true } } });
  await later();
  await whenShown('they are online again', (panel) => person(panel, 'ODD-capitals').standing === 'online');
});

test('an agent who was deactivated is out, as soon as Jira says so', async () => {
  const leaving = await (await onPanel(world, 'dc', people.colleague, 'DESK-9')).signIn();
  await leaving.expect(200, 'GET', '/v1/panel');
  await change({ people: { [people.colleague.key]: { active: false } } });
  world.clock.advance({ minutes: 6 });
  await until('they are out', async () => (await leaving.get('/v1/panel')).status !== 200 || (await leaving.get('/v1/panel')).json.viewer.mayAct === false);
  assert.notEqual((await leaving.post('/v1/sessions', { customer: { name: 'Ada Example' }, invitation: 'none' })).status, 202);
  await change({ people: { [people.colleague.key]: { active: true } } });
});

test('a reporter who was deleted: the issue is worked on, and nobody is taken for them', async () => {
  const on = await (await onPanel(world, 'dc', people.agent, 'DESK-1')).signIn();
  const { issue } = on;
  await on.expect(200, 'GET', '/v1/panel');
  const asJira = async (user) => {
    const answered = (await world.sandbox.requests()).findLast(({ party, path, status }) => party === 'datacenter' && path.endsWith(`/rest/api/2/issue/${issue}`) && status === 200);
    const body = JSON.parse(answered.answer);
    body.fields.reporter = user;
    return body;
  };
  // As Jira has a user that is gone from its directory: a key, and a name that is the key. Or nobody at all.
  for (const user of [{ self: 'x', key: 'JIRAUSER10999', name: 'JIRAUSER10999', displayName: 'JIRAUSER10999', active: false, deleted: true }, null, { self: 'x', name: 'gone', displayName: 'Gone [~isorensen]', active: false }, {}]) {
    const matches = { party: 'datacenter', method: 'GET', path: `/rest/api/2/issue/${issue}` };
    await world.sandbox.faults([{ match: matches, answer: { status: 200, body: await asJira(user) } }]);
    await later();
    const reporters = ({ people: all }) => all.filter(({ roles }) => roles.includes('reporter'));
    const panel = await whenShown('the panel has whom Jira names, or nobody', (one) => one.people.length > 0 && reporters(one).every(({ id }) => id === user?.key), on);
    assert.deepEqual(reporters(panel).map(({ id, standing, actions }) => [id, standing, actions]), user?.key ? [[user.key, 'inactive', []]] : [], JSON.stringify(user));
    assert.ok(!panel.defaults.customers.includes('JIRAUSER10999'));
    const session = await invited(on, { customer: { id: people.reporter.key } });
    assert.deepEqual(mentions((await comments('DESK-1')).at(-1)), [people.reporter.name]);
    await on.expect(202, 'POST', `/v1/sessions/${session.id}/close`, {});
  }
  await world.sandbox.faults([]);
});

test('a customer whom Jira knows no more when the invitation is written stands there by name, as text', async () => {
  await change({ people: { 'ODD-stars': { displayName: 'Odd [~isorensen] *star*' } } });
  await later();
  await whenShown('the new name is there', (panel) => person(panel, 'ODD-stars').name.includes('*star*'));
  await world.sandbox.faults([{ match: { party: 'teamviewer', method: 'POST', path: '**/sessions' }, hold: 'before', times: 1 }]);
  const { session: { id } } = await agent.expect(202, 'POST', '/v1/sessions', { customer: { id: 'ODD-stars' }, invitation: 'public' });
  await held(world.sandbox);
  await world.sandbox.faults([{ match: { party: 'datacenter', method: 'GET', path: '/rest/api/2/user' }, answer: { status: 404, body: { errorMessages: ['The user with the key does not exist'], errors: {} } } }]);
  await world.sandbox.control('POST', 'release', {});
  await written(agent, id);
  await world.sandbox.faults([]);
  const { body } = (await comments('DESK-9')).at(-1);
  assert.deepEqual([mentions({ body }), others(body)], [[], []], body);
  assert.match(body, /\\\[\\~isorensen\\\] \\\*star\\\*/);
});
