// The people on the ticket, in the browser: whose address is hidden, who is gone, who was tied by hand, and how each is reached.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { link } from '../harness/linking.mjs';
import { letReporterBrowse } from '../harness/seed.mjs';
import { until } from '../harness/wait.mjs';
import { appFrame, say } from './house.mjs';
import { axeClean } from './look.mjs';
import { agent, begin, bothPanels, button, end, goes, here, house, issue, jira, judge, kLive, moves, person, provider, rowOf, shows, standing, teamviewer } from './people_steps.mjs';
import { leaveJira } from './steps.mjs';

const everyMode = (seed) => { for (const account of seed.teamviewer.accounts) account.features = 'remote_control, videocall, chat, meeting'; };
/** On their own profile page, in a browser of theirs: who can see the address from now on. */
async function hides(from) {
  const profile = await house.visit(person, '/manage-profile/profile-and-visibility');
  await profile.getByLabel('Who can see your e-mail address').selectOption(from);
  await profile.getByRole('button', { name: 'Save changes' }).click();
  await profile.waitForLoadState();
  await profile.context().close();
}
/** The site has not granted the scope that hidden addresses take. */
const refuseHiddenAddresses = () => house.world.sandbox.faults([{ match: { party: 'jira', method: 'GET', path: '**/user/email/bulk' }, answer: { status: 403, body: { code: 403, message: 'Unauthorized; scope does not match' } } }]);
afterEach(() => house.rest());

