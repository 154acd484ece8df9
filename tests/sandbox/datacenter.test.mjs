// The sandbox's Jira Data Center and Server: REST v2, rights, Service Management, control.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { request } from '../harness/http.mjs';
import { Sandbox } from '../harness/sandbox.mjs';
import { as, caller, tokenOf } from './datacenter.mjs';
import { problemsBy } from './schemas.mjs';

let sandbox;
let dc;
let server;
let agent;
let colleague;
let admin;
let viewer;
let customer;

before(async () => {
  sandbox = await Sandbox.start();
  ({ dc, server } = sandbox.addresses.datacenter);
  [agent, colleague, admin, viewer, customer] = await Promise.all(['tferreira', 'clefevre', 'isorensen', 'praman', 'mnovak'].map((name) => as(dc, name)));
});
after(() => sandbox?.stop());

const refused = ({ status, json }) => [status, json?.errorMessages?.[0]];
const journal = async (kind) => (await sandbox.journal({ party: 'datacenter', kind }));
const stateOf = async (name = 'dc') => (await sandbox.state()).datacenter.sites.find((site) => site.name === name);
const issueState = async (key) => (await stateOf()).issues.find((issue) => issue.key === key);

test('its shapes: addresses, state, journal, recording', async () => {
  assert.equal(problemsBy('ready', sandbox.addresses), '');
  assert.equal(problemsBy('state', await sandbox.state()), '');
  await agent.post('rest/api/2/issue/PLATE-2/comment', { body: 'x', properties: [{ key: 'belay.session', value: { id: '1' } }] });
  for (const entry of await journal()) assert.equal(problemsBy('journal', entry), '');
  const recorded = (await sandbox.requests()).filter(({ party }) => party === 'datacenter');
  assert.ok(recorded.some(({ path, bearer }) => path === '/rest/api/2/issue/PLATE-2/comment' && bearer));
  for (const entry of recorded) assert.equal(problemsBy('requests', entry), '');
});

