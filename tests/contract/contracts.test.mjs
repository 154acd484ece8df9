// A judge that cannot find its document says so: it never passes in silence.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { contract } from './contracts.mjs';

const name = 'jira-cloud-openapi-v3.json';
let home;
before(() => { home = mkdtempSync(join(tmpdir(), 'belay-contracts-')); });
after(() => rmSync(home, { recursive: true }));

test('a clone without the documents skips, and says where they are looked for', () => {
  for (const folder of [undefined, '']) {
    assert.deepEqual(contract(name, { folder, root: join(home, 'belay') }),
      { skip: 'SKIP: jira-cloud-openapi-v3.json not found (set BELAY_CONTRACTS, or put it in ../shared/contracts)' });
  }
});

test('with BELAY_CONTRACTS set a missing document is a failure', () => {
  assert.throws(() => contract(name, { folder: join(home, 'nowhere'), root: home }), /does not exist, though BELAY_CONTRACTS is set/);
});

test('BELAY_CONTRACTS goes before the folder beside the repository', () => {
  for (const folder of ['chosen', 'shared/contracts']) {
    mkdirSync(join(home, folder), { recursive: true });
    writeFileSync(join(home, folder, name), '{}');
  }
  mkdirSync(join(home, 'belay'));
  assert.deepEqual(contract(name, { folder: join(home, 'chosen'), root: join(home, 'belay') }), { file: join(home, 'chosen', name) });
  assert.deepEqual(contract(name, { folder: undefined, root: join(home, 'belay') }), { file: join(home, 'shared/contracts', name) });
});
