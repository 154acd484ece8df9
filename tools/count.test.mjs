import assert from 'node:assert/strict';
import { test } from 'node:test';
import { count } from './count.mjs';

test('doctest cases of several programs are added up', () => {
  const log = ['1: [doctest] test cases:  12 |  11 passed | 1 failed | 0 skipped', '1/2 Test #1: base_test ...........***Failed    0.01 sec',
    '2: [doctest] test cases:   5 |   5 passed | 0 failed | 2 skipped', '2/2 Test #2: net_test ............   Passed    0.02 sec'].join('\n');
  assert.deepEqual(count('ctest', log, 8), { passed: 16, failed: 1, skipped: 2 });
});

test('a test program that crashed before its summary counts as a failure', () => {
  assert.deepEqual(count('ctest', '1/1 Test #1: base_test ...........***Exception: SegFault  0.01 sec', 8), { passed: 0, failed: 1, skipped: 0 });
});

test('a sanitizer that stops a program after all its cases passed counts as a failure', () => {
  const log = '1: [doctest] test cases: 3 | 3 passed | 0 failed | 0 skipped\n1/1 Test #1: base_test ...***Failed 0.01 sec';
  assert.deepEqual(count('ctest', log, 8), { passed: 3, failed: 1, skipped: 0 });
});

test('a program that ended with the skip status counts as skipped', () => {
  assert.deepEqual(count('ctest', '1/1 Test #1: storage_test .....***Skipped   0.01 sec', 0), { passed: 0, failed: 0, skipped: 1 });
});

test("the figures of Node's runner are read, cancelled ones as failures", () => {
  assert.deepEqual(count('node', 'ℹ tests 9\nℹ pass 6\nℹ fail 1\nℹ cancelled 1\nℹ skipped 1\nℹ todo 0\n', 1), { passed: 6, failed: 2, skipped: 1 });
});

test("vitest's figures are read through its colours, and a file that did not load counts", () => {
  assert.deepEqual(count('vitest', '\u001b[2m Test Files \u001b[22m 4 passed (4)\n\u001b[2m      Tests \u001b[22m 31 passed | 2 skipped (33)\n', 0), { passed: 31, failed: 0, skipped: 2 });
  assert.deepEqual(count('vitest', ' Test Files  1 failed | 3 passed (4)\n      Tests  30 passed (30)\n', 1), { passed: 30, failed: 1, skipped: 0 });
});

test('a chaos run passes only with nothing lost, twice or orphaned', () => {
  assert.deepEqual(count('lines', 'x\n{"lost":0,"duplicates":0,"orphans":0}\n', 0), { passed: 1, failed: 0, skipped: 0 });
  assert.deepEqual(count('lines', '{"lost":1,"duplicates":0,"orphans":0}\n', 0), { passed: 0, failed: 1, skipped: 0 });
  assert.deepEqual(count('lines', 'nothing\n', 0), { passed: 0, failed: 1, skipped: 0 });
  assert.deepEqual(count('lines', 'SKIP: postgresql is not installed\n', 77), { passed: 0, failed: 0, skipped: 1 });
});

test('a runner that fails in silence counts as one failure', () => {
  assert.deepEqual(count('node', '', 7), { passed: 0, failed: 1, skipped: 0 });
});
