// Comments for a role or a group alone, over real HTTP: who reads them in which places, what an app is told of them, and what is refused.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { request, Visitor } from '../harness/http.mjs';
import { Sandbox } from '../harness/sandbox.mjs';
import { freshSeed, readSeed } from '../harness/seed.mjs';
import { until } from '../harness/wait.mjs';
import { Remote } from './remote.mjs';
import { problemsBy } from './schemas.mjs';

const role = 'Administrators';
const group = 'support-team';
const seed = readSeed(freshSeed(({ sites: [{ issues: [first] }] }) => {
  first.comments.push({ by: first.assignee, text: 'From the seed', visibility: { type: 'role', value: role } });
}));
const issue = seed.issues[0].key;
const toRole = { type: 'role', value: role, identifier: role };

let sandbox;
let remote;
let lead;     // in the role, not in the group
let agent;    // in the group, not in the role, like the colleague
let colleague;
let app;

before(async () => {
  remote = await Remote.start();
  sandbox = await Sandbox.start({ seed: seed.file, args: ['--remote-url', remote.url] });
  const members = seed.agents.filter(({ groups }) => groups.includes(group));
  const accounts = [seed.project.roles[role][0], members[0].accountId, members[1].accountId];
  const tokens = await Promise.all(accounts.map((account) => sandbox.fit({ account, module: 'belay-panel', issue })));
  [lead, agent, colleague] = accounts.map((account, index) => ({ account, token: tokens[index].userToken }));
  app = { account: (await sandbox.state()).jira.sites[0].appAccount, token: tokens[0].systemToken };
});
after(async () => {
  await sandbox?.stop();
  remote?.stop();
});

/** One call of Jira's API by somebody. */
const jira = ({ token }, method, path, body) =>
  request(`${sandbox.addresses.jira_api}/ex/jira/${sandbox.addresses.cloud_id}/rest/api/3/${path}`, { method, body, headers: { authorization: `Bearer ${token}` } });
const saying = (text, visibility) => ({ body: { type: 'doc', version: 1, content: [{ type: 'paragraph', content: [{ type: 'text', text }] }] }, visibility });
const write = (who, visibility) => jira(who, 'POST', `issue/${issue}/comment`, saying('For a few', visibility));

/** The places where that person finds the comment. */
async function placesOf(who, id) {
  const has = (comments) => comments.some((comment) => comment.id === id);
  const found = {
    itself: (await jira(who, 'GET', `issue/${issue}/comment/${id}`)).status === 200,
    list: has((await jira(who, 'GET', `issue/${issue}/comment`)).json.comments),
    ids: has((await jira(who, 'POST', 'comment/list', { ids: [Number(id)] })).json.values),
    issue: has((await jira(who, 'GET', `issue/${issue}?fields=comment`)).json.fields.comment.comments),
    properties: (await jira(who, 'GET', `comment/${id}/properties`)).status === 200,
  };
  return Object.keys(found).filter((place) => found[place]);
}
const everywhere = ['itself', 'list', 'ids', 'issue', 'properties'];

test('a comment for a role is found by who is in it, and nowhere by another agent or the app', async () => {
  const { status, json } = await write(lead, { type: 'role', value: role });
  assert.equal(status, 201);
  assert.deepEqual(json.visibility, toRole);
  assert.deepEqual((await jira(lead, 'GET', `issue/${issue}/comment/${json.id}`)).json.visibility, toRole);
  assert.deepEqual(await placesOf(lead, json.id), everywhere);
  assert.deepEqual(await placesOf(agent, json.id), []);
  assert.deepEqual(await placesOf(app, json.id), []);
});

test('a comment for a group is for its members, and the identifier decides which group', async () => {
  const groups = (await jira(agent, 'GET', `user/groups?accountId=${agent.account}`)).json;
  const { groupId } = groups.find(({ name }) => name === group);
  const { json } = await write(agent, { type: 'group', value: 'staff', identifier: groupId });
  assert.deepEqual(json.visibility, { type: 'group', value: group, identifier: groupId });
  assert.deepEqual(await placesOf(colleague, json.id), everywhere);
  assert.deepEqual(await placesOf(lead, json.id), []);
  assert.deepEqual(await placesOf(app, json.id), []);
});