describe('standings that have to do with addresses and accounts', () => {
  before(() => begin(everyMode));
  after(end);

  test('a hidden address: by their own profile page; then known to nobody', async () => {
    const panels = await bothPanels();
    await shows(panels, 'online');
    await hides('me');
    const [{ frame: panel }] = panels;
    const contact = (await house.world.sandbox.state()).teamviewer.contacts.find(({ email }) => email === person.email);
    assert.ok(contact, 'Jira gives the address to the app, so the contact is still found');
    await rowOf(panel).getByRole('button', { name: say('en', 'person.more', { name: person.name }) }).click();
    await panel.getByRole('menuitem', { name: say('en', 'person.how_matched') }).click();
    await rowOf(panel).getByText(say('en', 'person.matched.jira_address')).waitFor({ timeout: kLive });
    await judge(panels, 'panel-person-of-app', { dark: true });

    await jira({ email: '' });
    house.world.clock.advance({ minutes: 11 });   // what the app was given is kept for ten
    await shows(panels, 'address_not_shared');
    for (const { frame, language } of panels) {
      await button(frame, language, 'person.how').click();
      await rowOf(frame).getByText(say(language, 'person.hidden_explained', { provider })).waitFor();
    }
    await judge(panels, 'panel-person-hidden', { dark: true });
  });

  test('an address that is of no use: what is wrong with it, in words of its own', async () => {
    const panels = await bothPanels();
    // What the app was given is kept for ten minutes.
    const has = async (change) => {
      await jira(change);
      house.world.clock.advance({ minutes: 11 });
    };
    for (const [problem, email] of [['malformed', 'priya,raman@example.com'], ['own', agent.email], ['refused', '"priya@raman"@example.com']]) {
      await has({ email, emailVisible: true });
      for (const { frame, language } of panels) {
        await rowOf(frame).getByText(say(language, `standing.address.${problem}`, { provider }), { exact: true }).waitFor({ timeout: 2 * kLive });
        await button(frame, language, 'person.how').click();
        await rowOf(frame).getByText(say(language, `person.address_explained.${problem}`, { provider })).waitFor();
        assert.equal(await rowOf(frame).getByText(email).count(), 0, 'no address is shown');
        for (const offered of ['mode.chat', 'person.add']) assert.equal(await button(frame, language, offered).count(), 0, offered);
        await button(frame, language, 'person.map').waitFor();
        await button(frame, language, 'person.how').click();
      }
    }
    await has({ email: '', emailVisible: false });
    await shows(panels, 'address_not_shared');
  });

  test('somebody whose account was deactivated, and the agent themselves: nothing to do', async () => {
    const panels = await bothPanels();
    const colleague = house.world.seed.agents[1];
    await shows(panels, 'address_not_shared');
    await jira({ active: false }, colleague);
    await Promise.all(panels.map(({ frame, language }) => standing(frame, language, 'inactive', colleague).waitFor({ timeout: kLive })));
    for (const { frame } of panels) for (const who of [colleague, agent]) assert.equal(await rowOf(frame, who).getByRole('button').count(), 0);
    await judge(panels, 'panel-person-inactive', { dark: true });
    await jira({ active: true }, colleague);
  });

  test('mapped by hand to a contact, and undone', async () => {
    const panels = await bothPanels();
    await shows(panels, 'address_not_shared');
    const [{ frame: panel }] = panels;
    for (const { frame, language } of panels) {
      await button(frame, language, 'person.map').click();
      await frame.getByLabel(say(language, 'map.field')).fill('priya');
      await frame.getByRole('list', { name: say(language, 'map.contacts') }).getByRole('button', { name: /priya.raman/i }).waitFor();
    }
    await judge(panels, 'panel-person-map', { dark: true });
    await panel.getByRole('list', { name: say('en', 'map.contacts') }).getByRole('button', { name: /priya.raman/i }).click();
    await shows(panels, 'online');
    assert.ok(await panels[1].frame.getByLabel(say('fr', 'map.field')).isVisible(), 'the other panel\'s form is still open');
    await panels[1].frame.getByRole('form').getByRole('button', { name: say('fr', 'common.cancel') }).click();
    await Promise.all(panels.map(({ frame, language }) => rowOf(frame).getByText(say(language, 'person.tied').split('{')[0]).waitFor({ timeout: kLive })));
    await judge(panels, 'panel-person-mapped', { dark: true });
    await button(panel, 'en', 'person.undo').click();
    await shows(panels, 'address_not_shared');

    await button(panel, 'en', 'person.map').click();
    await panel.getByLabel(say('en', 'map.field')).fill(person.email.toUpperCase());
    await panel.getByRole('button', { name: say('en', 'map.use_address') }).click();
    await shows(panels, 'online');
    await rowOf(panel).getByText(new RegExp(`^Mapped to .${person.email.toUpperCase()}. by`)).waitFor();
    await button(panel, 'en', 'person.undo').click();
    await shows(panels, 'address_not_shared');
  });

  test('a tie by hand that does not count any more is not shown as if it did: the contact is gone; and then their address can be seen again', async () => {
    const panels = await bothPanels();
    const [{ frame: panel }] = panels;
    const { accounts, contacts } = (await house.world.sandbox.state()).teamviewer;
    const { id: owner } = accounts.find(({ email }) => email === agent.email);
    const other = contacts.find((one) => one.owner === owner && one.email !== person.email);
    await house.world.agent().expect(200, 'PUT', `/v1/people/${encodeURIComponent(person.accountId)}/mapping`, { contact: other.id });
    await Promise.all(panels.map(({ frame }) => rowOf(frame).getByRole('button', { name: new RegExp(`${say('en', 'person.undo')}|${say('fr', 'person.undo')}`) }).waitFor({ timeout: kLive })));
    assert.match(await rowOf(panel).innerText(), /Mapped to/);

    await teamviewer({ contacts: [{ id: other.id, deleted: true }] });
    house.world.clock.advance({ seconds: 10 });   // what is known of a contact is kept for a few
    await shows(panels, 'address_not_shared');
    const inVain = ({ frame, language }, ...keys) => rowOf(frame).locator('p', { hasText: keys.map((key) => say(language, key)).join(' ') }).waitFor({ timeout: kLive });
    await Promise.all(panels.map((one) => inVain(one, 'person.tied_to_nobody')));
    await jira({ email: person.email, emailVisible: true });
    await shows(panels, 'online');
    await Promise.all(panels.map((one) => inVain(one, 'person.tied_to_nobody', 'person.counts.profile_address')));
    await judge(panels, 'panel-person-tied-in-vain', { dark: true });
    assert.doesNotMatch(await rowOf(panel).innerText(), /Mapped to/);
    await button(panel, 'en', 'person.undo').click();
    await rowOf(panel).getByText(/does not count/).waitFor({ state: 'detached' });
    await teamviewer({ contacts: [{ id: other.id, owner, email: other.email }] });
  });
});

