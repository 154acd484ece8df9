// The panel in Jira Data Center and Server as it looks on the way through the job: clean under axe in the theme of the page around it, nothing cut off, in English and
// French. With BELAY_PICTURES=1 the pictures are taken.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { openDataCenter, people } from '../harness/datacenter.mjs';
import { until } from '../harness/wait.mjs';
import { Beside, button } from './beside.mjs';
import { House, grown, say } from './house.mjs';
import { axeClean, fits, inFrench, picture } from './look.mjs';
import { choose, codeOf, createSession, row } from './steps.mjs';

/** Patience in milliseconds: a panel asks every 8 s. */
const kComes = { timeout: 30_000 };

let house;
before(async () => { house = await House.open({ open: openDataCenter, partitioned: true }); });
afterEach(() => house.rest());
after(() => house?.close());

const inJira = (tab) => tab.locator('.belay-panel iframe');
const themeOf = (page) => page.evaluate(() => document.documentElement.dataset.colorMode);

/** Jira's own page changes its theme, and the frame hears of it. */
async function turn(tab, panel, theme) {
  await tab.evaluate((mode) => { document.documentElement.dataset.colorMode = mode; }, theme);
  await until(`the panel is ${theme}`, async () => await themeOf(panel) === theme);
  // Colours that fade would be judged half-way.
  await panel.evaluate(() => document.getAnimations().forEach((animation) => animation instanceof CSSTransition && animation.finish()));
}

/** Judged in every theme of this Jira, and kept as a picture of the frame, or of the `whole` page, in each of `kept`. */
async function judge({ tab, panel, themes, language }, name, { kept = ['light'], whole = false } = {}) {
  await tab.evaluate(() => scrollTo(0, 0));   // a page that is loaded again is where it was, and what is out of sight is not drawn
  // What was under the pointer when a window came in front still believes that it is.
  const { x, y } = await inJira(tab).boundingBox();
  for (const place of [[x + 1, y + 1], [0, 0]]) await tab.mouse.move(...place);
  for (const theme of themes) {
    if (themes.length > 1) await turn(tab, panel, theme);
    await axeClean(panel, `${name}, ${language}, ${theme}`);
    await fits(panel, `${name}, ${language}, ${theme}`);
    await grown(panel.locator('body'));
    if (kept.includes(theme)) await picture(`${language === 'fr' ? inFrench(name) : name}${theme === 'dark' ? '-dark' : ''}`, ...(whole ? [tab, { fullPage: true }] : [inJira(tab)]));
  }
}

for (const { name, key, person, language, themes, contact } of [
  { name: 'dc', key: 'DESK-1', person: people.agent, language: 'en', themes: ['dark', 'light'], contact: people.reporter },
  { name: 'dc', key: 'DESK-1', person: people.colleague, language: 'fr', themes: ['dark', 'light'], contact: people.agent },
  { name: 'server', key: 'PRESS-1', person: people.agent, language: 'en', themes: ['light'], contact: people.reporter },
]) {
  test(`${name}, ${key}, ${language}: sign-in, account, people, form, invitation, a customer who waits, and the result`, async () => {
    const jira = new Beside(house, name);
    const pictures = name === 'dc' ? 'datacenter' : 'server';
    const tab = await jira.visit(person, `/browse/${key}`, { axe: true, width: 1180, height: 1000, locale: language === 'fr' ? 'fr-FR' : 'en-GB' });
    const panel = await jira.panelOf(tab);
    const here = { tab, panel, themes, language };
    await jira.asks(panel, language).waitFor();
    await judge(here, `${pictures}-sign-in`);
    await jira.signIn(panel, language);
    await button(panel, 'panel.connect', language).waitFor();
    await judge(here, `${pictures}-not-linked`);
    await jira.connect(panel, person, language);
    await tab.bringToFront();

    await panel.getByRole('listitem', { name: contact.displayName, exact: true }).getByText(say(language, 'standing.online'), { exact: true }).waitFor(kComes);
    await judge(here, `${pictures}-people`, { kept: ['light', 'dark'] });
    await button(panel, 'create.session', language).first().click();
    await panel.getByRole('form').waitFor();
    await judge(here, `${pictures}-create`);
    await button(panel, 'common.cancel', language).click();
    const made = await createSession(panel, { language });
    await made.getByText(say(language, 'step.invitation.done')).waitFor(kComes);
    const code = await codeOf(made);

    await house.world.sandbox.change({ teamviewer: { sessions: [{ code, online: true }] } });
    await row(panel, { code, state: say(language, 'state.customer_present') }).waitFor(kComes);
    await tab.reload();   // Jira shows the invitation with the next look
    const again = { ...here, panel: await jira.panelOf(tab) };
    const session = row(again.panel, { code });
    await session.waitFor();
    await again.panel.getByRole('listitem', { name: contact.displayName, exact: true }).getByText(say(language, 'standing.online'), { exact: true }).waitFor(kComes);
    await judge(again, `${pictures}-panel`, { kept: ['light', 'dark'], whole: true });

    await choose(session, say(language, 'session.close'), language);
    await session.getByLabel(say(language, 'session.close_notes')).fill(language === 'fr' ? 'Pilote remplacé.' : 'Driver replaced.');
    await session.getByRole('button', { name: say(language, 'session.close'), exact: true }).click();
    await row(again.panel, { code, state: say(language, 'state.closed') }).waitFor(kComes);
    const { accounts } = (await house.world.sandbox.state()).teamviewer;
    const account = accounts.find(({ email }) => email === person.email).id;
    await house.world.sandbox.change({ teamviewer: { records: [{ session: code, account, startedSecondsAgo: 1100, seconds: 1080, rating: 5, comment: language === 'fr' ? 'Rapide et aimable' : 'Quick and kind' }] } });
    house.world.clock.advance({ minutes: 3 });
    await row(again.panel, { code, state: say(language, 'state.reported') }).getByText('18 min').waitFor(kComes);
    await tab.reload();   // without the steps of its making
    const last = { ...here, panel: await jira.panelOf(tab) };
    await row(last.panel, { code, state: say(language, 'state.reported') }).waitFor();
    await judge(last, `${pictures}-result`, { whole: true });
  });
}

