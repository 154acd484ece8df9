// The admin page without a mouse, tab by tab: pair, write the customer text, settle sessions and people, look at data, audit and reports, unpair. Focus is in sight, and never
// lost.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { until } from '../harness/wait.mjs';
import { House, appFrame, isolated } from './house.mjs';
import { focus, focusIs, focusIsKept, press, tabTo } from './keys.mjs';

let house;
afterEach(async () => {
  try {
    await house.rest();
  } finally {
    await house.close();
  }
});

/** The admin page, on the tab of this name. */
async function adminPage(name, options) {
  house = await House.open(options);
  return goTo(name);
}
async function goTo(name) {
  const tab = await house.visit(house.world.seed.admin, house.adminPage);
  const page = await appFrame(tab);
  if (name) {
    await page.getByRole('tab', { name: 'Set-up' }).waitFor();
    await tabTo(tab, page, 'Set-up');
    for (let presses = 0; (await focus(page)).name !== name; presses += 1) {
      assert.ok(presses < 10, `${name} is reached by arrows`);
      await tab.keyboard.press('ArrowRight');
    }
  }
  return { tab, page };
}
const settings = () => house.world.admin.expect(200, 'GET', '/v1/settings');
const save = async ({ tab, page }) => {
  await press(tab, page, 'Save settings');
  await page.getByText('Settings saved.').first().waitFor();
  await focusIsKept(page);
};

/** Each of them is the next stop, one below the other. */
async function stopsAt({ tab, page }, names) {
  let last = -1;
  for (const name of names) {
    await tab.keyboard.press('Tab');
    const now = await focusIs(page, name);
    assert.ok(now.seen, `focus can be seen on “${now.name}”`);
    const top = await page.evaluate(() => document.activeElement.getBoundingClientRect().bottom);
    assert.ok(top >= last, `“${now.name}” comes below what came before`);
    last = top;
  }
}

test('pair with a code, refused and right; unpair, asked first', async () => {
  const { tab, page } = await adminPage(undefined, { paired: false });
  await page.getByLabel('Pairing code').waitFor();
  await tabTo(tab, page, 'Server address');
  await stopsAt({ tab, page }, ['Use this server', 'Copy command', 'Pairing code', 'Pair']);
  await tab.keyboard.press('Enter');
  await page.getByText('Type the code that the command shows.').waitFor();
  await focusIs(page, 'Pairing code');
  await tab.keyboard.type('AAAA-BBBB-CCCC-DDDD');
  await tab.keyboard.press('Enter');
  await page.getByRole('alert').getByText('This pairing code is not valid for this site').waitFor();
  await focusIs(page, 'Pairing code');
  await tab.keyboard.press('Control+A');
  await tab.keyboard.type(await house.world.belayd.pairingCode(house.site));
  await tab.keyboard.press('Enter');
  await page.getByText(/Paired since/).waitFor();
  await focusIsKept(page);

  await press(tab, page, 'Unpair');
  await focusIs(page, /^This concerns 0 connected accounts/);
  await tab.keyboard.press('Escape');
  await focusIs(page, 'Unpair');
  await tab.keyboard.press('Space');
  await focusIs(page, /^This concerns/);
  await stopsAt({ tab, page }, ['Unpair', 'Cancel']);
  await tab.keyboard.press('Shift+Tab');
  await tab.keyboard.press('Enter');
  await page.getByText('Not paired yet').waitFor();
  await focusIsKept(page);
  await tabTo(tab, page, 'Pairing code', { most: 6 });
});

test('the customer text: variables, a mistake and its place, preview, Reset to default, Discard, Undo, Save', async () => {
  const { tab, page } = await adminPage('Customer text');
  const preview = page.getByRole('region', { name: 'Preview' });
  const standard = (await settings()).customerText.en;
  await stopsAt({ tab, page }, ['Default language', 'English', 'Session link']);
  await tab.keyboard.press('Shift+Tab');
  await tab.keyboard.press('ArrowRight');
  await focusIs(page, 'French');
  await tab.keyboard.press('ArrowLeft');
  await focusIs(page, 'English');

  await tabTo(tab, page, 'Customer text');
  await tab.keyboard.press('Control+A');
  await tab.keyboard.insertText('Dear {{customer.name}}, join here: {{session.link}} {{nobody}}');
  await preview.getByText('Dear Ada Moreau').waitFor();
  await press(tab, page, 'Show the place', { most: 3 });
  await focusIs(page, 'Customer text');
  await tab.keyboard.press('Delete');
  await page.getByRole('listitem').getByText('There is no variable').waitFor({ state: 'detached' });
  await press(tab, page, 'Session code', { key: 'Shift+Tab', most: 10 });
  await focusIs(page, 'Customer text');
  await tab.keyboard.press('Tab');
  await focusIs(page, 'Reset to default');
  await tab.keyboard.press('Space');
  await focusIs(page, 'Customer text');
  assert.equal(await page.evaluate(() => document.activeElement.value), standard);

  await tab.keyboard.press('Control+End');
  await tab.keyboard.type('!');
  await press(tab, page, 'Discard changes', { most: 6 });
  await focusIsKept(page);
  await press(tab, page, 'Undo', { most: 2 });
  await focusIsKept(page);
  await tabTo(tab, page, 'Save settings', { most: 2 });
  await save({ tab, page });
  assert.equal((await settings()).customerText.en, `${standard}!`);
});

