// What the sandbox's Jira Data Center tells by itself: to whom, signed how, and that it is told once.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import http from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import { Visitor } from '../harness/http.mjs';
import { Sandbox } from '../harness/sandbox.mjs';
import { until } from '../harness/wait.mjs';
import { as } from './datacenter.mjs';
import { problemsBy } from './schemas.mjs';

const all = ['jira:issue_created', 'jira:issue_updated', 'jira:issue_deleted', 'comment_created', 'comment_updated', 'comment_deleted'];
let sandbox;
let dc;
let agent;
let hearer;
let status;

before(async () => {
  sandbox = await Sandbox.start();
  ({ dc } = sandbox.addresses.datacenter);
  agent = await as(dc, 'tferreira');
  hearer = http.createServer((incoming, outgoing) => {
    const chunks = [];
    incoming.on('data', (chunk) => chunks.push(chunk));
    incoming.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      hearer.heard.push({ path: incoming.url, method: incoming.method, headers: incoming.headers, text, json: JSON.parse(text) });
      outgoing.writeHead(status).end();
    });
  });
  await new Promise((resolve) => { hearer.listen(0, '127.0.0.1', resolve); });
  hearer.url = `http://127.0.0.1:${hearer.address().port}`;
});
beforeEach(async () => {
  status = 200;
  await listen([{ url: `${hearer.url}/hook`, secret: 'hush', events: all }]);
  hearer.heard = [];
});
after(async () => {
  await sandbox?.stop();
  hearer?.closeAllConnections();
  hearer?.close();
});

const listen = (webhooks, more = {}) => sandbox.change({ datacenter: { dc: { webhooks, ...more } } });
const change = (dcChange) => sandbox.change({ datacenter: { dc: dcChange } });
/** When nothing is on its way any more. */
async function heard() {
  await until('all of it is told', async () => (await sandbox.state()).datacenter.webhooks.waiting === 0);
  return hearer.heard;
}
const told = ({ json }) => [json.webhookEvent, json.issue_event_type_name].filter(Boolean).join(' ');

test('a comment is told of twice: without its issue, and as a change of the issue; both signed, each with an id', async () => {
  const { id } = (await agent.post('rest/api/2/issue/PLATE-1/comment', { body: 'Grüße' })).json;
  const calls = await heard();
  assert.deepEqual(calls.map(told).sort(), ['comment_created', 'jira:issue_updated issue_commented']);
  const [own] = calls.filter(({ json }) => json.webhookEvent === 'comment_created');
  const [change_] = calls.filter(({ json }) => json.webhookEvent !== 'comment_created');
  assert.deepEqual([own.json.issue, own.json.comment.id, own.json.comment.body], [undefined, id, 'Grüße']);
  assert.match(own.json.comment.self, /\/rest\/api\/2\/issue\/\d+\/comment\/\d+$/);
  assert.deepEqual([change_.json.issue.key, change_.json.comment.id, change_.json.user.key], ['PLATE-1', id, 'JIRAUSER10102']);
  assert.equal(typeof change_.json.timestamp, 'number');
  for (const { method, path, headers, text } of calls) {
    assert.deepEqual([method, path, headers['content-type']], ['POST', '/hook', 'application/json']);
    assert.equal(headers['x-hub-signature'], `sha256=${createHmac('sha256', 'hush').update(text).digest('hex')}`);
    assert.match(headers['x-atlassian-webhook-identifier'], /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
  }
  assert.equal(new Set(calls.map(({ headers }) => headers['x-atlassian-webhook-identifier'])).size, 2);
  assert.equal(problemsBy('state', await sandbox.state()), '');
});

test('comment events name the issue where it is switched on', async () => {
  await change({ behaviour: { commentEventsNameIssue: true } });
  await agent.post('rest/api/2/issue/PLATE-1/comment', { body: 'x' });
  assert.ok((await heard()).every(({ json }) => json.issue.key === 'PLATE-1'));
  await change({ behaviour: { commentEventsNameIssue: false } });
});

test('edited, deleted, by hand and from the portal; issues made, changed and deleted', async () => {
  const at = 'rest/api/2/issue/PLATE-1/comment';
  const { id } = (await agent.post(at, { body: 'x' })).json;
  await agent.put(`${at}/${id}`, { body: 'y' });
  await agent.delete(`${at}/${id}`);
  await heard();
  assert.deepEqual(hearer.heard.map(told).sort(), ['comment_created', 'comment_deleted', 'comment_updated', 'jira:issue_updated issue_comment_deleted', 'jira:issue_updated issue_comment_edited', 'jira:issue_updated issue_commented']);
  hearer.heard = [];
  const visitor = new Visitor();
  await visitor.visit(`${dc}/?as=mnovak`);
  await visitor.visit(`${dc}/servicedesk/customer/portal/1/DESK-2/comment`, { method: 'POST', body: new URLSearchParams({ text: 'Still white' }) });
  assert.deepEqual((await heard()).map(told).sort(), ['comment_created', 'jira:issue_updated issue_commented']);
  const written = await sandbox.journal({ kind: 'comment.created' });
  assert.deepEqual([written.at(-1).installation, written.at(-1).account], ['', 'JIRAUSER10108'], 'by hand');
  hearer.heard = [];
  await change({ newIssues: [{ key: 'PLATE-80', summary: 'New', reporter: 'JIRAUSER10104' }] });
  await change({ issues: { 'PLATE-80': { summary: 'Newer' } } });
  await change({ issues: { 'PLATE-80': { deleted: true } } });
  await heard();
  assert.deepEqual(hearer.heard.map(told).sort(), ['jira:issue_created issue_created', 'jira:issue_deleted issue_deleted', 'jira:issue_updated issue_updated']);
  assert.ok(hearer.heard.every(({ json }) => json.issue.key === 'PLATE-80' && json.user.key === 'JIRAUSER10104'));
});

test('to those that want the event, unsigned without a secret, and not to one that is off', async () => {
  await listen([{ url: `${hearer.url}/plain`, events: ['jira:issue_updated'] }, { url: `${hearer.url}/off`, events: all, enabled: false }, { url: `${hearer.url}/other`, events: ['jira:issue_deleted'] }]);
  await agent.post('rest/api/2/issue/PLATE-1/comment', { body: 'x' });
  const calls = await heard();
  assert.deepEqual(calls.map(({ path, headers }) => [path, headers['x-hub-signature']]), [['/plain', undefined]]);
  assert.equal((await sandbox.state()).datacenter.sites[0].webhooks.length, 3);
});

test('nobody listens, or the answer is an error: the comment is written all the same, and it is told once', async () => {
  status = 500;
  await agent.post('rest/api/2/issue/PLATE-1/comment', { body: 'x' });
  await heard();
  assert.equal(hearer.heard.length, 2);
  await listen([{ url: 'http://127.0.0.1:9/', events: ['comment_created'] }]);
  assert.equal((await agent.post('rest/api/2/issue/PLATE-1/comment', { body: 'x' })).status, 201);
  await heard();
  const { deliveries } = (await sandbox.state()).datacenter.webhooks;
  assert.deepEqual(deliveries.slice(-3).map((one) => [one.status, one.outcome]), [[500, 'failed'], [500, 'failed'], [0, 'failed']]);
});

test('a refused change tells of nothing', async () => {
  await assert.rejects(change({ issues: { 'PLATE-1': { summary: 'New' }, 'NO-1': { summary: 'x' } } }));
  assert.deepEqual(await heard(), []);
});
