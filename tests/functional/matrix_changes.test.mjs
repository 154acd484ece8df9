// Nothing is refused to everybody: each operation that changes something is done by somebody whom docs/access.md lets in, with a body that docs/openapi.yaml
// describes, in Jira Cloud and beside a Data Center; and whoever else is let in there is not told that they may not.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { bodyProblems } from '../contract/our_api.mjs';
import { held, opened, sessionWhen } from '../contract/steps.mjs';
import { onPanel, openDataCenter, people } from '../harness/datacenter.mjs';
import { pair } from '../harness/doors.mjs';
import { consent, link } from '../harness/linking.mjs';
import { addressOf, told, verdict, ways } from '../harness/matrix.mjs';
import { freshSeed, withSecondSite } from '../harness/seed.mjs';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';

/** Of Forge itself: tests/functional/matrix_doors.test.mjs. */
const ofForge = ['automationCreateSession', 'forgeEvent'];
const changing = ways.filter(({ id, changes }) => changes && !ofForge.includes(id));
const page = (caller, name, place = {}) => caller.with({ page: name, issue: undefined, project: undefined, request: undefined, ...place });
const atTeamViewer = (method, path) => ({ party: 'teamviewer', method, path });

/** What stands in Cloud and beside a Data Center alike: `stage()` has world, agent (linked), colleague (not linked), their ids and accounts at TeamViewer, admin, person (an id on the issue), address (theirs), changePerson, pass. */
function common(stage, accepted) {
  /** The operation's own call: its row's body, or the one given, which the document has to know too. */
  async function accept(id, caller, ids = {}, body = undefined) {
    const way = ways.find((one) => one.id === id && one.row.pages[caller.page]);
    const sent = body ?? way.row.body;
    const at = addressOf(way, { project: 'KEY', ...ids });
    assert.ok(!bodyProblems(way.method, at, sent), `${id}: ${bodyProblems(way.method, at, sent)}`);
    const answer = await caller.call(way.method, at, sent);
    assert.ok(answer.status >= 200 && answer.status < 300, `${id} from ${caller.page}: ${answer.status} ${answer.text}`);
    accepted.add(`${id} ${caller.page}`);
    return answer.json;
  }
  const make = async (body) => (await accept('createSession', stage().agent, {}, body)).session;

  test('a session: made, connected to, not opened after all, noted, replaced, closed', async () => {
    const { agent } = stage();
    const { id } = await opened(agent, (await make()).id);
    assert.match((await accept('connectSession', agent, { session: id })).url, /^http/);
    await accept('stayInJira', agent, { session: id });
    assert.equal((await accept('noteSession', agent, { session: id })).session.notes, 'Replaced the driver');
    const { session: next } = await accept('replaceSession', agent, { session: id });
    await opened(agent, next.id);
    assert.equal((await accept('closeSession', agent, { session: next.id })).session.state, 'closed');
    await agent.expect(202, 'POST', `/v1/sessions/${id}/close`, {});
  });

  test('a session: cancelled before it is made; its invitation sent again', async () => {
    const { world, agent, person, pass } = stage();
    await world.sandbox.faults([{ match: atTeamViewer('POST', '**/sessions'), hold: 'before', times: 1 }]);
    const early = await make({ customer: { name: 'Early Example' }, invitation: 'none' });
    await held(world.sandbox);
    assert.equal((await accept('cancelSession', agent, { session: early.id })).session.state, 'closed');
    await world.sandbox.control('POST', 'release', {});
    await world.sandbox.faults([]);
    const invited = await make({ customer: { id: person }, invitation: 'public' });
    await opened(agent, invited.id);
    await pass({ minutes: 6 });
    await sessionWhen(agent, invited.id, 'it can be sent again', ({ actions }) => actions.includes('send_again'));
    await accept('retrySession', agent, { session: invited.id });
    await opened(agent, invited.id);
    await agent.expect(202, 'POST', `/v1/sessions/${invited.id}/close`, {});
  });

  test('people: reached, tied by hand and no more, added', async () => {
    const { world, agent, person, address, changePerson, pass } = stage();
    const when = (what, wanted) => until(what, async () => {
      await pass({ seconds: 3 });
      const found = (await agent.expect(200, 'GET', '/v1/panel')).people.find(({ id }) => id === person);
      return wanted(found) && found;
    });
    await world.sandbox.change({ teamviewer: { accounts: [{ email: address, presence: 'online' }] } });
    await when('they are online', ({ standing }) => standing === 'online');
    assert.match((await accept('launch', agent, { person })).url, /\/mode\/chat$/);
    assert.equal((await accept('mapPerson', agent, { person })).person.mapping.to, 'ada@example.org');
    assert.equal((await accept('unmapPerson', agent, { person })).person.mapping, undefined);
    await changePerson({ email: 'nobody-there@example.net' });
    await pass({ minutes: 6 });
    await pass({ minutes: 6 });
    await when('nobody is there', ({ standing }) => standing === 'not_contact');
    assert.equal((await accept('invitePerson', agent, { person })).person.invitation.state, 'pending');
  });

  test('an ask that nobody asks is dismissed by an agent, to no effect', async () => {
    assert.deepEqual(await accept('dismissAsk', stage().agent), { dismissed: false });
  });

  test('the site’s settings, and what a text would look like', async () => {
    const admin = page(stage().admin, 'admin');
    const { installation: _i, health: _h, defaults: _d, ...now } = await admin.expect(200, 'GET', '/v1/settings');
    const { version, worklog } = await accept('putSettings', admin, {}, { ...now, worklog: !now.worklog });
    assert.deepEqual([version, worklog], [now.version + 1, !now.worklog]);
    assert.deepEqual((await accept('previewCustomerText', admin)).problems, []);
  });

  test('what was set aside is tried again by an admin', async () => {
    const { world, agent, admin } = stage();
    const { id } = await opened(agent, (await make({ customer: { name: 'Aside Example' }, invitation: 'none' })).id);
    await world.sandbox.faults([{ match: atTeamViewer('PUT', '**/sessions/*'), answer: { status: 400, body: { error: 'invalid_request', error_description: 'not now', error_code: 1 } } }]);
    await agent.expect(202, 'POST', `/v1/sessions/${id}/close`, {});
    const [item] = await until('the closing is set aside', async () => {
      const { work } = await page(admin, 'admin').expect(200, 'GET', '/v1/work');
      return work.length > 0 && work;
    });
    await world.sandbox.faults([]);
    await accept('retryWork', page(admin, 'admin'), { work: item.id });
    await sessionWhen(agent, id, 'it is closed at the provider', ({ steps }) => steps.closing === 'done');
  });

  test('one’s own account: begun, finished, looked at anew, its records not read, given back', async () => {
    const { colleague, colleagueAccount, pass } = stage();
    const own = page(colleague, 'account');
    await accept('startAccount', own);
    const { token } = await consent(colleague, { account: colleagueAccount });
    assert.equal((await accept('finishAccount', own, {}, { token })).linked, true);
    await accept('checkAccount', own);
    await accept('checkAccount', colleague);
    await accept('deleteReportsAccess', own);
    assert.equal((await accept('deleteAccount', own)).linked, false);
    await until('another can be linked', async () => {
      await pass({ seconds: 5 });
      return (await own.post('/v1/account/start', {})).status === 200;
    });
  });

  test('somebody’s own session is not theirs to support; their link, and what is kept of somebody, an admin ends', async () => {
    const { colleague, colleagueAccount, colleagueId, admin } = stage();
    await link(colleague, { account: colleagueAccount });
    const links = () => page(admin, 'admin').expect(200, 'GET', '/v1/links');
    const { agent, agentId } = stage();
    // Who is helped in a session is no supporter of it, though they are an agent of the issue like others.
    const { session } = await colleague.expect(202, 'POST', '/v1/sessions', { customer: { id: agentId }, invitation: 'none' });
    await opened(colleague, session.id);
    for (const client of ['app', 'browser']) {
      const own = await agent.post(`/v1/sessions/${session.id}/connect`, { client });
      assert.deepEqual([own.status, own.json.detail], [403, { reason: 'own_session' }]);
    }
    await colleague.expect(200, 'POST', `/v1/sessions/${session.id}/connect`, { client: 'app' });
    const { id } = (await links()).links.find(({ account }) => account.id === colleagueId);
    const left = await accept('deleteLink', page(admin, 'admin'), { link: id });
    assert.ok(left.links.every(({ account }) => account.id !== colleagueId));
    await accept('eraseAccountData', page(admin, 'admin'), { person: colleagueId });
  });

  return accept;
}