test('sessions: validity, invitation and group', async () => {
  const { tab, page } = await adminPage('Sessions');
  await stopsAt({ tab, page }, ['A session is valid for', 'Comment that the customer sees']);
  await tab.keyboard.press('ArrowDown');
  await tab.keyboard.press('Shift+Tab');
  await focusIs(page, 'A session is valid for');
  await tab.keyboard.press('Home');
  await tabTo(tab, page, 'TeamViewer group for sessions');
  await tab.keyboard.type('Help desk');
  await save({ tab, page });
  const { invitation, teamviewerGroup, validityMinutes } = await settings();
  assert.deepEqual({ invitation, teamviewerGroup }, { invitation: 'internal', teamviewerGroup: 'Help desk' });
  assert.ok(validityMinutes < 1440);
});

test('people: groups, licences, and somebody\'s account disconnected', async () => {
  const { tab, page } = await adminPage('People');
  const agent = await house.world.linkedAgent(0);
  const { name } = house.world.seed.agents[0];
  await tabTo(tab, page, 'Jira groups whose members may use sessions');
  await tab.keyboard.type('support-team');
  await tabTo(tab, page, 'Any active paid licence', { most: 2 });
  await tab.keyboard.press('ArrowDown');
  await focusIs(page, 'Only these types');
  await press(tab, page, 'Save settings');
  await focusIs(page, 'Types of licence');
  await tab.keyboard.type('Corporate');
  await save({ tab, page });
  assert.deepEqual((await settings()).eligibleLicences, { policy: 'listed', types: ['Corporate'] });

  const again = await goTo('People');
  await again.page.getByRole('button', { name: `Disconnect ${name}` }).waitFor();
  await press(again.tab, again.page, `Disconnect ${name}`);
  await focusIs(again.page, new RegExp(`^${isolated(name)} has to connect again`));
  await again.tab.keyboard.press('Escape');
  await focusIs(again.page, `Disconnect ${name}`);
  await again.tab.keyboard.press('Enter');
  await focusIs(again.page, new RegExp(`^${isolated(name)} has to connect again`));
  await press(again.tab, again.page, 'Disconnect', { most: 3 });
  await again.page.getByText('Nobody has connected an account yet.').waitFor();
  await focusIsKept(again.page);
  assert.equal((await agent.expect(200, 'GET', '/v1/panel')).viewer.linked, false);
});

test('data: how long it is kept, and one person\'s data', async () => {
  const { tab, page } = await adminPage('Data');
  await page.getByRole('radio').first().waitFor();
  await tabTo(tab, page, /^Until its issue is deleted/, { most: 3 });
  await tab.keyboard.press('ArrowDown');
  await stopsAt({ tab, page }, ['Days']);
  await tab.keyboard.press('Control+A');
  await tab.keyboard.type('never');
  await tab.keyboard.press('Enter');
  await page.getByText('This takes a whole number').waitFor();
  await focusIs(page, 'Days');
  await tab.keyboard.press('Control+A');
  await tab.keyboard.type('30');
  await press(tab, page, 'Change how long', { most: 2 });
  await until('the days are saved', async () => (await settings()).retentionDays === 30);
  await focusIsKept(page);

  await tabTo(tab, page, 'Person', { most: 4 });
  await stopsAt({ tab, page }, ['Account id', 'Show what is kept']);
  await tab.keyboard.press('Enter');
  await focusIs(page, 'Account id');
  await tab.keyboard.type(house.world.seed.admin.accountId);
  await tab.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Export as JSON' }).waitFor();
  await press(tab, page, 'Export as JSON', { most: 4 });
  await page.getByText('What is kept about this account is in').first().waitFor();
  await focusIsKept(page);
  await press(tab, page, 'Erase', { most: 4 });
  await focusIs(page, /^Everything that is kept about/);
  await tab.keyboard.press('Escape');
  await focusIs(page, 'Erase');
});

test('audit and reports: their filters, their lists and their files', async () => {
  const { tab, page } = await adminPage('Audit');
  await page.getByRole('table').waitFor();
  await stopsAt({ tab, page }, ['Time', 'What']);
  await press(tab, page, 'Show entries', { most: 6 });
  await focusIs(page, 'Show entries');
  await tabTo(tab, page, 'Audit log', { most: 6 });   // the list itself, to be scrolled
  await press(tab, page, 'Export as CSV');
  await page.getByText(/entr(y is|ies are) in belay/).first().waitFor();
  await focusIsKept(page);

  await tabTo(tab, page, 'Audit', { key: 'Shift+Tab' });
  await tab.keyboard.press('ArrowRight');
  await focusIs(page, 'Reports');
  await page.getByText('No session was asked for in this time.').first().waitFor();   // until then the button says that it is busy
  await press(tab, page, 'Show figures', { most: 6 });
  await focusIs(page, 'Show figures');
});