describe('a site that lets the app read no hidden addresses', () => {
  before(async () => {
    await begin(everyMode);
    await refuseHiddenAddresses();
  });
  after(end);

  test('somebody hides their address while focus is on a way to reach them, and while their menu is open: their line says so within ten seconds, focus stays on their row, the menu stays', async () => {
    const panels = await bothPanels();
    await shows(panels, 'online');
    const [focused, menu] = panels;
    const more = () => rowOf(menu.frame).getByRole('button', { name: say('fr', 'person.more', { name: person.name }) });
    await menu.tab.bringToFront();
    await more().click();
    await menu.frame.getByRole('menuitem', { name: say('fr', 'create.session') }).waitFor();
    await focused.tab.bringToFront();
    await button(focused.frame, 'en', 'mode.call').focus();
    await hides('me');
    await shows(panels, 'address_not_shared');
    for (const { frame, language } of panels) {
      assert.equal(await button(frame, language, 'mode.call').count(), 0);
      for (const offered of ['person.how', 'person.map']) await button(frame, language, offered).waitFor();
    }
    assert.equal(await focused.frame.evaluate(() => document.activeElement.getAttribute('aria-label')), person.name, 'focus is on the row');
    assert.equal(await focused.frame.getByRole('status').innerText(), say('en', 'live.person', { name: person.name, standing: say('en', 'standing.address_not_shared') }));
    await menu.frame.getByRole('menuitem', { name: say('fr', 'create.session') }).waitFor();
    assert.equal(await menu.frame.evaluate(() => document.activeElement.getAttribute('role')), 'menuitem');
    await menu.tab.bringToFront();
    await menu.tab.keyboard.press('Escape');
    assert.ok(await more().evaluate((element) => element === document.activeElement), 'focus is back on the menu’s button');
    await hides('anyone');
    await shows(panels, 'online');
  });
});

describe('a stranger whose address is shown', () => {
  before(async () => {
    await begin((seed) => { seed.teamviewer.contacts = []; });
    await refuseHiddenAddresses();
  });
  after(end);

  test('they hide it while Add stands there: pressing it sends nothing, and the row says so, also once the panel has heard', async () => {
    await moves('somebody.new@example.net');
    const panels = await bothPanels();
    for (const panel of panels) {
      const { frame, language, tab } = panel;
      await jira({ email: person.email, emailVisible: true });
      house.world.clock.advance({ seconds: 10 });   // that the other panel's press found it hidden is remembered for a while
      // Until Add is pressed the panel hears nothing more.
      const isQuestion = (request) => request.url().endsWith('/_forge/invoke') && request.postData()?.includes('/v1/panel');
      const answered = tab.waitForResponse((answer) => isQuestion(answer.request()));
      await frame.getByRole('button', { name: say(language, 'common.refresh'), exact: true }).click();
      await answered;
      await shows([panel], 'not_contact');
      const held = [];
      await tab.route('**/_forge/invoke', (route) => (isQuestion(route.request()) ? held.push(route) : route.continue()));
      await jira({ email: '' });
      await button(frame, language, 'person.add').click();
      const refused = rowOf(frame).getByText(say(language, 'error.address_not_shared'));
      await refused.waitFor();
      await Promise.all(held.map((route) => route.continue()));
      await tab.unroute('**/_forge/invoke');
      await shows([panel], 'address_not_shared');
      assert.ok(await refused.isVisible());
    }
    assert.deepEqual(await house.world.sandbox.journal({ kind: 'invitation.sent' }), []);
  });
});

