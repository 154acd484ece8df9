// tools/setup on machines that lack this or that. The machine is a folder of programs that stand for dpkg, apt, node and npm; nothing is installed.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const tools = dirname(fileURLToPath(import.meta.url));
const essential = ['awk', 'bash', 'cat', 'chmod', 'cut', 'dirname', 'env', 'flock', 'fold', 'grep', 'head', 'mkdir', 'rm', 'sed', 'sort', 'tail', 'tee'];

let folder;
let programs;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'belay-setup-'));
  programs = join(folder, 'bin');
  for (const made of [programs, join(folder, 'home'), join(folder, 'root/tools')]) mkdirSync(made, { recursive: true });
  for (const file of ['setup', 'environment', 'packages']) copyFileSync(join(tools, file), join(folder, 'root/tools', file));
  for (const name of essential) symlinkSync(spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim(), join(programs, name));
  // Every package is there but the two that are asked for beyond the list.
  program('dpkg-query', 'for one in "$@"; do case $one in -*|nodejs|npm) ;; *) echo "$one installed" ;; esac; done');
  program('apt-get', `echo "$@" >>"${folder}/apt"; case " $* " in *" npm "*) cat "${folder}/npm" >"${programs}/npm"; chmod +x "${programs}/npm" ;; esac`);
  writeFileSync(join(folder, 'npm'), `#!/bin/bash\ncase $1 in --version) echo 11.21.2 ;; *) echo "$@" >>"${folder}/npm-asked" ;; esac\n`);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function program(name, body) {
  writeFileSync(join(programs, name), `#!/bin/bash\n${body}\n`);
  chmodSync(join(programs, name), 0o755);
}

/** The machine: which Node it has, and who runs the command; {status, said, installed}. */
function setUp({ node, user }) {
  if (node) program('node', `echo ${node}`);
  program('id', `echo ${user}`);
  const { status, stdout, stderr } = spawnSync('bash', [join(folder, 'root/tools/setup')], { encoding: 'utf8', env: { PATH: programs, HOME: join(folder, 'home') } });
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
