// The sandbox's Jira in a real browser: the site's own pages, and an app's page in its frame as Forge would hold it. The app here is a
// few lines that use the bridge's one global, so that nothing of Belay's own pages is needed.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { decodeJwt } from 'jose';
import { chromium } from 'playwright-core';
import { Sandbox } from '../harness/sandbox.mjs';
import { readSeed } from '../harness/seed.mjs';
import { until } from '../harness/wait.mjs';
import { Remote } from './remote.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const seed = readSeed();
const agent = seed.agents[0];
const html = `<!doctype html><html lang="en"><head><title>App</title><script>globalThis.inline = true;</script><script type="module" src="./app.js"></script></head>
<body><main><h1>App</h1><p id="tall">Text</p></main></body></html>`;
const script = `globalThis.bridgeAtStart = typeof globalThis.__bridge?.callBridge;
globalThis.call = (name, payload) => globalThis.__bridge.callBridge(name, payload);`;

let folder;
let sandbox;
let remote;
let browser;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'belay-pages-'));
  for (const resource of ['panel', 'admin', 'account', 'project', 'automation', 'request', 'queue']) {
    mkdirSync(join(folder, resource));
    writeFileSync(join(folder, resource, 'index.html'), html);
    writeFileSync(join(folder, resource, 'app.js'), script);
  }
  remote = await Remote.start();
  sandbox = await Sandbox.start({ args: ['--forge-static', folder] });
  await sandbox.change({ forge: { remote: { installation: sandbox.addresses.installation_id, key: 'belay-server', baseUrl: remote.url } } });
  browser = await chromium.launch({ executablePath: process.env.BELAY_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
});

after(async () => {
  await browser?.close();
  remote?.stop();
  await sandbox?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const appPath = () => `${sandbox.addresses.forge_app_id.split('/').pop()}/${sandbox.addresses.environment_id}`;
const issuePath = `/browse/${seed.issue.key}`;

/** Somebody's browser on a page of the site; `app` is the frame of the app's page where there is one. */
async function open(path, account = agent.accountId) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const separator = path.includes('?') ? '&' : '?';
  await page.goto(`${sandbox.addresses.site}${path}${separator}as=${encodeURIComponent(account)}`);
  const frame = await page.locator('iframe.forge').count() ? await (await page.locator('iframe.forge').elementHandle()).contentFrame() : undefined;
  await frame?.waitForFunction(() => 'call' in globalThis);
  return { page, app: frame, context, close: () => context.close() };
}

test('the app stands on a site of its own, with the bridge before its scripts and nothing inline', async () => {
  const { page, app, close } = await open(issuePath);
  assert.equal(new URL(app.url()).hostname, 'forge.localhost');
  assert.equal(await app.evaluate(() => globalThis.bridgeAtStart), 'function');
  assert.equal(await app.evaluate(() => globalThis.inline), undefined);
  const attributes = (await page.locator('iframe.forge').getAttribute('sandbox')).split(' ');
  assert.ok(attributes.includes('allow-scripts') && !attributes.includes('allow-popups') && !attributes.includes('allow-top-navigation'));
  const refused = await app.evaluate((url) => new Promise((resolve) => {
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => resolve(effectiveDirective));
    fetch(url, { mode: 'no-cors' }).then(() => resolve('it went out'), () => undefined);
  }), remote.url);
  assert.equal(refused, 'connect-src');
  await close();
});

test('getContext says where the page stands and who looks at it', async () => {
  const { page, app, close } = await open(issuePath);
  const context = await app.evaluate(() => globalThis.call('getContext'));
  assert.equal(context.accountId, agent.accountId);
  assert.equal(context.extension.type, 'jira:issueContext');
  assert.equal(context.extension.issue.key, seed.issue.key);
  assert.equal(context.siteUrl, sandbox.addresses.site);
  assert.equal(context.moduleKey, 'belay-panel');
  assert.equal(context.extension.location, page.url());
  await close();
});

test('invoke reaches the remote, and a call that nobody answers rejects', async () => {
  const { app, close } = await open(issuePath);
  remote.answer = () => ({ status: 200, text: '{"hello":"panel"}' });
  const answer = await app.evaluate(() => globalThis.call('invoke', { path: '/v1/panel', method: 'GET', invokeType: 'ui-remote-fetch' }));
  assert.deepEqual(answer.payload.body, { hello: 'panel' });
  remote.answer = () => ({ status: 500, headers: { 'content-type': 'text/html' }, text: '<p>' });
  await assert.rejects(app.evaluate(() => globalThis.call('invoke', { path: '/v1/panel', method: 'GET' })), /error invoking the remote/);
  await assert.rejects(app.evaluate(() => globalThis.call('fetchRemote', {})), /not available/);
  await close();
});