/** Whoever is let in, by any row and from any page, hears of how things stand at most, and never that they may not. Ends what can be ended, so it comes last. */
async function letsIn(kinds, call, isLeftOut = () => false) {
  const never = [told.otherPage, told.notAgent, told.notAdmin, told.notProjectAdmin, told.notThere];
  const last = ['closeSession', 'deleteLink', 'deleteAccount', 'eraseAccountData', 'unpair'];
  const wrong = [];
  let asked = 0;
  for (const way of changing.toSorted((a, b) => last.indexOf(a.id) - last.indexOf(b.id)).filter(({ id }) => id !== 'unpair')) {
    for (const from of Object.keys(way.row.pages).filter((one) => !isLeftOut(way.id, one))) {
      for (const [role, facts] of Object.entries(kinds)) {
        if (verdict(way, from, facts) !== 'in') continue;
        const answer = await call(way, role, from);
        asked += 1;
        const { code, detail } = answer.json ?? {};
        const said = `${answer.status} ${code}${detail?.reason ? `/${detail.reason}` : ''}`;
        if (never.includes(said) && !way.row.says.includes(code)) wrong.push(`${way.id} as ${role} from ${from}: ${said}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
  return asked;
}

describe('Jira Cloud', () => {
  const accepted = new Set();
  let world;
  let parts;
  before(async () => {
    world = await World.open({ seed: freshSeed(withSecondSite) });
    const { seed } = world;
    const agent = await world.linkedAgent(0);
    const person = seed.people.find(({ accountId }) => accountId === seed.issue.reporter);
    parts = {
      world, agent, agentId: agent.account, colleague: world.agent(1), colleagueId: seed.agents[1].accountId, colleagueAccount: await world.teamviewerAccount(1), admin: world.admin,
      pass: async (time) => world.clock.advance(time),
      person: person.accountId, address: person.email, changePerson: ({ email }) => world.sandbox.change({ jira: { people: { [person.accountId]: { email, emailVisible: true } } } }),
    };
  });
  after(() => world?.close());
  const accept = common(() => parts, accepted);

  test('a customer asks for help and takes it back; an agent dismisses who waits', async () => {
    const { installation: _i, health: _h, defaults: _d, ...now } = await world.admin.expect(200, 'GET', '/v1/settings');
    await world.admin.expect(200, 'PUT', '/v1/settings', { ...now, customersMayAsk: true });
    const customer = world.customer();
    assert.ok((await accept('askForHelp', customer)).own);
    assert.equal((await accept('withdrawAsk', customer)).since, undefined);
    await accept('askForHelp', customer);
    const { askedForHelp } = await parts.agent.expect(200, 'GET', '/v1/panel');
    assert.deepEqual(await accept('dismissAsk', parts.agent, {}, { ask: askedForHelp.id }), { dismissed: true });
  });

  test('one project’s settings, by its own admin, who is none of the site', async () => {
    const keeper = world.projectAdmin();
    const ids = { project: world.seed.project.key };
    const { version } = await keeper.expect(200, 'GET', `/v1/settings?project=${ids.project}`);
    assert.equal((await accept('putSettings', keeper, ids, { version, enabled: true, customerText: {}, allowedGroups: [] })).version, version + 1);
    assert.deepEqual((await accept('previewCustomerText', keeper)).problems, []);
  });

  test('another site is paired by its admin, and unpaired', async () => {
    const site = world.siteByHost('second.localhost');
    const admin = world.caller({ account: world.seed.admin.accountId, page: 'admin', installation: site.installation });
    const code = await world.belayd.pairingCode(site.url);
    assert.equal((await accept('pair', admin, {}, { code })).paired, true);
    assert.equal((await accept('unpair', admin)).paired, false);
    await until('it can be paired again', () => pair({ belayd: world.belayd, admin, site: site.url }).then(() => true, () => false));
  });

  test('so each operation that changes something was done, from each page that it is for', () => {
    const wanted = changing.flatMap(({ id, row }) => Object.keys(row.pages).map((one) => `${id} ${one}`));
    assert.deepEqual([...accepted].sort(), wanted.sort());
  });

  test('and whoever else is let in is not told that they may not', async () => {
    const { seed } = world;
    const key = seed.project.key;
    const { id: session } = await opened(parts.agent, (await parts.agent.expect(202, 'POST', '/v1/sessions', { customer: { name: 'Last Example' }, invitation: 'none' })).session.id);
    const kinds = {
      agent: { sees: true, agent: true }, projectAdmin: { sees: true, agent: true, projectAdmin: true }, jiraAdmin: { sees: true, agent: true, admin: true, projectAdmin: true }, customer: { seesRequest: true },
    };
    const accounts = { agent: parts.agent.account, projectAdmin: seed.projectAdmin.accountId, jiraAdmin: seed.admin.accountId, customer: seed.issue.reporter };
    const asked = await letsIn(kinds, (way, role, from) => {
      const who = page(world.admin.with({ account: accounts[role] }), from, { panel: { issue: seed.issue.key }, project: { project: key }, request: { request: seed.issue.key } }[from]);
      return who.call(way.method, addressOf(way, { project: key, session, person: parts.person, link: 'nothing' }), way.row.body);
    });
    assert.ok(asked > 60, `${asked}`);
  });
});

describe('Jira Data Center', () => {
  const accepted = new Set();
  let world;
  let parts;
  before(async () => {
    world = await openDataCenter();
    const signedIn = async (person) => (await onPanel(world, 'dc', person, 'DESK-1')).signIn();
    const { accounts } = (await world.sandbox.state()).teamviewer;
    const account = ({ email }) => accounts.find((one) => one.email === email).id;
    const agent = await signedIn(people.agent);
    await link(agent, { account: account(people.agent) });
    parts = {
      world, agent, agentId: people.agent.key, colleague: await signedIn(people.colleague), colleagueId: people.colleague.key, colleagueAccount: account(people.colleague), admin: await signedIn(people.admin),
      person: people.reporter.key, address: people.reporter.email, changePerson: ({ email }) => world.sandbox.change({ datacenter: { dc: { people: { [people.reporter.key]: { email } } } } }),
    };
    // A page's token lives ten minutes: pages get the next one by their cookie.
    parts.pass = async (time) => {
      world.clock.advance(time);
      for (const caller of [agent, parts.colleague, parts.admin]) caller.take(await caller.token({ grant: 'refresh' }));
    };
  });
  after(() => world?.close());
  const accept = common(() => parts, accepted);

  test('one project’s settings, by an admin of it', async () => {
    const keeper = page(parts.admin, 'project', { project: 'DESK' });
    const ids = { project: 'DESK' };
    const { version } = await keeper.expect(200, 'GET', '/v1/settings?project=DESK');
    assert.equal((await accept('putSettings', keeper, ids, { version, enabled: true, customerText: {}, allowedGroups: [] })).version, version + 1);
    assert.deepEqual((await accept('previewCustomerText', keeper)).problems, []);
  });

  /** Jira Cloud’s portal and queues; a site that the configuration names is paired by that. */
  const notHere = (id, from) => from === 'request' || ['pair', 'unpair'].includes(id);

  test('so each operation that changes something was done, from each page that it is for', () => {
    const wanted = changing.flatMap(({ id, row }) => Object.keys(row.pages).filter((one) => !notHere(id, one)).map((one) => `${id} ${one}`));
    assert.deepEqual([...accepted].sort(), wanted.sort());
  });

  test('a site that the configuration names is neither paired nor unpaired by anybody', async () => {
    const admin = page(parts.admin, 'admin');
    assert.equal((await admin.post('/v1/pairing', { code: 'AAAAA-BBBBB' })).json.code, 'already_paired');
    const { status, json } = await admin.call('DELETE', '/v1/pairing');
    assert.deepEqual([status, json.detail], [403, { reason: 'wrong_module' }]);
  });

  test('and whoever else is let in is not told that they may not', async () => {
    const { id: session } = await opened(parts.agent, (await parts.agent.expect(202, 'POST', '/v1/sessions', { customer: { name: 'Last Example' }, invitation: 'none' })).session.id);
    const kinds = { agent: { sees: true, agent: true }, admin: { sees: true, agent: true, admin: true, projectAdmin: true }, colleague: { sees: true, agent: true } };
    const asked = await letsIn(kinds, (way, role, from) => page(parts[role], from, { panel: { issue: parts.agent.issue }, project: { project: 'DESK' } }[from] ?? {})
      .call(way.method, addressOf(way, { project: 'DESK', session, person: parts.person, link: 'nothing' }), way.row.body), notHere);
    assert.ok(asked > 50, `${asked}`);
  });
});
