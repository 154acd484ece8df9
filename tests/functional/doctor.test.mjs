// `belayd doctor`: for each thing that can be wrong where it is run, one line that says what, one that says what to mend, and the exit status.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { tomlOf } from '../harness/belayd.mjs';
import { request } from '../harness/http.mjs';
import { binary, runProgram } from '../harness/program.mjs';
import { World } from '../harness/world.mjs';

const kNobodyThere = 'http://127.0.0.1:1';
const sqlite3 = '/usr/bin/sqlite3';
const withoutSqlite = !existsSync(sqlite3) && 'SKIP: sqlite3 is not installed';

let world;
let keySet;
before(async () => {
  world = await World.open();
  await world.linkedAgent(0);   // so that something is sealed
  keySet = (await request(world.sections.forge.jwks_url)).text;
});
after(() => world.close());

let folder;
let servers;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'belay-doctor-'));
  mkdirSync(join(folder, 'scratch'));
  servers = [];
});
afterEach(() => {
  servers.forEach((server) => server.close());
  rmSync(folder, { recursive: true, force: true });
});

/** Somebody who answers in the place of Atlassian or TeamViewer: the address. */
async function stranger(reply) {
  const server = createServer(reply);
  servers.push(server);
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return `http://127.0.0.1:${server.address().port}`;
}

/** Writes the good configuration after `change(sections)`, with a database of its own that is not there yet; gives the file. */
async function configured(change = () => {}, { text = (written) => written } = {}) {
  const sections = structuredClone(world.sections);
  sections.storage.url = `sqlite:${join(folder, 'belay.db')}`;
  await change(sections);
  const file = join(folder, 'belay.toml');
  writeFileSync(file, text(tomlOf(sections)));
  return file;
}

const run = (command, file, { env = {}, as = [] } = {}) => {
  const [program, ...args] = [...as, binary('belayd'), command, '--config', file];
  return runProgram(`belayd ${command}`, program, args, { env: { TMPDIR: join(folder, 'scratch'), STATE_DIRECTORY: folder, ...env } });
};

/** What it said: {status, errors, output, fine: [[what, words]], wrong: [[what, words, mend]]}. */
async function examine(file, options) {
  const said = await run('doctor', file, options);
  const lines = said.output.split('\n').filter(Boolean);
  const fine = [];
  const wrong = [];
  for (const line of lines) {
    const [, verdict, what, words] = line.match(/^(ok|WRONG) +(key set|key file|\S+) +(.*)$/) ?? [];
    if (verdict === 'ok') fine.push([what, words]);
    else if (verdict === 'WRONG') wrong.push([what, words]);
    else wrong.at(-1).push(line.trim());
  }
  assert.deepEqual(readdirSync(join(folder, 'scratch')), [], 'nothing is left behind');
  return { ...said, fine, wrong };
}

/** The change makes exactly this wrong, and everything else is still looked at. */
async function finds(what, words, mend, file, options) {
  const { status, errors, output, fine, wrong } = await examine(file, options);
  assert.equal(status, 1, output + errors);
  assert.deepEqual(wrong.map(([name]) => name), [what], output);
  assert.match(wrong[0][1], words);
  assert.match(wrong[0][2], mend);
  const looked = [...fine, ...wrong].map(([name]) => name);
  for (const name of ['configuration', 'database', 'key set', 'jira', 'teamviewer']) assert.ok(looked.includes(name), `${name}: ${output}`);
}

/** Everything is in order, and about `what` it says `words`. */
async function isFine(what, words, file, options) {
  const { status, errors, output, fine, wrong } = await examine(file, options);
  assert.equal(status, 0, output + errors);
  assert.deepEqual(wrong, []);
  assert.match(fine.find(([name]) => name === what)[1], words);
}

test('where all is in order it says so, line by line, and ends with 0', async () => {
  const { status, output, fine, wrong } = await examine(world.file);
  assert.equal(status, 0, output);
  assert.deepEqual(wrong, []);
  assert.deepEqual(fine.map(([what]) => what), ['configuration', 'database', 'keys', 'key set', 'clock', 'jira', 'teamviewer', 'reports']);
});

