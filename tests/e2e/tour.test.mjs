// What stands before pairing, and the panel, in their states: clean under axe in light and dark, in English and French, and narrow. With BELAY_PICTURES=1 the
// pictures of the guide are taken on the way; BELAY_PICTURES=<folder> takes them elsewhere, to be looked at first.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { link } from '../harness/linking.mjs';
import { until } from '../harness/wait.mjs';
import { House, appFrame, say } from './house.mjs';
import { axeClean, inFrench, picture } from './look.mjs';
import { choose, row } from './steps.mjs';
import { narrow, tour } from './tour.mjs';

let house;
afterEach(() => house.rest());

describe('before pairing', () => {
  before(async () => { house = await House.open({ paired: false }); });
  after(() => house.close());

  test('admin: not paired', async () => {
    const prepare = (frame, language) => frame.getByLabel(say(language, 'setup.pairing_code')).waitFor();
    await tour(house, house.world.seed.admin, house.adminPage, [{ what: 'admin not paired', prepare, pictures: { 'en-light': 'admin-pairing' } }], { scale: 1 });
  });

  test('panel: not paired', async () => {
    const prepare = (frame) => frame.getByRole('alert').waitFor();
    await tour(house, house.world.seed.agents[0], `/browse/${house.world.seed.issue.key}`, [{ what: 'panel not paired', prepare, pictures: { 'en-light': 'panel-not-paired' } }]);
  });

  test('admin: the app as it is installed, without a server', async () => {
    const tab = await house.visit(house.world.seed.admin, '/plugins/servlet/upm');
    await tab.getByRole('button', { name: 'Uninstall' }).click();
    await tab.getByRole('link', { name: 'Find new apps' }).click();
    await tab.getByRole('button', { name: 'Install' }).click();
    await tab.getByRole('link', { name: 'Configure' }).waitFor();
    const prepare = (frame, language) => frame.getByText(say(language, 'setup.server_unknown')).waitFor();
    await tour(house, house.world.seed.admin, house.adminPage, [{ what: 'admin first', prepare, pictures: { 'en-light': 'admin-first' } }]);
  });
});

