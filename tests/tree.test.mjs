// What every file of the repository has to keep to, whatever room it belongs to.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  .split('\0').filter((file) => file !== '' && statSync(join(root, file), { throwIfNoEntry: false })?.isFile());
const text = files.filter((file) => !/\.(png|ico|woff2?|db|gz|zip|jar|bin)$/.test(file) && !file.startsWith('fuzz/corpus/'));
const read = (file) => readFileSync(join(root, file), 'utf8');

test('the lock file names packages, not the addresses they came from', () => {
  for (const file of files.filter((name) => name.endsWith('package-lock.json'))) {
    const addresses = Object.entries(JSON.parse(read(file)).packages ?? {}).filter(([name, { resolved, link }]) => name !== '' && resolved && !link);
    assert.deepEqual(addresses.map(([name]) => name), [], file);
  }
});

test('no file speaks of the machine it was written on', () => {
  // Put together from pieces, so that this file does not find itself.
  const machine = new RegExp(`(^|[^A-Za-z0-9_.-])/(${['wo' + 'rk', 'fa' + 'rm', 'tmp/be' + 'lay'].join('|')})/`);
  const found = text.flatMap((file) => read(file).split('\n').flatMap((line, index) => (machine.test(line) ? [`${file}:${index + 1}`] : [])));
  assert.deepEqual(found, []);
});

test('every link from one page of the repository to another leads somewhere', () => {
  const pages = files.filter((file) => file.endsWith('.md'));
  const broken = pages.flatMap((page) => [...read(page).replace(/```[\s\S]*?```/g, '').matchAll(/\]\(([^)\s#]+)[^)]*\)/g)]
    .map(([, target]) => target).filter((target) => !/^[a-z]+:/.test(target) && !existsSync(join(root, dirname(page), target)))
    .map((target) => `${page}: ${target}`));
  assert.deepEqual(broken, []);
});

test('every page that a file names is one that a clone has', () => {
  const pages = files.filter((file) => file.endsWith('.md'));
  const isThere = (file, name) => pages.some((page) => page === name || page === join(dirname(file), name) || page.endsWith(`/${name}`));
  // What was written for us outside of the repository, by its kind; where it lies (shared/contracts) may be said.
  const outside = /\bcontract(?:, (?:trap|section|")|: [a-z-]+\.|s\/[a-z])|\(contract\b/;
  const found = text.filter((file) => !/(^|\/)package(-lock)?\.json$/.test(file)).flatMap((file) => read(file).split('\n').flatMap((line, index) => {
    const absent = [...line.matchAll(/[\w./-]*\w\.md\b/g)].map(([name]) => name.replace(/^[./]+/, '')).filter((name) => !isThere(file, name));
    return absent.length > 0 || (file.startsWith('src/') && outside.test(line)) ? [`${file}:${index + 1}: ${line.trim()}`] : [];
  }));
  assert.deepEqual(found, []);
});

test('commands are executable', () => {
  for (const file of ['run', 'check', '.ci/run', 'tools/setup', 'bench/run']) {
    assert.ok(statSync(join(root, file)).mode & 0o100, `${file} cannot be executed`);
  }
});

test('test files hold no focus and no wait for a fixed time', () => {
  const tests = text.filter((file) => /(_test\.cpp|\.(test|spec)\.(ts|tsx|mjs))$/.test(file));
  const bad = new RegExp(['this_thread::sl' + 'eep', 'waitForTime' + 'out', '\\.on' + 'ly\\('].join('|'));
  const found = tests.flatMap((file) => read(file).split('\n').flatMap((line, index) => (bad.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])));
  assert.deepEqual(found, []);
});

test('what RapidCheck says of a property is what the test says', () => {
  const property = new RegExp('rc::che' + 'ck\\(');
  const found = text.filter((file) => file.endsWith('.cpp')).flatMap((file) => read(file).split('\n').flatMap((line, index) => (
    property.test(line) && !/CHECK\(rc::|= rc::/.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])));
  assert.deepEqual(found, []);
});

test('no file of code is so long that a second idea has moved in', () => {
  const most = (file) => (/(_test\.cpp|\.test\.(ts|tsx|mjs))$/.test(file) ? 780 : 500);   // a test file holds many small cases
  const code = text.filter((file) => /\.(cpp|hpp|ts|tsx|mjs)$/.test(file) && !file.endsWith('.d.ts'));
  const long = code.map((file) => [read(file).split('\n').length, file]).filter(([lines, file]) => lines > most(file));
  assert.deepEqual(long, []);
});
