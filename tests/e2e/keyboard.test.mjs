// Without a mouse, and with little room: the agent's whole way by keyboard, focus always in sight; 240 px wide; zoomed to 200 %.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { House, appFrame, say } from './house.mjs';
import { focusIs, tabTo } from './keys.mjs';
import { fits } from './look.mjs';
import { createSession, row } from './steps.mjs';

let house;
let agent;
let issues;
before(async () => {
  house = await House.open();
  [agent] = house.world.seed.agents;
  issues = house.world.seed.issues;
  await house.world.linkedAgent(0);
});
afterEach(() => house.rest());
after(() => house?.close());

test('create, copy, connect and close by keyboard, with focus in sight all the way', async () => {
  const tab = await house.visit(agent, `/browse/${issues[0].key}`, { clipboard: true });
  const panel = await appFrame(tab);
  await panel.getByRole('button', { name: 'Create session' }).waitFor();
  await tabTo(tab, panel, 'Create session');
  await tab.keyboard.press('Enter');
  await panel.getByRole('form').waitFor();
  await focusIs(panel, 'Customer');

  // Escape leaves the form and comes back to the button; then in again, and through every field in the order seen.
  await tab.keyboard.press('Escape');
  await panel.getByRole('form').waitFor({ state: 'detached' });
  await focusIs(panel, 'Create session');
  await tab.keyboard.press('Enter');
  await panel.getByRole('form').waitFor();
  await focusIs(panel, 'Customer');
  for (const name of ['Customer', 'Description', 'Valid for', 'Invitation']) {
    await tabTo(tab, panel, name, { most: 2 });
    await panel.evaluate(() => { (window.stops ??= []).push(document.activeElement); });
  }
  // Measured at one moment: what stands above the form may come or go meanwhile.
  const tops = await panel.evaluate(() => window.stops.map((stop) => stop.getBoundingClientRect().top));
  assert.deepEqual(tops, tops.toSorted((a, b) => a - b), 'each comes below what came before');
  await tab.keyboard.press('End');   // the last choice: no comment
  await tabTo(tab, panel, 'Create session', { most: 2 });
  await tab.keyboard.press('Enter');
  const session = row(panel, { state: 'Open' });
  await session.waitFor();
  await focusIs(panel, /, (Open|Being made)$/);

  // The exact time is one stop, the menu the next.
  const left = await tabTo(tab, panel, / left$/, { most: 2 });
  assert.equal(left.role, 'button');
  await tab.keyboard.press('Enter');
  await focusIs(panel, /^Valid until /);
  await tabTo(tab, panel, /^More actions for/, { most: 2 });
  await tab.keyboard.press('Enter');
  await focusIs(panel, 'Copy link');
  await tab.keyboard.press('ArrowUp');
  await focusIs(panel, 'Close session');   // the menu goes round
  await tab.keyboard.press('Home');
  await tab.keyboard.press('Enter');
  await session.getByText('Copied').waitFor();
  await focusIs(panel, /^More actions for/);

  await tabTo(tab, panel, 'Connect to session', { most: 2 });
  await tab.keyboard.press('Enter');
  const dialog = tab.getByRole('dialog', { name: 'You are leaving Jira' });
  await dialog.waitFor();
  await tab.keyboard.press('Escape');   // who stays in Jira goes on where they were
  await panel.getByText(say('en', 'session.not_opened')).first().waitFor();
  await focusIs(panel, 'Connect to session');
  await tab.keyboard.press('Enter');
  await dialog.waitFor();
  const opened = tab.context().waitForEvent('page');
  await dialog.getByRole('button', { name: 'Continue' }).focus();
  await tab.keyboard.press('Enter');
  await (await opened).close();

  await tab.bringToFront();
  await panel.getByRole('button', { name: 'Connect to session' }).focus();
  await tabTo(tab, panel, /^More actions for/, { key: 'Shift+Tab', most: 2 });
  await tab.keyboard.press('ArrowDown');
  await tab.keyboard.press('End');
  await tab.keyboard.press('Enter');
  await tabTo(tab, panel, 'Notes (optional)', { most: 2 });
  await tab.keyboard.type('Done by keyboard');
  await tab.keyboard.press('Escape');   // what was typed is not thrown away
  await tabTo(tab, panel, 'Close session', { most: 1 + 1 });
  await tab.keyboard.press('Enter');
  await row(panel, { state: 'Closed' }).waitFor();
  assert.ok(await panel.evaluate(() => document.activeElement !== document.body), 'focus is not lost');
});

test('the tabs of the admin page by arrow keys', async () => {
  const tab = await house.visit(house.world.seed.admin, house.adminPage);
  const page = await appFrame(tab);
  await page.getByRole('tab', { name: 'Set-up' }).waitFor();
  await tabTo(tab, page, 'Set-up');
  for (const name of ['Customer text', 'Sessions', 'People']) {
    await tab.keyboard.press('ArrowRight');
    await focusIs(page, name);
    assert.equal(await page.getByRole('tab', { name, exact: true }).getAttribute('aria-selected'), 'true');
  }
  await tabTo(tab, page, 'Jira groups whose members may use sessions', { most: 2 });
});

for (const [what, options] of [['240 px wide', { width: 330 }], ['zoomed to 200 %', { width: 640, height: 450, scale: 2 }]]) {
  test(`nothing sticks out when ${what}, in French, the longer of the two`, async () => {
    await house.prefer(agent.accountId, { locale: 'fr-FR' });
    const tab = await house.visit(agent, `/browse/${issues[what.startsWith('240') ? 1 : 2].key}`, options);
    const panel = await appFrame(tab);
    await panel.getByRole('button', { name: say('fr', 'create.session') }).click();
    await panel.getByLabel(say('fr', 'create.customer'), { exact: true }).selectOption({ label: say('fr', 'create.customer.somebody') });
    await fits(panel, `form, ${what}`);
    await panel.getByRole('button', { name: say('fr', 'common.cancel') }).click();
    const session = await createSession(panel, { customer: say('fr', 'create.customer.somebody'), name: 'Zoe von und zu Beispielhausen-Musterstadt', language: 'fr' });
    await session.getByRole('button').first().click();
    await fits(panel, `session with its menu, ${what}`);
    if (what.startsWith('240')) assert.equal(await panel.evaluate(() => document.documentElement.clientWidth), 240);
    await house.prefer(agent.accountId, { locale: 'en-US' });
  });
}
