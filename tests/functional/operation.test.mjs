// belayd as an operator meets it: first line, health, metrics, logs, configuration errors, the other commands.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { tomlOf, writeConfiguration } from '../harness/belayd.mjs';
import { request } from '../harness/http.mjs';
import { binary, runProgram } from '../harness/program.mjs';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';

let world;
before(async () => { world = await World.open(); });
after(() => world.close());

test('the first line on standard output says where it listens; logs are JSON on standard error', () => {
  const { ready } = world.belayd.program;
  assert.match(ready.ready.listen, /^127\.0\.0\.1:\d+$/);
  assert.match(ready.ready.admin_listen, /^127\.0\.0\.1:\d+$/);
  const lines = world.belayd.program.written().split('\n').filter(Boolean);
  assert.ok(lines.length > 0);
  for (const line of lines) assert.doesNotThrow(() => JSON.parse(line), line);
  assert.equal(world.belayd.program.output.trim().split('\n').length, 1);
});

test('health and metrics are on the admin address, and only there', async () => {
  for (const path of ['/healthz', '/readyz', '/metrics']) {
    assert.equal((await request(`${world.belayd.adminUrl}${path}`)).status, 200, path);
    assert.equal((await request(`${world.belayd.url}${path}`)).status, 404, path);
  }
  const metrics = await world.belayd.metrics();
  assert.match(metrics, /^# TYPE belay_/m);
  assert.match(metrics, /belay_token_verifications_total\{verdict="ok"\} [1-9]/);
});

test("the caller's trace id stands in the log of the request", async () => {
  await world.admin.expect(200, 'GET', '/v1/settings');
  await world.admin.put('/v1/settings', {});
  assert.ok(world.belayd.logs.some(({ trace }) => trace === '463ac35c9f6413ad48485a3953bb6124'));
});

test("what the worker does later for a caller carries the caller's trace, and so does the log when it fails", async () => {
  const agent = await world.linkedAgent(0);
  const traced = { headers: { 'x-b3-traceid': 'f00dfeedf00dfeedf00dfeedf00dfeed' } };
  const { session } = await agent.expect(202, 'POST', '/v1/sessions', { customer: { name: 'Traced Customer' }, invitation: 'public' }, traced);
  await until('the session is there and announced', async () => {
    const { session: now } = await agent.expect(200, 'GET', `/v1/sessions/${session.id}`);
    return now.state === 'open' && now.steps.invitation === 'done';
  });
  await world.sandbox.faults([{ match: { party: 'teamviewer', method: 'PUT', path: '**/sessions/*' }, answer: { status: 500 } }]);
  await agent.expect(202, 'POST', `/v1/sessions/${session.id}/close`, {}, traced);
  const failed = await until('closing fails', () => world.belayd.logs.find(({ event }) => event === 'step_failed'));
  await world.sandbox.faults([]);
  assert.equal(failed.trace, traced.headers['x-b3-traceid']);
  const traces = (await world.sandbox.requests()).filter(({ trace }) => trace === traced.headers['x-b3-traceid']).map(({ party, method, path }) => `${party} ${method} ${path.split('/').at(-1)}`);
  for (const call of ['teamviewer POST sessions', 'jira POST comment']) assert.ok(traces.includes(call), `${call}: ${traces}`);
  assert.ok(traces.some((call) => call.startsWith('teamviewer PUT s')), String(traces));
});

test('answers carry the headers that keep browsers careful', async () => {
  const { headers } = await world.admin.get('/v1/settings');
  assert.equal(headers['x-content-type-options'], 'nosniff');
  assert.equal(headers['cache-control'], 'no-store');
});

test('SIGTERM ends it with 0, after the answers under way', async () => {
  await world.sandbox.faults([{ match: { party: 'jira', path: '**/mypermissions' }, delayMs: 600 }]);
  world.clock.advance({ minutes: 10 });
  const answering = world.admin.get('/v1/links');
  await until('the call is under way', async () => (await world.sandbox.faultState()).rules[0].hits > 0);
  const stopped = world.belayd.stop();
  assert.equal((await answering).status, 200);
  await stopped;
  await world.sandbox.faults([]);
  await world.startBelayd();
});

test('SIGTERM while TeamViewer holds its answers ends it with 0 all the same', async () => {
  const agent = await world.linkedAgent(1);
  const { session } = await agent.expect(202, 'POST', '/v1/sessions', { customer: { name: 'Held Example' }, invitation: 'none' });
  const code = await until('the session is open', async () => (await agent.expect(200, 'GET', `/v1/sessions/${session.id}`)).session.code);
  // Gone from the list, it is asked for alone: a second call within the same look, which begins when the drain has nearly ended.
  await world.sandbox.change({ teamviewer: { sessions: [{ code, state: 'closed' }] } });
  await world.sandbox.faults([
    { match: { party: 'teamviewer', method: 'GET', path: '**/sessions' }, delayMs: 8_000 },
    { id: 'alone', match: { party: 'teamviewer', method: 'GET', path: '**/sessions/*' }, hold: 'before' },
  ]);
  world.clock.advance({ minutes: 5 });
  await until('the look is under way', async () => (await world.sandbox.faultState()).rules[0].hits > 0);
  const begun = Date.now();
  await world.belayd.stop();
  const { rules } = await world.sandbox.faultState();
  assert.equal(rules.find(({ id }) => id === 'alone').hits, 1, 'the look was held in its second call');
  assert.ok(Date.now() - begun < 15_000);
  await world.sandbox.faults([]);
  await world.startBelayd();
});

test('a second server on the same SQLite file ends at once, and does not disturb the first', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'belay-second-'));
  try {
    const sections = structuredClone(world.sections);
    sections.server.listen = '127.0.0.1:0';
    sections.server.admin_listen = '127.0.0.1:0';
    const { status, errors } = await runProgram('belayd serve', binary('belayd'), ['serve', '--config', writeConfiguration(folder, sections, world.seed.teamviewerApp)], { patience: 5000 });
    assert.equal(status, 1, errors);
    assert.match(errors, /another belayd serves from this database/);
    assert.equal((await world.admin.get('/v1/links')).status, 200);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('pair refuses what is no site, and what no token ever names', async () => {
  for (const site of ['not a site', 'acme.atlassian.net', 'http://acme.atlassian.net', 'https://acme.atlassian.net/jira', 'https://acme.atlassian.net:99999', 'https://*.atlassian.net', '']) {
    const { status, errors, output } = await world.belayd.command('pair', '--site', site);
    assert.equal(status, 2, site);
    assert.equal(output, '', site);
    assert.match(errors, /^belayd: --site: .*such as https:\/\/acme\.atlassian\.net\n$/, site);
  }
});

test('pair makes the code for the site as a token names it', { skip: !existsSync('/usr/bin/sqlite3') && 'SKIP: sqlite3 is not installed' }, async () => {
  for (const [given, site] of [['https://Acme.Atlassian.net:443/', 'https://acme.atlassian.net'], ['HTTPS://help.example:8443', 'https://help.example:8443'], ['http://acme.localhost:80', 'http://acme.localhost']]) {
    await world.belayd.pairingCode(given);
    const { output } = await runProgram('sqlite3', '/usr/bin/sqlite3', ['-readonly', join(world.folder, 'belay.db'), 'select site_url from pairing_code order by rowid desc limit 1']);
    assert.equal(output.trim(), site, given);
  }
});

describe('a configuration that is wrong ends with 2 and one line, before anything is opened', () => {
  let folder;
  before(() => { folder = mkdtempSync(join(tmpdir(), 'belay-config-')); });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Serves on the good configuration after `change(sections)`; gives what came of it. */
  async function serve(change, { text = (written) => written, env = {} } = {}) {
    const sections = structuredClone(world.sections);
    sections.storage.url = `sqlite:${join(folder, 'belay.db')}`;
    change(sections);
    const file = join(folder, 'belay.toml');
    writeFileSync(file, text(tomlOf(sections)));
    return runProgram('belayd serve', binary('belayd'), ['serve', '--config', file], { env, patience: 5000 });
  }

  const cases = [
    ['an unknown key', (sections) => { sections.server.lisen = '127.0.0.1:0'; }, /lisen/],
    ['an unknown section', (sections) => { sections.sever = { listen: 'x' }; }, /sever/],
    ['a URL that is none', (sections) => { sections.teamviewer.api_url = 'webapi'; }, /api_url/],
    ['plain http beyond this machine', (sections) => { sections.teamviewer.api_url = 'http://webapi.example.com'; }, /api_url/],
    ['a public_url with a path', (sections) => { sections.server.public_url = 'https://support.example.com/belay'; }, /public_url/],
    ['a file that cannot be read', (sections) => { sections.secrets.key_file = join('/nonexistent', 'keys'); }, /key_file/],
    ['no app id', (sections) => { sections.forge.app_ids = []; }, /app_ids/],
    ['a storage that does not exist', (sections) => { sections.storage.url = 'oracle:x'; }, /url/],
    ['a listen address that is none', (sections) => { sections.server.listen = 'everywhere'; }, /listen/],
    // The whole table is in src/belayd/configuration_test.cpp.
    ...[
      ['forge', 'environments', ['PROD'], "'PROD' is not PRODUCTION, STAGING or DEVELOPMENT"], ['forge', 'environments', [], 'not empty'],
      ['forge', 'app_ids', ['abc'], "'abc' is not like ari:cloud:ecosystem::app/"], ['forge', 'app_ids', [''], "'' is not like ari:cloud:ecosystem::app/"],
      ['forge', 'api_hosts', [], 'not empty'], ['forge', 'api_hosts', ['*.atlassian.com'], "'*.atlassian.com' is not the name of a host"],
      ['forge', 'jwks_cache', tmpdir(), `${tmpdir()} is a folder`],
      ['server', 'public_url', 'https://x:99999', 'a port from 1 to 65535'],
      ['storage', 'url', 'sqlite:', 'sqlite: and the path of a file'], ['storage', 'url', 'sqlite::memory:', 'sqlite: and the path of a file'],
      ['storage', 'url', 'postgresql://u:p@127.0.0.1:1x/x y', 'an address without spaces'], ['storage', 'url', 'postgresql://u:p@127.0.0.1:1x/x', 'a port from 1 to 65535'],
      ['secrets', 'key_file', tmpdir(), `${tmpdir()} cannot be read`], ['teamviewer', 'client_secret_file', tmpdir(), `${tmpdir()} cannot be read`],
      ['teamviewer', 'calls_per_minute', 0, 'a whole number from 1 to 100000'],
    ].map(([section, key, value, rule]) => [`${section}.${key} = ${JSON.stringify(value)}`, (sections) => { sections[section][key] = value; },
      new RegExp(`^belayd: .*/belay\\.toml, line \\d+: ${section}\\.${key}: ${rule.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`)]),
  ];
  for (const [name, change, expected] of cases) {
    test(name, async () => {
      const { status, output, errors } = await serve(change);
      assert.equal(status, 2, `${output}${errors}`);
      assert.equal(output, '');
      const lines = errors.trim().split('\n');
      assert.equal(lines.length, 1, errors);
      assert.match(lines[0], expected);
      assert.equal(existsSync(join(folder, 'belay.db')), false);
    });
  }

  test('a text that is no TOML is named with file and line', async () => {
    const { status, errors } = await serve(() => {}, { text: (written) => `${written}\n[broken\n` });
    assert.equal(status, 2);
    assert.match(errors, /belay\.toml/);
    assert.match(errors, /line \d+|:\d+/);
  });

  test('a sealing key of the wrong length', async () => {
    const keys = join(folder, 'short-keys');
    writeFileSync(keys, 'c2hvcnQ=\n');
    const { status, errors } = await serve((sections) => { sections.secrets.key_file = keys; });
    assert.equal(status, 2);
    assert.doesNotMatch(errors, /c2hvcnQ=/, 'the key itself is not shown');
  });

  test('the environment wins over the file, and is named when it is wrong', async () => {
    const { status, errors } = await serve(() => {}, { env: { BELAY_SERVER_PUBLIC_URL: 'nonsense' } });
    assert.equal(status, 2);
    assert.match(errors, /BELAY_SERVER_PUBLIC_URL/);
  });

  test('a secret from the environment wins over a file that the configuration names', async () => {
    const { status, errors } = await serve((sections) => {
      sections.teamviewer.client_secret_file = join(folder, 'no-such-secret');
      sections.log = { level: 'loud' };   // the next thing that is wrong
    }, { env: { BELAY_TEAMVIEWER_CLIENT_SECRET: 'secret of the environment' } });
    assert.equal(status, 2);
    assert.match(errors, /log\.level/);
    assert.doesNotMatch(errors, /client_secret|given twice/);
    assert.doesNotMatch(errors, /secret of the environment/);
  });

  test('a moved clock is refused unless the server is on this machine', async () => {
    const { status } = await serve((sections) => { sections.server.public_url = 'https://support.example.com'; }, { env: { BELAY_TEST_CLOCK: world.clock.file } });
    assert.equal(status, 2);
  });

  test('secrets may stand inline', async () => {
    const sections = structuredClone(world.sections);
    delete sections.teamviewer.client_secret_file;
    sections.teamviewer.client_secret = world.seed.teamviewerApp.clientSecret;
    sections.server.listen = '127.0.0.1:0';
    sections.storage.url = `sqlite:${join(folder, 'inline.db')}`;
    const file = join(folder, 'inline.toml');
    writeFileSync(file, tomlOf(sections));
    const migrated = await runProgram('belayd migrate', binary('belayd'), ['migrate', '--config', file]);
    assert.equal(migrated.status, 0, migrated.errors);
    assert.equal(existsSync(join(folder, 'inline.db')), true);
  });

  test('a database of a newer belayd is refused', { skip: !existsSync('/usr/bin/sqlite3') && 'sqlite3 is not installed' }, async () => {
    const file = join(folder, 'newer.toml');
    const database = join(folder, 'newer.db');
    const sections = structuredClone(world.sections);
    sections.storage.url = `sqlite:${database}`;
    sections.server.listen = '127.0.0.1:0';
    writeFileSync(file, tomlOf(sections));
    assert.equal((await runProgram('belayd migrate', binary('belayd'), ['migrate', '--config', file])).status, 0);
    const columns = (await runProgram('sqlite3', '/usr/bin/sqlite3', [database, 'select sql from sqlite_master where name = \'schema_migration\''])).output;
    assert.match(columns, /schema_migration/);
    await runProgram('sqlite3', '/usr/bin/sqlite3', [database, 'insert into schema_migration select max(version) + 1000, name, checksum, applied_at from schema_migration limit 1']);
    const { status, errors } = await runProgram('belayd serve', binary('belayd'), ['serve', '--config', file], { patience: 5000 });
    assert.notEqual(status, 0);
    assert.match(errors, /schema 1\d\d\d, this program knows up to \d+/);
  });
});
