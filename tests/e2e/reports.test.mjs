// The personal page once an account is linked: leave to bring results back is asked for, looked at, kept and taken back, and nobody is talked into it for
// somebody else.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { link } from '../harness/linking.mjs';
import { until } from '../harness/wait.mjs';
import { House, appFrame } from './house.mjs';
import { leaveHere } from './steps.mjs';

let house;
let agent;
beforeEach(async () => {
  house = await House.open();
  [agent] = house.world.seed.agents;
  await house.world.linkedAgent(0);
});
afterEach(async () => {
  try {
    await house.rest();
  } finally {
    await house.close();
  }
});

const allow = { name: 'Let Belay bring results back' };
const live = async () => (await house.world.sandbox.state()).teamviewer.grants.filter(({ app, revoked }) => app === house.world.seed.reportsApp.clientId && !revoked);

async function personalPage(person = agent) {
  await house.prefer(person.accountId, { locale: 'en-US' });
  const tab = await house.visit(person, house.personalPage);
  return { tab, page: await appFrame(tab) };
}

/** The button: Jira asks, then TeamViewer's page for the second app stands in a new tab. */
async function begin({ tab, page }) {
  const consent = await leaveHere(tab, () => page.getByRole('button', allow).click());
  await consent.getByRole('heading', { name: /^Allow Belay with reports/ }).waitFor();
  await consent.getByText('See connection reports').waitFor();
  return consent;
}

const backInJira = async (consent) => {
  await consent.waitForURL((url) => url.hostname === 'jira.localhost' && url.pathname.startsWith(house.personalPage));
  return appFrame(consent);
};

test('the button, consent, both identities, kept; the first page follows; then taken back', async () => {
  const there = await personalPage();
  await there.page.getByText('only with a Premium or Corporate licence').waitFor();
  const consent = await begin(there);
  await consent.getByLabel(agent.teamviewer.email).check();
  await consent.getByRole('button', { name: 'Allow' }).click();
  const back = await backInJira(consent);
  const card = back.getByRole('region', { name: 'Is this you on both sides?' });
  await card.getByText(agent.teamviewer.name).last().waitFor();
  assert.equal(new URL(consent.url()).pathname, house.personalPage, 'the token is out of the address');
  assert.equal(await there.page.getByRole('button', { name: 'Take permission back' }).count(), 0, 'nothing is kept yet');
  await back.getByRole('button', { name: 'Bring results back' }).click();
  await back.getByText('You can close this tab').first().waitFor();
  await there.page.getByText('Allowed. Results of your sessions come back').first().waitFor();

  await there.page.getByRole('button', { name: 'Take permission back' }).click();
  await there.page.getByText('your account stays connected').waitFor();
  await there.page.getByRole('button', { name: 'Keep it' }).click();
  assert.equal(await there.page.evaluate(() => document.activeElement.textContent), 'Take permission back', 'focus is back');
  await there.page.getByRole('button', { name: 'Take permission back' }).click();
  await there.page.getByText('your account stays connected').waitFor();
  await there.page.getByRole('group').getByRole('button', { name: 'Take permission back' }).click();
  await there.page.getByText('Taken back.').first().waitFor();
  await there.page.getByRole('button', allow).waitFor();
  await until('the grant is revoked at TeamViewer', async () => (await live()).length === 0);
  await there.page.getByText('Connected since').waitFor();
});

test('a licence that gives no records: TeamViewer refuses on its own page, and the way back says why', async () => {
  const { id } = (await house.world.sandbox.state()).teamviewer.accounts.find(({ email }) => email === agent.teamviewer.email);
  await house.world.sandbox.change({ teamviewer: { accounts: [{ id, licence: { type: 'Business' } }] } });
  const consent = await begin(await personalPage());
  await consent.getByLabel(agent.teamviewer.email).check();
  await consent.getByRole('button', { name: 'Allow' }).click();
  await consent.getByRole('link', { name: 'Return to Belay with reports' }).click();
  const back = await backInJira(consent);
  await back.getByRole('alert').getByText('the licence of this account does not include connection records').waitFor();
  await back.getByRole('button', allow).waitFor();
  await back.getByText('Connected since').waitFor();
});

test('phishing: a victim who consents to what an attacker began gives nothing away', async () => {
  const [attacker, victim] = house.world.seed.agents;
  await house.world.linkedAgent(1);
  const { url } = await house.world.caller({ account: attacker.accountId, page: 'account' }).expect(200, 'POST', '/v1/account/start', { access: 'reports' });
  await house.prefer(victim.accountId, { locale: 'en-US' });
  const tab = await house.visit(victim, '/issues/');
  await tab.goto(url);
  await tab.getByLabel(victim.teamviewer.email).check();
  await tab.getByRole('button', { name: 'Allow' }).click();
  const page = await backInJira(tab);
  await page.getByRole('alert').getByText('it was not kept and is given back').waitFor();
  await until('the grant is revoked', async () => (await live()).length === 0);
  for (const { accountId } of [attacker, victim]) {
    assert.equal((await house.world.caller({ account: accountId, page: 'account' }).expect(200, 'GET', '/v1/account')).reports.allowed, false);
  }
});

test('what was allowed stands among what Belay may do', async () => {
  const account = await house.world.teamviewerAccount(0);
  await link(house.world.agent(0), { account, access: 'reports' });
  const { page } = await personalPage();
  await page.getByText('Allowed since').waitFor();
  await page.getByText('see the reports of sessions that were created here').waitFor();
});
