// The agent on the ticket: from Create session to Close session, with the customer on the other side.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { until } from '../harness/wait.mjs';
import { House, appFrame } from './house.mjs';
import { choose, codeOf, createSession, leaveJira, row } from './steps.mjs';

let house;
let agent;
let customer;
let issue;
before(async () => {
  house = await House.open();
  const { seed } = house.world;
  [agent] = seed.agents;
  issue = seed.issue;
  customer = seed.people.find(({ accountId }) => accountId === issue.reporter);
  await house.world.linkedAgent(0);
});
afterEach(() => house.rest());
after(() => house?.close());

/** Another ticket for every test, so that none sees the sessions of another. */
let tickets = 0;
const freshTicket = () => {
  const others = house.world.seed.issues.filter(({ key, reporter }) => key !== issue.key && reporter !== agent.accountId && !reporter.startsWith('qm:'));
  tickets += 1;
  return others[(tickets - 1) % others.length];
};
const onTicket = async (person, key, options) => {
  const tab = await house.visit(person, `/browse/${key}`, options);
  return { tab, panel: await appFrame(tab) };
};

test('from the start page to a ticket, where the panel offers to connect', async () => {
  const colleague = house.world.seed.agents[1];
  await house.prefer(colleague.accountId, { locale: 'en-US' });
  const tab = await house.visit(colleague, '/');
  await tab.getByRole('link', { name: issue.key }).first().click();
  const panel = await appFrame(tab);
  await panel.getByText('Connect your TeamViewer account').waitFor();
  await panel.getByRole('button', { name: 'Connect' }).click();
  await tab.waitForURL((url) => url.pathname.startsWith(house.personalPage));
});

/** Opens the ticket with a server that answers the first question of the page and no further one, until `isUseful(panel)`; gives what was asked by then. */
async function askedUntil(isUseful, person, key) {
  const asked = [];
  const context = await house.browserOf();
  await context.route('**/_forge/invoke', async (route) => {
    const { method, path } = route.request().postDataJSON().input;
    asked.push(`${method} ${path}`);
    if (asked.length === 1) await route.continue();
  });
  const tab = await house.visit(person, `/browse/${key}`, { context });
  await isUseful(await appFrame(tab));
  return asked;
}

test('the first state is there after one question to the server', async () => {
  const ticket = freshTicket();
  const caller = house.world.agent(0, ticket.key);
  const { session: { id } } = await caller.expect(202, 'POST', '/v1/sessions', { customer: { id: ticket.reporter } });
  const { code } = await until('the session is open', async () => {
    const { session } = await caller.expect(200, 'GET', `/v1/sessions/${id}`);
    return session.state === 'open' && session.steps.invitation === 'done' && session;
  });
  const reporter = house.world.seed.people.find(({ accountId }) => accountId === ticket.reporter);

  const linked = await askedUntil(async (panel) => {
    await panel.getByRole('region', { name: 'People', exact: true }).getByText(reporter.name, { exact: true }).waitFor();
    await row(panel, { code, state: 'Open' }).getByRole('button', { name: 'Connect to session' }).waitFor();
    await panel.getByRole('button', { name: 'Create session' }).waitFor();
  }, agent, ticket.key);
  assert.deepEqual(linked, ['GET /v1/panel']);

  const colleague = house.world.seed.agents[1];
  await house.prefer(colleague.accountId, { locale: 'en-US' });
  const notLinked = await askedUntil((panel) => panel.getByRole('button', { name: 'Connect', exact: true }).waitFor(), colleague, ticket.key);
  assert.deepEqual(notLinked, ['GET /v1/panel']);
});

