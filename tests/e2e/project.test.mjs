// The settings of one project, as its admin finds them in Jira, and what an agent then sees on the project's issues.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { until } from '../harness/wait.mjs';
import { House, appFrame, say } from './house.mjs';
import { createSession, row } from './steps.mjs';

let house;
beforeEach(async () => { house = await House.open(); });
afterEach(async () => {
  try {
    await house.rest();
  } finally {
    await house.close();
  }
});

const ticket = () => `/browse/${house.world.seed.issue.key}`;
async function projectPage() {
  const tab = await house.visit(house.world.seed.projectAdmin, house.projectPage());
  return { tab, page: await appFrame(tab) };
}
const save = async (page) => {
  await page.getByRole('button', { name: 'Save settings' }).click();
  await page.getByText('Settings saved.').first().waitFor();
};

test('switched off: the panel says so and offers nothing but closing; switched on again it is as before', async () => {
  await house.world.linkedAgent(0);
  const agent = await house.visit(house.world.seed.agents[0], ticket());
  let panel = await appFrame(agent);
  await createSession(panel, { customer: 'Nobody in particular', invitation: say('en', 'create.invitation.none') });

  const { page } = await projectPage();
  await page.getByLabel('Offer remote support in this project').uncheck();
  await page.getByText('Not saved yet: remote support on or off').waitFor();
  await save(page);

  await agent.reload();
  panel = await appFrame(agent);
  await panel.getByText('Remote support is switched off in this project').waitFor();
  assert.equal(await panel.getByRole('button', { name: 'Create session' }).count(), 0);
  assert.equal(await panel.getByRole('button', { name: 'Connect to session' }).count(), 0);
  const session = row(panel, { state: 'Open' });
  await session.getByRole('button', { name: new RegExp(say('en', 'session.actions', { code: '' })) }).click();
  assert.deepEqual(await session.getByRole('menuitem').allInnerTexts(), ['Notes', 'Close session']);
  await session.getByRole('menuitem', { name: 'Close session' }).click();
  await session.getByRole('button', { name: 'Close session' }).click();
  await row(panel, { state: '(Closing|Closed)' }).waitFor();

  await page.getByLabel('Offer remote support in this project').check();
  await save(page);
  await agent.reload();
  await (await appFrame(agent)).getByRole('button', { name: 'Create session' }).waitFor();
});

test('a text of its own, with the preview, in one language; the other keeps the site\'s', async () => {
  const { tab, page } = await projectPage();
  await tab.getByRole('heading', { level: 1, name: 'Remote support' }).waitFor();
  const preview = page.getByRole('region', { name: 'Preview' });
  await preview.getByText('Robin Hale would like to help you').waitFor();
  assert.equal(await page.locator('textarea.editor-text').count(), 0, 'the site\'s text is not edited here');
  await page.getByLabel('A text of this project').check();
  const editor = page.locator('textarea.editor-text');
  assert.match(await editor.inputValue(), /session\.link/, 'it begins with the site\'s');
  await editor.fill('Nothing to follow');
  await page.getByRole('listitem').getByText('The session link is missing. Nobody could join.').waitFor();
  await page.getByRole('button', { name: 'Save settings' }).click();
  await page.getByRole('alert').getByText('The customer text has a mistake, so nothing was saved').waitFor();
  await editor.fill('The help desk asks you to join: {{session.link}}');
  await preview.getByText('The help desk asks you to join').waitFor();
  await page.getByText('Not saved yet: customer text (English)').waitFor();
  await save(page);
  await page.getByRole('tab', { name: 'French', exact: true }).click();
  assert.equal(await page.getByLabel('The site’s text').isChecked(), true);

  const agent = await house.world.linkedAgent(0);
  await agent.expect(202, 'POST', '/v1/sessions', { customer: { id: house.world.seed.issue.reporter } });
  const issue = await house.visit(house.world.seed.agents[0], ticket());
  await issue.locator('.comment', { hasText: 'The help desk asks you to join:' }).waitFor();

  await page.getByRole('tab', { name: 'English', exact: true }).click();
  await page.getByLabel('The site’s text').check();
  await page.getByLabel('A text of this project').check();
  assert.match(await editor.inputValue(), /help desk asks/, 'looking at the site\'s text loses nothing');
  await page.getByLabel('The site’s text').check();
  await save(page);
  // That settings were saved stood there from the first time already.
  await until('the project has no text of its own any more', async () => {
    const { customerText } = await house.world.projectAdmin().expect(200, 'GET', `/v1/settings?project=${house.world.seed.project.key}`);
    return Object.keys(customerText).length === 0;
  });
});

test('a misspelt group is named at its field; what the site allows already is said', async () => {
  const { installation: _i, health: _h, defaults: _d, ...now } = await house.world.admin.expect(200, 'GET', '/v1/settings');
  await house.world.admin.expect(200, 'PUT', '/v1/settings', { ...now, allowedGroups: ['support-team'] });
  const { page } = await projectPage();
  await page.getByText('The site already lets only members of “support-team” use sessions.').waitFor();
  const groups = page.getByLabel('Jira groups whose members may use sessions');
  await groups.fill('suport-team');
  await page.getByRole('button', { name: 'Save settings' }).click();
  await page.getByText('Jira has no group called “suport-team”').first().waitFor();
  assert.equal(await groups.evaluate((field) => field === document.activeElement), true, 'focus is where it is wrong');
  await groups.fill('developers');
  await save(page);
  await house.world.linkedAgent(0);
  const tab = await house.visit(house.world.seed.agents[0], ticket());
  await (await appFrame(tab)).getByText('you are in none of them').waitFor();
});

test('who is no admin of the project does not get to the page', async () => {
  const tab = await house.visit(house.world.seed.agents[0], house.projectPage());
  await tab.getByText('Only the project\'s admins can see it.').waitFor();
  assert.equal(await tab.locator('iframe.forge').count(), 0);
  const jiraAdmin = await house.visit(house.world.seed.admin, house.projectPage('PRESS'));
  await (await appFrame(jiraAdmin)).getByLabel('Offer remote support in this project').waitFor();
});
