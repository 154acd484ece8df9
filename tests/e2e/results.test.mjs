// What comes back to the ticket: that the customer waits, whose session it is now, and what came of it; on the issue's page, in the panel and in the portal.
// With BELAY_PICTURES=1 the guide's pictures are taken on the way.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { link } from '../harness/linking.mjs';
import { until } from '../harness/wait.mjs';
import { House, appFrame, say } from './house.mjs';
import { axeClean, fits, inFrench, picture, turn } from './look.mjs';
import { choose, codeOf, createSession, leaveJira, row } from './steps.mjs';

let house;
let agent;
let colleague;
before(async () => {
  house = await House.open();
  [agent, colleague] = house.world.seed.agents;
  await link(await house.world.linkedAgent(0), { account: await house.world.teamviewerAccount(0), access: 'reports' });
  await house.world.linkedAgent(1);
  await adminWants(async (page) => {
    for (const wish of ['sessions.worklog', 'sessions.tell_of_waiting']) await page.getByLabel(say('en', wish)).check();
  });
});
afterEach(() => house.rest());
after(() => house?.close());

async function adminWants(choice) {
  const tab = await house.visit(house.world.seed.admin, house.adminPage);
  const page = await appFrame(tab);
  await page.getByRole('tab', { name: 'Sessions', exact: true }).click();
  await choice(page);
  await page.getByRole('button', { name: 'Save settings' }).click();
  await page.getByText('Settings saved.').first().waitFor();
  await tab.context().close();
}

const speak = async (defaultLanguage) => {
  const { installation, health, defaults, ...values } = await house.world.admin.expect(200, 'GET', '/v1/settings');
  await house.world.admin.expect(200, 'PUT', '/v1/settings', { ...values, defaultLanguage });
};
const issueInJira = async ({ key }) => (await house.world.sandbox.state()).jira.sites.flatMap(({ issues }) => issues).find((issue) => issue.key === key);
const customerOf = ({ reporter }) => house.world.seed.people.find(({ accountId }) => accountId === reporter);
const issues = () => house.world.seed.issues.filter((issue) => customerOf(issue));
/** What is logged on the issue: by whom, how many minutes. */
const worked = (issue) => until('time is logged', async () => {
  const { worklogs } = await issueInJira(issue);
  return worklogs.length > 0 && worklogs.map(({ author, seconds }) => [author, Math.floor(seconds / 60)]);
});
/** French sentences have spaces that do not break. */
const saysAll = (what, said, parts) => {
  const plain = (text) => text.replace(/\s+/g, ' ');
  for (const part of parts) assert.ok(plain(said).includes(plain(part)), `${what} says ${part}: ${said}`);
};
const pass = (minutes) => house.world.clock.advance({ minutes });

async function atTicket(person, { key }, language = 'en', options) {
  await house.prefer(person.accountId, { locale: language === 'fr' ? 'fr-FR' : 'en-US' });
  const tab = await house.visit(person, `/browse/${key}`, options);
  return { tab, panel: await appFrame(tab) };
}

/** An agent invites the reporter, who comes. */
async function meet(issue, language = 'en') {
  const { tab, panel } = await atTicket(agent, issue, language, { axe: true, width: 1180 });
  const code = await codeOf(await createSession(panel, { language }));
  const customer = await house.visit({ accountId: issue.reporter }, `/servicedesk/customer/portal/1/${issue.key}`);
  await customer.locator('.comment', { hasText: code }).getByRole('link').click();
  await customer.getByRole('button', { name: 'Join' }).click();
  await customer.getByRole('heading', { name: 'You have joined the session' }).waitFor();
  await row(panel, { code, state: say(language, 'state.customer_present') }).waitFor();
  return { tab, panel, code, customer };
}

/** `person` connects from the panel, helps for `minutes` and types notes at TeamViewer. */
async function help(person, { tab, panel, code, minutes, notes = '', language = 'en' }) {
  const supporter = await leaveJira(tab, () => row(panel, { code }).getByRole('button', { name: say(language, 'session.connect') }).click());
  await supporter.getByLabel('Supporter').selectOption({ label: person.name });
  await supporter.getByRole('button', { name: 'Connect' }).click();
  pass(minutes);
  await supporter.getByLabel('Notes').fill(notes);
  await supporter.getByRole('button', { name: 'End connection' }).click();
  await supporter.getByRole('button', { name: 'Connect' }).waitFor();
  await supporter.close();
}

async function close(panel, code, { notes = '', language = 'en' } = {}) {
  const session = row(panel, { code });
  await choose(session, say(language, 'session.close'), language);
  await session.getByLabel(say(language, 'session.close_notes')).fill(notes);
  await session.getByRole('button', { name: say(language, 'session.close') }).click();
  await row(panel, { code, state: say(language, 'state.closed') }).waitFor();
}

/** Clean in both themes, and kept as a picture in each: `target` of `frame`. */
async function looks(tab, frame, target, name, language) {
  await tab.mouse.move(0, 0);
  for (const theme of ['dark', 'light']) {
    await turn(tab, theme);
    await axeClean(frame, `${name}, ${language}, ${theme}`);
    await picture(`${language === 'fr' ? inFrench(name) : name}${theme === 'dark' ? '-dark' : ''}`, target);
  }
  await fits(frame, `${name}, ${language}`);
}

