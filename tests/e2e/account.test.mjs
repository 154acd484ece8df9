// The personal page: an agent ties their own TeamViewer account to their Jira account, and nobody can be talked into tying it to
// somebody else's.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { consent as consentOf } from '../harness/linking.mjs';
import { until } from '../harness/wait.mjs';
import { House, appFrame } from './house.mjs';
import { leaveHere } from './steps.mjs';

let house;
beforeEach(async () => { house = await House.open(); });
afterEach(async () => {
  try {
    await house.rest();
  } finally {
    await house.close();
  }
});

const teamviewerOf = ({ teamviewer }) => ({ name: teamviewer.name, email: teamviewer.email, licence: teamviewer.licence.type });
const journal = (kind) => house.world.sandbox.journal({ kind });

/** From the ticket over the avatar menu to the personal page. */
async function personalPageOf(person) {
  const tab = await house.visit(person, `/browse/${house.world.seed.issue.key}`);
  await tab.getByLabel('Your profile and settings').click();
  await tab.locator('#avatar-menu').getByRole('link', { name: 'Remote support account' }).click();
  await tab.waitForURL((url) => url.pathname === house.personalPage);
  return { tab, page: await appFrame(tab) };
}

/** Connect: Jira asks, then TeamViewer's own page stands in the tab. */
async function beginConnecting(tab, page) {
  const consent = await leaveHere(tab, () => page.getByRole('button', { name: 'Connect', exact: true }).click());
  await consent.getByRole('group', { name: 'Sign in as' }).waitFor();
  await page.getByText('Go on in the tab that opened.').first().waitFor();
  return consent;
}

/** Back in Jira, where the page takes the token out of the address as soon as it has read it. */
const backInJira = async (consent) => {
  await consent.waitForURL((url) => url.hostname === 'jira.localhost' && url.pathname.startsWith(house.personalPage));
  return appFrame(consent);
};

test('Connect, consent, both identities, Finish connecting; then Disconnect', async () => {
  const [agent] = house.world.seed.agents;
  const { tab, page } = await personalPageOf(agent);
  await page.getByRole('heading', { name: 'Your TeamViewer account' }).waitFor();
  await page.getByText('create, see and close support sessions in your name').waitFor();
  const consent = await beginConnecting(tab, page);
  await consent.getByLabel(agent.teamviewer.email).check();
  await consent.getByRole('button', { name: 'Allow' }).click();

  const back = await backInJira(consent);
  await back.getByText('Is this you on both sides?').waitFor();
  assert.equal(new URL(consent.url()).pathname, house.personalPage, 'the token is out of the address');
  const card = await back.getByRole('region', { name: 'Is this you on both sides?' }).innerText();
  for (const part of [agent.name, ...Object.values(teamviewerOf(agent))]) assert.ok(card.includes(part), `the card shows ${part}`);
  assert.equal((await house.world.sandbox.state()).teamviewer.grants.length > 0, true);
  await back.getByRole('button', { name: 'Finish connecting' }).click();
  await back.getByText('Connected.', { exact: true }).first().waitFor();
  await consent.waitForURL((url) => url.pathname === house.personalPage);
  const linked = await back.getByRole('region', { name: 'Your TeamViewer account' }).innerText();
  for (const part of [...Object.values(teamviewerOf(agent)), 'Eligible', 'Connected since']) assert.ok(linked.includes(part), `the card shows ${part}`);

  // A reload asks nothing again, and the ticket offers sessions now.
  await consent.reload();
  const again = await appFrame(consent);
  await again.getByText('Connected since').waitFor();
  await consent.goto(`${house.site}/browse/${house.world.seed.issue.key}`);
  await (await appFrame(consent)).getByRole('button', { name: 'Create session' }).waitFor();

  await consent.goto(`${house.site}${house.personalPage}`);
  const last = await appFrame(consent);
  await last.getByRole('button', { name: 'Disconnect' }).click();
  await last.getByText('You have no open session').waitFor();
  await last.getByRole('button', { name: 'Stay connected' }).click();
  assert.equal(await last.evaluate(() => document.activeElement.textContent), 'Disconnect', 'focus is back');
  await last.getByRole('button', { name: 'Disconnect' }).click();
  await last.getByRole('group').getByRole('button', { name: 'Disconnect' }).click();
  await last.getByText('Disconnected. Belay now closes your open sessions').first().waitFor();
  await last.getByRole('button', { name: 'Connect', exact: true }).waitFor();
  await until('the token is revoked at TeamViewer', async () => (await journal('token.revoked')).length > 0);
});

test('consent denied: said in words, nothing connected, and Connect is there again', async () => {
  const [agent] = house.world.seed.agents;
  const { tab, page } = await personalPageOf(agent);
  const consent = await beginConnecting(tab, page);
  await consent.getByRole('button', { name: 'Deny' }).click();
  await consent.waitForURL((url) => url.hostname === 'jira.localhost');
  const back = await appFrame(consent);
  await back.getByRole('alert').getByText('The consent at TeamViewer was not given, so nothing was connected.').waitFor();
  await back.getByRole('button', { name: 'Connect', exact: true }).waitFor();
  await consent.reload();
  const again = await appFrame(consent);
  await again.getByRole('button', { name: 'Connect', exact: true }).waitFor();
  assert.equal(await again.getByRole('alert').count(), 0, 'said once');
});

