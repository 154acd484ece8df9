// Whether ./check counts honestly. It runs in a small repository, where programs stand for setup, builds and test programs; Node's runner and what
// counts are the real ones.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const lossless = '{"lost":0,"duplicates":0,"orphans":0}';

let folder;
let programs;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'belay-check-'));
  programs = join(folder, 'bin');
  for (const file of ['check', 'tools/environment', 'tools/count.mjs']) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    copyFileSync(join(root, file), join(folder, file));
  }
  program('tools/setup', '');
  program('tools/build_pages', '');
  program('tools/build_server', 'mkdir -p build/$1/bin; touch build/$1/bin/belay-sandbox');
  doctest('release', { passed: 5, skipped: 1 });
  doctest('asan', { passed: 4 });
  tests('tests/house.test.mjs', { passed: 2 });
  tests('tests/functional/one.test.mjs', { passed: 3, skipped: 1 });
  tests('tests/e2e/page.test.mjs', { passed: 7 });
  program('tests/chaos/run', `echo '${lossless}'`);
  program('bin/openssl', 'echo key > "$3"');
  // doctest's programs as ctest runs them, by the folder of their build.
  program('bin/ctest', 'cat "$(dirname "$2")/ctest-$(basename "$2")" && [ ! -e "$2/fails" ]');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(file, text) {
  mkdirSync(join(folder, dirname(file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

function program(file, body) {
  write(file, `#!/bin/bash\n${body}\n`);
  chmodSync(join(folder, file), 0o755);
}

function doctest(preset, { passed, failed = 0, skipped = 0 }) {
  const cases = `1: [doctest] test cases: ${passed + failed + skipped} | ${passed} passed | ${failed} failed | ${skipped} skipped`;
  write(`build/ctest-${preset}`, `${cases}\n1/1 Test #1: base_test .... ${failed ? '***Failed' : '  Passed'}    0.01 sec\n`);
  if (failed) write(`build/${preset}/fails`, '');
}

function tests(file, { passed = 0, failed = 0, skipped = 0 }) {
  const some = (count, name, rest) => Array.from({ length: count }, (_, index) => `test('${name} ${index}', ${rest});\n`).join('');
  write(file, `import { test } from 'node:test';\n${some(passed, 'good', '() => {}')}${some(failed, 'bad', "() => { throw new Error('as told'); }")}${some(skipped, 'absent', "{ skip: 'as told' }, () => {}")}`);
}

/** {status, said, errors, last, phases}: `phases` is what each one's line says, by its name. */
function check(...args) {
  const { NODE_TEST_CONTEXT: _, BELAY_CONTRACTS: __, ...environment } = process.env;
  const PATH = [programs, dirname(process.execPath), environment.PATH].join(delimiter);
  const { status, stdout, stderr } = spawnSync(join(folder, 'check'), args, { encoding: 'utf8', env: { ...environment, PATH } });
  const phases = Object.fromEntries([...stdout.matchAll(/^(\S.*?) +\d+ s(?: {3} *(.*))?$/gm)].map(([, name, counted]) => [name, counted ?? '']));
  return { status, said: stdout, errors: stderr, last: stdout.trimEnd().split('\n').at(-1), phases };
}

test('what passes and what is skipped is added up, and the sum is the last line', () => {
  const { status, said, last, phases } = check('--fast');
  assert.deepEqual(phases, {
    setup: '', 'pages: build': '', 'release: build': '', 'house rules, manifest, catalogues': '2 passed', 'release: unit and property tests': '5 passed, 1 skipped',
    'asan: build': '', 'asan: unit and property tests': '4 passed', 'release: functional and contract tests': '3 passed, 1 skipped', 'asan: functional and contract tests': '3 passed, 1 skipped',
  });
  assert.deepEqual([status, last], [0, '17 passed, 0 failed, 3 skipped'], said);
});

test('chaos and browser belong to it when nothing is left out, and a chaos run that cannot be is skipped', () => {
  program('tests/chaos/run', `case "$*" in *postgresql*) exit 77 ;; esac; echo '${lossless}'`);
  const { status, last, phases } = check();
  assert.deepEqual([phases['chaos: sqlite'], phases['chaos: postgresql'], phases.browser], ['1 passed', '0 passed, 1 skipped', '7 passed']);
  assert.deepEqual([status, last], [0, '25 passed, 0 failed, 4 skipped']);
});

test('each failure counts, is named with its whole output, and does not keep the rest from running', () => {
  tests('tests/house.test.mjs', { passed: 1, failed: 2 });
  doctest('release', { passed: 3, failed: 2, skipped: 1 });
  program('tests/chaos/run', `case "$*" in *sqlite*) echo '${lossless.replace('0', '1')}' ;; *) echo '${lossless}'; exit 1 ;; esac`);
  const { status, said, last, phases } = check();
  assert.equal(phases['house rules, manifest, catalogues'], '1 passed   FAILED: 2');
  assert.equal(phases['release: unit and property tests'], '3 passed, 1 skipped   FAILED: 2');
  assert.deepEqual([phases['chaos: sqlite'], phases['chaos: postgresql']], ['0 passed   FAILED: 1', '0 passed   FAILED: 1']);
  assert.equal(phases.browser, '7 passed');
  assert.deepEqual([status, last], [1, '21 passed, 6 failed, 3 skipped'], said);
  assert.deepEqual([...said.matchAll(/^failed: (.*)$/gm)].map(([, name]) => name), ['house rules, manifest, catalogues', 'release: unit and property tests', 'chaos: sqlite', 'chaos: postgresql']);
  const outputs = [...said.matchAll(/^ {4}whole output: (.*)$/gm)].map(([, file]) => readFileSync(join(folder, file), 'utf8'));
  assert.equal(outputs.length, 4);
  assert.match(outputs[0], /as told/);
});

test('a test program that ends with an error counts, whatever its tests say', () => {
  write('build/release/fails', '');
  write('tests/functional/gone.test.mjs', 'process.exit(3);\n');
  const { status, last, phases } = check('--fast');
  assert.equal(phases['release: unit and property tests'], '5 passed, 1 skipped   FAILED: 1');
  assert.equal(phases['release: functional and contract tests'], '3 passed, 1 skipped   FAILED: 1');
  assert.deepEqual([status, last], [1, '17 passed, 3 failed, 3 skipped']);
});

test('a build that fails counts, and what it was for does not run', () => {
  program('tools/build_pages', 'exit 1');
  program('tools/build_server', '[ "$1" != asan ] && mkdir -p build/$1/bin && touch build/$1/bin/belay-sandbox');
  const { status, last, phases } = check('--fast');
  assert.deepEqual([phases['pages: build'], phases['asan: build']], ['FAILED', 'FAILED']);
  assert.deepEqual(Object.keys(phases).filter((name) => name.startsWith('asan')), ['asan: build']);
  assert.deepEqual([status, last], [1, '10 passed, 2 failed, 2 skipped']);
});

test('without setup or server there is nothing to test: it ends, and has failed', () => {
  program('tools/build_server', 'echo "error: no such thing"; exit 1');
  const unbuilt = check('--fast');
  assert.deepEqual([unbuilt.status, unbuilt.last, Object.keys(unbuilt.phases).at(-1)], [1, '0 passed, 1 failed, 0 skipped', 'release: build']);
  assert.match(unbuilt.said, /^ {4}1:error: no such thing$/m);

  program('tools/setup', 'echo "setup: packages are missing"; exit 3');
  const bare = check('--fast');
  assert.deepEqual([bare.status, bare.last, Object.keys(bare.phases)], [1, '0 passed, 1 failed, 0 skipped', ['setup']]);
  assert.match(bare.said, /^setup: packages are missing$/m);
});

test('what every test would make anew is made once, where they keep their files, and is gone afterwards', () => {
  program('tests/postgres/cluster.sh', 'mkdir "$2"; echo made > "$2/PG_VERSION"');
  write('tests/functional/place.test.mjs', `import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
const { BELAY_TEST_SIGNING_KEY: key, BELAY_TEST_POSTGRES: cluster } = process.env;
writeFileSync(${JSON.stringify(join(folder, 'seen.json'))}, JSON.stringify([tmpdir(), key, cluster, readFileSync(key, 'utf8'), readFileSync(cluster + '/PG_VERSION', 'utf8')]));
`);
  assert.equal(check('--fast').status, 0);
  const [place, key, cluster, ...kept] = JSON.parse(readFileSync(join(folder, 'seen.json'), 'utf8'));
  assert.match(place, /\/belay-check\.\w+$/);
  assert.deepEqual([key, cluster, ...kept], [join(place, 'signing-key.pem'), join(place, 'postgres'), 'key\n', 'made\n']);
  assert.equal(existsSync(place), false);
});

test('what cannot be made is not named, and each test makes its own', () => {
  program('bin/openssl', 'exit 1');
  program('tests/postgres/cluster.sh', 'exit 3');
  write('tests/functional/place.test.mjs', `import { writeFileSync } from 'node:fs';
const { BELAY_TEST_SIGNING_KEY, BELAY_TEST_POSTGRES } = process.env;
writeFileSync(${JSON.stringify(join(folder, 'seen.json'))}, JSON.stringify({ BELAY_TEST_SIGNING_KEY, BELAY_TEST_POSTGRES }));
`);
  assert.equal(check('--fast').status, 0);
  assert.deepEqual(JSON.parse(readFileSync(join(folder, 'seen.json'), 'utf8')), {});
});

test('what cannot be counted has failed', () => {
  write('tools/count.mjs', "throw new Error('no figures');\n");
  const { status, last, phases } = check('--fast');
  assert.equal(phases['release: unit and property tests'], '0 passed   FAILED: 1');
  assert.deepEqual([status, last], [1, '0 passed, 5 failed, 0 skipped']);
});

test('--help says what there is, an option that it does not know is refused with the same, and neither begins', () => {
  const { status, said, errors } = check('--help');
  assert.deepEqual([status, errors], [0, '']);
  assert.match(said, /^Usage: \.\/check \[--fast \| --full\]\n/);
  for (const option of ['--fast', '--full']) assert.match(said, new RegExp(`^ {2}${option} `, 'm'));
  const wrong = check('--fsat');
  assert.deepEqual([wrong.status, wrong.said, wrong.errors], [2, '', said]);
  assert.equal(existsSync(join(folder, 'build/check')), false);
});
