// The pages of the sandbox's Jira Data Center: the plugin's panel and links as Jira shows them, who sees what, the portal.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Visitor, formsOf } from '../harness/http.mjs';
import { Program, binary, root } from '../harness/program.mjs';
import { Sandbox, demoSeed } from '../harness/sandbox.mjs';
import { as, caller } from './datacenter.mjs';

const server = 'http://belay.localhost:4321';
let folder;
let sandbox;
let dc;
let old;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'belay-plugins-'));
  execFileSync(join(root, 'tools/datacenter_plugin'), ['--server', server, '--site', 'dc', '--folder', join(folder, 'plugins', 'dc')]);
  sandbox = await Sandbox.start({ args: ['--plugins', join(folder, 'plugins')] });
  ({ dc, server: old } = sandbox.addresses.datacenter);
});
after(async () => {
  await sandbox?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** `path` as `name` sees it. */
async function see(name, path, site = dc) {
  const visitor = new Visitor();
  const page = await visitor.follow(`${site}${path}${path.includes('?') ? '&' : '?'}as=${name}`);
  return { ...page, visitor };
}
const linksOf = ({ text }) => [...text.matchAll(/<a href="([^"]+)">([^<]*)<\/a>/g)].map(([, address, words]) => [words, address]);

describe('the plugin', () => {
  test('its panel on the issue, with what loads with it, and a policy that lets its server in', async () => {
    const page = await see('tferreira', '/browse/PLATE-1');
    const { id } = (await (await as(dc, 'tferreira')).get('rest/api/2/issue/PLATE-1?fields=summary')).json;
    assert.ok(page.text.includes(`<div class="belay-panel" data-issue="${id}" data-key="PLATE-1"></div>`), page.text);
    const resources = [...page.text.matchAll(/(?:src|href)="(\/download\/resources\/belay\/[^"]+)"/g)].map(([, path]) => path);
    assert.deepEqual(resources, ['/download/resources/belay/css/panel.css', '/download/resources/belay/js/panel.js']);
    for (const path of resources) assert.equal((await page.visitor.visit(`${dc}${path}`)).status, 200, path);
    assert.match(page.headers['content-security-policy'], new RegExp(`frame-src ${server};`));
    assert.match(page.headers['content-security-policy'], /frame-ancestors 'self'/);
  });

  test('its links: in the bar, in the person’s menu, for admins on the administration page; in their language', async () => {
    const page = await see('tferreira', '/secure/Dashboard.jspa');
    const links = linksOf(page).filter(([, address]) => address.startsWith(server));
    assert.deepEqual(links.map(([, address]) => address), [`${server}/datacenter/dc/pages/sessions/`, `${server}/datacenter/dc/pages/account/`]);
    assert.ok(!page.text.includes('/download/resources/belay/'), 'only the issue view loads what the panel needs');
    const french = linksOf(await see('clefevre', '/secure/Dashboard.jspa')).filter(([, address]) => address.startsWith(server));
    assert.notDeepEqual(french.map(([words]) => words), links.map(([words]) => words));
    assert.equal((await see('tferreira', '/secure/admin/ViewApplicationProperties.jspa')).status, 403);
    const admin = await see('isorensen', '/secure/admin/ViewApplicationProperties.jspa');
    assert.ok(linksOf(admin).some(([, address]) => address === `${server}/datacenter/dc/pages/admin/`));
  });

  test('a site without one says so, and lets no frame in', async () => {
    const page = await see('tferreira', '/browse/FOLD-1', old);
    assert.match(page.text, /No apps are installed/);
    assert.match(page.headers['content-security-policy'], /frame-src 'none'/);
  });

  test('one that asks for more than it may, names a class, or lacks a file, is refused at the start', async () => {
    const refused = async (change) => {
      const broken = mkdtempSync(join(folder, 'broken-'));
      cpSync(join(folder, 'plugins'), broken, { recursive: true });
      change(join(broken, 'dc'));
      await assert.rejects(Program.start('belay-sandbox', binary('belay-sandbox'), ['serve', '--listen', '127.0.0.1:0', '--seed', demoSeed, '--plugins', broken], { cwd: root }));
    };
    for (const template of ['<p>$issue.summary</p>', '<p>${issue.key.toString()}</p>', '#if($issue.id)x#end', '$user.name']) await refused((plugin) => writeFileSync(join(plugin, 'templates/panel.vm'), template));
    await refused((plugin) => rmSync(join(plugin, 'js/panel.js')));
    await refused((plugin) => writeFileSync(join(plugin, 'atlassian-plugin.xml'), '<atlassian-plugin/>'));
  });
});

describe('who sees what', () => {
  test('an issue as its people see it; a former key leads on; markup stays text', async () => {
    const page = await see('tferreira', '/browse/DESK-1');
    for (const shown of ['DESK-1', 'Priya Raman', 'Tomás Ferreira', '张伟', '{{spool.inf}}', '<i>internal</i>']) assert.ok(page.text.includes(shown), shown);
    await (await as(dc, 'tferreira')).post('rest/api/2/issue/PLATE-1/comment', { body: '<script>alert(1)</script>' });
    const other = await see('praman', '/browse/PLATE-1');
    assert.ok(other.text.includes('&lt;script&gt;') && !other.text.includes('<script>alert'));
    for (const name of ['praman', 'mnovak']) assert.equal((await see(name, '/browse/DESK-1')).status, 404);
    await sandbox.change({ datacenter: { dc: { issues: { 'PLATE-2': { key: 'PLATE-20' } } } } });
    assert.equal((await see('tferreira', '/browse/PLATE-2')).url, `${dc}/browse/PLATE-20`);
  });

  test('a restricted comment is on the page of those in the role alone', async () => {
    const { id } = (await (await as(dc, 'tferreira')).post('rest/api/2/issue/PLATE-1/comment', { body: 'hush', visibility: { type: 'role', value: 'Users' } })).json;
    assert.ok((await see('tferreira', '/browse/PLATE-1')).text.includes(`comment-${id}`));
    assert.ok(!(await see('praman', '/browse/PLATE-1')).text.includes(`comment-${id}`));
  });

  test('a comment by hand, internal if they say so', async () => {
    const page = await see('tferreira', '/browse/DESK-2');
    const [form] = formsOf(page);
    const back = await page.visitor.follow(form.action, { method: 'POST', body: new URLSearchParams({ text: 'For us', internal: 'yes' }) });
    assert.equal(back.url, `${dc}/browse/DESK-2`);
    const { sites } = (await sandbox.state()).datacenter;
    const { comments } = sites[0].issues.find(({ key }) => key === 'DESK-2');
    assert.deepEqual([comments.at(-1).body, comments.at(-1).internal], ['For us', true]);
  });

  test('the portal: own requests, public comments, and nothing of the plugin', async () => {
    const list = await see('mnovak', '/servicedesk/customer/portal/1');
    assert.ok(list.text.includes('DESK-2') && !list.text.includes('DESK-1'));
    const page = await see('mnovak', '/servicedesk/customer/portal/1/DESK-2');
    assert.ok(!page.text.includes('For us') && !page.text.includes('belay') && page.text.includes('white after the password'));
    assert.equal((await see('mnovak', '/servicedesk/customer/portal/1/DESK-1')).status, 404);
    const [form] = formsOf(page);
    const back = await page.visitor.follow(form.action, { method: 'POST', body: new URLSearchParams({ text: 'It is a telephone with *two* cards' }) });
    assert.ok(back.text.includes('two'));
  });

  test('somebody who is not active signs in nowhere; a name that nobody has is not found', async () => {
    assert.equal((await see('nbecker', '/')).status, 404);
    assert.equal((await see('nobody', '/')).status, 404);
  });

  test('tokens on the profile: with a name and an end, and revoked', async () => {
    const page = await see('skjaer', '/secure/ViewProfile.jspa');
    const made = await page.visitor.visit(`${dc}/secure/ViewProfile.jspa`, { method: 'POST', body: new URLSearchParams({ name: 'For the till', days: '3' }) });
    const [, token] = made.text.match(/<code>([^<]+)<\/code>/);
    assert.equal((await caller(dc, `Bearer ${token}`).get('rest/api/2/myself')).status, 200);
    const again = await page.visitor.visit(`${dc}/secure/ViewProfile.jspa`);
    assert.ok(again.text.includes('For the till') && !again.text.includes(token));
    const [, id] = again.text.match(/name="revoke" value="(\d+)"/);
    await page.visitor.visit(`${dc}/secure/ViewProfile.jspa`, { method: 'POST', body: new URLSearchParams({ revoke: id }) });
    assert.equal((await caller(dc, `Bearer ${token}`).get('rest/api/2/myself')).status, 401);
  });
});