test('theme and language follow the person', async () => {
  const { page, app, close } = await open(issuePath);
  await app.evaluate(() => globalThis.call('enableTheming'));
  assert.equal(await app.evaluate(() => document.documentElement.dataset.colorMode), 'light');
  await page.getByLabel('Your profile and settings').click();
  await page.getByRole('button', { name: 'Dark' }).click();
  await page.getByLabel('Your profile and settings').click();
  await page.getByRole('button', { name: 'Français' }).click();
  const frame = await (await page.locator('iframe.forge').elementHandle()).contentFrame();
  await frame.waitForFunction(() => 'call' in globalThis);
  await frame.evaluate(() => globalThis.call('enableTheming'));
  assert.equal(await frame.evaluate(() => document.documentElement.dataset.colorMode), 'dark');
  assert.equal((await frame.evaluate(() => globalThis.call('getContext'))).locale, 'fr-FR');
  await sandbox.change({ jira: { people: { [agent.accountId]: { theme: 'light', locale: 'en-US' } } } });
  await close();
});

test('leaving the site asks first: Cancel rejects, Continue opens a new tab', async () => {
  const { page, app, context, close } = await open(issuePath);
  const target = `${new URL(sandbox.addresses.teamviewer_authorize).origin}/`;
  const leave = (url) => app.evaluate((address) => globalThis.call('navigate', { url: address, type: 'new-tab' }).then(() => 'went', () => 'stayed'), url);
  const stayed = leave(target);
  await page.getByRole('heading', { name: 'You are leaving Jira' }).waitFor();
  assert.ok(await page.getByText(target).isVisible());
  await page.getByRole('button', { name: 'Cancel' }).click();
  assert.equal(await stayed, 'stayed');
  const tab = context.waitForEvent('page');
  const went = leave(target);
  await page.getByRole('button', { name: 'Continue' }).click();
  assert.equal(await went, 'went');
  const opened = await tab;
  await opened.waitForURL(target);
  assert.equal(await opened.evaluate(() => globalThis.opener), null);
  assert.equal(await leave('javascript:alert(1)'), 'stayed');
  await close();
});

test('an address of the site opens without a question', async () => {
  const { page, app, close } = await open(issuePath);
  await app.evaluate((path) => { globalThis.call('navigate', { url: path, type: 'same-tab' }); }, `/jira/settings/personal/apps/${appPath()}`);
  await page.waitForURL(`**/jira/settings/personal/apps/${appPath()}`);
  await close();
});

test('the personal page knows its own part of the address, and can take a token out of it', async () => {
  const { page, app, close } = await open(`/jira/settings/personal/apps/${appPath()}/finish/abcdefghijklmnop?x=1`);
  const location = await app.evaluate(async () => {
    globalThis.history4 = await globalThis.call('createHistory');
    return globalThis.history4.location;
  });
  assert.equal(location.pathname, '/finish/abcdefghijklmnop');
  assert.equal(location.search, '?x=1');
  await app.evaluate(() => globalThis.history4.replace('/'));
  await page.waitForURL((url) => url.pathname.endsWith(appPath()) && url.search === '');
  const heard = app.evaluate(() => new Promise((resolve) => { globalThis.history4.listen((place, action) => action === 'POP' && resolve(place.pathname)); globalThis.history4.push('/next').then(() => globalThis.history4.goBack()); }));
  assert.equal(await heard, '/');
  await close();
});

test('the frame is as high as its page', async () => {
  const { page, app, close } = await open(issuePath);
  const height = () => page.locator('iframe.forge').evaluate((frame) => frame.getBoundingClientRect().height);
  await app.evaluate(() => { document.getElementById('tall').style.height = '700px'; });
  await until('a high frame', async () => await height() > 700);
  await app.evaluate(() => { document.getElementById('tall').style.height = '10px'; });
  await until('a low frame', async () => await height() < 300);
  await close();
});

test('only an admin who agrees points the app at another server', async () => {
  const { page, app, close } = await open(`/jira/settings/apps/${appPath()}`, seed.admin.accountId);
  const set = (endpoint) => app.evaluate((address) => globalThis.call('__permission__remoteSet', { remotes: [{ key: 'belay-server', configured: { endpoint: address } }] }).then(() => 'set', (problem) => problem.message), endpoint);
  const get = () => app.evaluate(() => globalThis.call('__permission__remoteGet', { keys: ['belay-server'] }));
  const refused = set('https://other.example.com');
  await page.getByRole('button', { name: 'Cancel' }).click();
  assert.match(await refused, /did not agree/);
  const insecure = set('http://other.example.com');
  await page.getByRole('button', { name: 'Allow' }).click();
  assert.match(await insecure, /https/);
  const done = set('https://other.example.com/');
  await page.getByRole('button', { name: 'Allow' }).click();
  assert.equal(await done, 'set');
  assert.deepEqual((await get()).results, [{ key: 'belay-server', configured: { endpoint: 'https://other.example.com' } }]);
  await close();

  const other = await open(issuePath);
  await assert.rejects(other.app.evaluate(() => globalThis.call('__permission__remoteGet', {})), /admins/);
  await other.close();
  await sandbox.change({ forge: { remote: { installation: sandbox.addresses.installation_id, key: 'belay-server', baseUrl: remote.url } } });
});

