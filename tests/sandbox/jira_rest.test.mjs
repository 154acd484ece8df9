// The sandbox's Jira, asked over real HTTP as belayd would: strict where the real one is.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { request } from '../harness/http.mjs';
import { Sandbox } from '../harness/sandbox.mjs';
import { freshSeed, readSeed } from '../harness/seed.mjs';
import { problemsBy } from './schemas.mjs';

const seed = readSeed();
let sandbox;
let tokens;      // of the first agent
let admin;       // a Jira admin's

before(async () => {
  sandbox = await Sandbox.start();
  tokens = await sandbox.fit({ account: seed.agents[0].accountId, module: 'belay-panel', issue: seed.issue.key });
  admin = await sandbox.fit({ account: seed.admin.accountId, module: 'belay-admin' });
});
after(() => sandbox?.stop());

const doc = (...content) => ({ type: 'doc', version: 1, content });
const paragraph = (text) => ({ type: 'paragraph', content: [{ type: 'text', text }] });

/** One call of Jira's API. `token`: null sends none. */
function jira(method, path, { token = tokens.systemToken, body, headers = {}, cloud = sandbox.addresses.cloud_id } = {}) {
  const authorization = token === null ? {} : { authorization: `Bearer ${token}` };
  return request(`${sandbox.addresses.jira_api}/ex/jira/${cloud}${path}`, { method, body, headers: { ...authorization, ...headers } });
}
const comments = (issue = seed.issue.key) => `/rest/api/3/issue/${issue}/comment`;

test('a call without a token, with an unknown one, or for another site is 401', async () => {
  assert.equal((await jira('GET', `/rest/api/3/issue/${seed.issue.key}`, { token: null })).status, 401);
  assert.equal((await jira('GET', '/rest/api/3/myself', { token: 'made-up' })).status, 401);
  const second = (await sandbox.state()).jira.sites[1].cloudId;
  assert.equal((await jira('GET', '/rest/api/3/myself', { cloud: second })).status, 401);
});

test('myself is the app with the system token and the person with the user token', async () => {
  assert.equal((await jira('GET', '/rest/api/3/myself')).json.accountType, 'app');
  assert.equal((await jira('GET', '/rest/api/3/myself', { token: tokens.userToken })).json.accountId, seed.agents[0].accountId);
});

test('an issue has the fields asked for and no more, and a hidden address nowhere', async () => {
  const { json } = await jira('GET', `/rest/api/3/issue/${seed.issue.key}?fields=summary,reporter`);
  assert.deepEqual(Object.keys(json.fields), ['summary', 'reporter']);
  const hidden = seed.people.find((person) => !person.emailVisible);
  assert.equal((await jira('GET', `/rest/api/3/user?accountId=${hidden.accountId}`)).json.emailAddress, null);
  assert.equal((await jira('GET', `/rest/api/3/issue/${seed.issue.key}?fields=comment`)).text.includes(hidden.email), false);
});

test('what the caller may not see is 404', async () => {
  const outsider = await sandbox.fit({ account: seed.outsider.accountId, module: 'belay-panel', issue: seed.issue.key });
  assert.equal((await jira('GET', `/rest/api/3/issue/${seed.issue.key}`, { token: outsider.userToken })).status, 404);
  assert.equal((await jira('GET', '/rest/api/3/issue/NOPE-1')).status, 404);
});

test('a comment is written by the app, and shows its properties only when asked for', async () => {
  const properties = [{ key: 'belay.session', value: { id: 'one' } }];
  const written = await jira('POST', comments(), { body: { body: doc(paragraph('Hello')), properties } });
  assert.equal(written.status, 201);
  assert.equal(written.json.author.accountType, 'app');
  assert.equal('properties' in written.json, false);
  const newest = await jira('GET', `${comments()}?orderBy=-created&maxResults=1`);
  assert.equal(newest.json.comments[0].id, written.json.id);
  assert.equal('properties' in newest.json.comments[0], false);
  const ids = [Number(written.json.id)];
  assert.equal('properties' in (await jira('POST', '/rest/api/3/comment/list', { body: { ids } })).json.values[0], false);
  const expanded = await jira('POST', '/rest/api/3/comment/list?expand=properties', { body: { ids } });
  assert.deepEqual(expanded.json.values[0].properties, properties);
  const [line] = (await sandbox.journal({ kind: 'comment.created' })).slice(-1);
  assert.equal(problemsBy('journal', line), '');
  assert.deepEqual(line.identity, { 'belay.session': { id: 'one' } });
  assert.equal(line.installation, sandbox.addresses.installation_id);
});

