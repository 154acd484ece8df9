// How belayd reaches a Jira Data Center: under a context path, by certificates of a company's own authority, past sign-in pages that stand before it; a Jira that is too old;
// tokens that Jira takes back; a server without any app in Jira Cloud. And what `belayd doctor` says of each.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { tomlOf } from '../harness/belayd.mjs';
import { onPanel, openDataCenter, people, tokenFromJira } from '../harness/datacenter.mjs';
import { authorityFor, openFront } from '../harness/front.mjs';
import { request } from '../harness/http.mjs';
import { link } from '../harness/linking.mjs';
import { binary, runProgram } from '../harness/program.mjs';
import { until } from '../harness/wait.mjs';

let folder;
let ours;
let other;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'belay-authorities-'));
  ours = authorityFor(join(folder, 'ours'), 'jira-server.localhost');
  other = authorityFor(join(folder, 'other'), 'jira-server.localhost');
});
after(() => rmSync(folder, { recursive: true, force: true }));

const opened = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});
async function open(options) {
  const world = await openDataCenter(options);
  opened.push(world);
  return world;
}
async function front(target, options) {
  const one = await openFront(target, options);
  opened.push(one);
  return one;
}

/** What `belayd doctor` says of the Jiras, one text. */
async function doctor(world) {
  const { output } = await runProgram('belayd doctor', binary('belayd'), ['doctor', '--config', world.file], { env: world.env });
  return output.split('\n').filter((line, at, lines) => /jira (dc|server) /.test(line) || (line.startsWith('  ') && /jira (dc|server) /.test(lines[at - 1] ?? ''))).join('\n');
}
test('two Jiras that are in order: which versions, whom Belay writes as, how people sign in', async () => {
  const world = await open();
  const said = await doctor(world);
  assert.match(said, /^ok +jira dc +Jira 11\.3 answers$/m);
  assert.match(said, /^ok +jira dc +writes as Belay$/m);
  assert.match(said, /^ok +jira dc +client id and secret are accepted$/m);
  assert.match(said, /^ok +jira server +Jira 9\.12 answers$/m);
  assert.match(said, /^ok +jira server +people type in personal access tokens$/m);
  assert.doesNotMatch(said, /WRONG/);
});

test('under a context path: signing in, the panel, the pages; browsers are told of the origin, and of no path', async () => {
  let before;
  const world = await open({ reach: async ({ dc }) => ({ dc: { base_url: (before = await front(dc, { path: '/jira' })).url } }) });
  const agent = await (await onPanel(world, 'dc', people.agent)).signIn();
  assert.equal((await agent.expect(200, 'GET', '/v1/panel')).issue.key, 'PRESS-1');
  const rest = before.seen.filter(({ url }) => url.includes('/rest/'));
  assert.ok(rest.length > 3 && rest.filter(({ method, url }) => !url.includes('/authorize') || method === 'GET').every(({ url }) => url.startsWith('/jira/rest/')), JSON.stringify(rest));
  const page = await request(`${world.publicUrl}/datacenter/dc/pages/panel/?issue=10001&key=PRESS-1`);
  const { origin } = new URL(before.url);
  assert.match(page.headers['content-security-policy'], new RegExp(`frame-ancestors ${origin}$`));
  assert.ok(page.text.includes(`data-jira="${origin}/jira"`), page.text.slice(0, 400));
  // The sandbox's Jira knows nothing of what stands before it: pages of an address that is not the configured one could not show Belay.
  assert.match(await doctor(world), /WRONG +jira dc +Jira calls itself http:\/\/jira-dc\.localhost:\d+\n +Pages of Jira at another address than base_url may not show Belay/);
});

