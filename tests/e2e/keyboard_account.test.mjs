// The personal page without a mouse: from Connect over TeamViewer's page to Finish connecting, and all the way back. Focus is in sight, and never lost.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { consent as consentOf, link } from '../harness/linking.mjs';
import { until } from '../harness/wait.mjs';
import { House, appFrame } from './house.mjs';
import { focusIs, focusIsKept, press, tabTo } from './keys.mjs';

const kQuestion = /^Belay gives the permission back to TeamViewer/;

let house;
let agent;
beforeEach(async () => {
  house = await House.open();
  [agent] = house.world.seed.agents;
});
afterEach(async () => {
  try {
    await house.rest();
  } finally {
    await house.close();
  }
});

async function personalPage(person, path = '') {
  const tab = await house.visit(person, `${house.personalPage}${path}`);
  return { tab, page: await appFrame(tab) };
}

/** Presses `name`, then Continue in Jira's question: TeamViewer's page, in a tab of its own. */
async function goToTeamViewer({ tab, page }, name) {
  const opened = tab.context().waitForEvent('page');
  await press(tab, page, name);
  await tab.getByRole('dialog', { name: 'You are leaving Jira' }).waitFor();
  await press(tab, tab, 'Continue', { most: 5 });
  const consent = await opened;
  await consent.getByRole('group', { name: 'Sign in as' }).waitFor();
  await page.getByText('Go on in the tab that opened.').first().waitFor();
  await consent.bringToFront();
  return consent;
}

/** The first tab again. Jira's dialog gives focus back to the frame that had it; the sandbox's is Chromium's own, which does so for no frame of another site. */
async function comeBack({ tab }) {
  await tab.bringToFront();
  await tab.locator('iframe.forge').focus();
}

/** Signs in as `email` and presses `answer`; the page in Jira that it leads to. */
async function answerThere(consent, { email, answer }) {
  const radio = consent.getByLabel(email);
  await tabTo(consent, consent, /@/, { most: 20 });
  for (let presses = 0; !(await radio.isChecked()); presses += 1) {
    assert.ok(presses < 20, `${email} is reached by arrows`);
    await consent.keyboard.press('ArrowDown');
  }
  await press(consent, consent, answer, { most: 10 });
  await consent.waitForURL((url) => url.hostname === 'jira.localhost' && url.pathname.startsWith(house.personalPage));
  return { tab: consent, page: await appFrame(consent) };
}

test('Connect, consent, Finish connecting, Disconnect: both tabs, without a mouse', async () => {
  const first = await personalPage(agent);
  await first.page.getByRole('button', { name: 'Connect', exact: true }).waitFor();
  const consent = await goToTeamViewer(first, 'Connect');
  const back = await answerThere(consent, { email: agent.teamviewer.email, answer: 'Allow' });

  await back.page.getByRole('button', { name: 'Finish connecting' }).waitFor();
  await tabTo(back.tab, back.page, 'Finish connecting');
  await tabTo(back.tab, back.page, 'This is not me', { most: 2 });
  await press(back.tab, back.page, 'Finish connecting', { key: 'Shift+Tab', most: 2 });
  await back.page.getByText('Connected since').waitFor();
  await focusIsKept(back.page);
  await tabTo(back.tab, back.page, 'Disconnect', { most: 2 });   // the first that there is to press

  // The page that waited has followed. Whoever comes back to it stands where Connect was, not before Jira's menus.
  await first.page.getByText('Connected since').waitFor();
  await comeBack(first);
  await focusIsKept(first.page);
  await tabTo(first.tab, first.page, 'Disconnect', { most: 2 });

  // Its question takes focus. Escape and the word that declines both lead back.
  await first.tab.keyboard.press('Enter');
  await focusIs(first.page, kQuestion);
  await first.tab.keyboard.press('Escape');
  await focusIs(first.page, 'Disconnect');
  await first.tab.keyboard.press('Space');
  await focusIs(first.page, kQuestion);
  await press(first.tab, first.page, 'Stay connected', { by: 'Space', most: 3 });
  await focusIs(first.page, 'Disconnect');
  await first.tab.keyboard.press('Enter');
  await focusIs(first.page, kQuestion);
  await press(first.tab, first.page, 'Disconnect', { most: 2 });
  await first.page.getByRole('button', { name: 'Connect', exact: true }).waitFor();
  await focusIsKept(first.page);
  await tabTo(first.tab, first.page, 'Connect', { most: 2 });
});