test('a body that is no document, is broken, empty or too long is refused', async () => {
  const longest = 'x'.repeat(32_767);
  for (const body of ['plain text', doc({ type: 'text', text: 'bare' }), doc(paragraph('')), doc({ type: 'marquee' }), doc(paragraph(' ')), doc(paragraph(`${longest}x`))]) {
    const answer = await jira('POST', comments(), { body: { body } });
    assert.equal(answer.status, 400, JSON.stringify(body).slice(0, 80));
    assert.ok(answer.json.errors.comment);
  }
  assert.equal((await jira('POST', comments(), { body: '{', headers: { 'content-type': 'application/json' } })).status, 400);
  assert.equal((await jira('POST', comments(), { body: 'body=x', headers: { 'content-type': 'application/x-www-form-urlencoded' } })).status, 415);
});

test('only its author changes or deletes a comment of the app', async () => {
  const { json } = await jira('POST', comments(), { body: { body: doc(paragraph('Mine')) } });
  const path = `${comments()}/${json.id}`;
  assert.equal((await jira('PUT', path, { token: tokens.userToken, body: { body: doc(paragraph('Yours')) } })).status, 400);
  assert.equal((await jira('PUT', `${path}?notifyUsers=false`, { body: { body: doc(paragraph('Still mine')) } })).status, 200);
  const [line] = (await sandbox.journal({ kind: 'comment.edited' })).slice(-1);
  assert.equal(line.more.notifyUsers, false);
  assert.equal((await jira('DELETE', path)).status, 204);
  assert.equal((await jira('DELETE', path)).status, 404);
});

test('an internal note is not public, and a surprise can be played', async () => {
  const properties = [{ key: 'sd.public.comment', value: { internal: true } }];
  const body = { body: doc(paragraph('Between us')), properties };
  assert.equal((await jira('POST', comments(), { body })).json.jsdPublic, false);
  await sandbox.change({ jira: { behaviour: { internalCommentsBecomePublic: true } } });
  assert.equal((await jira('POST', comments(), { body })).json.jsdPublic, true);
  await sandbox.change({ jira: { behaviour: { internalCommentsBecomePublic: false } } });
});

test('a comment for everybody can come out as a note of the team', async () => {
  const body = { body: doc(paragraph('For everybody')) };
  await sandbox.change({ jira: { behaviour: { publicCommentsBecomeInternal: true } } });
  assert.equal((await jira('POST', comments(), { body })).json.jsdPublic, false);
  await sandbox.change({ jira: { behaviour: { publicCommentsBecomeInternal: false } } });
  assert.equal((await jira('POST', comments(), { body })).json.jsdPublic, true);
});

test('pages have their real sizes', async () => {
  const { json } = await jira('GET', `${comments()}?maxResults=5000`);
  assert.equal(json.maxResults, 100);
  assert.equal((await jira('GET', `${comments()}?orderBy=author`)).status, 400);
  const asked = seed.people.map(({ accountId }) => `accountId=${encodeURIComponent(accountId)}`).join('&');
  const bulk = await jira('GET', `/rest/api/3/user/bulk?${asked}`);
  assert.equal(bulk.json.values.length, 10);
  assert.equal(bulk.json.isLast, false);
});

