// Every screen in its states: clean under axe in light and dark, in English and French, and narrow. With BELAY_PICTURES=1 the
// pictures of the guide are taken on the way.
import { after, afterEach, before, describe, test } from 'node:test';
import { consent, link } from '../harness/linking.mjs';
import { until } from '../harness/wait.mjs';
import { House, appFrame, say } from './house.mjs';
import { axeClean, fits, picture, turn } from './look.mjs';
import { row } from './steps.mjs';

const languages = [['en', 'en-US'], ['fr', 'fr-FR']];
let house;
afterEach(() => house.rest());

/**
 * Shows `path` to `person` in both languages, brings each into the state with `prepare(frame, language, tab)`, and judges it in
 * both themes. `pictures`: {en-light: name, …}; a picture is the app's frame, or the whole tab with `whole`.
 */
async function tour(person, path, { prepare = async () => {}, pictures = {}, whole = false, width, height = 1500, what = path } = {}) {
  for (const [language, locale] of languages) {
    await house.prefer(person.accountId, { locale, theme: 'light' });
    const tab = await house.visit(person, path, { axe: true, scale: 1.5, width, height });
    const frame = await appFrame(tab);
    await prepare(frame, language, tab);
    for (const theme of ['light', 'dark']) {
      await turn(tab, theme);
      await axeClean(frame, `${what}, ${language}, ${theme}`);
      const name = pictures[`${language}-${theme}`];
      if (name) await picture(name, whole ? tab : tab.locator('iframe.forge'));
    }
    await fits(frame, `${what}, ${language}`);
    await tab.context().close();
  }
  await house.prefer(person.accountId, { locale: 'en-US', theme: 'light' });
}