describe('reaching somebody', () => {
  before(() => begin((seed) => {
    everyMode(seed);
    letReporterBrowse(seed);
  }));
  after(end);

  test('the people of a ticket, in both languages', async () => {
    const panels = await bothPanels({ width: 400 });
    await shows(panels, 'online');
    await judge(panels, 'panel-people', { dark: true });
  });

  test('the picture of a person is on their row; where it cannot be loaded a figure stands in its place, as large, and nothing is broken', async () => {
    const tab = await house.visit(agent, here());
    const pictureOf = (frame) => rowOf(frame).locator('.picture');
    const panel = await appFrame(tab);
    const image = pictureOf(panel).locator('img');
    await image.waitFor();
    await image.evaluate((one) => one.decode());
    assert.ok(await image.evaluate(({ naturalWidth }) => naturalWidth > 0));
    assert.equal(decodeURIComponent(new URL(await image.getAttribute('src')).pathname), `/avatars/${person.accountId}`);
    const others = await panel.locator('.people > li .picture img').evaluateAll((all) => all.map(({ src }) => src));
    assert.equal(new Set(others).size, others.length, 'everybody has their own');
    const sizeOf = (picture) => picture.evaluate((element) => [element.clientWidth, element.clientHeight]);
    const size = await sizeOf(pictureOf(panel));

    await tab.context().route(`**/avatars/${encodeURIComponent(person.accountId)}?*`, (route) => route.fulfill({ status: 404 }));
    await tab.reload();
    const without = await appFrame(tab);
    await standing(without, 'en', 'online').waitFor();
    await pictureOf(without).locator('img').waitFor({ state: 'detached' });
    await pictureOf(without).locator('svg:not(.presence)').waitFor();
    assert.deepEqual(await sizeOf(pictureOf(without)), size);
  });

  test('somebody goes offline while focus is on a way to reach them, and while their menu is open: focus stays on their row, the menu stays', async () => {
    const panels = await bothPanels();
    await shows(panels, 'online');
    const [focused, menu] = panels;
    const more = () => rowOf(menu.frame).getByRole('button', { name: say('fr', 'person.more', { name: person.name }) });
    await menu.tab.bringToFront();
    await more().click();
    await menu.frame.getByRole('menuitem', { name: say('fr', 'create.session') }).waitFor();
    await focused.tab.bringToFront();
    await button(focused.frame, 'en', 'mode.call').focus();
    await goes('Offline');
    await shows(panels, 'offline');
    for (const { frame, language } of panels) assert.equal(await button(frame, language, 'mode.call').count(), 0);
    assert.equal(await focused.frame.evaluate(() => document.activeElement.getAttribute('aria-label')), person.name, 'focus is on the row');
    await menu.frame.getByRole('menuitem', { name: say('fr', 'create.session') }).waitFor();
    assert.equal(await menu.frame.evaluate(() => document.activeElement.getAttribute('role')), 'menuitem');
    await menu.tab.bringToFront();
    await menu.tab.keyboard.press('Escape');
    assert.ok(await more().evaluate((element) => element === document.activeElement), 'focus is back on the menu’s button');
    await goes('Online');
    await shows(panels, 'online');
  });

  test('disconnected in another tab: the open panel takes the people away and offers Connect, and back again', async () => {
    const tab = await house.visit(agent, here());
    const panel = await appFrame(tab);
    await standing(panel, 'en', 'online').waitFor();
    await button(panel, 'en', 'mode.chat').focus();
    const account = await appFrame(await house.visit(agent, house.personalPage, { context: tab.context() }));
    await account.getByRole('button', { name: 'Disconnect' }).click();
    await account.getByRole('group').getByRole('button', { name: 'Disconnect' }).click();
    await account.getByText('Disconnected. Belay now closes your open sessions').first().waitFor();
    await tab.bringToFront();
    await panel.getByText(say('en', 'panel.connect_account', { provider })).waitFor({ timeout: kLive });
    assert.equal(await panel.getByRole('listitem', { name: person.name }).count(), 0);
    assert.deepEqual(await panel.getByRole('button').evaluateAll((all) => all.map(({ textContent }) => textContent).filter((name) => !/left|ago/.test(name))), ['Refresh', 'Connect']);
    assert.ok(await panel.evaluate(() => document.activeElement !== document.body), 'focus is not lost');
    await house.world.linkedAgent(0);
    await standing(panel, 'en', 'online').waitFor({ timeout: 2 * kLive });
  });

  test('somebody is no agent any more while their panel is open: it names nobody and says why, without a reload; and all is back once they are', async () => {
    const panels = await bothPanels();
    await shows(panels, 'online');
    await button(panels[0].frame, 'en', 'mode.call').focus();
    const { project } = house.world.seed;
    const roles = (change) => house.world.sandbox.change({ jira: { roles: { [project.key]: change } } });
    await roles({ 'Service Desk Team': [], Viewers: [agent.accountId, person.accountId] });
    house.world.clock.advance({ minutes: 5, seconds: 1 });   // rights are kept for five
    for (const { frame, language } of panels) {
      await frame.getByText(say(language, 'forbidden.not_agent')).waitFor({ timeout: kLive });
      for (const role of ['listitem', 'form', 'menu']) assert.equal(await frame.getByRole(role).count(), 0, role);
      assert.equal(await frame.getByText(person.name).count(), 0);
      assert.equal(await frame.getByRole('button', { name: say(language, 'create.session') }).count(), 0);
    }
    assert.ok(await panels[0].frame.evaluate(() => document.activeElement !== document.body), 'focus is not lost');
    await roles({ 'Service Desk Team': project.roles['Service Desk Team'], Viewers: project.roles.Viewers });
    house.world.clock.advance({ minutes: 5, seconds: 1 });
    await Promise.all(panels.map(({ frame, language }) => standing(frame, language, 'online').waitFor({ timeout: 2 * kLive })));
  });

  test('each way opens its own page in a new tab, and a hint stands on the row', async () => {
    const panels = await bothPanels();
    await shows(panels, 'online');
    for (const { frame, tab, language } of panels) {
      for (const [mode, action] of [['chat', 'chat'], ['call', 'videocall'], ['control', 'control'], ['present', 'present']]) {
        const opened = await leaveJira(tab, () => button(frame, language, `mode.${mode}`).click());
        await opened.getByText('The client would start').first().waitFor();
        assert.equal(await opened.locator('code').first().innerText(), action);
        assert.ok((await opened.locator('main, body').first().innerText()).includes(person.name));
        await opened.close();
        await rowOf(frame).getByText(say(language, 'person.launch_hint', { provider })).waitFor();
      }
      await frame.getByRole('heading', { name: say(language, 'panel.sessions') }).hover();   // off the button, whose name would be shown
    }
    await judge(panels, 'panel-launch-hint');
  });

  test('somebody who has gone a moment ago: said on their row, and focus stays', async () => {
    const tab = await house.visit(agent, here());
    const panel = await appFrame(tab);
    await standing(panel, 'en', 'online').waitFor();
    const contact = (await house.world.sandbox.state()).teamviewer.contacts.find(({ email }) => email === person.email);
    await teamviewer({ contacts: [{ id: contact.id, deleted: true }] });
    await button(panel, 'en', 'mode.chat').click();
    const refused = rowOf(panel).getByText(say('en', 'error.contact_gone'));
    await refused.waitFor();
    // The panel asks at once how they stand: then the button is gone, focus is on the row, and what was said stays.
    await standing(panel, 'en', 'not_contact').waitFor({ timeout: kLive });
    await until('focus is on the row', () => panel.evaluate((name) => document.activeElement.getAttribute('aria-label') === name, person.name));
    assert.ok(await refused.isVisible());
    await teamviewer({ contacts: [{ id: contact.id, owner: contact.owner, email: contact.email }] });
    house.world.clock.advance({ seconds: 10 });
    await standing(panel, 'en', 'online').waitFor({ timeout: kLive });
  });

  test('a contact who is deleted at TeamViewer while the panel is open: their line says so at the next list, and Add is there; and they are back when they are', async () => {
    const panels = await bothPanels();
    await shows(panels, 'online');
    const contact = (await house.world.sandbox.state()).teamviewer.contacts.find(({ email }) => email === person.email);
    await teamviewer({ contacts: [{ id: contact.id, deleted: true }] });
    house.world.clock.advance({ seconds: 10 });
    await shows(panels, 'not_contact');
    for (const { frame, language } of panels) await button(frame, language, 'person.add').waitFor();
    await teamviewer({ contacts: [{ id: contact.id, owner: contact.owner, email: contact.email }] });
    house.world.clock.advance({ seconds: 10 });
    await shows(panels, 'online');
  });

  test('by keyboard alone: start a chat, leave Jira\'s question, create a session for the person', async () => {
    const tab = await house.visit(agent, here());
    const panel = await appFrame(tab);
    await standing(panel, 'en', 'online').waitFor();
    await rowOf(panel).getByRole('button').first().focus();
    const focus = () => panel.evaluate(() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent);
    for (const mode of ['chat', 'call', 'control', 'present']) {
      await tab.keyboard.press('Tab');
      assert.equal(await focus(), say('en', `mode.${mode}`));
      assert.ok(await rowOf(panel).locator('.tip').getByText(say('en', `mode.${mode}`), { exact: true }).isVisible(), 'its name is shown');
    }
    await tab.keyboard.press('Enter');
    await tab.getByRole('dialog').waitFor();
    await tab.keyboard.press('Escape');
    await tab.getByRole('dialog').waitFor({ state: 'detached' });
    await tab.locator('iframe.forge').focus();   // as Jira's own dialog gives it back; the sandbox's leaves it on the page
    await until('focus is back', async () => (await focus()) === say('en', 'mode.present'));
    assert.equal(await rowOf(panel).getByText(say('en', 'person.launch_hint', { provider })).count(), 0, 'nothing was opened, so nothing is said of it');
    const stops = [];
    for (let presses = 0; presses < 4; presses += 1) {
      await tab.keyboard.press('Shift+Tab');
      stops.push(await focus());
    }
    assert.deepEqual(stops, [...['control', 'call', 'chat'].map((mode) => say('en', `mode.${mode}`)), say('en', 'person.more', { name: person.name })]);
    await tab.keyboard.press('Enter');
    await tab.keyboard.press('Enter');
    await panel.getByRole('form').waitFor();
    assert.equal(await panel.getByLabel('Customer', { exact: true }).inputValue(), person.accountId);
    const offered = await panel.getByLabel('Customer', { exact: true }).locator('option').count();
    const listed = await panel.getByRole('list', { name: 'People' }).getByRole('listitem').count();
    assert.equal(offered, listed - 1 + 2, 'everybody but the agent, somebody else, nobody');
    await tab.keyboard.press('Escape');
    await panel.getByRole('form').waitFor({ state: 'detached' });
    await until('focus is back on the row', async () => (await focus()) === say('en', 'person.more', { name: person.name }));
  });

  test('240 px wide, with a form open', async () => {
    const panels = await bothPanels({ width: 330 });
    await shows(panels, 'online');
    assert.equal(await panels[0].frame.evaluate(() => document.documentElement.clientWidth), 240);
    const other = house.world.seed.people.find(({ accountId }) => issue.participants?.includes(accountId));
    await jira({ email: '' }, other);
    house.world.clock.advance({ minutes: 11 });
    for (const { frame, language } of panels) {
      await standing(frame, language, 'address_not_shared', other).waitFor({ timeout: 2 * kLive });
      await button(frame, language, 'person.map', other).click();
      await frame.getByLabel(say(language, 'map.field')).fill('a');
      await frame.getByRole('list', { name: say(language, 'map.contacts') }).waitFor();
      await button(frame, language, 'person.how', other).click();
    }
    await judge(panels, 'panel-people-narrow');
  });

  test('whoever has no licence sees what their account has', async () => {
    const [unlicensed] = house.world.seed.unlicensed;
    await link(house.world.caller({ account: unlicensed.accountId, page: 'account' }), { account: unlicensed.teamviewer.id });
    const tab = await house.visit(unlicensed, here());
    const panel = await appFrame(tab);
    await panel.getByText('Paid: no').waitFor();
    assert.equal(await panel.getByRole('listitem', { name: person.name }).count(), 0);
  });

  test('a reporter who may look at the issue and is no agent: told so on the ticket, with nobody to see and nothing to press; in the portal there is their own session, to join and nothing else', async () => {
    await house.world.agent().expect(202, 'POST', '/v1/sessions', { customer: { id: person.accountId }, invitation: 'none' });
    const theirs = await appFrame(await house.visit(person, here(), { axe: true }));
    await theirs.getByText(say('en', 'forbidden.not_agent')).waitFor();
    for (const role of ['listitem', 'button', 'link', 'form']) assert.equal(await theirs.getByRole(role).count(), 0, role);
    assert.equal((await theirs.locator('main').innerText()).trim(), [say('en', 'panel.title'), say('en', 'forbidden.not_agent')].join('\n'));
    await axeClean(theirs, 'a reader of the issue');

    const portal = await house.visit(person, `/servicedesk/customer/portal/1/${issue.key}`);
    await portal.getByRole('heading', { name: issue.summary }).waitFor();
    const own = await appFrame(portal);
    await own.getByRole('button', { name: say('en', 'request.join'), exact: true }).first().waitFor({ timeout: 30_000 });
    for (const key of ['create.session', 'session.connect', 'session.close', 'person.add']) assert.equal(await own.getByRole('button', { name: say('en', key) }).count(), 0, key);
  });
});