for (const [at, language, words] of [
  [0, 'en', { there: 'Colour profile was wrong.', here: 'Driver replaced.', comment: 'Quick and kind' }],
  [1, 'fr', { there: 'Le profil de couleurs était faux.', here: 'Pilote remplacé.', comment: 'Rapide et aimable' }],
]) {
  test(`${language}: what came of a session stands on its row, on the ticket for the team, and as time worked`, async () => {
    await speak(language);
    const issue = issues()[at];
    const met = await meet(issue, language);
    const { tab, panel, code, customer } = met;
    await help(agent, { ...met, language, minutes: 18, notes: words.there });
    await close(panel, code, { language, notes: words.here });
    await customer.reload();
    await customer.getByLabel('5 of 5').check();
    await customer.getByLabel('Comment').fill(words.comment);
    await customer.getByRole('button', { name: 'Send rating' }).click();
    await customer.getByText('Thank you for your rating.').waitFor();
    pass(2);

    const ended = { code, state: say(language, 'state.reported') };
    await row(panel, ended).waitFor();
    await tab.reload();   // without the steps of its making
    const again = await appFrame(tab);
    const rating = say(language, 'session.report.rating', { rating: 5 });
    saysAll('the row', await row(again, ended).innerText(), ['18 min', agent.name, customerOf(issue).name, rating, words.comment, words.there, words.here]);
    await looks(tab, again, tab.locator('iframe.forge'), 'panel-result', language);

    const summary = say(language, 'report.summary.customer', { code, customer: customerOf(issue).name, time: '18 min', names: agent.name });
    const report = tab.locator('.comment.internal', { hasText: summary });
    saysAll('the comment', await report.innerText(), [say(language, 'report.rating.comment', { rating: 5, comment: words.comment }), words.there, words.here]);
    await looks(tab, tab.mainFrame(), report, 'report-comment', language);
    await tab.locator('.comment:not(.internal)').getByText(say('en', 'invitation.ended.closed')).waitFor();   // the customer's language

    assert.deepEqual(await worked(issue), [[agent.accountId, 18]]);
    await customer.goto(`${house.site}/servicedesk/customer/portal/1/${issue.key}`);
    await customer.getByRole('heading', { name: issue.summary }).waitFor();
    assert.equal(await customer.getByText(words.here).count(), 0, 'the customer reads none of it');
  });
}

test('nobody connected: that is said too, on the row and on the ticket', async () => {
  await speak('en');
  const { tab, panel } = await atTicket(agent, issues()[3]);
  const code = await codeOf(await createSession(panel));
  await close(panel, code);
  pass(16);
  await row(panel, { code, state: 'Ended' }).getByText('Nobody connected').waitFor();
  await tab.locator('.comment.internal').getByText(`${code} with ${customerOf(issues()[3]).name}: nobody connected.`).waitFor();
});

for (const [at, language] of [[0, 'en'], [1, 'fr']]) {
  test(`${language}: a customer who waits: a comment for the team mentions the agent, where the admin wants it`, async () => {
    await speak(language);
    const issue = issues()[at];
    const { tab, code, customer } = await meet(issue, language);
    const sentence = say(language, 'waiting.text.customer', { customer: customerOf(issue).name, code });
    const told = tab.locator('.comment.internal', { hasText: sentence });
    await told.getByText(`@${agent.name}`).waitFor();
    await looks(tab, tab.mainFrame(), told, 'waiting-comment', language);
    const { comments } = await issueInJira(issue);
    assert.deepEqual(comments.filter(({ text }) => text.includes(sentence)).map(({ body }) => JSON.stringify(body).includes(agent.accountId)), [true], 'one, and it is the agent who is mentioned');
    await customer.goto(`${house.site}/servicedesk/customer/portal/1/${issue.key}`);
    await customer.getByRole('heading', { name: issue.summary }).waitFor();
    assert.equal(await customer.getByText(sentence).count(), 0, 'the customer reads none of it');
  });
}

test('a colleague connects: the session is theirs, the first agent sees it, and the result and the time worked are in their name', async () => {
  await speak('en');
  const issue = issues()[4];
  const { tab, panel, code } = await meet(issue);
  await row(panel, { code }).getByText(new RegExp(`by .${agent.name}., for`)).waitFor();
  const theirs = await atTicket(colleague, issue);
  await help(colleague, { ...theirs, code, minutes: 7, notes: 'Share mounted again.' });
  await tab.bringToFront();
  await row(panel, { code, state: 'In progress' }).getByText(new RegExp(`by .${colleague.name}., for`)).waitFor();
  await close(panel, code);
  pass(2);
  await row(panel, { code, state: 'Ended' }).getByText(new RegExp(`7 min, by .${colleague.name}.`)).waitFor();
  assert.deepEqual(await worked(issue), [[colleague.accountId, 7]]);
});

test('where the admin wants it in the invitation, the customer reads who helped and how long, and no notes', async () => {
  await speak('en');
  await adminWants((page) => page.getByLabel(say('en', 'sessions.report.invitation')).check());
  const issue = issues()[2];
  const met = await meet(issue);
  const { tab, panel, code, customer } = met;
  await help(agent, { ...met, minutes: 5, notes: 'For us only.' });
  await close(panel, code);
  pass(2);
  await row(panel, { code, state: 'Ended' }).getByText('For us only.').waitFor();
  const invitation = (page) => page.locator('.comment', { hasText: 'This remote session has ended.' }).getByText(`${agent.name} helped you for 5 min.`);
  await invitation(tab).waitFor();
  assert.equal(await tab.locator('.comment').getByText(`${code} with`).count(), 0, 'there is no other comment');
  await customer.goto(`${house.site}/servicedesk/customer/portal/1/${issue.key}`);
  await invitation(customer).waitFor();
  assert.equal(await customer.getByText('For us only.').count(), 0);
});