test('a comment for everybody says nothing of visibility', async () => {
  const { json } = await write(lead);
  assert.equal('visibility' in json, false);
  assert.deepEqual(await placesOf(app, json.id), everywhere);
});

test('who leaves the group loses the own comment, and an app that joins finds it', async () => {
  const { json } = await write(agent, { type: 'group', value: group });
  await sandbox.change({ jira: { people: { [agent.account]: { groups: ['staff'] }, [app.account]: { groups: [group] } } } });
  await sandbox.change({ jira: { roles: { [seed.project.key]: { 'Service Desk Team': [agent.account, colleague.account] } } } });
  assert.deepEqual(await placesOf(agent, json.id), []);
  assert.deepEqual(await placesOf(app, json.id), everywhere);
  await sandbox.change({ jira: { people: { [agent.account]: { groups: ['staff', group] }, [app.account]: { groups: [] } } } });
});

test('the app is told of a comment that it may not read, and of its restriction', async () => {
  const events = () => remote.to('/v1/forge/events/product').map(({ body }) => body.payload);
  const { json } = await write(lead, { type: 'role', value: role });
  const told = await until('the event', () => events().find(({ comment }) => comment?.id === json.id));
  assert.equal(told.eventType, 'avi:jira:commented:issue');
  assert.deepEqual(told.comment.visibility, toRole);
});

test('an edit restricts a comment, and one that says nothing leaves it so', async () => {
  const { json: { id } } = await write(lead);
  const edit = (visibility) => jira(lead, 'PUT', `issue/${issue}/comment/${id}`, saying('Changed', visibility));
  assert.equal('visibility' in (await edit()).json, false);
  assert.deepEqual((await edit({ type: 'role', identifier: role })).json.visibility, toRole);
  assert.deepEqual((await edit()).json.visibility, toRole);
  assert.equal((await edit({ type: 'group', value: group })).status, 400);
  assert.deepEqual(await placesOf(agent, id), []);
});

test('what is no role or group, an unknown one, and one that the caller is not in are refused', async () => {
  for (const [who, visibility, field] of [
    [lead, { type: 'person', value: role }, 'visibility'],
    [lead, { value: role }, 'visibility'],
    [lead, 'role', 'visibility'],
    [lead, { type: 'role', value: 'Jugglers' }, 'commentLevel'],
    [lead, { type: 'role' }, 'commentLevel'],
    [lead, { type: 'group', value: 'jugglers' }, 'commentLevel'],
    [lead, { type: 'group', value: group }, 'commentLevel'],
    [agent, { type: 'role', value: role }, 'commentLevel'],
    [app, { type: 'role', value: role }, 'commentLevel'],
  ]) {
    const { status, json } = await write(who, visibility);
    assert.deepEqual([status, Object.keys(json.errors)], [400, [field]], JSON.stringify(visibility));
  }
});

test('a restricted comment of the seed stands in the state, and on the page of who may read it', async () => {
  const state = await sandbox.state();
  assert.equal(problemsBy('seed', JSON.parse(readFileSync(seed.file, 'utf8'))), '');
  assert.equal(problemsBy('state', state), '');
  const { id, visibility } = state.jira.sites[0].issues.find(({ key }) => key === issue).comments.find(({ text }) => text.trim() === 'From the seed');
  assert.deepEqual(visibility, toRole);
  const pageOf = async ({ account }) => (await new Visitor().follow(`${sandbox.addresses.site}/browse/${issue}?as=${encodeURIComponent(account)}`)).text;
  const page = await pageOf(lead);
  assert.ok(page.includes(`id="comment-${id}"`) && page.includes(`Restricted to <bdi>${role}</bdi>`));
  assert.equal((await pageOf(agent)).includes(`id="comment-${id}"`), false);
});
