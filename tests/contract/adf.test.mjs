// Atlassian's own schema judges every document that the unit tests of the door to Jira produce: the examples, and the hostile names of the
// property tests.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { problemsOf, skip } from './adf_judge.mjs';
import { readJson } from './contracts.mjs';
import { unitTests } from './unit_tests.mjs';

const program = unitTests('jira_test');
const reason = skip ?? (program ? false : 'SKIP: jira_test is not built');

test('every document we write on an issue is valid ADF', { skip: reason }, (t) => {
  const bareText = { type: 'doc', version: 1, content: [{ type: 'text', text: 'x' }] };
  assert.notDeepEqual(problemsOf(bareText), [], 'the judge refuses what is wrong');

  const folder = mkdtempSync(join(tmpdir(), 'belay-adf-'));
  try {
    execFileSync(program, ['--source-file=*adf_test.cpp'], { env: { ...process.env, BELAY_ADF_OUT: folder, RC_PARAMS: 'seed=1' }, stdio: 'pipe' });
    const files = readdirSync(folder);
    assert.ok(files.length > 100);
    for (const file of files) {
      const document = readJson(join(folder, file));
      assert.deepEqual(problemsOf(document), [], `${file}: ${JSON.stringify(document)}`);
    }
    t.diagnostic(`${files.length} documents`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
