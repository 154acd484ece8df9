// What a Jira admin does with the audit log, and with what was set aside: finds, reads on, takes it along as a file, tries again.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, test } from 'node:test';
import { until } from '../harness/wait.mjs';
import { House, appFrame } from './house.mjs';
import { fits } from './look.mjs';

let house;
let agent;
let session;
before(async () => {
  house = await House.open();
  agent = await house.world.linkedAgent(0);
  session = await opened({ id: house.world.seed.issue.reporter });
});
after(() => house.close());
afterEach(() => house.rest());

async function opened(customer) {
  const made = await agent.expect(202, 'POST', '/v1/sessions', { customer, invitation: 'public' });
  return until('the session is open and its invitation written', async () => {
    const { session: now } = await agent.expect(200, 'GET', `/v1/sessions/${made.session.id}`);
    return now.state === 'open' && now.steps.invitation === 'done' ? now : undefined;
  });
}

async function auditTab(options) {
  const tab = await house.visit(house.world.seed.admin, house.adminPage, options);
  const page = await appFrame(tab);
  await page.getByRole('tab', { name: 'Audit', exact: true }).click();
  await page.getByRole('table').getByRole('row').nth(1).waitFor();
  return { tab, page };
}
const said = (page) => page.getByRole('table').locator('tbody td:nth-child(3)').allInnerTexts();

test('the log says who did what on which issue; filters narrow it, by keyboard too; its key leads to the issue', async () => {
  const { tab, page } = await auditTab();
  const { agents: [robin], people, issue } = house.world.seed;
  const customer = people.find(({ accountId }) => accountId === issue.reporter);
  const row = page.getByRole('row', { name: /Session created/ });
  await row.getByText(robin.name).waitFor();
  await row.getByText(`session ${session.code}`).waitFor();
  await page.getByRole('row', { name: /Invitation written/ }).getByText(customer.name).waitFor();
  await page.getByRole('row', { name: /Session made at TeamViewer/ }).getByText('Belay', { exact: true }).waitFor();

  await page.getByLabel('What', { exact: true }).selectOption({ label: 'Account connected' });
  await page.getByRole('button', { name: 'Show entries' }).click();
  await until('only connections are shown', async () => (await said(page)).every((words) => words === 'Account connected'));
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await row.waitFor();

  // With keys alone: the field, a code, Enter.
  await page.getByLabel('Issue or session').focus();
  await tab.keyboard.type(session.code);
  await tab.keyboard.press('Enter');
  await until('only this session is shown', async () => (await said(page)).join() === 'Invitation written,Session made at TeamViewer,Session created');
  await page.getByLabel('Who', { exact: true }).selectOption({ label: robin.name });
  await page.getByRole('button', { name: 'Show entries' }).click();
  await until('only what Robin did is shown', async () => (await said(page)).join() === 'Session created');
  await page.getByLabel('Whom it concerned').selectOption({ label: customer.name });
  await page.getByLabel('What', { exact: true }).selectOption({ label: 'Session expired' });
  await page.getByRole('button', { name: 'Show entries' }).click();
  await page.getByText('Nothing that is noted fits these filters.').first().waitFor();

  await page.getByRole('button', { name: 'Clear filters' }).click();
  await page.getByLabel('Time', { exact: true }).selectOption({ label: 'Today' });
  await page.getByRole('button', { name: 'Show entries' }).click();
  await row.getByRole('link', { name: issue.key }).click();
  await tab.waitForURL((url) => url.pathname === `/browse/${issue.key}`);
});

