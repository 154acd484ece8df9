// What README.md and deploy/ tell an operator to do, held against the real program, so that neither rots.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Belayd } from '../harness/belayd.mjs';
import { binary, root, runProgram } from '../harness/program.mjs';

const read = (file) => readFileSync(join(root, file), 'utf8');
const readme = read('README.md');
const server = readme.slice(readme.indexOf('### The server'), readme.indexOf('### TeamViewer'));
const blocks = [...server.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => ({ language, text }));
const example = blocks.find(({ language }) => language === 'toml').text;
const commands = blocks.filter(({ language }) => language === '').map(({ text }) => text).join('');
const unit = read('deploy/belayd.service');
const nginx = read('deploy/nginx.conf');

/** What the example says of a key. */
const value = (key) => example.match(new RegExp(`^${key} = (\\S+)`, 'm'))[1].replace(/^"|"$/g, '');
/** Debian's commands to look with; elsewhere, or in a machine without them, these tests say why they are skipped. */
const missing = (...programs) => programs.filter((program) => !['/usr/bin', '/usr/sbin', '/bin', '/sbin'].some((folder) => existsSync(join(folder, program))));
const without = (...programs) => (missing(...programs).length > 0 ? `not installed: ${missing(...programs).join(', ')}` : false);

describe('the configuration of the README', () => {
  let folder;
  let file;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'belay-deployment-'));
    const etc = join(folder, 'etc');
    const data = join(folder, 'data');
    for (const one of [etc, data]) mkdirSync(one);
    // As the README makes them.
    execFileSync('sh', ['-c', `${commands.match(/^echo .*(?= > \/etc\/belay\/teamviewer-secret)/m)[0]} > '${join(etc, 'teamviewer-secret')}'`]);
    execFileSync('sh', ['-c', `${commands.match(/^head .*(?= > \/etc\/belay\/keys)/m)[0]} > '${join(etc, 'keys')}'`]);
    file = join(etc, 'belay.toml');
    writeFileSync(file, example.replaceAll('/etc/belay', etc).replaceAll('/var/lib/belay', data));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test('serves, and gives a pairing code', async () => {
    // The tests talk to this machine only, so Atlassian's keys are asked for where nobody answers.
    const env = { BELAY_SERVER_LISTEN: '127.0.0.1:0', BELAY_SERVER_ADMIN_LISTEN: '127.0.0.1:0', BELAY_FORGE_JWKS_URL: 'http://127.0.0.1:1/jwks.json' };
    const belayd = await Belayd.start({ file, env });
    try {
      assert.equal((await belayd.get('/v1/panel')).status, 401);
      assert.match(await belayd.pairingCode('https://acme.atlassian.net'), /^[0-9A-Z]{5}(-[0-9A-Z]{5}){3}$/);
    } finally {
      await belayd.stop();
    }
    assert.ok(existsSync(join(folder, 'data/belay.db')));
  });

  test('is accepted as it stands, with no help of the environment', async () => {
    const { status, errors } = await runProgram('belayd migrate', binary('belayd'), ['migrate', '--config', file]);
    assert.equal(status, 0, errors);
  });

  test('has a value for every key without a default', async () => {
    for (const key of ['public_url', 'key_file', 'app_ids', 'client_id', 'client_secret_file']) {
      writeFileSync(`${file}.less`, readFileSync(file, 'utf8').replace(new RegExp(`^${key} = .*\n`, 'm'), ''));
      const { status, errors } = await runProgram('belayd migrate', binary('belayd'), ['migrate', '--config', `${file}.less`]);
      assert.equal(status, 2, key);
      assert.match(errors, new RegExp(key.replace(/_file$/, '')));
    }
  });
});

const notForPackages = process.env.BELAY_BIN ? 'only for the release build' : without('llvm-objdump-19', 'dpkg-query');
test('the packages of the README are those that the program is linked with', { skip: notForPackages }, async (t) => {
  // The C++ runtime is on every machine that has apt; what is asked for at run time and not linked is named here.
  const everywhere = ['libc6', 'libgcc-s1', 'libstdc++6'];
  const asked = ['ca-certificates', 'tzdata'];
  const named = commands.replaceAll('\\\n', ' ').match(/^apt-get install --no-install-recommends (.*)$/m)[1].trim().split(/\s+/);
  const needed = [...execFileSync('llvm-objdump-19', ['-p', binary('belayd')], { encoding: 'utf8' }).matchAll(/^\s*NEEDED\s+(\S+)/gm)].map(([, name]) => name);
  assert.ok(needed.length > 5, needed.join());
  const packages = needed.filter((name) => !name.startsWith('ld-linux')).map((name) => {
    const [line] = execFileSync('dpkg-query', ['-S', `*-linux-gnu/${name}`], { encoding: 'utf8' }).split('\n');
    return line.split(':')[0];
  });
  t.diagnostic(`linked: ${[...new Set(packages)].sort().join(' ')}`);
  assert.deepEqual([...named].sort(), [...new Set([...packages.filter((name) => !everywhere.includes(name)), ...asked])].sort());
});