test('several things that are wrong are all said at once, and no secret with them', async () => {
  const secret = 'a secret that is not the one';
  const { status, output, errors, wrong } = await examine(await configured((sections) => {
    sections.storage.url = 'postgresql://belay:pass-of-the-database@127.0.0.1:1/belay';
    sections.forge.jwks_url = `${kNobodyThere}/jwks.json`;
    delete sections.teamviewer.client_secret_file;
    sections.teamviewer.client_secret = secret;
  }));
  assert.equal(status, 1);
  assert.deepEqual(wrong.map(([what]) => what), ['database', 'key set', 'teamviewer']);
  for (const hidden of [secret, 'pass-of-the-database']) assert.ok(!(output + errors).includes(hidden), output + errors);
});

describe('a configuration that cannot be read: one line, status 2, and nothing is asked of anybody', () => {
  const cases = [
    ['an unknown key', (sections) => { sections.server.lisen = '127.0.0.1:0'; }, /belay\.toml, line \d+: server\.lisen: unknown key/],
    ['an unknown section', (sections) => { sections.sever = { listen: 'x' }; }, /belay\.toml, line \d+: sever: unknown section/],
    ['a secret file that is not there', (sections) => { sections.teamviewer.client_secret_file = '/nonexistent/secret'; }, /teamviewer\.client_secret_file: \/nonexistent\/secret cannot be read/],
    ['a value that can never work', (sections) => { sections.forge.environments = ['PROD']; }, /belay\.toml, line \d+: forge\.environments: 'PROD' is not PRODUCTION, STAGING or DEVELOPMENT/],
    ['a secret file that is a folder', (sections) => { sections.secrets.key_file = '/'; }, /belay\.toml, line \d+: secrets\.key_file: \/ cannot be read/],
    ['a key that is missing', (sections) => { delete sections.server.public_url; }, /server\.public_url: missing; it can also be given as BELAY_SERVER_PUBLIC_URL/],
  ];
  for (const [name, change, words] of cases) {
    test(name, async () => {
      const { status, output, errors } = await run('doctor', await configured(change));
      assert.equal(status, 2, output + errors);
      assert.equal(output, '');
      assert.match(errors, words);
      assert.equal(errors.trim().split('\n').length, 1, errors);
    });
  }

  test('a text that is no TOML', async () => {
    const { status, errors } = await run('doctor', await configured(() => {}, { text: (written) => `${written}\n[broken\n` }));
    assert.equal(status, 2);
    assert.match(errors, /belay\.toml, line \d+: /);
  });

  test('a file that is not there', async () => {
    const { status, errors } = await run('doctor', join(folder, 'other.toml'));
    assert.equal(status, 2);
    assert.match(errors, /^belayd: .*other\.toml: cannot be read\n$/);
  });
});