test('a request is told to its customers and to whoever sees the issue, with its service desk where that is asked for', async () => {
  const customer = seed.people.find(({ type }) => type === 'customer');
  const asked = seed.issues.find(({ reporter }) => reporter === customer.accountId);
  const { userToken: token } = await sandbox.fit({ account: customer.accountId, module: 'belay-request', request: asked.key });
  const path = (key, query = '') => `/rest/servicedeskapi/request/${key}${query}`;
  assert.equal((await jira('GET', `/rest/api/3/issue/${asked.key}`, { token })).status, 404, 'the issue itself is the team’s');
  const { status, json } = await jira('GET', path(asked.key, '?expand=serviceDesk'), { token });
  assert.deepEqual([status, json.issueKey, json.serviceDesk.projectKey], [200, asked.key, seed.project.key]);
  assert.match(`${json.issueId} ${json.serviceDesk.projectId}`, /^\d+ \d+$/);
  assert.equal((await jira('GET', path(asked.key), { token })).json.serviceDesk, undefined);
  assert.equal((await jira('GET', path(asked.key), { token: tokens.userToken })).json.issueId, json.issueId);
  const other = seed.issues.find(({ reporter, participants = [] }) => ![reporter, ...participants].includes(customer.accountId));
  assert.equal((await jira('GET', path(other.key), { token })).status, 404);
  assert.equal((await jira('GET', path('PRESS-1'), { token: tokens.userToken })).status, 404, 'no request');
});

test('a request that is shared with an organization: its members see it, others do not, and the list of participants names none of them', async () => {
  const member = { accountId: 'qm:member', name: 'Aya Mori', type: 'customer', organizations: ['Kumo Books'] };
  const stranger = { accountId: 'qm:stranger', name: 'Luca Rizzo', type: 'customer', organizations: ['Rizzo Ships'] };
  const own = await Sandbox.start({ seed: freshSeed(({ sites: [site] }) => {
    site.people.push(member, stranger);
    site.issues.find(({ key }) => key === seed.issue.key).organizations = ['Kumo Books'];
  }) });
  try {
    const seen = async ({ accountId }) => {
      const { userToken: token } = await own.fit({ account: accountId, module: 'belay-request', request: seed.issue.key });
      const ask = async (path) => (await request(`${own.addresses.jira_api}/ex/jira/${own.addresses.cloud_id}${path}`, { headers: { authorization: `Bearer ${token}` } })).status;
      return Promise.all([ask(`/rest/servicedeskapi/request/${seed.issue.key}`), ask(`/rest/api/3/issue/${seed.issue.key}`)]);
    };
    assert.deepEqual(await seen(member), [200, 404]);
    assert.deepEqual(await seen(stranger), [404, 404]);
    const { systemToken: token } = await own.fit({ account: seed.agents[0].accountId, module: 'belay-panel', issue: seed.issue.key });
    const { json } = await request(`${own.addresses.jira_api}/ex/jira/${own.addresses.cloud_id}/rest/servicedeskapi/request/${seed.issue.key}/participant`, { headers: { authorization: `Bearer ${token}` } });
    assert.ok(!json.values.some(({ accountId }) => accountId === member.accountId));
    await own.change({ jira: { issues: { [seed.issue.key]: { organizations: [] } } } });
    assert.deepEqual(await seen(member), [404, 404]);
    await assert.rejects(own.change({ jira: { issues: { [seed.issue.key]: { participants: ['nobody'] } } } }), /participants/);
  } finally {
    await own.stop();
  }
});

