// From a site that is not paired to a session that is over: an admin, an agent and a customer, each in a browser of their own, by what stands on the pages.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { House, appFrame, isolated, say } from './house.mjs';
import { choose, codeOf, createSession, leaveHere, leaveJira, row } from './steps.mjs';

let house;
let admin;
let agent;
let customer;
let issue;
before(async () => {
  house = await House.open({ paired: false });
  ({ admin, agents: [agent], issue } = house.world.seed);
  customer = house.world.seed.people.find(({ accountId }) => accountId === issue.reporter);
});
afterEach(() => house.rest());
after(() => house?.close());

const text = 'Good day {{customer.name}},\n\n{{agent.name}} can look at {{issue.key}} with you: {{session.link}}\n\nThe code is {{session.code}}.';

async function pairAndWrite() {
  const tab = await house.visit(admin, '/plugins/servlet/upm');
  await tab.getByRole('link', { name: 'Configure' }).click();
  const page = await appFrame(tab);
  await page.getByLabel('Pairing code').fill(await house.world.belayd.pairingCode(house.site));
  await page.getByRole('button', { name: 'Pair' }).click();
  await page.getByText(new RegExp(`Paired since .* by ${isolated(admin.name)}`)).waitFor();
  await page.getByRole('tab', { name: 'Sessions', exact: true }).click();
  assert.equal(await page.getByLabel('Edit the invitation when its session has ended').isChecked(), true);
  await page.getByRole('tab', { name: 'Customer text', exact: true }).click();
  await page.locator('textarea.editor-text').fill(text);
  await page.getByRole('button', { name: 'Save settings' }).click();
  await page.getByText('Settings saved.').first().waitFor();
}

/** From the avatar menu over TeamViewer and back. Gives the tab, in Jira. */
async function connectAccount() {
  const first = await house.visit(agent, '/issues/');
  await first.getByLabel('Your profile and settings').click();
  await first.locator('#avatar-menu').getByRole('link', { name: 'Remote support account' }).click();
  await first.waitForURL((url) => url.pathname === house.personalPage);
  const page = await appFrame(first);
  const tab = await leaveHere(first, () => page.getByRole('button', { name: 'Connect', exact: true }).click());
  await tab.getByLabel(agent.teamviewer.email).check();
  await tab.getByRole('button', { name: 'Allow' }).click();
  await tab.waitForURL((url) => url.hostname === 'jira.localhost' && url.pathname.startsWith(house.personalPage));
  const back = await appFrame(tab);
  await back.getByRole('button', { name: 'Finish connecting' }).click();
  await back.getByText('Connected.', { exact: true }).first().waitFor();
  await first.close();
  return tab;
}

test('paired, connected, invited, joined, helped, closed', async () => {
  await pairAndWrite();
  const tab = await connectAccount();
  await tab.getByRole('link', { name: 'Work' }).first().click();
  await tab.getByRole('link', { name: issue.key, exact: true }).first().click();
  const panel = await appFrame(tab);

  // The agent invites somebody who stands on the ticket.
  const made = await createSession(panel, { customer: say('en', 'create.customer.option', { name: customer.name, role: 'Reporter' }) });
  await made.getByText('Invitation written').waitFor();
  const code = await codeOf(made);
  const session = row(panel, { code });
  const comment = tab.locator('.comment', { hasText: code });
  await comment.getByText(`Good day ${customer.name},`).waitFor();
  const written = await comment.innerText();
  for (const part of [`${agent.name} can look at ${issue.key} with you`, `The code is ${code}.`]) assert.ok(written.includes(part), `${part}: ${written}`);

  // The customer reads it, and follows the link.
  const portal = await house.visit(customer, `/servicedesk/customer/portal/1/${issue.key}`);
  await portal.locator('.comment', { hasText: `Good day ${customer.name},` }).getByRole('link').click();
  await portal.getByRole('heading', { name: `${agent.name} wants to help you` }).waitFor();
  await portal.getByRole('button', { name: 'Join' }).click();
  await portal.getByText(`${agent.name} knows that you are here. Wait until they connect.`).waitFor();

  // The agent sees that, and goes there.
  await row(panel, { code, state: 'Customer is waiting' }).waitFor();
  const supporter = await leaveJira(tab, () => session.getByRole('button', { name: 'Connect to session' }).click());
  await supporter.getByText('Start the installed client and join the session as supporter').waitFor();
  await supporter.getByText(code).waitFor();
  await supporter.getByRole('button', { name: 'Connect' }).click();
  await supporter.getByRole('group', { name: `${agent.name} is connected` }).waitFor();
  await portal.reload();
  await portal.getByText(`${agent.name} is connected.`).waitFor();
  await tab.bringToFront();
  await row(panel, { code, state: 'In progress' }).waitFor();

  // It ends for both, and on the ticket.
  await choose(session, 'Close session');
  await session.getByRole('button', { name: 'Close session' }).click();
  await row(panel, { code, state: 'Closed' }).waitFor();
  await tab.locator('.comment').getByText('This remote session has ended. Its link no longer works.').waitFor();
  assert.equal(await tab.locator('.comment').getByText(code).count(), 0, 'nobody is invited any more');
  await portal.reload();
  await portal.getByRole('heading', { name: 'This session has ended' }).waitFor();
  await tab.goto(`${house.site}${house.ownPage}`);
  const own = await appFrame(tab);
  await own.getByRole('region', { name: 'Recent' }).getByText(code).waitFor();
  assert.equal(await own.getByText(code).count(), 1);

  for (const kind of ['session.created', 'comment.created', 'comment.edited', 'session.closed']) assert.equal((await house.world.sandbox.journal({ kind })).length, 1, kind);
});