test('the whole way: invite, customer joins, connect, close', async () => {
  const { tab, panel } = await onTicket(agent, issue.key, { clipboard: true });
  const session = await createSession(panel, { validity: '1 hour' });
  await session.getByText('Invitation written').waitFor();
  const sessionCode = await codeOf(session);
  assert.match(await session.innerText(), new RegExp(`by .${agent.name}., for .${customer.name}.`));
  assert.match(await session.innerText(), /59 min left|1 h left/);
  assert.equal(await panel.evaluate(() => document.activeElement.getAttribute('aria-label')), `${sessionCode}, Open`, 'focus is on the new session');

  // The comment is the customer text, on the ticket and in the portal, with a link that leads to the customer's page.
  const comment = tab.locator('.comment', { hasText: sessionCode });
  await comment.waitFor();
  const written = await comment.innerText();
  for (const part of [`@${customer.name}`, `Hello ${customer.name},`, agent.name, issue.summary, issue.key]) assert.ok(written.includes(part), `the comment says ${part}: ${written}`);
  assert.doesNotMatch(written, /\{\{/);
  const portal = await house.visit(customer, `/servicedesk/customer/portal/1/${issue.key}`);
  const read = portal.locator('.comment', { hasText: sessionCode });
  assert.equal(await read.getByRole('link').count(), 1, 'nothing but the session link is a link');
  const link = await read.getByRole('link').getAttribute('href');
  await read.getByRole('link').click();
  await portal.getByRole('heading', { name: `${agent.name} wants to help you` }).waitFor();

  // The customer joins. The agent has the menu open and the pointer on it: nothing closes, nothing moves, focus stays.
  const more = session.getByRole('button', { name: /More actions/ });
  await more.click();
  const focused = () => panel.evaluate(() => document.activeElement.textContent);
  assert.equal(await focused(), 'Copy link');
  const place = await session.boundingBox();
  await portal.getByRole('button', { name: 'Join' }).click();
  await portal.getByRole('heading', { name: 'You have joined the session' }).waitFor();
  // The panel asks every 8 s, and brings a look at TeamViewer with it.
  await row(panel, { code: sessionCode, state: 'Customer is waiting' }).waitFor({ timeout: 30_000 });
  assert.equal(await focused(), 'Copy link');
  assert.equal(await session.getByRole('menu').count(), 1);
  assert.equal((await session.boundingBox()).y, place.y);
  await panel.getByRole('status').getByText('Customer is waiting').waitFor({ state: 'attached' });

  await session.getByRole('menuitem', { name: 'Copy link' }).click();
  await session.getByText('Copied').waitFor();
  assert.equal(await tab.evaluate(() => navigator.clipboard.readText()), link);

  // Staying is no failure; going opens the supporter's page.
  await session.getByRole('button', { name: 'Connect to session' }).click();
  await tab.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  assert.equal(await panel.getByRole('alert').count(), 0);
  await session.getByText('Nothing was opened: you stayed in Jira.').waitFor();
  assert.equal(await session.getByText('opens in a new tab').count(), 0);
  const supporter = await leaveJira(tab, () => session.getByRole('button', { name: 'Connect to session' }).click());
  assert.match(new URL(supporter.url()).hostname, /teamviewer\.localhost$/);
  await supporter.getByText(sessionCode).first().waitFor();
  const inBrowser = await leaveJira(tab, () => choose(session, 'Connect in browser'));
  assert.notEqual(inBrowser.url(), supporter.url());
  await row(panel, { code: sessionCode, state: 'In progress' }).waitFor();

  await choose(session, 'Close session');
  await session.getByLabel('Notes (optional)').fill('Colour profile was wrong');
  await session.getByRole('button', { name: 'Close session' }).click();
  await row(panel, { code: sessionCode, state: 'Closed' }).waitFor();
  await tab.locator('.comment', { hasText: 'This remote session has ended' }).waitFor();
  await portal.reload();
  await portal.getByRole('heading', { name: 'This session has ended' }).waitFor();
  assert.equal(await session.getByRole('button', { name: 'Connect to session' }).count(), 0);
});

test('somebody who is not on the ticket: nobody is notified, and the mail is there to copy', async () => {
  const { tab, panel } = await onTicket(agent, freshTicket().key, { clipboard: true });
  const session = await createSession(panel, { customer: 'Somebody else', name: 'Zoë <b>Äpfel</b>', email: 'zoe@example.com' });   // where nothing is chosen, no comment
  await session.getByText(/^Nobody was notified: .Zoë <b>Äpfel<\/b>. is not on this issue\./).waitFor();
  await session.getByText('No invitation on the issue').waitFor();
  await session.getByRole('button', { name: 'Copy mail text' }).click();
  await session.getByText('Copied').waitFor();
  assert.equal(await session.locator('pre').count(), 0, 'folded');
  const mail = await tab.evaluate(() => navigator.clipboard.readText());
  assert.match(mail, /zoe@example\.com/);
  assert.match(mail, /valid until \w+, \w+ \d+ at \d+:\d\d [AP]M \S+\./);
  assert.match(mail, /http:\/\/[a-z.]*teamviewer\.localhost/);
  assert.equal(await tab.locator('.comment .lozenge', { hasText: 'App' }).count(), 0, 'no comment was written');
  await session.getByRole('button', { name: 'Write the mail' }).click();
  const dialog = tab.getByRole('dialog', { name: 'You are leaving Jira' });
  assert.match(await dialog.innerText(), /mailto:zoe@example\.com\?subject=/);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await session.getByText('Nothing was opened. Copy the mail text instead.').waitFor();
});

test('an internal comment for nobody in particular is seen by the team alone', async () => {
  const ticket = freshTicket();
  const { tab, panel } = await onTicket(agent, ticket.key);
  const session = await createSession(panel, { customer: 'Nobody in particular', invitation: 'Comment that only the team sees', description: 'Second try' });
  await session.getByText('Invitation written').waitFor();
  const sessionCode = await codeOf(session);
  await tab.locator('.comment.internal', { hasText: sessionCode }).waitFor();
  const reporter = house.world.seed.people.find(({ accountId }) => accountId === ticket.reporter);
  const portal = await house.visit(reporter, `/servicedesk/customer/portal/1/${ticket.key}`);
  await portal.getByRole('heading', { name: ticket.summary }).waitFor();
  assert.equal(await portal.locator('.comment', { hasText: sessionCode }).count(), 0);
});

test('what is being typed survives every answer, and a colleague sees the session', async () => {
  const ticket = freshTicket();
  const { panel } = await onTicket(agent, ticket.key);
  await panel.getByRole('button', { name: 'Create session' }).click();
  const description = panel.getByLabel('Description');
  await description.fill('A long story, not yet');
  // Meanwhile the same agent makes a session elsewhere; the panel learns of it.
  const other = await onTicket(agent, ticket.key);
  const session = await createSession(other.panel, { customer: 'Nobody in particular', invitation: 'No comment, I send the link myself' });
  const sessionCode = await codeOf(session);
  await row(panel, { code: sessionCode }).waitFor();
  assert.equal(await description.inputValue(), 'A long story, not yet');
  assert.ok(await description.evaluate((area) => area === document.activeElement), 'focus stays in the field');
  await until('the caret is at the end', () => description.evaluate((area) => area.selectionStart === area.value.length));

  const colleague = await onTicket(house.world.seed.agents[2], ticket.key);
  await row(colleague.panel, { code: sessionCode }).waitFor();
});

test('nothing moves while the agent is in it, and focus is never fetched back from Jira\'s page', async () => {
  const ticket = freshTicket();
  const caller = house.world.agent(0, ticket.key);
  const { session: { id } } = await caller.expect(202, 'POST', '/v1/sessions', { customer: { id: ticket.reporter } });
  const sessionIs = (what, wanted) => until(what, async () => {
    const { session } = await caller.expect(200, 'GET', `/v1/sessions/${id}`);
    return wanted(session) && session;
  });
  const { code } = await sessionIs('the session is open', ({ state, steps }) => state === 'open' && steps.invitation === 'done');
  const customerIs = async (online) => {
    await house.world.sandbox.change({ teamviewer: { sessions: [{ code, online }] } });
    house.world.clock.advance({ seconds: 15 });
    await sessionIs('the server knows', ({ state }) => state === (online ? 'customer_present' : 'open'));
  };
  const { tab, panel } = await onTicket(agent, ticket.key);
  const top = async (name) => (await panel.getByRole('region', { name, exact: true }).boundingBox()).y;
  const peopleFirst = async () => (await top('People')) < (await top('Sessions'));
  const focused = (wanted) => panel.evaluate((text) => document.hasFocus() && (document.activeElement.labels?.[0] ?? document.activeElement).textContent.includes(text), wanted);
  const away = () => tab.mouse.move(5, 5);
  const intoJira = () => tab.getByRole('heading', { level: 1 }).click();

  // A form that is half filled in: the customer comes, and it stays where it is, with the caret in it.
  await panel.getByRole('button', { name: 'Create session' }).click();
  const description = panel.getByLabel('Description');
  await description.fill('Half a story');
  await away();
  const place = await description.boundingBox();
  await customerIs(true);
  await row(panel, { code, state: 'Customer is waiting' }).waitFor({ timeout: 10_000 });
  assert.deepEqual(await description.boundingBox(), place, 'the field has not moved');
  assert.ok(await focused('Description'));
  await intoJira();
  assert.deepEqual(await description.boundingBox(), place, 'nor does it when the agent looks at the ticket');
  await description.focus();
  await tab.keyboard.press('Escape');
  assert.equal(await description.inputValue(), 'Half a story', 'Escape throws nothing away');
  await panel.getByRole('button', { name: 'Cancel' }).click();
  await away();
  await until('focus is on Create session', () => focused('Create session'));
  assert.ok(await peopleFirst(), 'nothing moves while focus is inside');
  await intoJira();
  await until('the customer who waits comes first', async () => !(await peopleFirst()));

  // The other way: held while focus is on a button of what moves, and let go when the agent is back in the ticket.
  const more = row(panel, { code }).getByRole('button', { name: /More actions/ });
  await more.focus();
  await away();
  await customerIs(false);
  await until('the row says so, while the agent is at the keys', async () => {
    await tab.keyboard.press('Shift');
    return row(panel, { code, state: 'Open' }).isVisible();
  }, { timeout: 10_000 });
  assert.ok(await focused('More actions'));
  assert.ok(!(await peopleFirst()));
  await intoJira();
  await until('the people come first again', peopleFirst);

  // A pointer that was taken out of the window, and focus that stayed behind, hold for some seconds only; focus goes with its button.
  await row(panel, { code }).getByRole('button', { name: /left$/ }).click();
  await customerIs(true);
  await row(panel, { code, state: 'Customer is waiting' }).waitFor({ timeout: 10_000 });
  await until('the customer who waits comes first', async () => !(await peopleFirst()), { timeout: 20_000 });
  assert.equal(await panel.evaluate(() => document.activeElement.closest('li')?.className.includes('session')), true, 'focus is still on the row');
  await intoJira();
  await customerIs(false);
  await until('the people come first again', peopleFirst, { timeout: 20_000 });

  // What moves while the agent is elsewhere had focus before: it must not fetch it back out of the ticket.
  await panel.getByRole('button', { name: 'Refresh' }).focus();
  await customerIs(true);
  await panel.getByRole('button', { name: 'Refresh' }).press('Enter');
  await row(panel, { code, state: 'Customer is waiting' }).waitFor();
  await intoJira();
  await until('the customer who waits comes first', async () => !(await peopleFirst()));
  await more.focus();
  await intoJira();
  await customerIs(false);
  await until('the people come first again', peopleFirst, { timeout: 20_000 });
  assert.notEqual(await tab.evaluate(() => document.activeElement.tagName), 'IFRAME', 'focus is still in the ticket');
});

test('somebody who may only read the ticket is told so, and offered nothing', async () => {
  const { projects, issues } = house.world.seed.site;
  const project = projects.find(({ roles }) => roles.Viewers);
  const viewer = { accountId: project.roles.Viewers[0] };
  const ticket = issues.find(({ key }) => key.startsWith(`${project.key}-`));
  const { panel } = await onTicket(viewer, ticket.key);
  await panel.getByText('You are no agent on this issue').waitFor();
  assert.equal(await panel.getByRole('button').count(), 0);
});