test('participants of a request come in pages of 50 at most, from anywhere on, with Service Management\'s own words', async () => {
  const everybody = seed.people.map(({ accountId }) => accountId);
  const many = Array.from({ length: 60 }, (_, n) => ({ accountId: `712020:part-${n}`, name: `Participant ${n}`, email: `part.${n}@example.com`, groups: [] }));
  const own = await Sandbox.start({ seed: freshSeed(({ sites: [site] }) => {
    site.people.push(...many);
    site.issues.find(({ key }) => key === seed.issue.key).participants = many.map(({ accountId }) => accountId);
  }) });
  try {
    const { systemToken: token } = await own.fit({ account: seed.agents[0].accountId, module: 'belay-panel', issue: seed.issue.key });
    const page = async (query) => {
      const { status, json } = await request(`${own.addresses.jira_api}/ex/jira/${own.addresses.cloud_id}/rest/servicedeskapi/request/${seed.issue.key}/participant${query}`, { headers: { authorization: `Bearer ${token}` } });
      return status === 200 ? [json.values.length, json.size, json.start, json.limit, json.isLastPage, json.values[0]?.accountId] : status;
    };
    assert.ok(!everybody.includes(many[0].accountId));
    assert.deepEqual(await page(''), [50, 50, 0, 50, false, '712020:part-0']);
    assert.deepEqual(await page('?start=50&limit=50'), [10, 10, 50, 50, true, '712020:part-50']);
    assert.deepEqual(await page('?start=7&limit=2'), [2, 2, 7, 2, false, '712020:part-7']);
    assert.deepEqual(await page('?limit=500'), [50, 50, 0, 50, false, '712020:part-0']);
    assert.deepEqual(await page('?start=100'), [0, 0, 100, 50, true, undefined]);
    assert.equal(await page('?start=x'), 400);
  } finally {
    await own.stop();
  }
});

test('issues in bulk: those that the caller may see, by id or key, at most a hundred', async () => {
  const fetch = (issueIdsOrKeys, token) => jira('POST', '/rest/api/3/issue/bulkfetch', { token, body: { issueIdsOrKeys, fields: ['created'] } });
  const { json: { id } } = await jira('GET', `/rest/api/3/issue/${seed.issue.key}`);
  const { status, json } = await fetch([id, 'OFFICE-1', '99999999', 'NOPE-1'], tokens.userToken);
  assert.equal(status, 200);
  assert.deepEqual(json.issues.map(({ key }) => key).sort(), [seed.issue.key, 'OFFICE-1'].sort());
  assert.deepEqual([Object.keys(json.issues[0].fields), json.issueErrors], [['created'], []]);
  const outsider = await sandbox.fit({ account: seed.people.find(({ type }) => type === 'customer').accountId, module: 'belay-panel', issue: seed.issue.key });
  assert.deepEqual((await fetch([id], outsider.userToken)).json.issues, []);
  assert.equal((await fetch([], tokens.userToken)).status, 400);
  assert.equal((await fetch(Array.from({ length: 101 }, (_, n) => `${n}`), tokens.userToken)).status, 400);
});

test('addresses are for the app alone', async () => {
  const hidden = seed.people.find((person) => !person.emailVisible);
  const path = `/rest/api/3/user/email?accountId=${hidden.accountId}`;
  assert.equal((await jira('GET', path)).json.email, hidden.email);
  assert.equal((await jira('GET', path, { token: tokens.userToken })).status, 401);
  assert.equal((await jira('GET', `/rest/api/3/user/email/bulk?accountId=${hidden.accountId}`)).json[0].email, hidden.email);
});

test('permissions are those of the token', async () => {
  const path = `/rest/api/3/mypermissions?issueKey=${seed.issue.key}&permissions=SERVICEDESK_AGENT,ADMINISTER`;
  const agent = (await jira('GET', path, { token: tokens.userToken })).json.permissions;
  assert.deepEqual([agent.SERVICEDESK_AGENT.havePermission, agent.ADMINISTER.havePermission], [true, false]);
  const boss = (await jira('GET', '/rest/api/3/mypermissions?permissions=ADMINISTER', { token: admin.userToken })).json.permissions;
  assert.equal(boss.ADMINISTER.havePermission, true);
  assert.equal((await jira('GET', '/rest/api/3/mypermissions', { token: tokens.userToken })).status, 400);
  assert.equal((await jira('GET', '/rest/api/3/mypermissions?permissions=FLY', { token: tokens.userToken })).status, 400);
});