describe('the panel', () => {
  let agent;
  let caller;
  let issues;
  const when = (who, id, what, wanted) => until(what, async () => {
    const { session } = await who.expect(200, 'GET', `/v1/sessions/${id}`);
    return wanted(session) && session;
  });
  const create = async (who, body) => (await who.expect(202, 'POST', '/v1/sessions', body)).session.id;
  const opened = (who, id) => when(who, id, 'the session is open', ({ state, steps }) => state === 'open' && steps.invitation !== 'pending');

  before(async () => {
    house = await House.open();
    [agent] = house.world.seed.agents;
    issues = house.world.seed.issues;
    caller = await house.world.linkedAgent(0);
  });
  after(() => house.close());

  test('a customer is waiting; an older session is closed', async () => {
    const earlier = await create(caller, { customer: { id: issues[0].reporter } });
    await opened(caller, earlier);
    await caller.expect(202, 'POST', `/v1/sessions/${earlier}/close`, {});
    await when(caller, earlier, 'closed', ({ steps }) => steps.closing === 'done');
    house.world.clock.advance({ minutes: 18 });
    const { code } = await opened(caller, await create(caller, { customer: { id: issues[0].reporter } }));
    await house.world.sandbox.change({ teamviewer: { sessions: [{ code, online: true }] } });
    house.world.clock.advance({ minutes: 2 });
    const { id } = (await caller.expect(200, 'GET', '/v1/sessions')).sessions.find((session) => session.code === code);
    await when(caller, id, 'the customer is there', ({ state }) => state === 'customer_present');
    const waiting = (frame, language) => row(frame, { code, state: say(language, 'state.customer_present') }).waitFor();
    const menu = async (frame, language) => {
      const session = row(frame, { code });
      await session.getByRole('button', { name: say(language, 'session.actions', { code }) }).click();
      await session.getByRole('menuitem').first().waitFor();
    };
    const closing = async (frame, language) => {
      await row(frame, { code }).getByRole('menuitem', { name: say(language, 'session.close') }).click();
      await frame.getByLabel(say(language, 'session.close_notes')).waitFor();
    };
    const here = `/browse/${issues[0].key}`;
    await tour(house, agent, here, [{ what: 'panel waiting', prepare: waiting, whole: true, pictures: { 'en-light': 'panel', 'en-dark': 'panel-dark' } }], { width: 1180, height: 860 });
    await tour(house, agent, here, [
      { what: 'panel waiting, narrow', prepare: waiting, pictures: { 'en-light': 'panel-narrow', 'fr-dark': 'panel-narrow-fr-dark' } },
      { what: 'panel with an open menu', prepare: menu, pictures: { 'en-light': 'panel-menu' } },
      { what: 'panel closing', prepare: closing, pictures: { 'en-light': 'panel-close' } },
    ], { width: 330, height: 3600 });
  });

  test('the form, empty and with mistakes', async () => {
    const empty = (frame, language) => frame.getByText(say(language, 'panel.no_sessions')).waitFor();
    const open = async (frame, language) => {
      await frame.getByRole('button', { name: say(language, 'create.session') }).click();
      await frame.getByRole('form').waitFor();
    };
    const mistake = async (frame, language) => {
      await frame.getByLabel(say(language, 'create.customer'), { exact: true }).selectOption({ label: say(language, 'create.customer.somebody') });
      await frame.getByRole('form').getByRole('button', { name: say(language, 'create.session') }).click();
      await frame.getByText(say(language, 'create.name_missing')).waitFor();
    };
    await tour(house, agent, `/browse/${issues[1].key}`, [
      { what: 'panel empty', prepare: empty, pictures: { 'en-light': 'panel-empty' } },
      { what: 'panel form', prepare: open, pictures: { 'en-light': 'panel-create', 'fr-dark': 'panel-create-fr-dark' } },
      { what: 'panel form with mistakes', prepare: mistake, pictures: { 'en-light': 'panel-create-mistake' } },
    ]);
  });

  test('sessions in every trouble', async () => {
    const there = caller.with({ issue: issues[3].key });
    const refuse = (answer) => house.world.sandbox.faults([{ match: { party: 'jira', method: 'POST', path: '**/comment' }, answer }]);
    const typed = await create(there, { customer: { name: 'Zoe Example', email: 'zoe@example.com' }, invitation: 'none' });
    await opened(there, typed);
    await refuse({ status: 400, body: { errorMessages: ['Comment body is not valid.'], errors: {} } });
    await when(there, await create(there, { customer: { id: issues[3].reporter } }), 'refused', ({ steps }) => steps.invitation === 'failed');
    await refuse({ status: 429, headers: { 'Retry-After': '30' }, body: {} });
    await when(there, await create(there, { customer: { name: 'Late Example' }, invitation: 'public' }), 'asked to slow down', ({ error }) => error);
    const account = await house.world.teamviewerAccount(0);
    await house.world.sandbox.change({ teamviewer: { accounts: [{ id: account, licence: { concurrentSessions: 1 } }] } });
    await when(there, await create(there, { customer: { name: 'One too many' }, invitation: 'none' }), 'the limit', ({ state }) => state === 'failed');
    await house.world.sandbox.change({ teamviewer: { accounts: [{ id: account, licence: { concurrentSessions: 100 } }], settings: { down: true } } });
    await when(there, await create(there, { invitation: 'none' }), 'TeamViewer is down', ({ error }) => error);
    const prepare = (frame) => frame.locator('.message').nth(3).waitFor();
    await tour(house, agent, `/browse/${issues[3].key}`, [{ what: 'panel with troubles', prepare, pictures: { 'en-light': 'panel-troubles', 'fr-dark': 'panel-troubles-fr-dark' } }], { height: 2200 });
    await house.world.sandbox.change({ teamviewer: { settings: { down: false } } });
    await house.world.sandbox.faults([]);
  });

  test('progress, and the mail for somebody who is not on the ticket', async () => {
    const begin = async (frame, language, customer) => {
      house.world.clock.advance({ minutes: 2 });   // the same customer within a minute would be the same session
      await frame.getByRole('button', { name: say(language, 'create.session') }).click();
      await frame.getByLabel(say(language, 'create.customer'), { exact: true }).selectOption({ label: say(language, `create.customer.${customer}`) });
      if (customer === 'somebody') await frame.getByLabel(say(language, 'create.name')).fill('Zoe Example');
      await frame.getByRole('form').getByRole('button', { name: say(language, 'create.session') }).click();
    };
    const said = (frame, language, key) => frame.getByText(say(language, key), { exact: true });
    const progress = async (frame, language) => {
      await house.world.sandbox.faults([{ match: { party: 'teamviewer', method: 'POST', path: '**/sessions' }, hold: 'before' }]);
      await begin(frame, language, 'nobody');
      await said(frame, language, 'step.session.pending').waitFor();
    };
    const mail = async (frame, language) => {
      await house.world.sandbox.faults([]);
      await house.world.sandbox.control('POST', 'release', {});
      await said(frame, language, 'step.invitation.done').waitFor();
      await begin(frame, language, 'somebody');
      await frame.getByRole('button', { name: say(language, 'mail.copy') }).waitFor();
      await said(frame, language, 'step.invitation.none').first().waitFor();
    };
    await tour(house, agent, `/browse/${issues[4].key}`, [
      { what: 'panel in progress', prepare: progress, pictures: { 'en-light': 'panel-progress' } },
      { what: 'panel with a mail', prepare: mail, pictures: { 'en-light': 'panel-mail' } },
    ]);
  });

  test('not linked, not eligible, not an agent', async () => {
    const { seed } = house.world;
    const here = `/browse/${issues[6].key}`;
    const connect = (frame, language) => frame.getByRole('button', { name: say(language, 'panel.connect'), exact: true }).waitFor();
    await tour(house, seed.agents[2], here, [{ what: 'panel not linked', prepare: connect, pictures: { 'en-light': 'panel-not-linked', 'en-dark': 'panel-not-linked-dark', 'fr-dark': 'panel-not-linked-fr-dark' } }]);
    const [person] = seed.unlicensed;
    await link(house.world.caller({ account: person.accountId, page: 'account' }), { account: person.teamviewer.id });
    await tour(house, person, here, [{ what: 'panel not eligible', prepare: (frame) => frame.getByText(/Free/).waitFor(), pictures: { 'en-light': 'panel-not-eligible', 'en-dark': 'panel-not-eligible-dark', 'fr-dark': 'panel-not-eligible-fr-dark' } }]);
    const project = seed.site.projects.find(({ roles }) => roles.Viewers);
    const ticket = seed.site.issues.find(({ key }) => key.startsWith(`${project.key}-`));
    const told = (frame, language) => frame.getByText(say(language, 'forbidden.not_agent')).waitFor();
    await tour(house, { accountId: project.roles.Viewers[0] }, `/browse/${ticket.key}`, [{ what: 'panel of a reader', prepare: told, pictures: { 'en-light': 'panel-reader' } }]);
  });

  test('what is not known: the reader\'s rights, and everything while the server is away', async () => {
    const here = `/browse/${issues[0].key}`;
    await house.world.sandbox.faults([{ match: { party: 'jira', path: '**/mypermissions' }, answer: { status: 503, body: {} } }]);
    const unknown = (frame, language) => frame.getByText(say(language, 'panel.rights_unknown')).waitFor();
    await tour(house, house.world.seed.agents[3] ?? house.world.seed.agents[1], here, [{ what: 'panel without rights known', prepare: unknown, pictures: { 'en-light': 'panel-rights-unknown' } }]);
    await house.world.sandbox.faults([]);
    house.world.clock.advance({ minutes: 2 });
    const away = async (frame, language) => {
      await frame.getByRole('button', { name: say(language, 'common.refresh') }).waitFor();
      await house.world.belayd.stop();
      await frame.getByRole('button', { name: say(language, 'common.refresh') }).click();
      await frame.locator('footer').getByText(say(language, 'panel.no_answer')).waitFor();
    };
    const back = async (frame, language) => {
      await house.world.startBelayd();
      await frame.getByRole('button', { name: say(language, 'common.try_again') }).click();
      await frame.getByRole('button', { name: say(language, 'common.refresh') }).waitFor();
    };
    await tour(house, agent, here, [
      { what: 'panel while the server is away', prepare: away, pictures: { 'en-light': 'panel-server-away', 'fr-dark': 'panel-server-away-fr-dark' } },
      { what: 'panel when it is back', prepare: back },
    ]);
  });

  test('a session in progress, and one whose time has passed', async () => {
    const there = caller.with({ issue: issues[5].key });
    const late = await create(there, { invitation: 'none', validityMinutes: 15 });
    await opened(there, late);
    house.world.clock.advance({ minutes: 20 });
    await when(there, late, 'expired', ({ state }) => state === 'expired');
    const { id, code } = await opened(there, await create(there, { customer: { id: issues[5].reporter } }));
    await house.world.sandbox.change({ teamviewer: { sessions: [{ code, online: true }] } });
    house.world.clock.advance({ seconds: 70 });
    await when(there, id, 'the customer is there', ({ state }) => state === 'customer_present');
    await there.expect(200, 'POST', `/v1/sessions/${id}/connect`, { client: 'app' });
    await when(there, id, 'in progress', ({ state }) => state === 'in_progress');
    const prepare = (frame, language) => row(frame, { code, state: say(language, 'state.in_progress') }).waitFor();
    await tour(house, agent, `/browse/${issues[5].key}`, [{ what: 'panel in progress and expired', prepare, pictures: { 'en-light': 'panel-in-progress' } }]);
  });

  test('a session that a colleague asked for too, and a link that ran out', async () => {
    const [, colleague] = house.world.seed.agents;
    const theirs = (await house.world.linkedAgent(1)).with({ issue: issues[6].key });
    await house.world.sandbox.change({ teamviewer: { accounts: [{ id: await house.world.teamviewerAccount(1), licence: { concurrentSessions: 100 } }] } });
    const joined = async (frame, language) => {
      house.world.clock.advance({ minutes: 2 });
      await opened(theirs, await create(theirs, { customer: { id: issues[6].reporter } }));
      await frame.getByRole('button', { name: say(language, 'create.session') }).click();
      await frame.getByRole('form').getByRole('button', { name: say(language, 'create.session') }).click();
      await frame.getByText(say(language, 'session.joined')).waitFor();
    };
    await tour(house, agent, `/browse/${issues[6].key}`, [{ what: 'panel with a joined session', prepare: joined, pictures: { 'en-light': 'panel-joined' } }]);
    await house.world.sandbox.change({ teamviewer: { accounts: [{ id: await house.world.teamviewerAccount(1), revokeTokens: true }] } });
    await when(theirs, await create(theirs, { invitation: 'none' }), 'refused', ({ state }) => state === 'failed');
    const expired = (frame, language) => frame.getByText(say(language, 'panel.connect_account_again', { provider: 'TeamViewer' })).waitFor();
    await tour(house, colleague, `/browse/${issues[6].key}`, [{ what: 'panel with a link that ran out', prepare: expired, pictures: { 'en-light': 'panel-link-expired' } }]);
  });

  test('the other side: the invitation in the portal, the customer\'s page, Jira\'s question before leaving', async () => {
    const inPortal = async ({ key, reporter }, name) => {
      const here = caller.with({ issue: key });
      const { code, customerLink } = await opened(here, await create(here, { customer: { id: reporter } }));
      const portal = await house.visit({ accountId: reporter }, `/servicedesk/customer/portal/1/${key}`, { width: 1000, height: 720, scale: 1.5, axe: true });
      await portal.locator('.comment', { hasText: code }).waitFor();
      await (await appFrame(portal)).getByText(code).waitFor();
      await axeClean(portal.mainFrame(), 'portal');
      await picture(name, portal);
      return { portal, customerLink };
    };
    const write = async (defaultLanguage) => {
      const { installation, health, defaults, ...values } = await house.world.admin.expect(200, 'GET', '/v1/settings');
      await house.world.admin.expect(200, 'PUT', '/v1/settings', { ...values, defaultLanguage });
    };
    await write('fr');
    await house.prefer(issues[1].reporter, { locale: 'fr-FR' });
    await inPortal(issues[1], inFrench('customer-invitation'));
    await write('en');
    const ticket = issues[2];
    const { portal, customerLink } = await inPortal(ticket, 'customer-invitation');
    await portal.goto(customerLink);
    await axeClean(portal.mainFrame(), 'customer page');
    await picture('customer-page', portal, { clip: { x: 0, y: 0, width: 1000, height: 420 } });
    await portal.getByRole('button', { name: 'Join' }).click();
    const tab = await house.visit(agent, `/browse/${ticket.key}`, { width: 1180, height: 720, scale: 1.5, axe: true });
    await (await appFrame(tab)).getByRole('button', { name: 'Connect to session' }).click();
    await tab.getByRole('dialog').waitFor();
    await axeClean(tab.mainFrame(), 'ticket with a question');
    await picture('jira-question', tab);
    await tab.keyboard.press('Escape');
    const start = await house.visit(agent, '/', { width: 1180, height: 860, scale: 1.5, axe: true });
    await axeClean(start.mainFrame(), 'start page');
    await picture('sandbox-start', start);
  });

  test('the ticket\'s own page in dark, as Jira opens it', async () => {
    await house.prefer(agent.accountId, { theme: 'dark' });
    const tab = await house.visit(agent, `/browse/${issues[0].key}`, { axe: true });
    const frame = await appFrame(tab);
    await frame.getByRole('heading', { name: 'Sessions' }).waitFor();
    await axeClean(frame, 'panel opened in dark');
    await axeClean(tab.mainFrame(), 'ticket opened in dark');
    await house.prefer(agent.accountId, { theme: 'light' });
  });

  test('more sessions that are over than an answer holds: the earlier ones come when they are wanted', async () => {
    const there = caller.with({ issue: issues[4].key });
    const ids = [];
    for (let n = 1; n <= 23; n += 1) {
      ids.push(await create(there, { customer: { name: `Customer ${n}` }, invitation: 'none' }));
      await opened(there, ids.at(-1));
      await there.expect(202, 'POST', `/v1/sessions/${ids.at(-1)}/close`, {});
      house.world.clock.advance({ minutes: 1 });
    }
    for (const id of ids) await when(there, id, 'closed', ({ steps }) => steps.closing === 'done');
    const rows = (frame) => frame.getByRole('list').getByRole('listitem').filter({ hasText: /s\d{3}-\d{3}-\d{3}/ });
    const button = (frame, language) => frame.getByRole('button', { name: say(language, 'panel.earlier.other', { count: 3 }) });
    const few = async (frame, language) => {
      await button(frame, language).waitFor();
      assert.equal(await rows(frame).filter({ hasText: 'Customer ' }).count(), 20);
    };
    const all = async (frame, language) => {
      await button(frame, language).click();
      await until('all of them are there', async () => (await rows(frame).filter({ hasText: 'Customer ' }).count()) === 23);
      assert.equal(await button(frame, language).count(), 0);
    };
    await tour(house, agent, `/browse/${issues[4].key}`, [{ what: 'panel with earlier sessions left out', prepare: few }, { what: 'panel with all its sessions', prepare: all }], { height: 3600 });
  });

  test('one that a colleague took over, one that was cancelled, and an invitation to be sent again', async () => {
    const { key, reporter } = issues[2];
    const there = caller.with({ issue: key });
    const theirs = await house.world.linkedAgent(2, key);
    const taken = await opened(there, await create(there, { customer: { id: reporter } }));
    await house.world.sandbox.change({ teamviewer: { sessions: [{ code: taken.code, online: true }] } });
    await when(there, taken.id, 'the customer is there', ({ state }) => state === 'customer_present');
    await theirs.expect(200, 'POST', `/v1/sessions/${taken.id}/connect`, { client: 'app' });
    const asked = await opened(there, await create(there, { customer: { name: 'Zoe Example' }, invitation: 'public' }));
    await house.world.sandbox.change({ teamviewer: { settings: { down: true } } });
    const cancelled = await create(there, { customer: { name: 'Nobody Example' }, invitation: 'none' });
    await there.expect(202, 'POST', `/v1/sessions/${cancelled}/cancel`, {});
    await house.world.sandbox.change({ teamviewer: { settings: { down: false } } });
    const seen = async (frame, language) => {
      await row(frame, { code: taken.code }).getByText(say(language, 'session.taken_over_from_you')).waitFor();
      await frame.getByRole('listitem', { name: new RegExp(say(language, 'state.cancelled')) }).waitFor();
    };
    const again = async (frame, language) => {
      await choose(row(frame, { code: asked.code }), say(language, 'session.send_again'), language);
      await frame.getByText(say(language, 'session.send_question.nobody')).waitFor();
    };
    const tooSoon = async (frame, language) => {
      await frame.getByRole('group').getByRole('button', { name: say(language, 'session.send_again') }).click();
      await frame.getByText(say(language, 'error.invited_recently', { minutes: 5 }).slice(0, 30)).waitFor();
    };
    await tour(house, agent, `/browse/${key}`, [
      { what: 'panel with a session taken over', prepare: seen, pictures: { 'en-light': 'panel-taken-over', 'fr-dark': 'panel-taken-over-fr-dark' } },
      { what: 'panel sending again', prepare: again, pictures: { 'en-light': 'panel-send-again' } },
      { what: 'panel sending again too soon', prepare: tooSoon, pictures: { 'en-light': 'panel-send-again-soon' } },
    ], { height: 1900 });
  });
});