test('a certificate of an authority that nobody knows: refused, and said; taken where the operator named that authority, and no other', async () => {
  const cases = [{ what: 'none named', ca_file: undefined, taken: false }, { what: 'another named', ca_file: other.file, taken: false }, { what: 'named', ca_file: ours.file, taken: true }];
  for (const { what, ca_file, taken } of cases) {
    let before;
    const world = await open({ reach: async ({ server }) => ({ server: { base_url: (before = await front(server, { tls: ours.tls })).url, ...(ca_file ? { ca_file } : {}) } }) });
    const caller = await onPanel(world, 'server', people.agent);
    const answer = await caller.token({ grant: 'typed', token: await tokenFromJira(world, 'server', people.agent) });
    assert.deepEqual([answer.status, answer.json.code], taken ? [200, undefined] : [502, 'jira_unreachable'], what);
    const said = await doctor(world);
    if (taken) assert.match(said, /^ok +jira server +Jira 9\.12 answers$/m);
    else assert.match(said, /WRONG +jira server +https:\/\/jira-server\.localhost:\d+ cannot be reached: .*certificate.*\n +Name the certificate of the authority that signed Jira's as \[datacenter\.server\] ca_file\./);
    // Nothing was said to whoever could not show who they are.
    assert.equal(before.seen.length > 0, taken, what);
  }
});

test('sent elsewhere: nobody is followed with a token, it is for now, and said', async () => {
  const elsewhere = await front('http://127.0.0.1:1', { answer: (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"key":"JIRAUSER10101","name":"tferreira","displayName":"Nobody"}') });
  let before;
  let sends = false;
  const world = await open({
    reach: async ({ server }) => {
      before = await front(server, { answer: (_, response) => sends && response.writeHead(302, { location: `${elsewhere.url}/login?next=jira` }).end() && true });
      return { server: { base_url: before.url } };
    },
  });
  const agent = await (await onPanel(world, 'server', people.agent)).signIn();
  await agent.expect(200, 'GET', '/v1/panel');
  const token = await tokenFromJira(world, 'server', people.agent);
  sends = true;
  world.clock.advance({ minutes: 6 });   // what was read of Jira before is over
  const another = await onPanel(world, 'server', people.agent);
  const answer = await another.token({ grant: 'typed', token });
  assert.deepEqual([answer.status, answer.json.code], [502, 'jira_unreachable']);
  const session = await agent.post('/v1/sessions', { customer: { name: 'Ada Example' } });
  assert.deepEqual([session.status, session.body.code], [502, 'jira_unreachable']);
  assert.deepEqual(elsewhere.seen, []);
  assert.match(await doctor(world), /WRONG +jira server +http:\/\/jira-server\.localhost:\d+ leads to http:\/\/.*\/login\?next=jira\n +Belay follows nobody with a token\./);
});

test('what answers is no Jira, or one that is too old', async () => {
  const says = (body, status = 200) => (_, response) => response.writeHead(status, { 'content-type': 'application/json' }).end(body) && true;
  const world = await open({
    reach: async ({ dc, server }) => ({
      dc: { base_url: (await front(dc, { answer: says('{"version":"8.13.27","versionNumbers":[8,13,27],"baseUrl":"http://x.localhost"}') })).url },
      server: { base_url: (await front(server, { answer: says('<html>', 404) })).url },
    }),
  });
  const said = await doctor(world);
  assert.match(said, /WRONG +jira dc +Jira 8\.13 is too old\n +Belay works from Jira 8\.14 on, which has personal access tokens\./);
  assert.match(said, /WRONG +jira server +http:\/\/jira-server\.localhost:\d+ answered 404, and not as Jira does/);
});

test('a Jira before incoming links whose section has one; tokens and secrets that Jira does not take', async () => {
  const world = await open({
    change: (seed) => { seed.datacenter.find(({ name }) => name === 'server').version = '8.20.30'; },
    reach: () => ({ dc: { client_secret: 'another', service_token: 'nobody-has-this' }, server: { client_id: 'belay', client_secret: 'secret' } }),
  });
  const said = await doctor(world);
  assert.match(said, /WRONG +jira server +Jira 8\.20 has no incoming links\n +They came with 8\.22\./);
  assert.match(said, /WRONG +jira dc +refuses the service token\n/);
  assert.match(said, /WRONG +jira dc +refuses the client id or secret\n/);
});

test('a token that Jira takes back: signed out at the next call, and in again with another', async () => {
  const world = await open();
  for (const site of ['server', 'dc']) {
    const agent = await (await onPanel(world, site, people.agent)).signIn();
    await agent.expect(200, 'GET', '/v1/panel');
    await world.sandbox.change({ datacenter: { [site]: { revokeTokensOf: people.agent.key } } });
    world.clock.advance({ minutes: 6 });   // what was read of Jira before is over
    await until(`${site}: signed out`, async () => (await agent.get('/v1/panel')).body.code === 'signed_out');
    assert.equal((await agent.token({ grant: 'refresh' })).json.code, 'signed_out', 'the cookie brings back nobody whom Jira does not know');
    await agent.signIn();
    await agent.expect(200, 'GET', '/v1/panel');
  }
});

test('an access token that ended early is renewed within the call that it was refused for', async () => {
  const world = await open();
  const agent = await (await onPanel(world, 'dc', people.agent)).signIn();
  await agent.expect(200, 'GET', '/v1/panel');
  await world.sandbox.change({ datacenter: { dc: { endTokens: true } } });
  world.clock.advance({ minutes: 6 });   // what was read of Jira before is over
  await agent.expect(200, 'GET', '/v1/panel');
  assert.equal((await world.sandbox.journal({ kind: 'grant.renewed' })).length, 1, 'however many calls a panel makes');
});

test('beside a Jira Data Center alone: no app in Jira Cloud is needed, and nothing of Atlassian’s is asked', async () => {
  const world = await open({ paired: false, configure: () => ({ forge: { app_ids: undefined, environments: undefined, jwks_url: 'http://127.0.0.1:1/jwks.json', jwks_cache: undefined, api_hosts: undefined } }) });
  const agent = await (await onPanel(world, 'dc', people.agent)).signIn();
  await agent.expect(200, 'GET', '/v1/panel');
  const ready = await request(`${world.belayd.adminUrl}/readyz`);
  assert.deepEqual([ready.status, ready.json], [200, { ready: true }]);
  const { status, output } = await runProgram('belayd doctor', binary('belayd'), ['doctor', '--config', world.file], { env: world.env });
  assert.equal(status, 0, output);
  assert.doesNotMatch(output, /key set|key file|api\.atlassian/);
});

test('a base_url that leads elsewhere by now: nobody’s token goes there, people sign in again, and all else is as it was', async () => {
  const world = await open();
  const agent = await (await onPanel(world, 'dc', people.agent)).signIn();
  await agent.expect(200, 'GET', '/v1/panel');
  const moved = await front(world.sandbox.addresses.datacenter.dc);
  await world.belayd.stop();
  writeFileSync(world.file, readFileSync(world.file, 'utf8').replace(world.sandbox.addresses.datacenter.dc, moved.url));
  await world.startBelayd();
  assert.ok(world.belayd.logs.some(({ event, level }) => event === 'jira_moved' && level === 'warning'));
  const { status, body } = await agent.get('/v1/panel');
  assert.deepEqual([status, body.code], [403, 'signed_out']);
  assert.equal((await agent.token({ grant: 'refresh' })).json.code, 'signed_out');
  assert.deepEqual(moved.seen.filter(({ authorization }) => authorization && !authorization.includes('service')), []);
  world.jiras.dc = moved.url;
  await agent.signIn();
  await agent.expect(200, 'GET', '/v1/panel');
});

test('a site that is taken out of the configuration: kept until the operator unpairs it; then its sessions are closed and nothing of it is left', async () => {
  const world = await open();
  const agent = await (await onPanel(world, 'dc', people.agent)).signIn();
  const { accounts } = (await world.sandbox.state()).teamviewer;
  await link(agent, { account: accounts.find(({ email }) => email === people.agent.email).id });
  const { session: { id } } = await agent.expect(202, 'POST', '/v1/sessions', { customer: { name: 'Ada Example' }, invitation: 'none' });
  await until('it is open', async () => (await agent.expect(200, 'GET', `/v1/sessions/${id}`)).session.state === 'open');
  const unpair = (name) => runProgram('belayd unpair', binary('belayd'), ['unpair', '--datacenter', name, '--config', world.file], { env: { ...world.env, BELAY_TEST_CLOCK: world.clock.file } });
  assert.match((await unpair('dc')).errors, /take \[datacenter\.dc\] out of the configuration/);
  assert.match((await unpair('other')).errors, /nothing is kept of a site 'other'/);

  await world.belayd.stop();
  const { 'datacenter.dc': _gone, ...rest } = world.sections;
  writeFileSync(world.file, tomlOf(rest));
  await world.startBelayd();
  assert.equal((await agent.get('/v1/panel')).body.code, 'signed_out');
  const openAtProvider = async () => (await world.sandbox.state()).teamviewer.sessions.filter(({ state }) => state === 'open').length;
  assert.equal(await openAtProvider(), 1, 'nothing ends by itself');
  assert.match(await doctor(world), /WRONG +jira dc +is kept, but \[datacenter\.dc\] is not in the configuration\n +Put the section back, or .*: belayd unpair --datacenter dc\n/);
  const { status, output, errors } = await unpair('dc');
  assert.equal(status, 0, output + errors);
  await until('its session is closed at the provider', async () => {
    world.clock.advance({ seconds: 30 });
    return (await openAtProvider()) === 0;
  });
  await until('nothing is left to unpair', async () => {
    world.clock.advance({ seconds: 30 });
    return (await unpair('dc')).status !== 0;
  });
  assert.ok(!/is not in the configuration/.test(await doctor(world)));
});