describe('who calls', () => {
  test('nobody, a token that nobody has, and a cookie: 401; who one is only of serverInfo is not asked', async () => {
    for (const authorization of [undefined, 'Bearer nothing', 'bearer', 'Basic !!!']) {
      assert.deepEqual(refused(await caller(dc, authorization).get('rest/api/2/myself')), [401, 'You are not authenticated. Authentication required to perform this operation.']);
    }
    const page = await request(`${dc}/secure/Dashboard.jspa?as=tferreira`);
    const [cookie] = page.headers['set-cookie'][0].split(';');
    assert.equal((await caller(dc).get('rest/api/2/myself', { cookie })).status, 401);
    const { json } = await caller(dc).get('rest/api/2/serverInfo');
    assert.deepEqual([json.version, json.versionNumbers, json.deploymentType, json.baseUrl], ['11.3.0', [11, 3, 0], 'Data Center', dc]);
    assert.equal((await caller(server).get('rest/api/2/serverInfo')).json.deploymentType, 'Server');
  });

  test('by password on 9.12, and no more on 11', async () => {
    const basic = (pair) => `Basic ${Buffer.from(pair).toString('base64')}`;
    assert.equal((await caller(server, basic('tferreira:tomas')).get('rest/api/2/myself')).json.key, 'tomas');
    assert.equal((await caller(server, basic('tferreira:')).get('rest/api/2/myself')).status, 401);
    assert.equal((await caller(server, basic('lgomez:')).get('rest/api/2/myself')).status, 401, 'who has no password signs in with none');
    await sandbox.change({ datacenter: { server: { version: '11.0.0' } } });
    assert.equal((await caller(server, basic('tferreira:tomas')).get('rest/api/2/myself')).status, 401);
    await sandbox.change({ datacenter: { server: { version: '9.12.4' } } });
  });

  test('a personal token: made by REST, shown once, listed without itself, over at its end, revoked; none before 8.14', async () => {
    const made = await agent.post('rest/pat/latest/tokens', { name: 'for a test', expirationDuration: 1 });
    assert.equal(made.status, 201);
    assert.deepEqual(Object.keys(made.json).sort(), ['createdAt', 'expiringAt', 'id', 'name', 'rawToken']);
    const own = caller(dc, `Bearer ${made.json.rawToken}`);
    assert.equal((await own.get('rest/api/2/myself')).json.name, 'tferreira');
    const list = await agent.get('rest/pat/latest/tokens');
    assert.ok(list.json.some(({ id }) => id === made.json.id) && !list.text.includes(made.json.rawToken));
    for (const text of [JSON.stringify(await sandbox.state()), JSON.stringify(await sandbox.requests()), JSON.stringify(await journal())]) assert.ok(!text.includes(made.json.rawToken));
    await sandbox.change({ clock: { forwardMs: 24 * 3_600_000 } });
    assert.equal((await own.get('rest/api/2/myself')).status, 401);
    const endless = await agent.post('rest/pat/latest/tokens', { name: 'endless' });
    assert.equal(endless.json.expiringAt, null);
    assert.equal((await colleague.delete(`rest/pat/latest/tokens/${endless.json.id}`)).status, 404, 'somebody else’s');
    assert.equal((await agent.delete(`rest/pat/latest/tokens/${endless.json.id}`)).status, 204);
    assert.equal((await caller(dc, `Bearer ${endless.json.rawToken}`).get('rest/api/2/myself')).status, 401);
    for (const body of [{}, { name: '' }, { name: 'x', expirationDuration: 0 }, { name: 'x', expirationDuration: 'soon' }]) assert.equal((await agent.post('rest/pat/latest/tokens', body)).status, 400, JSON.stringify(body));
    const before = await tokenOf(server, 'tferreira');
    await sandbox.change({ datacenter: { server: { version: '8.13.0' } } });
    assert.equal((await caller(server, `Bearer ${before}`).get('rest/api/2/myself')).status, 401);
    await sandbox.change({ datacenter: { server: { version: '9.12.4' } } });
  });

  test('somebody who is not active any more calls nothing', async () => {
    const theirs = await as(dc, 'skjaer');
    await sandbox.change({ datacenter: { dc: { people: { JIRAUSER10106: { active: false } } } } });
    assert.equal((await theirs.get('rest/api/2/myself')).status, 401);
    await sandbox.change({ datacenter: { dc: { people: { JIRAUSER10106: { active: true } } } } });
  });

  test('too many calls are 429 with Retry-After, where it is switched on', async () => {
    await sandbox.change({ datacenter: { dc: { behaviour: { retryAfterSeconds: 7 } } } });
    const answer = await agent.get('rest/api/2/myself');
    assert.deepEqual([answer.status, answer.headers['retry-after']], [429, '7']);
    await sandbox.change({ datacenter: { dc: { behaviour: { retryAfterSeconds: 0 } } } });
  });
});