describe('before pairing', () => {
  before(async () => { house = await House.open({ paired: false }); });
  after(() => house.close());

  test('admin: no server, and not paired', async () => {
    await tour(house.world.seed.admin, house.adminPage, {
      what: 'admin not paired',
      prepare: (frame, language) => frame.getByLabel(say(language, 'setup.pairing_code')).waitFor(),
      pictures: { 'en-light': 'admin-pairing' },
    });
  });

  test('panel: not paired', async () => {
    await tour(house.world.seed.agents[0], `/browse/${house.world.seed.issue.key}`, {
      what: 'panel not paired',
      prepare: (frame) => frame.getByRole('alert').waitFor(),
      pictures: { 'en-light': 'panel-not-paired' },
    });
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
    const prepare = (frame, language) => row(frame, { code, state: say(language, 'state.customer_present') }).waitFor();
    await tour(agent, `/browse/${issues[0].key}`, { what: 'panel waiting', prepare, whole: true, width: 1180, height: 860, pictures: { 'en-light': 'panel', 'en-dark': 'panel-dark', 'fr-light': 'panel-fr' } });
    await tour(agent, `/browse/${issues[0].key}`, { what: 'panel waiting, narrow', prepare, width: 330, height: 3600, pictures: { 'en-light': 'panel-narrow', 'fr-dark': 'panel-narrow-fr-dark' } });
    await tour(agent, `/browse/${issues[0].key}`, {
      what: 'panel with an open menu, and a question',
      prepare: async (frame, language) => {
        await prepare(frame, language);
        const session = row(frame, { code });
        await session.getByRole('button', { name: say(language, 'session.actions', { code }) }).click();
        await session.getByRole('menuitem').first().waitFor();
      },
      pictures: { 'en-light': 'panel-menu' },
    });
    await tour(agent, `/browse/${issues[0].key}`, {
      what: 'panel closing',
      prepare: async (frame, language) => {
        await prepare(frame, language);
        const session = row(frame, { code });
        await session.getByRole('button', { name: say(language, 'session.actions', { code }) }).click();
        await session.getByRole('menuitem', { name: say(language, 'session.close') }).click();
      },
      pictures: { 'en-light': 'panel-close' },
    });
  });

  test('the form, empty and with mistakes', async () => {
    const here = `/browse/${issues[1].key}`;
    const open = async (frame, language) => {
      await frame.getByRole('button', { name: say(language, 'create.session') }).click();
      await frame.getByRole('form').waitFor();
    };
    await tour(agent, here, { what: 'panel empty', prepare: (frame, language) => frame.getByText(say(language, 'panel.no_sessions')).waitFor(), pictures: { 'en-light': 'panel-empty' } });
    await tour(agent, here, { what: 'panel form', prepare: open, pictures: { 'en-light': 'panel-create', 'fr-dark': 'panel-create-fr-dark' } });
    await tour(agent, here, {
      what: 'panel form with mistakes',
      width: 330,
      prepare: async (frame, language) => {
        await open(frame, language);
        await frame.getByLabel(say(language, 'create.customer'), { exact: true }).selectOption({ label: say(language, 'create.customer.somebody') });
        await frame.getByRole('form').getByRole('button', { name: say(language, 'create.session') }).click();
        await frame.getByRole('alert').waitFor();
      },
      pictures: { 'en-light': 'panel-create-mistake' },
    });
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
    await tour(agent, `/browse/${issues[3].key}`, {
      what: 'panel with troubles',
      prepare: (frame) => frame.getByRole('alert').nth(3).waitFor(),
      pictures: { 'en-light': 'panel-troubles', 'fr-dark': 'panel-troubles-fr-dark' },
    });
    await house.world.sandbox.change({ teamviewer: { settings: { down: false } } });
    await house.world.sandbox.faults([]);
  });

  test('progress, and the mail for somebody who is not on the ticket', async () => {
    const there = `/browse/${issues[4].key}`;
    await tour(agent, there, {
      what: 'panel in progress',
      prepare: async (frame, language, tab) => {
        await house.world.sandbox.faults([{ match: { party: 'teamviewer', method: 'POST', path: '**/sessions' }, hold: 'before', times: 1 }]);
        await frame.getByRole('button', { name: say(language, 'create.session') }).click();
        await frame.getByLabel(say(language, 'create.customer'), { exact: true }).selectOption({ label: say(language, 'create.customer.nobody') });
        await frame.getByRole('form').getByRole('button', { name: say(language, 'create.session') }).click();
        await frame.getByText(say(language, 'step.session.pending'), { exact: true }).waitFor();
        if (language === 'en') await picture('panel-progress', tab.locator('iframe.forge'));
        await house.world.sandbox.control('POST', 'release', {});
        await house.world.sandbox.faults([]);
        await frame.getByText(say(language, 'step.session.done'), { exact: true }).waitFor();
        house.world.clock.advance({ minutes: 2 });
      },
    });
    await tour(agent, `/browse/${issues[5].key}`, {
      what: 'panel with a mail',
      prepare: async (frame, language) => {
        await frame.getByRole('button', { name: say(language, 'create.session') }).click();
        await frame.getByLabel(say(language, 'create.customer'), { exact: true }).selectOption({ label: say(language, 'create.customer.somebody') });
        await frame.getByLabel(say(language, 'create.name')).fill('Zoe Example');
        await frame.getByRole('form').getByRole('button', { name: say(language, 'create.session') }).click();
        await frame.getByRole('button', { name: say(language, 'mail.copy') }).waitFor();
        await frame.getByText(say(language, 'step.invitation.done'), { exact: true }).waitFor();
        house.world.clock.advance({ minutes: 2 });
      },
      pictures: { 'en-light': 'panel-mail' },
    });
  });

  test('not linked, not eligible, not an agent', async () => {
    const { seed } = house.world;
    await tour(seed.agents[2], `/browse/${issues[6].key}`, { what: 'panel not linked', prepare: (frame, language) => frame.getByRole('button', { name: say(language, 'panel.connect'), exact: true }).waitFor(), pictures: { 'en-light': 'panel-not-linked', 'fr-dark': 'panel-not-linked-fr-dark' } });
    const [person] = seed.unlicensed;
    await link(house.world.caller({ account: person.accountId, page: 'account' }), { account: person.teamviewer.id });
    await tour(person, `/browse/${issues[6].key}`, { what: 'panel not eligible', prepare: (frame) => frame.getByText(/Free/).waitFor(), pictures: { 'en-light': 'panel-not-eligible' } });
    const project = seed.site.projects.find(({ roles }) => roles.Viewers);
    const ticket = seed.site.issues.find(({ key }) => key.startsWith(`${project.key}-`));
    await tour({ accountId: project.roles.Viewers[0] }, `/browse/${ticket.key}`, { what: 'panel of a reader', prepare: (frame, language) => frame.getByText(say(language, 'forbidden.not_agent')).waitFor() });
  });

  test('the other side: the invitation in the portal, the customer\'s page, Jira\'s question before leaving', async () => {
    const ticket = issues[2];
    const here = caller.with({ issue: ticket.key });
    const { code, customerLink } = await opened(here, await create(here, { customer: { id: ticket.reporter } }));
    const portal = await house.visit({ accountId: ticket.reporter }, `/servicedesk/customer/portal/1/${ticket.key}`, { width: 1000, height: 720, scale: 1.5, axe: true });
    await portal.locator('.comment', { hasText: code }).waitFor();
    await axeClean(portal.mainFrame(), 'portal');
    await picture('customer-invitation', portal);
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
});

describe('the admin and personal pages', () => {
  before(async () => {
    house = await House.open();
    await house.world.linkedAgent(0);
    await house.world.linkedAgent(1);
  });
  after(() => house.close());

  const adminTab = (key, then = async () => {}) => async (frame, language) => {
    await frame.getByRole('tab', { name: say(language, `admin.tab.${key}`), exact: true }).click();
    await then(frame, language);
  };

  test('every tab', async () => {
    const { admin } = house.world.seed;
    const there = house.adminPage;
    const preview = (frame, language) => frame.getByRole('region', { name: say(language, 'text.preview') }).locator('.adf-link').first().waitFor();
    await tour(admin, there, { what: 'admin set-up', prepare: adminTab('set_up', (frame, language) => frame.getByText(say(language, 'health.storage.ok')).waitFor()), pictures: { 'en-light': 'admin-set-up', 'fr-dark': 'admin-set-up-fr-dark' } });
    await tour(admin, there, { what: 'admin text', prepare: adminTab('customer_text', preview), pictures: { 'en-light': 'admin-customer-text', 'fr-light': 'admin-customer-text-fr', 'en-dark': 'admin-customer-text-dark' } });
    await tour(admin, there, {
      what: 'admin text, broken',
      prepare: adminTab('customer_text', async (frame, language) => {
        await preview(frame, language);
        await frame.locator('textarea.editor-text').fill('Hello {{customer.name}},\n\njoin here: {{session.link}}\n\n{{session.pasword}} and {{agent.name');
        await frame.locator('.editor-marks mark').first().waitFor();
      }),
      pictures: { 'en-light': 'admin-customer-text-broken' },
    });
    await tour(admin, there, { what: 'admin sessions', prepare: adminTab('sessions', (frame, language) => frame.getByLabel(say(language, 'sessions.group', { provider: 'TeamViewer' })).fill('Help desk')), pictures: { 'en-light': 'admin-sessions' } });
    await tour(admin, there, {
      what: 'admin people',
      prepare: adminTab('people', async (frame, language) => {
        await frame.getByRole('table').waitFor();
        await frame.getByRole('button', { name: say(language, 'people.unlink_of', { name: house.world.seed.agents[1].name }) }).click();
      }),
      pictures: { 'en-light': 'admin-people', 'fr-dark': 'admin-people-fr-dark' },
    });
  });

  test('personal page: not linked, both identities, linked, denied', async () => {
    const { agents } = house.world.seed;
    const there = house.personalPage;
    const account = house.world.caller({ account: agents[2].accountId, page: 'account' });
    const connect = (frame, language) => frame.getByRole('button', { name: say(language, 'account.connect'), exact: true }).waitFor();
    await tour(agents[2], there, { what: 'account not linked', prepare: connect, pictures: { 'en-light': 'account-not-linked', 'fr-dark': 'account-not-linked-fr-dark' } });
    await tour(agents[2], `${there}/problem/consent_denied`, { what: 'account denied', prepare: (frame) => frame.getByRole('alert').waitFor(), pictures: { 'en-light': 'account-denied' } });
    const { token } = await consent(account, { account: await house.world.teamviewerAccount(2) });
    await tour(agents[2], `${there}/finish/${token}`, { what: 'account finish', prepare: (frame, language) => frame.getByRole('button', { name: say(language, 'account.finish') }).waitFor(), pictures: { 'en-light': 'account-finish', 'fr-dark': 'account-finish-fr-dark' } });
    await tour(agents[0], there, {
      what: 'account linked',
      prepare: (frame, language) => frame.getByRole('button', { name: say(language, 'account.disconnect') }).waitFor(),
      pictures: { 'en-light': 'account-linked' },
    });
    await tour(agents[0], there, {
      what: 'account disconnecting',
      prepare: async (frame, language) => {
        await frame.getByRole('button', { name: say(language, 'account.disconnect') }).click();
        await frame.getByRole('button', { name: say(language, 'account.disconnect_cancel') }).waitFor();
      },
      pictures: { 'fr-dark': 'account-disconnect-fr-dark' },
    });
  });
});
