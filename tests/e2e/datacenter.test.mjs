// Beside a Jira Data Center or Server, in a browser that blocks third-party cookies: signing in once for every ticket, and what may go wrong with it. The whole job
// is in places.test.mjs.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { openDataCenter, people } from '../harness/datacenter.mjs';
import { Beside, button, opens } from './beside.mjs';
import { House, say } from './house.mjs';
import { axeClean, fits, inFrench, picture } from './look.mjs';
import { createSession } from './steps.mjs';

/** Patience in milliseconds: a panel asks every 8 s. */
const kComes = { timeout: 30_000 };

let house;
let dc;
let server;
before(async () => {
  house = await House.open({ open: openDataCenter, partitioned: true });
  dc = new Beside(house, 'dc');
  server = new Beside(house, 'server');
});
afterEach(() => house.rest());
after(() => house?.close());

const inJira = (tab) => tab.locator('.belay-panel iframe');
async function at(jira, person, path, options = { axe: true }) {
  const tab = await jira.visit(person, path, options);
  return { tab, panel: await jira.panelOf(tab) };
}

test('signed in once by one window, for every ticket; the cookie is this Jira’s own; other sites’ cookies are blocked', async () => {
  const { tab, panel } = await at(dc, people.agent, '/browse/PRESS-1');
  await dc.asks(panel).waitFor();
  await axeClean(panel, 'sign-in');
  await fits(panel, 'sign-in');
  await dc.signIn(panel);
  await button(panel, 'panel.connect').waitFor();

  const cookies = await tab.context().cookies();
  const ours = cookies.filter(({ name }) => name === 'belay_dc');
  assert.equal(ours.length, 1);
  assert.ok(ours[0].httpOnly && ours[0].secure);
  assert.equal(await panel.evaluate(() => { document.cookie = 'third=party; SameSite=None; Secure; Path=/'; return document.cookie; }), '', 'a frame of another site gets no cookies but partitioned ones');

  for (const path of ['/browse/PRESS-2', '/browse/DESK-1']) {
    const next = await at(dc, people.agent, path, { context: tab.context() });
    await button(next.panel, 'panel.connect').waitFor();
    assert.equal(await dc.asks(next.panel).count(), 0, path);
  }
  await tab.reload();
  await button(await dc.panelOf(tab), 'panel.connect').waitFor();
});

test('No at Jira, a window that is closed, and again', async () => {
  const { tab, panel } = await at(dc, people.colleague, '/browse/DESK-1');
  await dc.asks(panel, 'fr').waitFor();
  const window = await opens(tab, () => dc.asks(panel, 'fr').click());
  await window.getByRole('button', { name: 'Deny' }).waitFor();
  await window.close();
  await panel.getByRole('status').getByText(say('fr', 'sign_in.closed')).waitFor();
  assert.ok(await dc.asks(panel, 'fr').isEnabled());
  await dc.signIn(panel, 'fr');
  await button(panel, 'panel.connect', 'fr').waitFor();
});

test('a token that Jira does not know: said in words, and the right one signs in', async () => {
  const { tab, panel } = await at(server, people.agent, '/browse/PRESS-1');
  await server.asks(panel).fill('nobody-has-this');
  await button(panel, 'sign_in.typed_button').click();
  await panel.getByRole('status').getByText(say('en', 'sign_in.refused_typed')).waitFor();
  await axeClean(panel, 'a token that is refused');
  await picture('datacenter-token-refused', inJira(tab));
  await server.signIn(panel);
  await button(panel, 'panel.connect').waitFor();
});