describe('people', () => {
  test('by key or by name, with their address; whoever is renamed keeps the key', async () => {
    const { json } = await agent.get('rest/api/2/user?key=JIRAUSER10104&expand=groups');
    assert.deepEqual([json.name, json.emailAddress, json.displayName, json.active, json.timeZone, json.locale], ['praman', 'priya.raman@example.com', 'Priya Raman', true, 'Europe/London', 'en_US']);
    assert.deepEqual([json.groups.size, json.groups.items.map(({ name }) => name)], [1, ['staff']]);
    assert.deepEqual(refused(await agent.get('rest/api/2/user')), [400, "Either the 'username' or the 'key' query parameters need to be provided"]);
    assert.deepEqual(refused(await agent.get('rest/api/2/user?key=x')), [404, "The user with the key 'x' does not exist"]);
    await sandbox.change({ datacenter: { dc: { people: { JIRAUSER10104: { name: 'priya.r', noEmail: true } } } } });
    assert.equal((await agent.get('rest/api/2/user?username=praman')).status, 404);
    const renamed = await agent.get('rest/api/2/user?username=priya.r');
    assert.deepEqual([renamed.json.key, renamed.json.emailAddress], ['JIRAUSER10104', '']);
    await sandbox.change({ datacenter: { dc: { people: { JIRAUSER10104: { name: 'praman', email: 'priya.raman@example.com' } } } } });
    const picture = await request(json.avatarUrls['48x48']);
    assert.deepEqual([picture.status, picture.headers['content-type']], [200, 'image/svg+xml']);
  });

  test('found by a part of name or address; groups found and listed, members for admins alone', async () => {
    assert.deepEqual((await agent.get('rest/api/2/user/search?username=tomas.fer')).json.map(({ key }) => key), ['JIRAUSER10102']);
    assert.deepEqual((await agent.get('rest/api/2/user/search?username=nbecker')).json, [], 'who is not active');
    assert.equal((await agent.get('rest/api/2/user/search')).status, 400);
    const { json } = await agent.get('rest/api/2/groups/picker?query=SUPP');
    assert.deepEqual([json.total, json.groups[0].name, json.groups[0].html], [1, 'support-team', '<b>supp</b>ort-team']);
    assert.equal((await agent.get('rest/api/2/groups/picker?query=&maxResults=1')).json.groups.length, 1);
    assert.equal((await agent.get('rest/api/2/group/member?groupname=support-team')).status, 403);
    const members = (await admin.get('rest/api/2/group/member?groupname=support-team&maxResults=2')).json;
    assert.deepEqual([members.total, members.values.length, members.isLast], [4, 2, false]);
    assert.equal((await admin.get('rest/api/2/group/member?groupname=nobody')).status, 404);
  });

  test('rights: all of them, whatever is asked for; 404 where one sees nothing', async () => {
    const rights = async (who, where) => {
      const { json } = await who.get(`rest/api/2/mypermissions?permissions=BROWSE_PROJECTS&${where}`);
      return Object.entries(json.permissions).filter(([, { havePermission }]) => havePermission).map(([key]) => key).sort();
    };
    assert.deepEqual(await rights(agent, 'issueKey=DESK-1'), ['ADD_COMMENTS', 'BROWSE_PROJECTS', 'EDIT_ISSUES', 'SERVICEDESK_AGENT', 'WORK_ON_ISSUES']);
    assert.deepEqual(await rights(agent, 'projectKey=PLATE'), ['ADD_COMMENTS', 'BROWSE_PROJECTS', 'EDIT_ISSUES', 'WORK_ON_ISSUES']);
    assert.deepEqual(await rights(viewer, 'issueKey=PLATE-1'), ['ADD_COMMENTS', 'BROWSE_PROJECTS']);
    assert.deepEqual(await rights(admin, ''), ['ADMINISTER']);
    assert.deepEqual(await rights(await as(dc, 'skjaer'), 'projectKey=PLATE'), ['ADD_COMMENTS', 'ADMINISTER_PROJECTS', 'BROWSE_PROJECTS', 'EDIT_ISSUES', 'WORK_ON_ISSUES']);
    for (const where of ['issueKey=DESK-1', 'issueKey=NO-1', 'projectKey=DESK']) assert.equal((await viewer.get(`rest/api/2/mypermissions?${where}`)).status, 404, where);
    assert.ok(!('SERVICEDESK_AGENT' in (await (await as(server, 'tferreira')).get('rest/api/2/mypermissions')).json.permissions));
    assert.equal((await viewer.get('rest/api/2/project/DESK')).status, 404);
    assert.equal((await agent.get('rest/api/2/project/DESK')).json.projectTypeKey, 'service_desk');
  });
});

