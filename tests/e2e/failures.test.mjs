// What goes wrong on the agent's way (issue 2, step 6): each failure has its own words in both languages, says what was changed,
// and the way out that it names works.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { link } from '../harness/linking.mjs';
import { until } from '../harness/wait.mjs';
import { House, appFrame, say } from './house.mjs';
import { choose, codeOf, createSession, row } from './steps.mjs';

const locales = { en: 'en-US', fr: 'fr-FR' };
let house;
afterEach(async () => {
  await house.world.sandbox.faults([]);
  await house.world.sandbox.change({ teamviewer: { settings: { down: false } } });
  await house.rest();
});
after(() => house?.close());

const ticket = (at = 0) => house.world.seed.issues[at].key;

/** `person` before a ticket, in `language`; reload() reads everything anew, in another language if wanted. */
async function beforeTicket(person, key, options) {
  await house.prefer(person.accountId, { locale: locales.en });
  const tab = await house.visit(person, `/browse/${key}`, options);
  const view = { tab, panel: await appFrame(tab) };
  view.reload = async (language = 'en') => {
    await house.prefer(person.accountId, { locale: locales[language] });
    await tab.reload();
    view.panel = await appFrame(tab);
  };
  return view;
}

/** The panel says the sentence of `key` now in English, and after a reload in French. Parameters in braces may be anything. */
async function saysInBoth(view, key, values = {}) {
  for (const language of ['en', 'fr']) {
    if (language === 'fr') await view.reload('fr');
    await panelSays(view.panel, language, key, values);
  }
  await view.reload('en');
}

const pattern = (language, key, values) => new RegExp(say(language, key, values).replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\\\{[A-Za-z]+\\\}/g, '.+').replace(/\s/g, '\\s'));
/** The messages that tell of trouble: refusals, and what Belay is still trying. */
const troubles = (panel) => panel.locator('.message-error, .message-warning');
const panelSays = (panel, language, key, values) => panel.getByText(pattern(language, key, values)).first().waitFor();

const TeamViewer = { provider: 'TeamViewer' };
const accountOf = (person) => house.world.teamviewerAccount(house.world.seed.agents.indexOf(person));

describe('before anything is set up', () => {
  before(async () => { house = await House.open({ paired: false }); });
  after(() => house.close());

  test('not paired: the panel says who mends it, and works once it is paired', async () => {
    const view = await beforeTicket(house.world.seed.agents[0], ticket());
    await saysInBoth(view, 'error.not_paired');
    assert.equal(await view.panel.getByRole('button', { name: 'Create session' }).count(), 0);
    await house.world.pair();
    await view.panel.getByRole('button', { name: 'Try again' }).click();
    await view.panel.getByRole('button', { name: 'Connect', exact: true }).waitFor();
  });
});

describe('before the site knows a server', () => {
  before(async () => {
    house = await House.open({ paired: false });
    await house.world.sandbox.change({ forge: { remote: { installation: house.world.sandbox.addresses.installation_id, key: 'belay-server', baseUrl: '' } } });
  });
  after(() => house.close());

  test('nobody is accused: an admin is told where to set it up, an agent what it may be', async () => {
    await saysInBoth(await beforeTicket(house.world.seed.admin, ticket()), 'panel.not_set_up');
    await saysInBoth(await beforeTicket(house.world.seed.agents[0], ticket()), 'panel.unreached');
  });
});