test('a refusal at TeamViewer, and an account that is somebody else\'s: Connect is the next stop', async () => {
  const first = await personalPage(agent);
  const denied = await answerThere(await goToTeamViewer(first, 'Connect'), { email: agent.teamviewer.email, answer: 'Deny' });
  await denied.page.getByRole('alert').waitFor();
  await denied.tab.close();
  await comeBack(first);
  await first.page.getByRole('alert').getByText('The consent at TeamViewer was not given').waitFor();
  await focusIs(first.page, 'Connect');

  const [, other] = house.world.seed.agents;
  const back = await answerThere(await goToTeamViewer(first, 'Connect'), { email: other.teamviewer.email, answer: 'Allow' });
  await press(back.tab, back.page, 'This is not me');
  await back.page.getByText('Nothing was connected').first().waitFor();
  await focusIsKept(back.page);
  await tabTo(back.tab, back.page, 'Connect', { most: 2 });
});

test('Look again: focus stays on it while it is there, and on the page once it is not', async () => {
  const [person] = house.world.seed.unlicensed;
  await house.prefer(person.accountId, { locale: 'en-US' });
  await link(house.world.caller({ account: person.accountId, page: 'account' }), { account: person.teamviewer.id });
  const { tab, page } = await personalPage(person);
  await page.getByRole('button', { name: 'Look again' }).waitFor();
  await press(tab, page, 'Look again');
  await page.getByText('Looked again:').first().waitFor();
  await focusIs(page, 'Look again');

  await house.world.sandbox.change({ teamviewer: { accounts: [{ id: person.teamviewer.id, licence: { type: 'Corporate', paid: true, active: true } }] } });
  house.world.clock.advance({ seconds: 11 });
  await tab.keyboard.press('Space');
  await page.getByText('Eligible', { exact: true }).waitFor();
  await focusIsKept(page);
  await press(tab, page, 'Disconnect', { most: 3 });
  await focusIs(page, kQuestion);
});

test('leave for results, given and taken back', async () => {
  await link(house.world.caller({ account: agent.accountId, page: 'account' }), { account: agent.teamviewer.id });
  const first = await personalPage(agent);
  await first.page.getByRole('button', { name: 'Let Belay bring results back' }).waitFor();
  const back = await answerThere(await goToTeamViewer(first, 'Let Belay bring results back'), { email: agent.teamviewer.email, answer: 'Allow' });
  await press(back.tab, back.page, 'Bring results back');
  await back.page.getByRole('button', { name: 'Take permission back' }).waitFor();
  await focusIsKept(back.page);

  await first.page.getByRole('button', { name: 'Take permission back' }).waitFor();
  await comeBack(first);
  await focusIsKept(first.page);
  await press(first.tab, first.page, 'Take permission back', { most: 4 });
  await focusIs(first.page, /^Belay gives this permission back/);
  await press(first.tab, first.page, 'Keep it', { most: 4 });
  await focusIs(first.page, 'Take permission back');
  await first.tab.keyboard.press('Enter');
  await press(first.tab, first.page, 'Take permission back', { most: 3 });
  await first.page.getByRole('button', { name: 'Let Belay bring results back' }).waitFor();
  await focusIsKept(first.page);
});

test('a parked grant that is gone: the page says so, and Connect is reached', async () => {
  const { token } = await consentOf(house.world.caller({ account: agent.accountId, page: 'account' }), { account: agent.teamviewer.id });
  const { tab, page } = await personalPage(agent, `/finish/${token}`);
  await page.getByRole('button', { name: 'Finish connecting' }).waitFor();
  house.world.clock.advance({ minutes: 6 });
  await press(tab, page, 'Finish connecting');
  await page.getByRole('alert').getByText('not finished within 5 minutes').waitFor();
  await focusIs(page, 'Finish connecting');
  await until('nobody is linked', async () => (await house.world.admin.expect(200, 'GET', '/v1/links')).links.length === 0);
});