test('from a ticket: the first page follows while both windows are in sight, says a refusal too, and leads back to the ticket', async () => {
  const [agent] = house.world.seed.agents;
  const { key } = house.world.seed.issue;
  const tab = await house.visit(agent, `/browse/${key}`);
  await (await appFrame(tab)).getByRole('button', { name: 'Connect', exact: true }).click();
  await tab.waitForURL((url) => url.pathname.startsWith(house.personalPage));
  const page = await appFrame(tab);
  const denied = await beginConnecting(tab, page);
  await denied.getByRole('button', { name: 'Deny' }).click();
  await page.getByRole('alert').getByText('The consent at TeamViewer was not given').waitFor();
  assert.equal(await page.locator('.actions').getByText('This page follows').count(), 0, 'nothing is left to follow');
  await denied.close();

  // In windows of their own, as side by side, a page never becomes visible: it is all the time.
  const consent = await beginConnecting(tab, page);
  await consent.getByLabel(agent.teamviewer.email).check();
  await consent.getByRole('button', { name: 'Allow' }).click();
  const back = await backInJira(consent);
  await back.getByRole('button', { name: 'Finish connecting' }).click();
  await back.getByText('You can close this tab').first().waitFor();
  await page.getByText('Connected.', { exact: true }).first().waitFor();
  await page.getByRole('button', { name: `Go back to ${key}` }).click();
  await tab.waitForURL((url) => url.pathname === `/browse/${key}`);
  await (await appFrame(tab)).getByRole('button', { name: 'Create session' }).waitFor();
});

test('an account whose licence is not eligible: said before it is connected, with its own figures', async () => {
  const [person] = house.world.seed.unlicensed;
  await house.prefer(person.accountId, { locale: 'en-US' });
  const { token } = await consentOf(house.world.caller({ account: person.accountId, page: 'account' }), { account: person.teamviewer.id });
  const tab = await house.visit(person, `${house.personalPage}/finish/${token}`);
  const page = await appFrame(tab);
  await page.getByText('Sessions will not work with this account. An active paid licence is needed; this account has none.').waitFor();
  await page.getByText('Licence: Free').waitFor();
  await page.getByRole('button', { name: 'Finish connecting' }).click();
  await page.getByText('Connected.', { exact: true }).first().waitFor();
});

test('phishing: a victim who consents to what an attacker began links nothing, and the grant is revoked', async () => {
  const [attacker, victim] = house.world.seed.agents;
  await house.prefer(victim.accountId, { locale: 'en-US' });
  // The attacker presses Connect, and sends the address on instead of following it.
  const theirs = await personalPageOf(attacker);
  const begun = await beginConnecting(theirs.tab, theirs.page);
  const started = await house.world.caller({ account: attacker.accountId, page: 'account' }).expect(200, 'POST', '/v1/account/start', {});
  assert.ok(begun.url().includes('/oauth2/authorize'));

  // The victim, signed in to Jira, opens the address and consents as themselves.
  const tab = await house.visit(victim, '/issues/');
  const seen = [];
  tab.on('framenavigated', (frame) => seen.push(frame.url()));
  await tab.goto(started.url);
  await tab.getByLabel(victim.teamviewer.email).check();
  await tab.getByRole('button', { name: 'Allow' }).click();
  await tab.waitForURL((url) => url.hostname === 'jira.localhost');
  const page = await appFrame(tab);
  await page.getByRole('alert').getByText('begun by somebody else, so nothing was connected, and the permission is given back').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Finish connecting' }).count(), 0);
  await until('the grant is revoked', async () => (await journal('token.revoked')).length > 0);

  // Whoever has the address of the parked grant, the attacker included, gets nothing out of it.
  const [parked] = seen.flatMap((address) => address.match(/\/finish\/([\w-]+)/)?.[1] ?? []);
  assert.ok(parked, 'the browser was sent to the page with a token');
  const attempt = await house.visit(attacker, `${house.personalPage}/finish/${parked}`);
  await (await appFrame(attempt)).getByRole('alert').waitFor();
  const links = await house.world.admin.expect(200, 'GET', '/v1/links');
  assert.deepEqual(links.links, [], 'nobody is linked');
});

test('too late, or a second time: the parked grant is gone, and Connect begins anew', async () => {
  const [agent] = house.world.seed.agents;
  const { tab, page } = await personalPageOf(agent);
  const consent = await beginConnecting(tab, page);
  await consent.getByLabel(agent.teamviewer.email).check();
  await consent.getByRole('button', { name: 'Allow' }).click();
  const back = await backInJira(consent);
  await back.getByRole('button', { name: 'Finish connecting' }).waitFor();
  house.world.clock.advance({ minutes: 6 });
  await back.getByRole('button', { name: 'Finish connecting' }).click();
  await back.getByRole('alert').getByText('not finished within 5 minutes').waitFor();
  const links = await house.world.admin.expect(200, 'GET', '/v1/links');
  assert.deepEqual(links.links, []);
});

test('This is not me: nothing is linked, and the grant is given back at once', async () => {
  const [agent, other] = house.world.seed.agents;
  const { tab, page } = await personalPageOf(agent);
  const consent = await beginConnecting(tab, page);
  await consent.getByLabel(other.teamviewer.email).check();
  await consent.getByRole('button', { name: 'Allow' }).click();
  const back = await backInJira(consent);
  await back.getByText(other.teamviewer.email).waitFor();
  await back.getByRole('button', { name: 'This is not me' }).click();
  await back.getByText('Nothing was connected. Belay gives the permission back to TeamViewer.').first().waitFor();
  await back.getByRole('button', { name: 'Connect', exact: true }).waitFor();
  await until('the grant is revoked', async () => (await journal('token.revoked')).length > 0);
  assert.deepEqual((await house.world.admin.expect(200, 'GET', '/v1/links')).links, []);
});
