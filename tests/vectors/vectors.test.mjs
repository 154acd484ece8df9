// Both judges on the same tokens: Belay's own verifier (through its unit test program) and jose. Where jose decides otherwise, the vector
// says why; a reason without a deviation is as wrong as a deviation without a reason.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { judge } from './judge.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { key_sets: keySets, vectors } = JSON.parse(readFileSync(new URL('fit.json', import.meta.url), 'utf8'));

test('there are at least sixty vectors, of every reason', () => {
  assert.ok(vectors.length >= 60);
  const reasons = ['accept', 'malformed', 'wrong_algorithm', 'missing_kid', 'unknown_kid', 'isolated_cloud', 'bad_signature', 'wrong_issuer', 'wrong_audience',
    'app_id_mismatch', 'not_yet_valid', 'expired', 'non_integer_time', 'installation_mismatch', 'cloud_mismatch', 'claim_missing', 'environment_not_allowed'];
  for (const reason of reasons) assert.ok(vectors.some((vector) => vector.verdict === reason), `no vector for ${reason}`);
});

test('jose agrees with the expected verdicts, but for the deviations that are explained', async (t) => {
  const deviations = [];
  for (const vector of vectors) {
    const verdict = await judge({ ...vector, keySet: keySets[vector.keys] });
    const agrees = (verdict === 'accept') === (vector.verdict === 'accept');
    if (!agrees) deviations.push(`${vector.name}: Belay ${vector.verdict}, jose ${verdict}: ${vector.jose_differs ?? 'UNEXPLAINED'}`);
    else if (vector.jose_differs) deviations.push(`${vector.name}: explained, but both say ${verdict}: UNEXPLAINED`);
  }
  for (const line of deviations) t.diagnostic(line);
  t.diagnostic(`${vectors.length} vectors, ${deviations.length} deviations`);
  assert.deepEqual(deviations.filter((line) => line.endsWith('UNEXPLAINED')), []);
});

const program = process.env.BELAY_CRYPTO_TEST ?? ['release', 'asan', 'dev'].map((preset) => join(root, 'build', preset, 'bin/crypto_test')).find(existsSync);

test('Belay gives the expected verdict on every vector', { skip: program ? false : 'crypto_test is not built' }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'belay-vectors-'));
  try {
    const file = join(folder, 'verdicts.jsonl');
    execFileSync(program, ['--test-case=*shared vectors*'], { env: { ...process.env, BELAY_SOURCE_DIR: root, BELAY_VERDICTS: file }, stdio: 'pipe' });
    const verdicts = Object.fromEntries(readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line)).map((entry) => [entry.name, entry.verdict]));
    assert.deepEqual(verdicts, Object.fromEntries(vectors.map((vector) => [vector.name, vector.verdict])));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
