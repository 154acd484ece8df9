// What a rule of Jira's automation creates, as its agent and its customer see it; and the default supporter on the admin page.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { House, appFrame } from './house.mjs';
import { row } from './steps.mjs';

let house;
beforeEach(async () => { house = await House.open(); });
afterEach(async () => {
  try {
    await house.rest();
  } finally {
    await house.close();
  }
});

const run = (issue) => house.world.sandbox.rule({ action: 'belay-create-session', actor: house.world.seed.agents[1].accountId, issue, inputs: { issueKey: '{{issue.key}}' } });

test('who builds the rule fills in its form, and reads in the audit log why nothing was created, then that it was', async () => {
  const [supporter, actor] = house.world.seed.agents;
  const issue = house.world.seed.issues.find(({ assignee }) => assignee === supporter.accountId);
  const open = async () => {
    const tab = await house.visit(house.world.seed.admin, '/jira/settings/automation');
    const form = await appFrame(tab);
    await form.getByLabel('Issue').waitFor();
    return { tab, form };
  };
  let { tab, form } = await open();
  assert.equal(await form.getByLabel('Issue').inputValue(), '{{issue.key}}');
  const runAs = async (who) => {
    // The page comes anew with every run, and Jira asks the form for its inputs, which hears nothing before it is there.
    await (await appFrame(tab)).getByLabel('Issue').waitFor();
    await tab.getByLabel('Ticket that sets the rule off').selectOption(issue.key);
    await tab.getByLabel('Runs as').selectOption({ label: who });
    await tab.getByRole('button', { name: 'Run rule' }).click();
  };
  await runAs('Nobody: the action has no connection');
  await tab.getByRole('listitem').getByText('Jira did not say for whom this rule acts').waitFor();
  await runAs(actor.name);
  await tab.getByRole('listitem').getByText('no default supporter is named').waitFor();

  await house.world.linkedAgent(0);
  ({ tab, form } = await open());
  await form.getByLabel('Valid for').selectOption({ label: '1 hour' });
  await form.getByLabel('Description').fill('By a rule: {{issue.key}}');
  await runAs(actor.name);
  await tab.getByText('Success').waitFor();
  const { sessions } = await house.world.agent(0, issue.key).expect(200, 'GET', '/v1/sessions');
  assert.equal(sessions[0].description, `By a rule: ${issue.key}`);
  assert.ok(Math.abs(new Date(sessions[0].validUntil) - new Date(sessions[0].createdAt) - 3_600_000) < 5_000);
});

test('the admin names a default supporter, and the session of a rule stands in the panel with its invitation on the ticket', async () => {
  const [{ name, accountId }] = house.world.seed.agents;
  const issue = 'HELP-6';   // nobody's
  await house.world.linkedAgent(0);
  assert.match((await run(issue)).errors[0], /no default supporter is named/);

  const admin = await house.visit(house.world.seed.admin, house.adminPage);
  const page = await appFrame(admin);
  await page.getByRole('tab', { name: 'Sessions', exact: true }).click();
  await page.getByLabel('Default supporter for rules').selectOption({ label: name });
  await page.getByText('Not saved yet: default supporter').waitFor();
  await page.getByRole('button', { name: 'Save settings' }).click();
  await page.getByText('Settings saved.').first().waitFor();

  const { outcome, output } = await run(issue);
  assert.deepEqual([outcome, output.supporter], ['success', name]);
  const agent = await house.visit({ accountId }, `/browse/${issue}`);
  const panel = await appFrame(agent);
  await row(panel, { state: 'Open' }).waitFor();
  await agent.locator('.comment').getByRole('link').first().waitFor();
});