test('who has Jira in dark sees the panel in dark at once; Server 9.12 has no themes', async () => {
  for (const [name, path, theme] of [['dc', '/browse/DESK-1', 'dark'], ['server', '/browse/DESK-1', 'light']]) {
    const jira = new Beside(house, name);
    await jira.change({ people: { [people.admin.key]: { theme: 'dark' } } });
    const tab = await jira.visit(people.admin, path, { axe: true, colorScheme: 'light' });
    const panel = await jira.panelOf(tab);
    await jira.signIn(panel);
    await button(panel, 'panel.connect').waitFor();
    assert.equal(await themeOf(panel), theme);
    await axeClean(panel, `${name} of somebody who likes it dark`);
    await jira.change({ people: { [people.admin.key]: { theme: 'light' } } });
  }
});

for (const [language, locale] of [['en', 'en_US'], ['fr', 'fr_FR']]) {
  test(`${language}: our own pages, as Jira’s menus lead there, in what their reader reads in Jira and not in what the browser speaks`, async () => {
    const jira = new Beside(house, 'dc');
    await jira.change({ people: { [people.admin.key]: { locale } } });
    const tab = await jira.visit(people.admin, '/secure/admin/ViewApplicationProperties.jspa', { axe: true, width: 1180, height: 1000, locale: 'en-GB' });
    const steps = [
      ['admin', async () => {
        await tab.locator('main').getByRole('link', { name: 'Belay' }).click();
        await jira.signIn(tab);   // before it, the page knows of nobody whose language it could speak
        await tab.getByText(say(language, 'health.storage.ok')).waitFor();
      }],
      ['admin-sessions', () => tab.getByRole('tab', { name: say(language, 'admin.tab.sessions'), exact: true }).click()],
      ['admin-people', () => tab.getByRole('tab', { name: say(language, 'admin.tab.people'), exact: true }).click()],
      ['project', async () => {
        await tab.goto(`${jira.url}/plugins/servlet/project-config/PRESS`);
        await tab.locator('main a[href*="/pages/project/"]').click();
        await tab.getByRole('region', { name: say(language, 'text.preview') }).locator('.adf-link').first().waitFor();
        await tab.getByRole('link', { name: say(language, 'leave.back_to_project', { key: 'PRESS' }) }).waitFor();
      }],
      ['account', async () => {
        await tab.goto(`${house.world.publicUrl}/datacenter/dc/pages/account/`);
        await button(tab, 'account.connect', language).waitFor();
      }],
      ['own-sessions', async () => {
        await tab.goto(`${house.world.publicUrl}/datacenter/dc/pages/sessions/`);
        await tab.getByRole('contentinfo').waitFor();
      }],
    ];
    for (const [name, go] of steps) {
      await go();
      await tab.getByText(say(language, 'sign_in.out')).waitFor();
      assert.equal(await tab.evaluate(() => document.documentElement.lang), language);
      await axeClean(tab, `${name}, ${language}`);
      await fits(tab, `${name}, ${language}`);
      await picture(language === 'fr' ? inFrench(`datacenter-page-${name}`) : `datacenter-page-${name}`, tab, { fullPage: true });
    }
    await jira.change({ people: { [people.admin.key]: { locale: 'en_US' } } });
  });
}

test('the portal has no panel: the plugin has no place there', async () => {
  const jira = new Beside(house, 'dc');
  const tab = await jira.visit(people.customer, '/servicedesk/customer/portal/1/DESK-1');
  await tab.getByRole('heading', { name: 'Printer prints blank pages' }).waitFor();
  assert.equal(await tab.locator('iframe, .belay-panel').count(), 0);
});

test('a panel that is out of sight has its height before somebody scrolls to it', async () => {
  const jira = new Beside(house, 'dc');
  const tab = await jira.visit(people.admin, '/browse/DESK-1');
  await jira.signIn(await jira.panelOf(tab));
  await tab.evaluate(() => {
    document.querySelector('aside').style.marginBlockStart = '5000px';
    document.querySelector('.belay-panel iframe').remove();   // the plugin's script puts in another
  });
  await button(await jira.panelOf(tab), 'panel.connect').waitFor();
  await until('it is as high as its page', async () => (await inJira(tab).boundingBox()).height > 200);
  assert.equal(await tab.evaluate(() => scrollY), 0, 'nobody has scrolled');
});