test('the unit starts the program that the README installs, with its file, as the owner of its database', () => {
  const line = (key) => unit.match(new RegExp(`^${key}=(.*)$`, 'm'))[1];
  assert.equal(line('ExecStart'), '/usr/local/bin/belayd serve --config /etc/belay/belay.toml');
  assert.match(commands, /^install -m 755 build\/release\/bin\/belayd \/usr\/local\/bin\/$/m);
  assert.equal(value('url'), `sqlite:/var/lib/${line('StateDirectory')}/belay.db`);
  assert.match(commands, new RegExp(`^adduser --system --group --no-create-home ${line('User')}$`, 'm'));
  assert.match(commands, new RegExp(`^install -d -o ${line('User')} -g ${line('Group')} -m ${line('StateDirectoryMode').slice(1)} /var/lib/${line('StateDirectory')}$`, 'm'));
  // There is no word to systemd in the program.
  assert.match(line('Type'), /^(exec|simple)$/);
});

test('systemd understands the unit, and finds it safe', { skip: without('systemd-analyze') }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'belay-unit-'));
  try {
    const file = join(folder, 'belayd.service');
    writeFileSync(file, unit.replaceAll('/usr/local/bin/belayd', binary('belayd')).replace(/^(User|Group)=.*$/gm, '$1=root'));
    const verified = await runProgram('systemd-analyze verify', 'systemd-analyze', ['verify', file]);
    assert.deepEqual([verified.status, verified.errors.split('\n').filter((text) => text.includes('belayd.service'))], [0, []]);
    writeFileSync(file, unit);
    const security = await runProgram('systemd-analyze security', 'systemd-analyze', ['security', '--offline=true', '--no-pager', '--threshold=20', file]);
    assert.equal(security.status, 0, security.output + security.errors);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('nginx hands on to where the server listens, says who called, and its log has no query', () => {
  assert.match(nginx, new RegExp(`^\\s*server ${value('listen').replaceAll('.', '\\.')};`, 'm'));
  assert.match(nginx, new RegExp(`^\\s*server_name ${new URL(value('public_url')).host.replaceAll('.', '\\.')};`, 'm'));
  assert.match(nginx, /proxy_set_header X-Forwarded-For \$proxy_add_x_forwarded_for;/);
  assert.equal(value('trusted_proxies'), '["127.0.0.1"]');
  const format = nginx.match(/^log_format belay '([^']*)'/m)[1];
  assert.doesNotMatch(format, /\$(request|request_uri|args|query_string|http_)\b|\$is_args/);
  assert.match(nginx, /^\s*access_log \S+ belay;/m);
});

test('nginx understands its file', { skip: without('nginx', 'openssl') }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'belay-nginx-'));
  try {
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=support.example.com', '-keyout', join(folder, 'privkey.pem'), '-out', join(folder, 'fullchain.pem')], { stdio: 'ignore' });
    writeFileSync(join(folder, 'belay.conf'), nginx.replaceAll('/etc/letsencrypt/live/support.example.com', folder).replaceAll('/var/log/nginx', folder));
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join(' ');
    writeFileSync(join(folder, 'nginx.conf'), `pid ${folder}/pid; error_log ${folder}/error.log; events {} http { ${temporary} include ${folder}/belay.conf; }`);
    const tested = await runProgram('nginx -t', 'nginx', ['-t', '-c', join(folder, 'nginx.conf'), '-p', folder]);
    assert.equal(tested.status, 0, tested.errors);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('the README calls the pages what the app calls them', () => {
  const titles = JSON.parse(read('forge/locales/en-US.json'));
  assert.match(readme, new RegExp(`Avatar menu > ${titles.account.title} > \\*\\*Connect\\*\\*`));
});