describe('database', () => {
  const storage = (url) => configured((sections) => { sections.storage.url = url; });
  const migrated = async () => {
    const file = await configured();
    const { status, errors } = await run('migrate', file);
    assert.equal(status, 0, errors);
    return file;
  };
  const sql = async (statement) => {
    const { status, errors } = await runProgram('sqlite3', sqlite3, [join(folder, 'belay.db'), statement]);
    assert.equal(status, 0, errors);
  };

  test('not there yet: that is no fault, and looking does not make it', async () => {
    await isFine('database', /not there yet; `belayd serve` makes it/, await configured());
    assert.equal(existsSync(join(folder, 'belay.db')), false);
  });

  test('made, and nothing sealed yet', async () => {
    await isFine('keys', /open/, await migrated());
  });

  test('a PostgreSQL that nobody reaches', async () => {
    await finds('database', /connection to the database/, /\[storage\] url/, await storage('postgresql://belay@127.0.0.1:1/belay'));
  });

  test('a folder that is not there', async () => {
    await finds('database', /there is no folder .*nowhere/, /Make it, for the user that runs belayd/, await storage(`sqlite:${join(folder, 'nowhere', 'belay.db')}`));
  });

  test('a folder in the place of the file', async () => {
    await finds('database', /unable to open database file/, /\[storage\] url/, await storage(`sqlite:${folder}`));
  });

  test('a file that is no database', async () => {
    const other = join(folder, 'other.db');
    writeFileSync(other, 'Dear diary, '.repeat(400));
    await finds('database', /not a database/, /\[storage\] url/, await storage(`sqlite:${other}`));
  });

  test('a file and a folder that may not be written', async (t) => {
    // Root may write everywhere, so it looks as somebody who may not.
    const as = process.getuid() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
    const file = await configured((sections) => {
      sections.storage.url = `sqlite:${join(folder, 'shelf', 'belay.db')}`;
      sections.secrets.key_file = join(folder, 'keys');
      delete sections.teamviewer.client_secret_file;
      sections.teamviewer.client_secret = world.seed.teamviewerApp.clientSecret;
    });
    writeFileSync(join(folder, 'keys'), `${randomBytes(32).toString('base64')}\n`);
    mkdirSync(join(folder, 'shelf'));
    assert.equal((await run('migrate', file)).status, 0);
    chmodSync(folder, 0o755);
    chmodSync(join(folder, 'scratch'), 0o777);
    chmodSync(join(folder, 'shelf', 'belay.db'), 0o444);
    chmodSync(join(folder, 'shelf'), 0o555);
    try {
      const reaches = ['sh', '-c', '"$0" --help && test -r "$1"', binary('belayd'), file];
      if (as.length > 0 && (await runProgram('setpriv', as[0], [...as.slice(1), ...reaches])).status !== 0) return t.skip('SKIP: only root reaches the program and its files');
      await finds('database', /shelf may not be written/, /Give it to the user that runs belayd/, file, { as });
      chmodSync(join(folder, 'shelf'), 0o777);
      await finds('database', /shelf\/belay\.db may not be written/, /Give it to the user that runs belayd/, file, { as });
    } finally {
      chmodSync(join(folder, 'shelf'), 0o755);
    }
  });

  test('a newer Belay has used it', { skip: withoutSqlite }, async () => {
    const file = await migrated();
    await sql('insert into schema_migration select max(version) + 1000, name, checksum, applied_at from schema_migration limit 1');
    await finds('database', /schema 1\d\d\d, this program knows up to \d+/, /newer Belay.*install that version, or restore a backup/, file);
  });

  test('a migration that is not the one this program brings', { skip: withoutSqlite }, async () => {
    const file = await migrated();
    await sql("update schema_migration set checksum = 'changed' where version = 1");
    await finds('database', /0001_init .*is not the one this program brings/, /a migration was changed/, file);
  });

  test('sealed with a key that is gone', async () => {
    const keys = join(folder, 'keys');
    writeFileSync(keys, `${randomBytes(32).toString('base64')}\n`);
    const { status, output, wrong } = await examine(await configured((sections) => {
      sections.storage.url = world.sections.storage.url;
      sections.secrets.key_file = keys;
    }));
    assert.equal(status, 1, output);
    assert.deepEqual(wrong.map(([what]) => what), ['keys']);
    assert.match(wrong[0][1], /key/);
    assert.match(wrong[0][2], /Put the earlier key back/);
  });
});

describe('key file', () => {
  const kept = (file) => configured((sections) => { sections.forge.jwks_cache = file; });
  const nowhere = { STATE_DIRECTORY: '', XDG_STATE_HOME: '', HOME: '' };
  const onPostgres = () => configured((sections) => { sections.storage.url = 'postgresql://belay@127.0.0.1:1/belay'; });

  test('in a folder that belayd makes in one of ours', async () => {
    await isFine('key file', /far\/away\/keys\.json/, await kept(join(folder, 'far', 'away', 'keys.json')));
    assert.equal(existsSync(join(folder, 'far')), false, 'looking does not make it');
  });

  test('where nobody can write', async () => {
    writeFileSync(join(folder, 'a-file'), '');
    await finds('key file', /a-file\/keys\.json cannot be written/, /\[forge\] jwks_cache/, await kept(join(folder, 'a-file', 'keys.json')));
  });

  test('beside a database that is elsewhere: the folder for state, and without one it is kept nowhere', async () => {
    const { fine } = await examine(await onPostgres());
    assert.match(fine.find(([what]) => what === 'key file')[1], new RegExp(`^${folder}/forge-keys-`));
    const { wrong } = await examine(await onPostgres(), { env: nowhere });
    const [, found, mend] = wrong.find(([what]) => what === 'key file');
    assert.match(found, /kept nowhere: a start during an outage/);
    assert.match(mend, /\[forge\] jwks_cache/);
  });
});

