// What a Jira admin does with reports: looks, narrows them, opens a chart as a table, takes the sessions along as a file; by keyboard too.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, test } from 'node:test';
import { until } from '../harness/wait.mjs';
import { House, appFrame } from './house.mjs';
import { fits } from './look.mjs';

let house;
let agent;
before(async () => {
  house = await House.open();
  agent = await house.world.linkedAgent(0);
  for (const name of ['Ada Example', 'Bea Example']) {
    const { session } = await agent.expect(202, 'POST', '/v1/sessions', { customer: { name }, invitation: 'none' });
    await until('the session is open', async () => (await agent.expect(200, 'GET', `/v1/sessions/${session.id}`)).session.state === 'open');
  }
});
after(() => house.close());
afterEach(() => house.rest());

async function reportsTab(options) {
  const tab = await house.visit(house.world.seed.admin, house.adminPage, options);
  const page = await appFrame(tab);
  await page.getByRole('tab', { name: 'Reports', exact: true }).click();
  await page.getByRole('heading', { name: 'By agent' }).waitFor();
  return { tab, page };
}

test('figures, narrowed by keyboard, a chart as a table, and the sessions as a file', async () => {
  const { tab, page } = await reportsTab();
  const { agents: [robin], project } = house.world.seed;
  const figure = (label) => page.locator('.figure').filter({ has: page.getByText(label, { exact: true }) }).locator('.figure-value');
  assert.equal(await figure('Sessions').innerText(), '2');
  assert.equal(await figure('Waiting time, median').innerText(), 'not known');
  await page.getByRole('region', { name: 'By agent' }).getByRole('row', { name: new RegExp(robin.name) }).waitFor();
  await page.getByRole('region', { name: 'By project' }).getByRole('row', { name: new RegExp(project.key) }).waitFor();
  await page.getByText('In none of these sessions did Belay see both').waitFor();

  // With keys alone: the disclosure of the chart, then the filters.
  const chart = page.getByRole('figure', { name: 'Sessions per day' });
  await chart.getByText('As a table').focus();
  await tab.keyboard.press('Enter');
  await chart.getByRole('row').nth(30).waitFor();
  assert.equal(await chart.getByRole('row').count(), 31);
  await page.getByRole('tabpanel', { name: 'Reports' }).getByLabel('Time', { exact: true }).selectOption({ label: 'The last 7 days' });
  await page.getByLabel('Agent', { exact: true }).selectOption({ label: robin.name });
  await page.getByRole('button', { name: 'Show figures' }).focus();
  await tab.keyboard.press('Enter');
  await page.getByRole('status').getByText('The figures are of 2 sessions.').waitFor();
  await page.getByRole('figure', { name: 'Sessions per day' }).getByText('As a table').click();
  await until('a week is shown', async () => await page.getByRole('figure', { name: 'Sessions per day' }).getByRole('row').count() === 8);

  const [file] = await Promise.all([tab.waitForEvent('download'), page.getByRole('tabpanel', { name: 'Reports' }).getByRole('button', { name: 'Export as CSV' }).click()]);
  assert.match(file.suggestedFilename(), /^belay-sessions-\d{4}-\d\d-\d\d\.csv$/);
  const [head, ...lines] = readFileSync(await file.path(), 'utf8').trimEnd().split('\r\n');
  assert.ok(head.startsWith('\ufeffcreatedAt,day,session,code,'), head);
  assert.equal(lines.length, 2);
  assert.ok(lines.every((line) => line.includes(robin.name) && !line.includes('http')), lines.join('\n'));
  await page.getByText(`2 sessions are in ${file.suggestedFilename()}.`).first().waitFor();
});

test('in a frame of 600 px, in French, nothing sticks out', async () => {
  await house.prefer(house.world.seed.admin.accountId, { locale: 'fr-FR' });
  const tab = await house.visit(house.world.seed.admin, house.adminPage, { width: 600 });
  const page = await appFrame(tab);
  await page.getByRole('tab', { name: 'Rapports', exact: true }).click();
  await page.getByRole('heading', { name: 'Par projet' }).waitFor();
  await page.getByRole('tabpanel', { name: 'Rapports' }).getByLabel('Période').selectOption({ label: 'D’un jour à un autre' });
  await fits(page, 'reports at 600 px');
  await house.prefer(house.world.seed.admin.accountId, { locale: 'en-US' });
});

test('while the server is away that is said in place of the figures, and trying again shows them', async () => {
  const tab = await house.visit(house.world.seed.admin, house.adminPage);
  const page = await appFrame(tab);
  await page.getByRole('tab', { name: 'Audit', exact: true }).waitFor();
  await house.world.belayd.stop();
  await page.getByRole('tab', { name: 'Reports', exact: true }).click();
  await page.getByRole('alert').getByText('The Belay server does not answer.').waitFor();
  await house.world.startBelayd();
  await page.getByRole('alert').getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('heading', { name: 'By agent' }).waitFor();
  house.complaints.length = 0;   // the browser says that an answer failed
});
