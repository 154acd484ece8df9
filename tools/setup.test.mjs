// tools/setup on machines that lack this or that. The machine is a folder of programs that stand for dpkg, apt, node and npm; nothing is installed.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const tools = dirname(fileURLToPath(import.meta.url));
const essential = ['awk', 'bash', 'cat', 'chmod', 'cut', 'dirname', 'env', 'flock', 'fold', 'grep', 'head', 'mkdir', 'rm', 'sed', 'sha256sum', 'sort', 'tail', 'tee'];

let folder;
let programs;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'belay-setup-'));
  programs = join(folder, 'bin');
  for (const made of [programs, join(folder, 'home'), join(folder, 'root/tools')]) mkdirSync(made, { recursive: true });
  for (const file of ['setup', 'environment', 'packages']) copyFileSync(join(tools, file), join(folder, 'root/tools', file));
  for (const name of essential) symlinkSync(spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim(), join(programs, name));
  // Every package is there but the two that are asked for beyond the list.
  lacking('nodejs', 'npm');
  program('apt-get', `echo "$@" >>"${folder}/apt"; case " $* " in *" npm "*) cat "${folder}/npm" >"${programs}/npm"; chmod +x "${programs}/npm" ;; esac`);
  writeFileSync(join(folder, 'npm'), `#!/bin/bash\ncase $1 in --version) echo 11.21.2 ;; *) echo "$@" >>"${folder}/npm-asked" ;; esac\n`);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function program(name, body) {
  writeFileSync(join(programs, name), `#!/bin/bash\n${body}\n`);
  chmodSync(join(programs, name), 0o755);
}

/** dpkg of a machine that has every package but these. */
const lacking = (...packages) => program('dpkg-query', `for one in "$@"; do case $one in -*|${packages.join('|')}) ;; *) echo "$one installed" ;; esac; done`);

/** The machine: which Node it has, and who runs the command; {status, said, installed}. */
function setUp({ node, user, profiles = [] }) {
  if (node) program('node', `echo ${node}`);
  program('id', `echo ${user}`);
  const { status, stdout, stderr } = spawnSync('bash', [join(folder, 'root/tools/setup'), ...profiles], { encoding: 'utf8', env: { PATH: programs, HOME: join(folder, 'home') } });
  const written = (file) => (existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : '');
  const installed = written('apt').split('\n').filter((line) => line.includes(' install ')).flatMap((line) => line.split('--no-install-recommends ')[1].split(' '));
  return { status, said: stdout + stderr, installed: installed.sort(), asked: written('npm-asked') };
}

test('a Node that is recent enough and no npm: npm is installed, and that Node stays', () => {
  const { status, said, installed, asked } = setUp({ node: 'v22.23.3', user: 0 });
  assert.deepEqual([status, installed], [0, ['npm']], said);
  assert.equal(asked, '', 'nothing else is fetched');
});

test('neither: both are installed, to fetch newer ones with', () => {
  const { said, installed } = setUp({ user: 0 });
  assert.deepEqual(installed, ['nodejs', 'npm'], said);
});

test('an old Node and no npm: the same, and a newer Node is fetched', () => {
  const { installed, asked, said } = setUp({ node: 'v18.20.4', user: 0 });
  assert.deepEqual(installed, ['nodejs', 'npm'], said);
  assert.match(asked, / node@\d/);
});

test('who may not install is told that npm is missing, and not that a download failed', () => {
  const { status, said, installed } = setUp({ node: 'v22.23.3', user: 1000 });
  assert.deepEqual([status, installed], [3, []], said);
  assert.match(said, /Missing:\n {2}npm\n/);
  assert.match(said, /apt-get install --no-install-recommends npm\n/);
  assert.doesNotMatch(said, /could not fetch/);
});

const packaged = (...profiles) => readFileSync(join(tools, 'packages'), 'utf8').split('\n').filter((line) => profiles.includes(line.split(/\s+/)[0])).map((line) => line.split(/\s+/)[1]);
const npm = (body) => program('npm', `[ "$1" != --version ] || { echo 11.21.2; exit; }\n${body}`);
/** npm ci is for a repository that has packages. */
const withPackages = () => writeFileSync(join(folder, 'root/package-lock.json'), '{}');
/** What is said at last when packages are missing, whatever the reason. */
const missing = (reason, ...packages) => `setup: ${reason}\nMissing:\n${packages.map((name) => `  ${name}\n`).join('')}Install them with:\n` +
  `  sudo apt-get update && sudo apt-get install --no-install-recommends ${packages.join(' ')}\nand start again.\n`;