describe('key set', () => {
  const address = (url) => configured((sections) => { sections.forge.jwks_url = `${url}/jwks.json`; });
  const answering = async (status, text) => address(await stranger((_, response) => response.writeHead(status).end(text)));

  test('nobody there', async () => {
    await finds('key set', /127\.0\.0\.1:1\/jwks\.json cannot be reached/, /firewall or proxy/, await address(kNobodyThere));
  });

  for (const status of [404, 500]) {
    test(`an answer ${status}`, async () => {
      await finds('key set', new RegExp(`/jwks\\.json answered ${status}`), /\[forge\] jwks_url/, await answering(status, 'no'));
    });
  }

  for (const [name, text] of [['the page of a proxy', '<!doctype html><title>Sign in</title>'], ['an object without keys', '{"issuer":"somebody"}'], ['an empty set', '{"keys":[]}'], ['keys of another kind', '{"keys":[{"kty":"EC","kid":"1"}]}'], ['nothing', '']]) {
    test(`${name} in its place`, async () => {
      await finds('key set', /no usable key set at .*\/jwks\.json/, /\[forge\] jwks_url/, await answering(200, text));
    });
  }

  test('the right one is counted', async () => {
    await isFine('key set', /^1 key/, await answering(200, keySet));
  });
});

describe('clock', () => {
  const withDate = async (set) => {
    const url = await stranger((_, response) => { set(response); response.end(keySet); });
    return configured((sections) => { sections.forge.jwks_url = `${url}/jwks.json`; });
  };
  const ahead = (seconds) => withDate((response) => response.setHeader('Date', new Date(Date.now() + seconds * 1000).toUTCString()));

  for (const seconds of [30, -30, 86_400]) {
    test(`the others are ${seconds} s ahead of this machine`, async () => {
      const told = seconds === 86_400 ? /by -86(400|399|401) s/ : new RegExp(`by ${seconds > 0 ? '-' : ''}(29|30|31) s`);
      await finds('clock', told, /NTP/, await ahead(seconds));
    });
  }

  for (const seconds of [10, -10]) {
    test(`${seconds} s are forgiven`, async () => {
      await isFine('clock', /within \d+ s/, await ahead(seconds));
    });
  }

  test('without a Date nothing is compared, and it says so', async () => {
    await isFine('clock', /not compared/, await withDate((response) => { response.sendDate = false; }));
  });

  test('a moved clock where others reach the server', async () => {
    const file = await configured((sections) => { sections.server.public_url = 'https://support.example.com'; });
    const { status, wrong } = await examine(file, { env: { BELAY_TEST_CLOCK: world.clock.file } });
    assert.equal(status, 1);
    assert.match(wrong[0].join(' '), /^clock .*Take BELAY_TEST_CLOCK out of the environment/);
  });
});

test('Jira\'s address cannot be reached: it is named', async () => {
  await finds('jira', /127\.0\.0\.1:1 cannot be reached/, /firewall or proxy, or see \[forge\] api_hosts/, await configured((sections) => { sections.forge.api_hosts = [kNobodyThere]; }));
});

describe('TeamViewer', () => {
  const teamviewer = (keys) => configured((sections) => { Object.assign(sections.teamviewer, keys); });

  test('refuses the client secret', async () => {
    await finds('teamviewer', /refuses the client id or secret/, /client_id and client_secret_file.*Management Console/, await configured((sections) => {
      delete sections.teamviewer.client_secret_file;
      sections.teamviewer.client_secret = 'another';
    }));
  });

  test('refuses the client id', async () => {
    await finds('teamviewer', /refuses the client id or secret/, /client_id and client_secret_file.*Management Console/, await teamviewer({ client_id: '000000-another' }));
  });

  test('refuses the second registration, the first is in order', async () => {
    await finds('reports', /refuses the client id or secret/, /reports_client_id and reports_client_secret_file.*Management Console/, await teamviewer({ reports_client_secret: 'another' }));
  });

  test('without a second registration all is in order, and results do not come back', async () => {
    await isFine('reports', /no registration.*do not come back/, await configured(({ teamviewer: keys }) => {
      delete keys.reports_client_id;
      delete keys.reports_client_secret;
    }));
  });

  test('somebody else at its address', async () => {
    const url = await stranger((_, response) => response.writeHead(404).end('<!doctype html><title>Not found</title>'));
    await finds('teamviewer', /is not at this address/, /\[teamviewer\] api_url/, await teamviewer({ api_url: url }));
  });

  test('nobody there', async () => {
    await finds('teamviewer', /does not answer/, /\[teamviewer\] api_url.*firewall or proxy/, await teamviewer({ api_url: kNobodyThere }));
  });

  for (const [name, status, text] of [['out of order', 503, ''], ['the page of a proxy in its place', 200, '<!doctype html><title>Sign in</title>']]) {
    test(name, async () => {
      const url = await stranger((_, response) => response.writeHead(status).end(text));
      await finds('teamviewer', /does not answer/, /\[teamviewer\] api_url.*firewall or proxy/, await teamviewer({ api_url: url }));
    });
  }
});
