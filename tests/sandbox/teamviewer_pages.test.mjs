// The sandbox's TeamViewer in a real browser: the way of a customer, a supporter and somebody who consents, under the pages' own
// content security policy; and every page clean under axe, light and dark.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { request } from '../harness/http.mjs';
import { Sandbox } from '../harness/sandbox.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const app = { client_id: 'pages-check', client_secret: 'pages-check-secret' };
let sandbox;
let browser;
let outside;    // the app that sends people to consent, and gets them back
let redirect;
let returned;

before(async () => {
  sandbox = await Sandbox.start();
  outside = createServer((incoming, answer) => {
    if (incoming.url.startsWith('/back')) returned = new URL(incoming.url, 'http://belay.localhost').searchParams;
    answer.setHeader('content-type', 'text/html').end('<!doctype html><html lang="en"><title>Back</title><main><h1>Back at the app</h1></main>');
  });
  await new Promise((resolve) => { outside.listen(0, '127.0.0.1', resolve); });
  redirect = `http://belay.localhost:${outside.address().port}/back`;
  await sandbox.change({
    teamviewer: {
      apps: [{ clientId: app.client_id, clientSecret: app.client_secret, name: 'Pages check', redirectUris: [redirect] }],
      accounts: [{ id: 'u910001', email: 'agnes.pages@example.com', name: 'Agnes Pages' }, { id: 'u910002', email: 'colin.pages@example.com', name: 'Colin Pages', presence: 'online' }],
      contacts: [{ id: 'c910003', owner: 'u910001', email: 'colin.pages@example.com', group: 'Pages' }],
      invitations: [{ owner: 'u910001', email: 'new.pages@example.org', group: 'Pages' }],
    },
  });
  browser = await chromium.launch({ executablePath: process.env.BELAY_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
});

after(async () => {
  await browser?.close();
  outside?.close();
  await sandbox?.stop();
});

const teamviewer = () => new URL(sandbox.addresses.teamviewer_authorize).origin;
const authorize = () => `${sandbox.addresses.teamviewer_authorize}?${new URLSearchParams({ response_type: 'code', client_id: app.client_id, redirect_uri: redirect, state: 's' })}`;

async function page() {
  const context = await browser.newContext();
  const opened = await context.newPage();
  const refused = [];
  opened.on('console', (message) => { if (/Content Security Policy|Refused/.test(message.text())) refused.push(message.text()); });
  return { page: opened, refused, close: () => context.close() };
}

async function session(token) {
  const answer = await request(`${sandbox.addresses.teamviewer_api}/api/v1/sessions`, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: { groupname: 'Pages' } });
  return answer.json;
}

async function consent() {
  const { page: tab, refused, close } = await page();
  await tab.goto(authorize());
  await tab.getByLabel('Agnes Pages').check();
  await tab.getByRole('button', { name: 'Allow' }).click();
  await tab.getByRole('heading', { name: 'Back at the app' }).waitFor();
  assert.deepEqual(refused, []);
  await close();
  const form = new URLSearchParams({ grant_type: 'authorization_code', code: returned.get('code'), redirect_uri: redirect, ...app });
  return (await request(`${sandbox.addresses.teamviewer_api}/api/v1/oauth2/token`, { method: 'POST', body: form })).json.access_token;
}

test('Allow brings the browser back to the app with a code, Deny with an error', async () => {
  assert.ok(await consent());
  assert.equal(returned.get('state'), 's');
  const { page: tab, close } = await page();
  await tab.goto(authorize());
  await tab.getByRole('button', { name: 'Deny' }).click();
  await tab.getByRole('heading', { name: 'Back at the app' }).waitFor();
  assert.equal(returned.get('error'), 'access_denied');
  await close();
});

test('a customer joins, a supporter connects and ends, the customer rates and leaves', async () => {
  const token = await consent();
  const made = await session(token);
  const customer = await page();
  const supporter = await page();
  await customer.page.goto(made.end_customer_link);
  await customer.page.getByRole('button', { name: 'Join' }).click();
  await customer.page.getByRole('heading', { name: 'You have joined the session' }).waitFor();
  await supporter.page.goto(made.webclient_supporter_link);
  await supporter.page.getByLabel('Supporter').selectOption({ label: 'Agnes Pages' });
  await supporter.page.getByRole('button', { name: 'Connect', exact: true }).click();
  await supporter.page.getByLabel('Notes').fill('All done');
  await supporter.page.getByRole('button', { name: 'End connection' }).click();
  await supporter.page.getByRole('button', { name: 'Connect', exact: true }).waitFor();
  await customer.page.getByRole('button', { name: 'Leave' }).click();
  await customer.page.getByLabel('5 of 5').check();
  await customer.page.getByRole('button', { name: 'Send rating' }).click();
  await customer.page.getByText('Thank you for your rating.').waitFor();
  assert.deepEqual([...customer.refused, ...supporter.refused], []);
  const kinds = (await sandbox.journal({ party: 'teamviewer' })).filter(({ object }) => object.session === made.code).map(({ kind }) => kind);
  assert.deepEqual(kinds.filter((kind) => kind !== 'supporter.opened'),
    ['session.created', 'customer.joined', 'supporter.connected', 'supporter.disconnected', 'customer.left', 'feedback.given']);
  await customer.close();
  await supporter.close();
});

test('somebody sets their presence and takes an app\'s access back', async () => {
  const token = await consent();
  const { page: tab, close } = await page();
  await tab.goto(teamviewer());
  await tab.getByRole('link', { name: 'Agnes Pages' }).click();
  await tab.getByLabel('Away').check();
  await tab.getByRole('button', { name: 'Save presence' }).click();
  assert.ok(await tab.getByLabel('Away').isChecked());
  const buttons = tab.getByRole('button', { name: 'Remove access of Pages check' });
  for (let left = await buttons.count(); left > 0; left -= 1) await buttons.first().click();
  await tab.getByText('No app has access.').waitFor();
  const answer = await request(`${sandbox.addresses.teamviewer_api}/api/v1/account`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal(answer.status, 401);
  await close();
});

test('every page is clean under axe, in light and dark', async () => {
  const token = await consent();
  const waiting = await session(token);
  const joined = await session(token);
  const closed = await session(token);
  await request(joined.end_customer_link, { method: 'POST', body: new URLSearchParams({ action: 'join' }) });
  await request(joined.supporter_link, { method: 'POST', body: new URLSearchParams({ action: 'connect', account: 'u910001' }) });
  await sandbox.change({ teamviewer: { sessions: [{ code: closed.code, state: 'closed' }] } });
  const pages = {
    start: teamviewer(), account: `${teamviewer()}/accounts/u910001`, consent: authorize(), refused: `${sandbox.addresses.teamviewer_authorize}?client_id=nobody`,
    waiting: waiting.end_customer_link, joined: joined.end_customer_link, closed: closed.end_customer_link,
    supporter: joined.supporter_link, 'supporter alone': waiting.supporter_link, browser: joined.webclient_supporter_link,
    launch: `${sandbox.addresses.teamviewer_launch}/contact/c910003/authorization/prompt/mode/control`,
  };
  for (const colorScheme of ['light', 'dark']) {
    // axe is put into the page from outside, which the page's own policy rightly forbids.
    const context = await browser.newContext({ colorScheme, bypassCSP: true, viewport: { width: 480, height: 800 } });
    const tab = await context.newPage();
    for (const [name, url] of Object.entries(pages)) {
      await tab.goto(url);
      await tab.evaluate(axe);
      const { violations } = await tab.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'best-practice'] }));
      assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`), [], `${name}, ${colorScheme}`);
      if (process.env.BELAY_SANDBOX_PICTURES) await tab.screenshot({ path: `${process.env.BELAY_SANDBOX_PICTURES}/teamviewer-${name.replace(' ', '-')}-${colorScheme}.png`, fullPage: true });
    }
    await context.close();
  }
});
