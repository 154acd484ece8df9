// Each patch that takes an idempotency check out fits the sources, so that nobody hears of it from the longest check alone.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root, runProgram } from '../harness/program.mjs';

const folder = join(root, 'tests/chaos/mutants');

for (const file of readdirSync(folder)) {
  test(`${file} fits the sources, and says what it takes out and what the checker has to see`, async () => {
    const [, what, seen] = readFileSync(join(folder, file), 'utf8').match(/^(\S.*)\nSeen: (.+)\n/) ?? [];
    assert.ok(what && new RegExp(seen), 'two lines stand above the patch');
    const { status, errors } = await runProgram('git apply', 'git', ['apply', '--check', join(folder, file)], { cwd: root });
    assert.equal(status, 0, `what it takes out has changed; make it anew (tests/chaos/README.md)\n${errors}`);
  });
}