test('the app may ask what somebody else may do, a person may not', async () => {
  const issue = Number((await jira('GET', `/rest/api/3/issue/${seed.issue.key}`)).json.id);
  const body = { accountId: seed.agents[0].accountId, globalPermissions: ['ADMINISTER'], projectPermissions: [{ permissions: ['SERVICEDESK_AGENT', 'ADMINISTER_PROJECTS'], issues: [issue] }] };
  const { json } = await jira('POST', '/rest/api/3/permissions/check', { body });
  assert.deepEqual(json.globalPermissions, []);
  assert.deepEqual(json.projectPermissions.map(({ permission, issues }) => [permission, issues]), [['SERVICEDESK_AGENT', [issue]], ['ADMINISTER_PROJECTS', []]]);
  const foreign = { ...body, accountId: seed.agents[1].accountId };
  assert.equal((await jira('POST', '/rest/api/3/permissions/check', { token: tokens.userToken, body: foreign })).status, 403);
});

test('groups are read by id and by name', async () => {
  const groups = (await jira('GET', `/rest/api/3/user/groups?accountId=${seed.admin.accountId}`)).json;
  const group = groups.find(({ name }) => name === 'jira-administrators');
  const members = (await jira('GET', `/rest/api/3/group/member?groupId=${group.groupId}`)).json;
  assert.ok(members.values.some(({ accountId }) => accountId === seed.admin.accountId));
  assert.equal(members.maxResults, 50);
  assert.equal((await jira('GET', '/rest/api/3/group/member?groupname=nobody')).status, 404);
  assert.equal((await jira('GET', '/rest/api/3/group/member')).status, 400);
});

test('issue properties are kept', async () => {
  const path = `/rest/api/3/issue/${seed.issue.key}/properties/belay`;
  assert.equal((await jira('GET', path)).status, 404);
  assert.equal((await jira('PUT', path, { body: { open: 1 } })).status, 201);
  assert.equal((await jira('PUT', path, { body: { open: 2 } })).status, 200);
  assert.deepEqual((await jira('GET', path)).json, { key: 'belay', value: { open: 2 } });
});

test('too many writes to one issue are 429 with their reason', async () => {
  const other = seed.issues.find(({ key }) => key !== seed.issue.key).key;
  const statuses = [];
  let limited;
  for (let i = 0; i < 25 && !limited; i += 1) {
    const answer = await jira('POST', comments(other), { body: { body: doc(paragraph(`Number ${i}`)) } });
    statuses.push(answer.status);
    if (answer.status === 429) limited = answer;
  }
  assert.equal(limited?.headers['ratelimit-reason'], 'jira-per-issue-on-write', statuses.join());
  assert.ok(Number(limited.headers['retry-after']) > 0);
});

test('a moved issue is found by its id and its former key', async () => {
  const { id } = (await jira('GET', '/rest/api/3/issue/OFFICE-2')).json;
  await sandbox.change({ jira: { issues: { 'OFFICE-2': { key: 'PRESS-99' } } } });
  assert.equal((await jira('GET', `/rest/api/3/issue/${id}`)).json.key, 'PRESS-99');
  assert.equal((await jira('GET', '/rest/api/3/issue/OFFICE-2')).json.key, 'PRESS-99');
});

test('revoked tokens are 401', async () => {
  const { json } = await jira('GET', '/rest/api/3/myself', { token: admin.userToken });
  assert.equal(json.accountId, seed.admin.accountId);
  await sandbox.change({ forge: { revokeTokens: { installation: sandbox.addresses.installation_id, account: seed.admin.accountId } } });
  assert.equal((await jira('GET', '/rest/api/3/myself', { token: admin.userToken })).status, 401);
});

test('every request was recorded, without secrets', async () => {
  const lines = await sandbox.requests();
  assert.ok(lines.length > 40);
  for (const line of lines) assert.equal(problemsBy('requests', line), '');
  assert.ok(lines.some(({ authorization, status }) => !authorization && status === 401));
  assert.ok(lines.some(({ method, path }) => method === 'POST' && path === comments()));
  const text = JSON.stringify(lines);
  for (const secret of [tokens.systemToken, tokens.userToken]) assert.equal(text.includes(secret), false);
});
