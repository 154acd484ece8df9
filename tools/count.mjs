// How many tests passed, failed and were skipped, read from what the runner itself wrote: node tools/count.mjs KIND LOG STATUS -> "12 0 1".
//
// KIND  ctest   `ctest -V` over doctest programs: doctest's test cases are counted, not the programs
//       node    `node --test --test-reporter=spec`
//       vitest  vitest's default reporter
//       lines   one JSON line with "lost", "duplicates" and "orphans" at the end (tests/chaos/run): one test; status 77: skipped
//       plain   anything that only succeeds or fails: one test
// A runner that failed without saying so in its summary (it crashed, or never started) counts as one failure, so that nothing gets lost.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const clean = (text) => text.replace(/\u001b\[[0-9;]*m/g, '');
const number = (text) => Number.parseInt(text ?? '0', 10);

function ctest(log) {
  const programs = new Map();
  const program = (id) => {
    if (!programs.has(id)) programs.set(id, { passed: 0, failed: 0, skipped: 0, counted: false, verdict: '' });
    return programs.get(id);
  };
  for (const line of log.split('\n')) {
    const cases = line.match(/^(\d+): \[doctest\] test cases:\s*\d+\s*\|\s*(\d+) passed\s*\|\s*(\d+) failed\s*\|\s*(\d+) skipped/);
    if (cases) {
      const at = program(cases[1]);
      at.passed += number(cases[2]);
      at.failed += number(cases[3]);
      at.skipped += number(cases[4]);
      at.counted = true;
    }
    const verdict = line.match(/^\s*\d+\/\d+ Test\s+#(\d+): .*?(Passed|\*\*\*\S+)/);
    if (verdict) program(verdict[1]).verdict = verdict[2];
  }
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { passed, failed, skipped, counted, verdict } of programs.values()) {
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
    if (verdict.startsWith('***Skipped')) total.skipped += counted ? 0 : 1;
    else if (verdict.startsWith('***') && failed === 0) total.failed += 1;
    else if (verdict === 'Passed' && !counted) total.passed += 1;
  }
  return total;
}

function nodeTest(log) {
  const figure = (name) => [...log.matchAll(new RegExp(`^(?:ℹ|#) ${name} (\\d+)$`, 'gm'))].reduce((sum, found) => sum + number(found[1]), 0);
  return { passed: figure('pass'), failed: figure('fail') + figure('cancelled'), skipped: figure('skipped') + figure('todo') };
}

function vitest(log) {
  const line = log.match(/^\s*Tests\s+(.*)$/m)?.[1] ?? '';
  const figure = (name) => number(line.match(new RegExp(`(\\d+) ${name}`))?.[1]);
  // A file that does not even load has no tests of its own: it counts by itself.
  const files = log.match(/^\s*Test Files\s+(.*)$/m)?.[1] ?? '';
  const failedFiles = number(files.match(/(\d+) failed/)?.[1]);
  return { passed: figure('passed'), failed: Math.max(figure('failed'), failedFiles), skipped: figure('skipped') + figure('todo') };
}

function lines(log, status) {
  if (status === 77) return { passed: 0, failed: 0, skipped: 1 };
  const found = log.trim().split('\n').reverse().find((line) => line.startsWith('{'));
  let good = status === 0 && found !== undefined;
  try {
    const { lost, duplicates, orphans } = JSON.parse(found ?? '{}');
    good = good && lost === 0 && duplicates === 0 && orphans === 0;
  } catch {
    good = false;
  }
  return { passed: good ? 1 : 0, failed: good ? 0 : 1, skipped: 0 };
}

const plain = (_log, status) => ({ passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 });

const kinds = { ctest, node: nodeTest, vitest, lines, plain };

export function count(kind, log, status) {
  const total = kinds[kind](clean(log), status);
  if (status !== 0 && total.failed === 0 && !(kind === 'lines' && total.skipped > 0)) total.failed = 1;
  return total;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [kind, file, status] = process.argv.slice(2);
  const { passed, failed, skipped } = count(kind, readFileSync(file, 'utf8'), number(status));
  console.log(`${passed} ${failed} ${skipped}`);
}