describe('issues', () => {
  test('by key, by id, with the fields that are wanted; 404 where there is none, 403 where one may not see it', async () => {
    const { json } = await agent.get('rest/api/2/issue/DESK-1?fields=summary,project,reporter,assignee');
    assert.deepEqual(Object.keys(json.fields).sort(), ['assignee', 'project', 'reporter', 'summary']);
    assert.deepEqual([json.fields.project.key, json.fields.reporter.key], ['DESK', 'JIRAUSER10104']);
    const all = (await agent.get(`rest/api/2/issue/${json.id}`)).json.fields;
    assert.equal(all.comment.total, 3);
    assert.match(all.created, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/);
    assert.equal((await agent.get('rest/api/2/issue/PLATE-2?fields=-comment')).json.fields.comment, undefined);
    assert.deepEqual(refused(await agent.get('rest/api/2/issue/DESK-999')), [404, 'Issue Does Not Exist']);
    for (const who of [viewer, customer]) assert.deepEqual(refused(await who.get('rest/api/2/issue/DESK-2')), [403, 'You do not have the permission to see the specified issue.']);
  });

  test('several by id or key; who is not to be seen is an error, or left out', async () => {
    const search = (who, jql, more) => who.post('rest/api/2/search', { jql, fields: ['summary'], ...more });
    const keys = ({ json }) => json.issues.map(({ key }) => key);
    const id = (await issueState('PLATE-1')).id;
    assert.deepEqual(keys(await search(agent, `id in (${id}, DESK-1)`)), ['PLATE-1', 'DESK-1']);
    assert.deepEqual(keys(await search(agent, 'issuekey IN ("PLATE-2","PLATE-1","PLATE-2")', { maxResults: 1 })), ['PLATE-2']);
    const hidden = await search(viewer, 'issuekey in (DESK-1, PLATE-1, DESK-99)');
    assert.deepEqual([hidden.status, hidden.json.errorMessages.length], [400, 2]);
    assert.deepEqual(keys(await search(viewer, 'issuekey in (DESK-1, PLATE-1, DESK-99)', { validateQuery: false })), ['PLATE-1']);
    for (const jql of ['', 'project = DESK', 'id in ()', 'id in (1) order by id', 'id in (1,)', 'id not in (1)']) assert.equal((await search(agent, jql)).status, 400, jql);
  });

  test('an issue that was moved is found by its former key, and is of its new project', async () => {
    await sandbox.change({ datacenter: { dc: { newIssues: [{ key: 'PLATE-70', summary: 'Moves', reporter: 'JIRAUSER10102' }] } } });
    await sandbox.change({ datacenter: { dc: { issues: { 'PLATE-70': { key: 'DESK-70' } } } } });
    const { json } = await agent.get('rest/api/2/issue/PLATE-70?fields=project');
    assert.deepEqual([json.key, json.fields.project.key], ['DESK-70', 'DESK']);
    assert.equal((await viewer.get('rest/api/2/issue/PLATE-70')).status, 403);
    await sandbox.change({ datacenter: { dc: { issues: { 'DESK-70': { deleted: true } } } } });
    assert.equal((await agent.get('rest/api/2/issue/PLATE-70')).status, 404);
  });

  test('properties of an issue and of a comment: set, listed, read, deleted', async () => {
    const comment = (await agent.post('rest/api/2/issue/PLATE-1/comment', { body: 'x' })).json;
    for (const [thing, kind] of [['issue/PLATE-1', 'issue_property'], [`comment/${comment.id}`, 'comment_property']]) {
      const at = `rest/api/2/${thing}/properties`;
      assert.equal((await agent.put(`${at}/belay.count`, { n: 1 })).status, 201);
      assert.equal((await agent.put(`${at}/belay.count`, '7', { 'content-type': 'application/json' })).status, 200);
      assert.deepEqual((await agent.get(`${at}/belay.count`)).json, { key: 'belay.count', value: 7 });
      assert.deepEqual((await agent.get(at)).json.keys.map(({ key }) => key), ['belay.count']);
      assert.equal((await viewer.put(`${at}/belay.count`, {})).status, 403);
      assert.equal((await agent.delete(`${at}/belay.count`)).status, 204);
      assert.equal((await agent.get(`${at}/belay.count`)).status, 404);
      assert.deepEqual((await sandbox.journal({ party: 'datacenter' })).filter((line) => line.kind.startsWith(kind)).slice(-3).map((line) => line.kind), [`${kind}.set`, `${kind}.set`, `${kind}.deleted`]);
    }
  });

  test('time worked: its start in Jira’s own form, its text, changed and deleted', async () => {
    const at = 'rest/api/2/issue/PLATE-1/worklog';
    const body = { timeSpentSeconds: 605, started: '2026-11-22T10:00:00.000+0000', comment: 'On the telephone' };
    const made = await agent.post(`${at}?adjustEstimate=leave`, body);
    assert.deepEqual([made.status, made.json.timeSpentSeconds, made.json.comment, made.json.started], [201, 600, 'On the telephone', body.started]);
    assert.equal('properties' in made.json, false);
    for (const wrong of [{ ...body, timeSpentSeconds: 5 }, { ...body, started: '2026-11-22T10:00:00Z' }, { ...body, comment: { type: 'doc' } }, { started: body.started }]) assert.equal((await agent.post(at, wrong)).status, 400, JSON.stringify(wrong));
    assert.equal((await viewer.post(at, body)).status, 403);
    assert.equal((await agent.put(`${at}/${made.json.id}`, { timeSpentSeconds: 1200 })).json.timeSpent, '20m');
    assert.equal((await agent.get(at)).json.total, 1);
    assert.equal((await agent.delete(`${at}/${made.json.id}?adjustEstimate=leave`)).status, 204);
    assert.equal((await agent.get(`${at}/${made.json.id}`)).status, 404);
  });
});

