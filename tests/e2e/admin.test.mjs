// The admin's part: install, point at the server, pair, write the customer text, decide who may, undo a link, unpair.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { until } from '../harness/wait.mjs';
import { House, appFrame, isolated } from './house.mjs';
import { createSession } from './steps.mjs';

let house;
const open = async (options) => { house = await House.open(options); };
afterEach(async () => {
  try {
    await house.rest();
  } finally {
    await house.close();
  }
});

const admin = () => house.world.seed.admin;
async function adminPage(tabName, options) {
  const tab = await house.visit(admin(), house.adminPage, options);
  const page = await appFrame(tab);
  if (tabName) await page.getByRole('tab', { name: tabName, exact: true }).click();
  return { tab, page };
}
const save = async (page) => {
  await page.getByRole('button', { name: 'Save settings' }).click();
  await page.getByText('Settings saved.').first().waitFor();
};
const settings = () => house.world.admin.expect(200, 'GET', '/v1/settings');

describe('from nothing to a paired site', () => {
  beforeEach(() => open({ paired: false }));

  test('install, Configure, the server behind Jira\'s question, the code of belayd pair', async () => {
    const tab = await house.visit(admin(), '/plugins/servlet/upm');
    await tab.getByRole('button', { name: 'Uninstall' }).click();
    await tab.getByRole('link', { name: 'Find new apps' }).click();
    await tab.getByRole('button', { name: 'Install' }).click();
    await tab.getByRole('link', { name: 'Configure' }).click();
    const page = await appFrame(tab);
    await page.getByText('No server yet.').waitFor();
    assert.equal(await page.locator('.message-error').count(), 0, 'nothing has failed yet');

    const address = page.getByLabel('Server address');
    const use = page.getByRole('button', { name: 'Use this server' });
    const question = tab.getByRole('dialog', { name: 'Allow this app to exchange data with a server?' });
    await address.fill('http://support.example.com');
    await use.click();
    await page.getByText('The address has to begin with https://').waitFor();
    assert.equal(await question.count(), 0, 'a bad address is not even asked for');
    await address.fill(house.world.publicUrl);
    await use.click();
    await question.getByText(house.world.publicUrl).waitFor();
    await question.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('alert').getByText('Jira did not accept the address, so nothing was changed').waitFor();
    await use.click();
    await question.getByRole('button', { name: 'Allow' }).click();
    await page.getByText('Jira now sends Belay’s calls to this server.').first().waitFor();

    const pair = page.getByRole('region', { name: 'Pairing' });
    await until('focus is where the code goes', () => pair.getByLabel('Pairing code').evaluate((field) => field === document.activeElement));
    await pair.getByText(`runuser -u belay -- belayd pair --config /etc/belay/belay.toml --site ${house.site}`).waitFor();
    await pair.getByText('This is a trial site: ./run has printed the command').waitFor();
    await pair.getByLabel('Pairing code').fill('AAAA-BBBB-CCCC-DDDD');
    await pair.getByRole('button', { name: 'Pair' }).click();
    await pair.getByRole('alert').getByText('This pairing code is not valid for this site').waitFor();
    await pair.getByLabel('Pairing code').fill(await house.world.belayd.pairingCode(house.site));
    await pair.getByRole('button', { name: 'Pair' }).click();
    await pair.getByText(new RegExp(`Paired since .* by ${isolated(admin().name)}`)).waitFor();
    await pair.getByText(`Site ${house.site}`).waitFor();

    const health = page.getByRole('region', { name: 'Health' });
    for (const line of ['The server’s database answers.', 'The app’s token for Jira is fresh.', 'Jira answers the server.', 'TeamViewer answers the server.', 'The first hourly call is expected within the hour.']) await health.getByText(line).waitFor();
    await health.getByText(/^Received .*valid until/).waitFor();
    for (const name of ['Customer text', 'Sessions', 'People']) await page.getByRole('tab', { name, exact: true }).waitFor();
  });

  test('nobody but a Jira admin sees the page', async () => {
    const tab = await house.visit(house.world.seed.agents[0], house.adminPage);
    await tab.getByText('Only Jira admins can see it.').waitFor();
    assert.equal(await tab.locator('iframe.forge').count(), 0);
  });
});