describe('on a paired site', () => {
  let agent;
  before(async () => {
    house = await House.open();
    [agent] = house.world.seed.agents;
    await house.world.linkedAgent(0);
  });

  test('not linked: Connect leads to the personal page', async () => {
    const view = await beforeTicket(house.world.seed.agents[2], ticket());
    await saysInBoth(view, 'panel.connect_account', TeamViewer);
    await view.panel.getByRole('button', { name: 'Connect', exact: true }).click();
    await view.tab.waitForURL((url) => url.pathname.startsWith(house.personalPage));
    await (await appFrame(view.tab)).getByRole('button', { name: 'Connect', exact: true }).waitFor();
  });

  test('a licence that is not eligible: which one it is, and the admin can accept it', async () => {
    const [person] = house.world.seed.unlicensed;
    await link(house.world.caller({ account: person.accountId, page: 'account' }), { account: person.teamviewer.id });
    const view = await beforeTicket(person, ticket());
    for (const language of ['en', 'fr']) {
      if (language === 'fr') await view.reload('fr');
      await panelSays(view.panel, language, 'panel.licence_not_eligible', { ...TeamViewer, type: 'Free', reason: say(language, 'licence.reason.free', TeamViewer) });
    }
    assert.equal(await view.panel.getByRole('button', { name: say('fr', 'create.session') }).count(), 0);
    const { version, installation, health, defaults, ...values } = await house.world.admin.expect(200, 'GET', '/v1/settings');
    await house.world.admin.expect(200, 'PUT', '/v1/settings', { ...values, version, eligibleLicences: { policy: 'listed', types: ['Free', 'Corporate', 'Premium'] } });
    await view.reload('en');
    await view.panel.getByRole('button', { name: 'Create session' }).waitFor();
  });

  test('the licence\'s limit: which session to close, and Try again after it', async () => {
    await house.world.sandbox.change({ teamviewer: { accounts: [{ id: await accountOf(agent), licence: { concurrentSessions: 1 } }] } });
    const view = await beforeTicket(agent, ticket(1));
    const first = await createSession(view.panel, { customer: 'Nobody in particular', invitation: 'No comment, I send the link myself' });
    const open = await codeOf(first);
    await view.panel.getByRole('button', { name: 'Create session' }).click();
    await view.panel.getByLabel('Customer').selectOption({ label: 'Somebody else' });
    await view.panel.getByLabel('Name').fill('Ada Example');
    await view.panel.getByLabel('Invitation').selectOption({ label: 'No comment, I send the link myself' });
    await view.panel.getByRole('form').getByRole('button', { name: 'Create session' }).click();
    await row(view.panel, { state: 'Not made' }).waitFor();
    for (const language of ['en', 'fr']) {
      if (language === 'fr') await view.reload('fr');
      assert.match(await troubles(view.panel).innerText(), pattern(language, 'error.licence_limit_reached.named', { ...TeamViewer, sessionCode: open }));
    }
    await view.reload('en');
    await choose(row(view.panel, { code: open }), 'Close session');
    await row(view.panel, { code: open }).getByRole('button', { name: 'Close session' }).click();
    await row(view.panel, { code: open, state: 'Closed' }).waitFor();
    await until('it is closed at the provider', async () => (await house.world.sandbox.state()).teamviewer.sessions.every(({ code, state }) => code !== open || state === 'closed'));
    await troubles(view.panel).getByRole('button', { name: 'Try again' }).click();
    await row(view.panel, { state: 'Open' }).waitFor();
    assert.equal(await troubles(view.panel).count(), 0);
    await house.world.sandbox.change({ teamviewer: { accounts: [{ id: await accountOf(agent), licence: { concurrentSessions: 100 } }] } });
  });

  test('a token that ran out: nobody notices', async () => {
    const view = await beforeTicket(agent, ticket(2));
    await house.world.sandbox.change({ teamviewer: { accounts: [{ id: await accountOf(agent), expireTokens: true }] } });
    await createSession(view.panel, { customer: 'Nobody in particular', invitation: 'No comment, I send the link myself' });
    assert.equal(await troubles(view.panel).count(), 0);
  });

  test('TeamViewer is down: the wish is kept, the panel goes on, and the session is made by itself', async () => {
    const view = await beforeTicket(agent, ticket(3));
    await house.world.sandbox.change({ teamviewer: { settings: { down: true } } });
    await view.panel.getByRole('button', { name: 'Create session' }).click();
    await view.panel.getByRole('form').getByRole('button', { name: 'Create session' }).click();
    await row(view.panel, { state: 'Being made' }).waitFor();
    await saysInBoth(view, 'error.reason.provider_unreachable', TeamViewer);
    await panelSays(view.panel, 'en', 'error.outcome.waiting');
    assert.equal(await view.panel.locator('.message-error').count(), 0, 'what goes on by itself is no error');
    assert.equal(await row(view.panel, { state: 'Being made' }).getByRole('button', { name: 'Try again' }).count(), 0);
    await house.world.sandbox.change({ teamviewer: { settings: { down: false } } });
    house.world.clock.advance({ minutes: 5 });
    await row(view.panel, { state: 'Open' }).waitFor();
    await view.panel.getByText('Invitation written').or(view.panel.getByText(/left$/)).first().waitFor();
    assert.equal(await troubles(view.panel).count(), 0);
    assert.equal(await view.tab.locator('.comment .lozenge', { hasText: 'App' }).count(), 1);
  });

  test('TeamViewer is down: what is cancelled was never made, and what is closed here is said to be closing until it is', async () => {
    const view = await beforeTicket(agent, ticket(2));
    const open = await codeOf(await createSession(view.panel, { customer: 'Nobody in particular', invitation: 'No comment, I send the link myself' }));
    await house.world.sandbox.change({ teamviewer: { settings: { down: true } } });
    house.world.clock.advance({ minutes: 2 });
    await view.panel.getByRole('button', { name: 'Create session' }).click();
    await view.panel.getByRole('form').getByRole('button', { name: 'Create session' }).click();
    await choose(row(view.panel, { code: 'New session' }), 'Cancel session');
    const cancelled = () => row(view.panel, { state: 'Cancelled' });
    await cancelled().getByText('No session was made.').waitFor();
    await view.reload();
    await cancelled().getByText('No session was made.').waitFor();
    assert.equal(await cancelled().getByText(/Making the session|No invitation/).count(), 0);

    await row(view.panel, { code: open }).getByRole('button', { name: 'Connect to session' }).click();
    await row(view.panel, { code: open }).getByText('nothing was changed').waitFor();
    await choose(row(view.panel, { code: open }), 'Close session');
    await row(view.panel, { code: open }).getByRole('button', { name: 'Close session' }).click();
    await row(view.panel, { code: open, state: 'Closing' }).waitFor();
    assert.equal(await view.panel.getByText('nothing was changed').count(), 0);
    assert.equal((await house.world.sandbox.state()).teamviewer.sessions.find(({ code }) => code === open).state, 'open');
    await house.world.sandbox.change({ teamviewer: { settings: { down: false } } });
    house.world.clock.advance({ minutes: 5 });
    await row(view.panel, { code: open, state: 'Closed' }).waitFor({ timeout: 30_000 });
  });

  test('whom the server tells that there is no such issue any more keeps nothing of it, and has it again when Jira does', async () => {
    const view = await beforeTicket(agent, ticket(6));
    await view.panel.getByRole('region', { name: 'People' }).getByText('Reporter').waitFor();
    await house.world.sandbox.faults([{ match: { party: 'jira', method: 'GET', path: '**/rest/api/3/issue/*' }, answer: { status: 404, body: { errorMessages: ['Issue does not exist or you do not have permission to see it.'], errors: {} } } }]);
    house.world.clock.advance({ minutes: 6 });   // what Jira said of the issue is kept for five
    await panelSays(view.panel, 'en', 'panel.gone');
    assert.deepEqual(await view.panel.getByRole('button').allInnerTexts(), ['Try again']);
    assert.equal(await view.panel.getByRole('listitem').count(), 0);
    await house.world.sandbox.faults([]);
    house.world.clock.advance({ minutes: 6 });
    await view.panel.getByRole('button', { name: 'Try again' }).click();
    await view.panel.getByRole('region', { name: 'People' }).getByText('Reporter').waitFor();
  });

  test('Jira says 429 with Retry-After: nothing is lost, and the invitation follows by itself, once', async () => {
    const view = await beforeTicket(agent, ticket(4));
    await house.world.sandbox.faults([{ match: { party: 'jira', method: 'POST', path: '**/comment' }, times: 1, answer: { status: 429, headers: { 'Retry-After': '30', 'RateLimit-Reason': 'jira-burst-based' }, body: {} } }]);
    await createSession(view.panel);
    await saysInBoth(view, 'error.reason.jira_rate_limited');
    await panelSays(view.panel, 'en', 'error.outcome.waiting');
    house.world.clock.advance({ seconds: 35 });
    await view.tab.locator('.comment', { hasText: 'would like to help you' }).waitFor();
    await troubles(view.panel).waitFor({ state: 'detached' });
    assert.equal(await view.tab.locator('.comment', { hasText: 'would like to help you' }).count(), 1);
  });

  test('a refused comment: the session exists, its link can be copied, and Try again writes it', async () => {
    const view = await beforeTicket(agent, ticket(5), { clipboard: true });
    await house.world.sandbox.faults([{ match: { party: 'jira', method: 'POST', path: '**/comment' }, answer: { status: 400, body: { errorMessages: ['Comment body is not valid.'], errors: {} } } }]);
    const session = await createSession(view.panel);
    await session.getByText('Invitation not written').waitFor();
    await saysInBoth(view, 'error.reason.jira_refused_comment');
    await panelSays(view.panel, 'en', 'error.outcome.not_invited');
    const open = row(view.panel, { state: 'Open' });
    await open.getByText('Jira said: “Comment body is not valid”.').waitFor();
    await open.getByRole('button', { name: 'Copy link' }).click();   // in the message that says so
    await open.getByText('Copied').waitFor();
    await open.getByText('Copied').waitFor({ state: 'detached' });
    await house.world.sandbox.faults([]);
    await open.getByRole('button', { name: 'Try again' }).click();
    await until('focus is on the session, whose button is gone', () => view.panel.evaluate(() => document.activeElement.getAttribute('aria-label')?.endsWith(', Open')));
    await view.tab.locator('.comment', { hasText: 'would like to help you' }).waitFor();
    await troubles(view.panel).waitFor({ state: 'detached' });
  });

  test('Jira does not say what somebody may do: that is no refusal, and it is asked for again', async () => {
    await house.world.sandbox.faults([{ match: { party: 'jira', path: '**/mypermissions' }, answer: { status: 503, body: {} } }]);
    const view = await beforeTicket(house.world.seed.agents[1], ticket(6));
    await saysInBoth(view, 'panel.rights_unknown');
    await panelSays(view.panel, 'en', 'error.reason.jira_unreachable');
    assert.equal(await view.panel.getByText('people who may work on this issue').count(), 0);
    await house.world.sandbox.faults([]);
    house.world.clock.advance({ minutes: 2 });
    await view.panel.getByRole('button', { name: 'Try again' }).click();
    await view.panel.getByRole('button', { name: 'Connect', exact: true }).waitFor();
  });

  test('the server is away for a while: what is known stays, with its age, and it comes back', async () => {
    const view = await beforeTicket(agent, ticket(6));
    await house.world.belayd.stop();
    await view.panel.getByRole('button', { name: 'Refresh' }).click();
    await view.panel.locator('footer').getByText(/No answer from Belay: its server may be away.*Shown as of/).waitFor();
    assert.equal(await view.panel.evaluate(() => document.activeElement.textContent), 'Refresh', 'focus stays on the button');
    await view.panel.getByRole('region', { name: 'People' }).getByText('Reporter').waitFor();
    await house.world.startBelayd();
    await view.panel.getByRole('button', { name: 'Try again' }).click();
    await view.panel.locator('footer').getByText(/No answer from Belay/).waitFor({ state: 'detached' });
    assert.equal(await view.panel.evaluate(() => document.activeElement.textContent), 'Refresh', 'the button that stays has it');
  });

  test('a link that TeamViewer revoked: Connect again, on the personal page, then go on', async () => {
    const view = await beforeTicket(agent, ticket(6));
    // It is the session that finds it out: what Belay asks of its own, for presence and for what became of other sessions, waits so long.
    await house.world.sandbox.faults([{ match: { party: 'teamviewer', method: 'GET' }, hold: 'before' }]);
    await house.world.sandbox.change({ teamviewer: { accounts: [{ id: await accountOf(agent), revokeTokens: true }] } });
    await view.panel.getByRole('button', { name: 'Create session' }).click();
    await view.panel.getByRole('form').getByRole('button', { name: 'Create session' }).click();
    await row(view.panel, { state: 'Not made' }).waitFor();
    await house.world.sandbox.faults([]);
    await saysInBoth(view, 'panel.connect_account_again', TeamViewer);
    await saysInBoth(view, 'session.account_not_connected', TeamViewer);
    assert.equal(await view.panel.getByText(/no longer accepts the connection/).count(), 1, 'told once');
    assert.equal(await view.panel.getByRole('button', { name: 'Try again' }).count(), 0, 'nothing that cannot help');
    await view.panel.getByRole('button', { name: 'Connect', exact: true }).click();
    await view.tab.waitForURL((url) => url.pathname.startsWith(house.personalPage));
    await (await appFrame(view.tab)).getByText('TeamViewer no longer accepts this connection').waitFor();
    await link(house.world.caller({ account: agent.accountId, page: 'account' }), { account: await accountOf(agent) });
    await view.tab.goto(`${house.site}/browse/${ticket(6)}`);
    view.panel = await appFrame(view.tab);
    await row(view.panel, { state: 'Not made' }).getByRole('button', { name: 'Try again' }).click();
    await row(view.panel, { state: 'Open' }).waitFor();
  });
});