test('a flag is shown, and Manage apps, Configure leads to the admin page', async () => {
  const { page, close } = await open('/plugins/servlet/upm', seed.admin.accountId);
  await page.getByRole('link', { name: 'Configure' }).click();
  await page.waitForURL('**/jira/settings/apps/configure/**');
  const frame = await (await page.locator('iframe.forge').elementHandle()).contentFrame();
  await frame.waitForFunction(() => 'call' in globalThis);
  assert.equal((await frame.evaluate(() => globalThis.call('getContext'))).moduleKey, 'belay-configure');
  await frame.evaluate(() => globalThis.call('showFlag', { id: 'f', title: 'Saved', type: 'success' }));
  await page.getByText('Saved').waitFor();
  await frame.evaluate(() => globalThis.call('closeFlag', { id: 'f' }));
  await page.getByText('Saved').waitFor({ state: 'detached' });
  await close();
});

test('somebody who is no admin sees neither the admin page nor the apps', async () => {
  for (const path of [`/jira/settings/apps/${appPath()}`, '/plugins/servlet/upm']) {
    const { page, close } = await open(path);
    assert.equal(await page.locator('iframe.forge').count(), 0);
    assert.equal(await page.getByRole('button').count(), 0);
    await close();
  }
});

test('in the portal the app stands beside the request, for its customer; what it calls goes out in their name', async () => {
  const customer = seed.people.find(({ type }) => type === 'customer');
  const asked = seed.issues.find(({ reporter }) => reporter === customer.accountId);
  const { page, app, close } = await open(`/servicedesk/customer/portal/1/${asked.key}`, customer.accountId);
  await page.getByRole('complementary', { name: 'Apps' }).getByRole('heading').waitFor();
  const { accountId, extension: { location: _, ...extension } } = await app.evaluate(() => globalThis.call('getContext'));
  assert.equal(accountId, customer.accountId);
  assert.deepEqual(extension, { type: 'jiraServiceManagement:portalRequestDetailPanel', request: { key: asked.key, typeId: '1' }, portal: { id: 1 } });
  remote.answer = () => ({ status: 200 });
  await app.evaluate(() => globalThis.call('invoke', { path: '/v1/request', method: 'GET', headers: {}, invokeType: 'ui-remote-fetch' }));
  const { headers } = remote.to('/v1/request').at(-1);
  assert.equal(decodeJwt(headers.authorization.slice('Bearer '.length)).principal, customer.accountId);
  assert.ok(headers['x-forge-oauth-user']);
  await close();

  const elsewhere = await open(`/servicedesk/customer/portal/1/${seed.issue.key}`, customer.accountId);
  assert.equal(await elsewhere.page.locator('iframe.forge').count(), 0, 'the request of somebody else');
  await elsewhere.close();
});

test('a comment that somebody writes appears for the others without a reload', async () => {
  const reader = await open(issuePath, seed.agents[1].accountId);
  const writer = await open(issuePath);
  await writer.page.getByLabel('Add a comment').fill('I will call you <b>at ten</b>');
  await writer.page.getByRole('button', { name: 'Save' }).click();
  await reader.page.getByText('I will call you <b>at ten</b>').waitFor();
  await Promise.all([reader.close(), writer.close()]);
});

test('without signing in there is only the sign-in page and the start page', async () => {
  const page = await browser.newPage();
  await page.goto(`${sandbox.addresses.site}${issuePath}`);
  await page.getByRole('link', { name: `Sign in as ${agent.name}` }).click();
  await page.waitForURL(`**${issuePath}`);
  await page.getByRole('heading', { name: seed.issue.summary }).waitFor();
  await page.close();
});

test('every page of the site is clean under axe, light and dark', async () => {
  const customer = seed.people.find(({ type }) => type === 'customer');
  const asked = seed.issues.find(({ reporter }) => reporter === customer.accountId);
  const pages = [
    ['/', agent.accountId], ['/login', agent.accountId], ['/issues/', agent.accountId], [issuePath, agent.accountId], ['/browse/NOPE-1', agent.accountId],
    ['/manage-profile/profile-and-visibility', agent.accountId], ['/plugins/servlet/upm', seed.admin.accountId], ['/plugins/servlet/upm/marketplace/featured', seed.admin.accountId],
    [`/jira/settings/apps/${appPath()}`, seed.admin.accountId], ['/jira/settings/automation', seed.admin.accountId], [`/jira/software/projects/${seed.project.key}/settings/apps/${appPath()}`, seed.admin.accountId], [`/servicedesk/customer/portal/1/${asked.key}`, customer.accountId],
  ];
  for (const theme of ['light', 'dark']) {
    const people = Object.fromEntries([agent, seed.admin, customer].map(({ accountId }) => [accountId, { theme }]));
    await sandbox.change({ jira: { people } });
    for (const [path, account] of pages) {
      const { page, close } = await open(path, account);
      if (path === issuePath) await page.getByLabel('Your profile and settings').click();
      await page.evaluate(axe);
      const found = await page.evaluate(() => globalThis.axe.run({ exclude: [['iframe']] }, { resultTypes: ['violations'] }));
      assert.deepEqual(found.violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), [], `${path} ${theme}`);
      await close();
    }
  }
});