describe('packages that cannot be installed are named, with the command to type', () => {
  const needsRoot = 'packages are missing, and installing them needs root';
  beforeEach(() => {
    npm('exit 0');
    lacking('cmake', 'ninja-build', 'chromium');
  });

  test('by somebody without root, who has no sudo', () => {
    assert.deepEqual(setUp({ node: 'v22.23.3', user: 1000 }), { status: 3, said: missing(needsRoot, 'cmake', 'ninja-build', 'chromium'), installed: [], asked: '' });
  });

  test('by somebody whose sudo wants a password, with nobody at a terminal to type it', () => {
    program('sudo', `printf '%s\\n' "$*" >>"${folder}/sudo"; echo 'sudo: a password is required' >&2; exit 1`);
    const { status, said, installed } = setUp({ node: 'v22.23.3', user: 1000 });
    assert.deepEqual([status, said, installed], [3, missing(needsRoot, 'cmake', 'ninja-build', 'chromium'), []]);
    assert.equal(readFileSync(join(folder, 'sudo'), 'utf8'), '-n true\n', 'it was not made to wait');
  });

  test('only those of the profiles that were asked for', () => {
    const { said } = setUp({ node: 'v22.23.3', user: 1000, profiles: ['build'] });
    assert.equal(said, missing(needsRoot, 'cmake', 'ninja-build'));
  });

  test('without a network, after what apt-get said, and only those that are still missing', () => {
    program('apt-get', `case " $* " in *" update "*) exit 0 ;; esac
      echo 'Temporary failure resolving deb.debian.org'
      printf '#!/bin/bash\\nfor one in "$@"; do case $one in -*|ninja-build) ;; *) echo "$one installed" ;; esac; done\\n' >"${programs}/dpkg-query"
      exit 100`);
    const { status, said } = setUp({ node: 'v22.23.3', user: 0, profiles: ['build'] });
    assert.equal(status, 3);
    assert.ok(said.includes('Temporary failure resolving deb.debian.org\n'), said);
    assert.ok(said.endsWith(missing('apt-get failed (whole log: .setup/apt.log)', 'ninja-build')), said);
    assert.match(readFileSync(join(folder, 'root/.setup/apt.log'), 'utf8'), /Temporary failure/);
  });

  test('without the lists of packages: what apt-get update says counts too', () => {
    program('apt-get', `echo "$@" >>"${folder}/apt"; echo 'Could not connect to deb.debian.org'; exit 100`);
    const { status, said, installed } = setUp({ node: 'v22.23.3', user: 0, profiles: ['build'] });
    assert.deepEqual([status, installed], [3, []], 'no try to install');
    assert.ok(said.endsWith(`Could not connect to deb.debian.org\n${missing('apt-get failed (whole log: .setup/apt.log)', 'cmake', 'ninja-build')}`), said);
  });

  for (const [absent, reason] of [['apt-get', 'no apt-get'], ['dpkg-query', 'no dpkg']]) {
    test(`on a machine without ${absent}, which is no Debian`, () => {
      rmSync(join(programs, absent));
      const { status, said } = setUp({ node: 'v22.23.3', user: 0, profiles: ['build'] });
      const packages = absent === 'dpkg-query' ? packaged('build') : ['cmake', 'ninja-build'];
      assert.deepEqual([status, said], [3, missing(`this machine has ${reason} (Belay is built on Debian 12)`, ...packages)]);
    });
  }
});

describe('what failed to download is named', () => {
  const unreachable = `echo 'npm error network getaddrinfo EAI_AGAIN registry.npmjs.org' >&2; exit 1`;
  beforeEach(() => lacking('nodejs'));

  test('a newer Node, and how new it has to be', () => {
    npm(unreachable);
    const { status, said } = setUp({ node: 'v18.20.4', user: 1000 });
    assert.equal(status, 3);
    assert.match(said, /npm error network .*\nsetup: npm could not fetch node@[\d.]+ \(whole log: \.setup\/node\.log\)\. Node 20\.19\.0 and npm 11\.0\.0 or newer are needed\.\n$/);
    assert.match(readFileSync(join(folder, 'root/.setup/node.log'), 'utf8'), /EAI_AGAIN/);
  });

  test('the npm packages; the next start tries again, and one after a success does not until others are listed', () => {
    withPackages();
    npm(unreachable);
    const { status, said } = setUp({ node: 'v22.23.3', user: 1000 });
    assert.equal(status, 3);
    assert.match(said, /npm error network .*\nsetup: npm ci failed \(whole log: \.setup\/npm\.log\)\. It needs the npm registry, or a cache that holds the packages\.\n$/);

    npm(`echo "$@" >>"${folder}/npm-asked"; mkdir -p node_modules`);
    for (const time of ['at last', 'and no second time']) {
      const { status: then, asked } = setUp({ node: 'v22.23.3', user: 1000 });
      assert.deepEqual([then, asked.match(/^ci /gm)?.length], [0, 1], time);
    }
    writeFileSync(join(folder, 'root/package-lock.json'), '{"packages": {}}');
    assert.equal(setUp({ node: 'v22.23.3', user: 1000 }).asked.match(/^ci /gm).length, 2);
  });
});

test('what nothing has to be done for is done in silence', () => {
  lacking('nodejs');
  npm('exit 1');
  assert.deepEqual(setUp({ node: 'v22.23.3', user: 1000 }), { status: 0, said: '', installed: [], asked: '' });
});

test('--help names the profiles; one that does not exist is refused, with the usage', () => {
  const help = setUp({ user: 1000, profiles: ['--help'] });
  assert.equal(help.status, 0);
  for (const profile of ['build', 'run', 'test']) assert.match(help.said, new RegExp(`^  ${profile} `, 'm'));
  assert.deepEqual(setUp({ user: 1000, profiles: ['biuld'] }), { ...help, status: 2 });
});