describe('comments', () => {
  const at = 'rest/api/2/issue/PLATE-2/comment';

  test('wiki markup as it came; properties only when asked for; newest first; pages', async () => {
    const body = '*bold* [~praman] {code}<b>{code}';
    const made = await agent.post(at, { body, properties: [{ key: 'belay.session', value: { id: 's1' } }] });
    assert.deepEqual([made.status, made.json.body, made.json.author.key, 'properties' in made.json, 'jsdPublic' in made.json], [201, body, 'JIRAUSER10102', false, false]);
    const shown = (await agent.get(`${at}/${made.json.id}?expand=properties,renderedBody`)).json;
    assert.deepEqual(shown.properties, [{ key: 'belay.session', value: { id: 's1' } }]);
    assert.ok(shown.renderedBody.includes('&lt;b&gt;'));
    const second = (await colleague.post(at, { body: 'second' })).json;
    const page = (await agent.get(`${at}?orderBy=-created&maxResults=1&startAt=0`)).json;
    assert.deepEqual([page.comments.map(({ id }) => id), page.startAt, page.maxResults], [[second.id], 0, 1]);
    assert.equal((await agent.get(`${at}?orderBy=body`)).status, 400);
    const [line] = (await journal('comment.created')).filter(({ object }) => object.comment === made.json.id);
    assert.deepEqual([line.installation, line.account, line.identity], ['dc', 'JIRAUSER10102', { 'belay.session': { id: 's1' } }]);
  });

  test('empty, too long, by characters: refused', async () => {
    for (const body of [undefined, '', ' \n', { type: 'doc' }, 'ä'.repeat(32_768)]) assert.equal((await agent.post(at, { body })).status, 400);
    assert.equal((await agent.post(at, { body: 'ä'.repeat(32_767) })).status, 201);
    assert.equal((await agent.post(at, 'body=x', { 'content-type': 'text/plain' })).status, 415);
  });

  test('edited and deleted by their author and by admins, and by nobody else', async () => {
    const { id } = (await agent.post(at, { body: 'mine' })).json;
    assert.equal((await colleague.put(`${at}/${id}`, { body: 'yours' })).status, 400);
    assert.equal((await colleague.delete(`${at}/${id}`)).status, 400);
    const edited = await agent.put(`${at}/${id}?notifyUsers=false`, { body: 'still mine', properties: [{ key: 'k', value: 1 }] });
    assert.deepEqual([edited.status, edited.json.body], [200, 'still mine']);
    assert.equal((await agent.get(`rest/api/2/comment/${id}/properties/k`)).json.value, 1);
    assert.equal((await admin.put(`${at}/${id}`, { body: 'an admin’s' })).json.updateAuthor.name, 'isorensen');
    assert.equal((await agent.delete(`${at}/${id}`)).status, 204);
    assert.equal((await agent.get(`${at}/${id}`)).status, 404);
  });

  test('restricted to a role or a group: for those in it alone, its author not excepted', async () => {
    const { id } = (await agent.post(at, { body: 'hush', visibility: { type: 'role', value: 'Users' } })).json;
    assert.equal((await agent.get(`${at}/${id}`)).json.visibility.value, 'Users');
    assert.equal((await viewer.get(`${at}/${id}`)).status, 404);
    assert.ok(!(await viewer.get(at)).json.comments.some((comment) => comment.id === id));
    assert.equal((await viewer.get(`rest/api/2/comment/${id}/properties`)).status, 404);
    for (const visibility of [{ type: 'role', value: 'Administrators' }, { type: 'role', value: 'Emperors' }, { type: 'group', value: 'developers' }, { type: 'planet', value: 'x' }]) {
      assert.equal((await agent.post(at, { body: 'x', visibility })).status, 400, JSON.stringify(visibility));
    }
  });
});