describe('a paired site', () => {
  beforeEach(() => open());

  test('the customer text: live preview, a broken variable marked and refused, saved, and on the ticket', async () => {
    const { tab, page } = await adminPage('Customer text');
    const editor = page.getByLabel('Customer text', { exact: true }).and(page.locator('textarea'));
    const preview = page.getByRole('region', { name: 'Preview' });
    await preview.getByText('Robin Hale would like to help you').waitFor();
    const standard = await editor.inputValue();
    const changed = 'Dear {{customer.name}},\n\njoin here: {{session.link}}\ncode {{session.code}}';
    await editor.fill(changed);
    await preview.getByText('Dear Ada Moreau').waitFor();
    assert.equal(await preview.locator('.adf-link').count(), 1, 'the session link looks like one');
    assert.equal(await preview.locator('[href]').count(), 0, 'and leads nowhere');
    await page.getByText('Not saved yet: customer text (English)').waitFor();

    // Broken and unknown variables are marked where they stand; saving is refused and keeps what was typed.
    await editor.fill(`${changed}\n\n{{session.pasword}} and {{agent.name`);
    await page.getByText('There is no variable “session.pasword”.', { exact: true }).waitFor();
    await page.getByRole('listitem').getByText(/“.*agent\.name.*” is a broken variable/).waitFor();
    assert.deepEqual(await page.locator('.editor-marks mark').allTextContents(), ['{{session.pasword}}', '{{agent.name']);
    await page.getByRole('button', { name: 'Show the place' }).first().click();
    assert.equal(await editor.evaluate((area) => area.value.slice(area.selectionStart, area.selectionEnd)), '{{session.pasword}}');
    await page.getByRole('button', { name: 'Save settings' }).click();
    await page.getByRole('alert').getByText('The customer text has a mistake, so nothing was saved').waitFor();
    assert.equal((await settings()).customerText.en, standard);
    await editor.fill('Nothing to follow');
    const missing = page.getByRole('listitem').getByText('The session link is missing. Nobody could join.');
    await missing.waitFor();

    // A variable is put in where the caret is.
    await editor.fill('Hello , ');
    await editor.evaluate((area) => area.setSelectionRange(6, 6));
    await page.getByRole('button', { name: 'Customer’s name' }).click();
    assert.equal(await editor.inputValue(), 'Hello {{customer.name}}, ');

    await editor.fill(changed);
    await missing.waitFor({ state: 'detached' });
    await until('what was said of the mistake is gone with it', async () => await page.getByRole('alert').count() === 0);
    await save(page);
    assert.equal((await settings()).customerText.en, changed);
    const agent = await house.world.linkedAgent(0);
    await agent.expect(202, 'POST', '/v1/sessions', { customer: { id: house.world.seed.issue.reporter } });
    await tab.goto(`${house.site}/browse/${house.world.seed.issue.key}`);
    await tab.locator('.comment', { hasText: 'join here:' }).getByText(/Dear Priya Raman/).waitFor();
  });

  test('Save settings is in sight wherever the reader has scrolled Jira\'s page to, and moves nothing', async () => {
    const { tab, page } = await adminPage('Customer text', { width: 1280, height: 600 });
    const editor = page.locator('textarea.editor-text');
    await page.getByRole('region', { name: 'Preview' }).locator('.adf-link').first().waitFor();
    const [heading, tabs, first] = await Promise.all([tab.getByRole('heading', { level: 1 }).first(), page.getByRole('tablist').first(), page.getByText('Default language', { exact: true })].map((one) => one.boundingBox()));
    assert.ok(Math.abs(tabs.x - heading.x) <= 2, 'the page begins where Jira\'s heading does');
    assert.ok(first.y - tabs.y - tabs.height <= 24, 'no room is kept between the tabs and what they show');
    const before = await editor.boundingBox();
    await editor.pressSequentially('!');
    assert.equal((await editor.boundingBox()).y, before.y, 'the text stays under the caret');
    const save = page.getByRole('button', { name: 'Save settings' });
    await save.waitFor();
    const most = await tab.evaluate(() => document.documentElement.scrollHeight - innerHeight);
    assert.ok(most > 200, 'the page is longer than the window');
    const inSight = async () => {
      const { y, height } = await save.boundingBox();
      return y >= 0 && y + height <= 600;
    };
    for (const to of [0, 60, 120, most, 100, 0]) {
      await tab.evaluate((top) => scrollTo(0, top), to);
      await until(`the button is in sight at ${to} of ${most}`, inSight);
    }
    await page.getByRole('tab', { name: 'Set-up', exact: true }).click();
    await until('the button is in sight on another tab', inSight);
    await save.click();
    await page.getByText('Settings saved.').last().waitFor();
  });

  test('Ctrl+Z takes back a variable and Reset to default; what was discarded comes back with Undo', async () => {
    const { page } = await adminPage('Customer text');
    const editor = page.locator('textarea.editor-text');
    const standard = await editor.inputValue();
    await editor.fill('Hello , {{session.link}}');
    await editor.evaluate((area) => area.setSelectionRange(6, 6));
    await page.getByRole('button', { name: 'Customer’s name' }).click();
    assert.equal(await editor.inputValue(), 'Hello {{customer.name}}, {{session.link}}');
    assert.equal(await editor.evaluate((area) => document.activeElement === area && area.selectionStart), 'Hello {{customer.name}}'.length, 'typing goes on behind it');
    await editor.press('Control+z');
    assert.equal(await editor.inputValue(), 'Hello , {{session.link}}');
    await page.getByRole('button', { name: 'Reset to default' }).click();
    assert.equal(await editor.inputValue(), standard);
    await editor.press('Control+z');
    assert.equal(await editor.inputValue(), 'Hello , {{session.link}}');
    await page.getByRole('button', { name: 'Discard changes' }).click();
    assert.equal(await editor.inputValue(), standard);
    await page.getByRole('button', { name: 'Undo' }).click();
    assert.equal(await editor.inputValue(), 'Hello , {{session.link}}');
  });

  test('leaving with something unsaved is asked about, by the browser', async () => {
    const { tab, page } = await adminPage('Sessions');
    await page.getByLabel('A session is valid for').selectOption({ label: '4 hours' });
    await page.getByLabel('TeamViewer group for sessions').click();
    const asked = tab.waitForEvent('dialog');
    const leaving = tab.getByRole('link').first().click({ noWaitAfter: true });
    const dialog = await asked;
    assert.equal(dialog.type(), 'beforeunload');
    await dialog.dismiss();
    await leaving;
    assert.equal(await page.getByLabel('A session is valid for').inputValue(), '240');
    await save(page);
    await tab.getByRole('link').first().click();
    await tab.waitForURL((url) => !url.pathname.startsWith(house.adminPage));
  });

  test('Reset to default brings back the text that ships, in each language', async () => {
    const { page } = await adminPage('Customer text');
    const editor = page.locator('textarea.editor-text');
    const { customerText: standard } = await settings();
    for (const [name, language] of [['English', 'en'], ['French', 'fr']]) {
      await page.getByRole('tab', { name, exact: true }).click();
      const reset = page.getByRole('button', { name: 'Reset to default' });
      await reset.and(page.locator(':disabled')).waitFor();
      await editor.fill('{{session.link}}');
      await reset.click();
      assert.equal(await editor.inputValue(), standard[language]);
    }
    assert.equal(await page.getByRole('button', { name: 'Save settings' }).count(), 0, 'nothing is left to save');
  });

  test('validity, visibility and group are what the next session gets', async () => {
    const { page } = await adminPage('Sessions');
    await page.getByLabel('A session is valid for').selectOption({ label: '4 hours' });
    await page.getByLabel('Comment that only the team sees').check();
    await page.getByLabel('TeamViewer group for sessions').fill('Help desk');
    await page.getByText('Not saved yet: validity, visibility of invitations, and TeamViewer group').or(page.getByText(/Not saved yet:.*validity/)).first().waitFor();
    await save(page);

    await house.world.linkedAgent(0);
    const tab = await house.visit(house.world.seed.agents[0], `/browse/${house.world.seed.issue.key}`);
    const panel = await appFrame(tab);
    const session = await createSession(panel);
    await session.getByText('Invitation written').waitFor();
    await session.getByText(/3 h 59 left|4 h left/).waitFor();
    await tab.locator('.comment.internal', { hasText: 'would like to help you' }).waitFor();
    const { groups } = (await house.world.sandbox.state()).teamviewer;
    assert.ok(groups.some(({ name }) => name === 'Help desk'), 'the group was made');
  });

  test('allowed groups and eligible licences decide at once', async () => {
    const { page } = await adminPage('People');
    const ticket = `/browse/${house.world.seed.issue.key}`;
    await house.world.linkedAgent(0);
    await page.getByLabel('Jira groups whose members may use sessions').fill('jira-administrators');
    await save(page);
    const tab = await house.visit(house.world.seed.agents[0], ticket);
    await (await appFrame(tab)).getByText('Your admin has limited sessions to certain groups, and you are in none of them').waitFor();

    await page.getByLabel('Jira groups whose members may use sessions').fill('jira-administrators\nsupport-team');
    await page.getByLabel('Only these types').check();
    await page.getByText('Name at least one type.').waitFor();
    await page.getByRole('tab', { name: 'Sessions', exact: true }).click();
    await page.getByRole('button', { name: 'Save settings' }).click();
    await page.getByRole('alert').getByText('“Only these types” is chosen, but no type is named, so nothing was saved.').waitFor();
    assert.equal(await page.getByLabel('Types of licence').evaluate((field) => field === document.activeElement), true, 'focus is where something is missing');
    await page.getByLabel('Types of licence').fill('Tensor');
    await save(page);
    await tab.reload();
    await (await appFrame(tab)).getByText('Your TeamViewer licence (Corporate) cannot be used here. Your admin accepts only “Tensor”; this account has “Corporate”.').waitFor();
    await page.getByLabel('Types of licence').fill('Tensor\nCorporate');
    await save(page);
    await tab.reload();
    await (await appFrame(tab)).getByRole('button', { name: 'Create session' }).waitFor();
  });

  test('an admin undoes somebody\'s link: the session is closed, the token revoked, the panel asks anew', async () => {
    const agent = await house.world.linkedAgent(0);
    await agent.expect(202, 'POST', '/v1/sessions', { customer: { name: 'Zoe Example' }, invitation: 'none' });
    await until('the session is made', async () => (await house.world.sandbox.journal({ kind: 'session.created' })).length === 1);
    const { tab: jira, page } = await adminPage('People');
    const { name, teamviewer } = house.world.seed.agents[0];
    const table = page.getByRole('group', { name: 'Connected accounts' });
    await table.getByText(teamviewer.email).waitFor();
    await table.getByText('Corporate').waitFor();
    await table.getByRole('button', { name: `Disconnect ${name}` }).click();
    const question = table.getByText(`1 open session of ${isolated(name)} is closed`);
    await question.waitFor();
    await table.getByRole('button', { name: 'Cancel' }).click();
    await table.getByRole('button', { name: `Disconnect ${name}` }).click();
    await question.waitFor();
    await table.getByRole('button', { name: 'Disconnect', exact: true }).click();
    await page.getByText('Nobody has connected an account yet.').waitFor();
    await until('focus is in the list', () => page.evaluate(() => document.activeElement.getAttribute('aria-labelledby') === 'links-title'));
    await until('closed and revoked', async () => {
      const kinds = (await house.world.sandbox.journal({ party: 'teamviewer' })).map(({ kind }) => kind);
      return kinds.includes('session.closed') && kinds.includes('token.revoked');
    });
    const tab = await house.visit(house.world.seed.agents[0], `/browse/${house.world.seed.issue.key}`);
    await (await appFrame(tab)).getByRole('button', { name: 'Connect', exact: true }).waitFor();
  });

  test('two admins at once: the later one loses nothing and overwrites nothing', async () => {
    const one = await adminPage('Sessions');
    const two = await adminPage('Sessions');
    await two.page.getByLabel('A session is valid for').selectOption({ label: '8 hours' });
    await one.page.getByLabel('A session is valid for').selectOption({ label: '4 hours' });
    await one.page.getByRole('button', { name: 'Save settings' }).click();
    await one.page.getByText('Settings saved.').first().waitFor();
    await two.page.getByLabel('TeamViewer group for sessions').fill('Desk two');
    await two.page.getByText(/^Not saved yet: .*validity.* and .*group/).waitFor();
    await two.page.getByRole('button', { name: 'Save settings' }).click();
    await two.page.getByRole('alert').getByText('Somebody else saved the settings meanwhile').waitFor();
    const theirs = two.page.getByRole('button', { name: 'Load their settings' });
    assert.notEqual(await theirs.evaluate((button) => getComputedStyle(button).backgroundColor), 'rgba(0, 0, 0, 0)', 'on red it has a ground of its own');
    await theirs.click();
    await save(two.page);
    assert.equal((await settings()).teamviewerGroup, 'Desk two');
  });

  test('unpair: how much goes is said, everything is forgotten, and every page says how to begin again', async () => {
    const agent = await house.world.linkedAgent(0);
    await agent.expect(202, 'POST', '/v1/sessions', { customer: { name: 'Zoe Example' }, invitation: 'none' });
    const { page } = await adminPage();
    const unpair = page.getByRole('button', { name: 'Unpair' });
    await unpair.click();
    await page.getByText('This concerns 1 connected account and 1 open session. Every open session').waitFor();
    await page.getByRole('group').press('Escape');
    assert.equal(await unpair.evaluate((button) => button === document.activeElement), true, 'focus is back');
    await unpair.click();
    await page.getByRole('group').getByRole('button', { name: 'Unpair' }).click();
    await page.getByText('Not paired yet').waitFor();
    await until('the link is revoked', async () => (await house.world.sandbox.journal({ kind: 'token.revoked' })).length > 0);
    const tab = await house.visit(house.world.seed.agents[0], `/browse/${house.world.seed.issue.key}`);
    await (await appFrame(tab)).getByRole('alert').getByText('This Jira site is not paired with the Belay server').waitFor();
    await page.getByLabel('Pairing code').fill(await house.world.belayd.pairingCode(house.site));
    await page.getByRole('button', { name: 'Pair' }).click();
    await page.getByText(/Paired since/).waitFor();
    assert.equal((await settings()).validityMinutes, 1440);
  });
});
