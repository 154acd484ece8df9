// Atlassian's own schema judges every document that the unit tests of the door to Jira produce: the examples, and the hostile names of the
// property tests.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv-draft-04';

const root = fileURLToPath(new URL('../..', import.meta.url));
const schemaName = 'adf-full.schema.json';
const schemaFile = join(process.env.BELAY_CONTRACTS ?? join(root, '../shared/contracts'), schemaName);
const program = process.env.BELAY_JIRA_TEST ?? ['release', 'asan', 'dev'].map((preset) => join(root, 'build', preset, 'bin/jira_test')).find(existsSync);

function reasonToSkip() {
  if (!process.env.BELAY_CONTRACTS && !existsSync(schemaFile)) return `SKIP: ${schemaName} not found (set BELAY_CONTRACTS, or put it in ../shared/contracts)`;
  if (!program) return 'SKIP: jira_test is not built';
  return false;
}

test('every document we write on an issue is valid ADF', { skip: reasonToSkip() }, (t) => {
  const valid = new Ajv({ strict: false }).compile(JSON.parse(readFileSync(schemaFile, 'utf8')));
  const bareText = { type: 'doc', version: 1, content: [{ type: 'text', text: 'x' }] };
  assert.equal(valid(bareText), false, 'the judge refuses what is wrong');

  const folder = mkdtempSync(join(tmpdir(), 'belay-adf-'));
  try {
    execFileSync(program, ['--source-file=*adf_test.cpp'], { env: { ...process.env, BELAY_ADF_OUT: folder, RC_PARAMS: 'seed=1' }, stdio: 'pipe' });
    const files = readdirSync(folder);
    assert.ok(files.length > 100);
    for (const file of files) {
      const document = JSON.parse(readFileSync(join(folder, file), 'utf8'));
      assert.ok(valid(document), `${file}: ${JSON.stringify(valid.errors)}\n${JSON.stringify(document)}`);
    }
    t.diagnostic(`${files.length} documents`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