describe('Service Management', () => {
  const at = 'rest/servicedeskapi/request/DESK-2';

  test('a request is there for its team and its customers', async () => {
    const { json } = await customer.get(`${at}?expand=serviceDesk`);
    assert.deepEqual([json.issueKey, json.serviceDeskId, json.serviceDesk.projectKey, json.reporter.key], ['DESK-2', '1', 'DESK', 'JIRAUSER10108']);
    assert.equal((await agent.get(at)).status, 200);
    for (const [who, path] of [[viewer, at], [agent, 'rest/servicedeskapi/request/PLATE-1'], [customer, 'rest/servicedeskapi/request/DESK-1']]) assert.equal((await who.get(path)).status, 404);
    assert.equal((await (await as(server, 'tferreira')).get('rest/servicedeskapi/request/FOLD-1')).status, 404);
  });

  test('participants only for who opts in', async () => {
    const path = 'rest/servicedeskapi/request/DESK-1/participant';
    assert.equal((await agent.get(path)).status, 412);
    const { json } = await agent.get(path, { 'x-experimentalapi': 'opt-in' });
    assert.deepEqual([json.size, json.isLastPage, json.values.map(({ key }) => key)], [1, true, ['JIRAUSER10105']]);
  });

  test('internal comments: by property or by public; no customer sees or writes one', async () => {
    const hidden = (await agent.post('rest/api/2/issue/DESK-2/comment', { body: 'team', properties: [{ key: 'sd.public.comment', value: { internal: true } }] })).json;
    const shown = await agent.post(`${at}/comment`, { body: 'all', public: true });
    assert.deepEqual([shown.status, shown.json.public, Object.keys(shown.json.created).sort()], [201, true, ['epochMillis', 'friendly', 'iso8601', 'jira']]);
    const noted = await agent.post(`${at}/comment`, { body: 'team too', public: false });
    assert.equal(noted.json.public, false);
    assert.equal((await agent.get(`${at}/comment/${hidden.id}`)).json.public, false);
    assert.equal((await customer.get(`${at}/comment/${hidden.id}`)).status, 404);
    assert.deepEqual((await customer.get(`${at}/comment`)).json.values.map(({ id }) => id), [shown.json.id]);
    assert.deepEqual((await agent.get(`${at}/comment?public=false`)).json.values.map(({ id }) => id), [hidden.id, noted.json.id]);
    assert.equal((await customer.post(`${at}/comment`, { body: 'x', public: false })).status, 403);
    assert.equal((await customer.post(`${at}/comment`, { body: 'thank you', public: true })).status, 201);
    // In a project without Service Management the property hides nothing.
    const plain = (await agent.post('rest/api/2/issue/PLATE-1/comment', { body: 'x', properties: [{ key: 'sd.public.comment', value: { internal: true } }] })).json;
    assert.equal((await issueState('PLATE-1')).comments.find(({ id }) => id === plain.id).internal, false);
  });

  test('what was asked for and what becomes of it can differ, where it is switched on', async () => {
    const internal = async (more) => {
      const { id } = (await agent.post('rest/api/2/issue/DESK-2/comment', { body: 'x', ...more })).json;
      return (await issueState('DESK-2')).comments.find((comment) => comment.id === id).internal;
    };
    await sandbox.change({ datacenter: { dc: { behaviour: { internalCommentsBecomePublic: true, publicCommentsBecomeInternal: true } } } });
    assert.equal(await internal({ properties: [{ key: 'sd.public.comment', value: { internal: true } }] }), false);
    assert.equal(await internal({}), true);
    await sandbox.change({ datacenter: { dc: { behaviour: { internalCommentsBecomePublic: false, publicCommentsBecomeInternal: false } } } });
  });
});