describe('a browser that opens no windows', () => {
  /** As extensions do it that keep windows from opening. */
  const kept = () => { window.open = () => null; };
  async function keeping(jira, person, path) {
    const context = await house.browserOf({ axe: true });
    await context.addInitScript(kept);
    return at(jira, person, path, { context });
  }

  test('words and a link to sign in by; pressed again, another link; and who followed it is signed in at the panel', async () => {
    const { tab, panel } = await keeping(dc, people.agent, '/browse/PRESS-1');
    const link = panel.getByRole('link', { name: say('en', 'sign_in.blocked_link') });
    await dc.asks(panel).click();
    await panel.getByRole('status').getByText(say('en', 'sign_in.blocked')).waitFor();
    await axeClean(panel, 'a window that was kept from opening');
    await fits(panel, 'a window that was kept from opening');
    await picture('datacenter-sign-in-blocked', inJira(tab));
    const first = await link.getAttribute('href');
    await dc.asks(panel).click();
    await panel.locator(`a:not([href="${first}"])`).waitFor();

    const window = await opens(tab, () => link.click());
    await window.getByRole('button', { name: 'Allow' }).click();
    await button(panel, 'panel.connect').waitFor();
  });

  for (const [language, person] of [['en', people.agent], ['fr', people.colleague]]) {
    test(`${language}: what leads out of Jira: words and a link, by keyboard; who stays goes on where they were`, async () => {
      const { tab, panel } = await keeping(dc, person, '/browse/DESK-1');
      await dc.asks(panel, language).click();
      const window = await opens(tab, () => panel.getByRole('link', { name: say(language, 'sign_in.blocked_link') }).click());
      await window.getByRole('button', { name: 'Allow' }).click();
      const connect = button(panel, 'panel.connect', language);
      await connect.click();
      const dialog = panel.getByRole('dialog', { name: say(language, 'leave.blocked') });
      const link = dialog.getByRole('link');
      await link.and(panel.locator(':focus')).waitFor();
      await axeClean(panel, 'a page that was kept from opening');
      await fits(panel, 'a page that was kept from opening');
      await picture(language === 'fr' ? inFrench('datacenter-page-blocked') : 'datacenter-page-blocked', inJira(tab));
      await tab.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      await connect.and(panel.locator(':focus')).waitFor();

      await tab.keyboard.press('Enter');
      await link.and(panel.locator(':focus')).waitFor();
      const page = await opens(tab, () => tab.keyboard.press('Enter'));
      await page.waitForURL(/\/datacenter\/dc\/pages\/account\//);
      await dialog.waitFor({ state: 'detached' });
    });
  }

  test('a session that was to be opened: who stays is told that nothing was, and the link opens it', async () => {
    const { tab, panel } = await at(dc, people.agent, '/browse/PRESS-2');
    await dc.signIn(panel);
    await panel.getByRole('heading', { name: say('en', 'panel.people') }).waitFor();
    if (await button(panel, 'panel.connect').count()) await dc.connect(panel, people.agent);
    await tab.bringToFront();
    await button(panel, 'create.session').first().waitFor(kComes);
    const session = await createSession(panel);
    const connect = session.getByRole('button', { name: say('en', 'session.connect'), exact: true });
    await connect.waitFor(kComes);
    await panel.evaluate(kept);
    await connect.click();
    const dialog = panel.getByRole('dialog', { name: say('en', 'leave.blocked') });
    await dialog.getByRole('button', { name: say('en', 'leave.stay') }).click();
    await session.getByText(say('en', 'session.not_opened')).waitFor();
    await connect.click();
    const supporter = await opens(tab, () => dialog.getByRole('link', { name: /teamviewer/ }).click());
    await supporter.getByText('Start the installed client and join the session as supporter').waitFor();
    await session.getByText(say('en', 'session.opened', { provider: 'TeamViewer' })).waitFor();
  });
});

/** Somebody who has an account connected, in the form for a session, with something typed into it. */
async function typing(jira, person, path) {
  const there = await at(jira, person, path);
  await jira.signIn(there.panel);
  const { panel } = there;
  await panel.getByRole('heading', { name: say('en', 'panel.people') }).waitFor();
  if (await button(panel, 'panel.connect').count()) await jira.connect(panel, person);
  await there.tab.bringToFront();
  await button(panel, 'create.session').first().click(kComes);
  const description = panel.getByLabel(say('en', 'create.description'), { exact: true });
  await description.fill('half typed');
  return { ...there, description };
}

/** Rights are kept for five minutes, and tokens of the pages for ten. */
const pass = () => house.world.clock.advance({ minutes: 11 });

for (const [name, ends] of [
  ['dc', ({ key }) => dc.change({ revokeTokensOf: key })],
  ['server', async (person, { context }) => {
    const profile = await server.visit(person, '/secure/ViewProfile.jspa', { context });
    for (const revoke = profile.getByRole('button', { name: 'Revoke' }).first(); await revoke.count();) await revoke.click();
    await profile.close();
  }],
]) {
  test(`${name}: Jira takes the sign-in back while somebody types: they are asked again, and go on where they were`, async () => {
    const jira = name === 'dc' ? dc : server;
    const { tab, panel, description } = await typing(jira, people.agent, '/browse/PRESS-1');
    await ends(people.agent, { context: tab.context() });
    await tab.bringToFront();
    pass();
    await panel.getByText(say('en', 'sign_in.again')).waitFor(kComes);
    assert.equal(await description.isVisible(), false, 'nothing of the ticket is seen');
    assert.ok(await panel.evaluate(() => document.activeElement !== document.body), 'focus is not lost');
    await axeClean(panel, 'signed out');
    await picture(`datacenter-signed-out-${name}`, inJira(tab));
    await jira.signIn(panel);
    await description.and(panel.locator(':focus')).waitFor();
    assert.equal(await description.inputValue(), 'half typed');
    await panel.getByRole('form').getByRole('button', { name: say('en', 'create.session') }).click();
    await panel.getByRole('listitem').getByText(say('en', 'step.invitation.done')).waitFor(kComes);
  });
}

for (const [name, path] of [['dc', '/browse/DESK-1'], ['server', '/browse/PRESS-1']]) {
  test(`${name}, ${path}: moved out of the project while the panel is open: said in words, nothing of the ticket is shown, and all is back once they are in again`, async () => {
    const jira = name === 'dc' ? dc : server;
    const person = people.agent;
    const { tab, panel } = await at(jira, person, path);
    await jira.signIn(panel);
    await panel.getByRole('heading', { name: say('en', 'panel.people') }).waitFor();
    for (const [groups, words, kept] of [[['staff'], 'forbidden.not_agent', 'not-agent'], [[], 'panel.gone', 'gone']]) {
      await jira.change({ people: { [person.key]: { groups } } });
      pass();
      await panel.locator('main').getByText(say('en', words)).waitFor(kComes);
      assert.equal(await panel.getByText(people.reporter.displayName).count(), 0);
      for (const role of ['listitem', 'form']) assert.equal(await panel.getByRole(role).count(), 0, role);
      await axeClean(panel, words);
      await picture(`datacenter-${kept}`, inJira(tab));
    }
    await button(panel, 'common.try_again').click();   // still out: it says so again, and goes on asking
    await panel.locator('main').getByText(say('en', 'panel.gone')).waitFor();
    await jira.change({ people: { [person.key]: { groups: person.groups } } });
    pass();
    await panel.getByRole('heading', { name: say('en', 'panel.people') }).waitFor(kComes);
  });
}