test('older entries, and all of them as a file, in either format, as the filters have it', async () => {
  const { admin, seed } = house.world;
  const { installation, health, defaults, ...values } = await admin.expect(200, 'GET', '/v1/settings');
  for (let version = values.version; version < values.version + 55; version += 1) await admin.expect(200, 'PUT', '/v1/settings', { ...values, version });
  const { tab, page } = await auditTab();
  await until('one page is shown', async () => (await said(page)).length === 50);
  await page.getByRole('button', { name: 'Show older entries' }).click();
  await page.getByText('There is nothing older.').waitFor();
  await page.getByRole('row', { name: /Site paired/ }).waitFor();
  const shown = (await said(page)).length;
  await page.getByRole('status').getByText(`${shown} entries are shown.`).waitFor();   // for whoever does not see the table grow

  const download = async (format) => {
    const [file] = await Promise.all([tab.waitForEvent('download'), page.getByRole('button', { name: `Export as ${format}` }).click()]);
    return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'utf8') };
  };
  const csv = await download('CSV');
  assert.match(csv.name, /^belay-audit-\d{4}-\d\d-\d\d\.csv$/);
  const [head, ...lines] = csv.text.trimEnd().split('\r\n');
  assert.equal(head, '\ufeffat,action,actor,actorName,issue,issueKey,session,sessionCode,person,personName,peer,detail,id');
  assert.equal(lines.length, shown);
  await page.getByText(`${shown} entries are in ${csv.name}.`).first().waitFor();

  await page.getByLabel('Who', { exact: true }).selectOption({ label: seed.agents[0].name });
  await page.getByRole('button', { name: 'Show entries' }).click();
  await until('only what the agent did is shown', async () => (await said(page)).length < 10);
  const jsonl = await download('JSON Lines');
  const entries = jsonl.text.trimEnd().split('\n').map((line) => JSON.parse(line));
  assert.deepEqual([...new Set(entries.map(({ actor }) => actor.name))], [seed.agents[0].name]);
  assert.equal(entries.length, (await said(page)).length);
});

test('in a frame of 600 px, in French, nothing sticks out', async () => {
  await house.prefer(house.world.seed.admin.accountId, { locale: 'fr-FR' });
  const tab = await house.visit(house.world.seed.admin, house.adminPage, { width: 600 });
  const page = await appFrame(tab);
  await page.getByRole('tab', { name: 'Audit', exact: true }).click();
  await page.getByRole('row').nth(1).waitFor();
  await page.getByLabel('Période').selectOption({ label: 'D’un jour à un autre' });
  await fits(page, 'the audit log at 600 px');
  await house.prefer(house.world.seed.admin.accountId, { locale: 'en-US' });
});

test('what was set aside stands in Set-up with its reason; Try again does it, and health is green again', async () => {
  const refused = { match: { party: 'teamviewer', method: 'PUT', path: '**/sessions/*' }, answer: { status: 400, body: { error: 'invalid_request', error_description: 'not now', error_code: 1 } } };
  await house.world.sandbox.faults([refused]);
  await agent.expect(202, 'POST', `/v1/sessions/${session.id}/close`, {});
  await until('the closing is set aside', async () => (await house.world.admin.expect(200, 'GET', '/v1/work')).work.length === 1);

  const tab = await house.visit(house.world.seed.admin, house.adminPage);
  const page = await appFrame(tab);
  await page.getByText('Some of what Belay has to do outside could not be done.').waitFor();
  const list = page.getByRole('region', { name: 'Set aside' });
  const item = list.getByRole('listitem').filter({ hasText: 'Close the session at TeamViewer' });
  await item.getByText(`session ${session.code}`).waitFor();
  await item.getByText('TeamViewer refused the request.').waitFor();
  await item.getByRole('link', { name: house.world.seed.issue.key }).waitFor();

  await house.world.sandbox.faults([]);
  await item.getByRole('button', { name: 'Try again: Close the session at TeamViewer' }).click();
  await list.getByText('Nothing is set aside.').waitFor();
  await page.getByText('Everything that Belay has to do outside gets done: nothing is set aside.').waitFor();
  await until('focus stays where the list was', () => list.evaluate((section) => section === document.activeElement));
  await until('the session is closed at the provider', async () => (await house.world.sandbox.state()).teamviewer.sessions.find(({ code }) => code === session.code).state.toLowerCase() !== 'open');

  await page.getByRole('tab', { name: 'Audit', exact: true }).click();
  const row = page.getByRole('row', { name: /Tried again what was set aside/ });
  await row.getByText('Close the session at TeamViewer').waitFor();
  await row.getByText(house.world.seed.admin.name).waitFor();
});