describe('control', () => {
  test('a refused change has changed nothing', async () => {
    const before = JSON.stringify(await stateOf());
    for (const change of [
      { people: { JIRAUSER10104: { name: 'new' } }, issues: { 'NO-1': { summary: 'x' } } },
      { people: { JIRAUSER10104: { name: 'tferreira' } } },
      { people: { JIRAUSER10104: { name: 'new', shoeSize: 44 } } },
      { issues: { 'DESK-1': { summary: 'New', assignee: 'nobody' } } },
      { issues: { 'DESK-1': { key: 'PLATE-1' } } },
      { webhooks: [{ url: 'http://127.0.0.1:1/', events: ['no_such'] }] },
      { newIssues: [{ key: 'DESK-1', summary: 'twice' }] },
      { colour: 'red' },
    ]) {
      await assert.rejects(sandbox.change({ datacenter: { dc: change } }), JSON.stringify(change));
      assert.equal(JSON.stringify(await stateOf()), before);
    }
    await assert.rejects(sandbox.change({ datacenter: { nowhere: {} } }));
  });

  test('what it takes has the documented shape', async () => {
    const change = { datacenter: { dc: { redirectUris: [], behaviour: { adminNeedsScope: false }, people: { JIRAUSER10104: { theme: 'dark', groups: ['staff'] } }, issues: { 'PLATE-2': { status: 'Done', unassigned: true } }, webhooks: [], newIssues: [{ key: 'DESK-71', summary: 'New', comments: [{ by: 'JIRAUSER10102', text: 'x' }] }], revokeTokensOf: 'JIRAUSER10107' } } };
    assert.equal(problemsBy('state-change', change), '');
    await sandbox.change(change);
    assert.equal(problemsBy('state', await sandbox.state()), '');
    const { status, assignee } = await issueState('PLATE-2');
    assert.deepEqual([status, assignee], ['Done', '']);
  });

  test('faults reach it by its name', async () => {
    await sandbox.faults([{ match: { party: 'datacenter', method: 'GET', path: '/rest/api/2/myself' }, answer: { status: 503, body: {} }, times: 1 }]);
    assert.equal((await agent.get('rest/api/2/myself')).status, 503);
    assert.equal((await agent.get('rest/api/2/myself')).status, 200);
    await sandbox.faults([]);
  });
});
