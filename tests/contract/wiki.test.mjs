// Atlassian's parser judges all wiki markup that the unit tests of the door to Jira produce: it reads the texts that were to be written, the link that
// was to be one, and nothing else.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { unitTests } from './unit_tests.mjs';
import { readWiki, shown } from './wiki_judge.mjs';

const program = unitTests('jira_test');

test('every wiki comment we write reads as what was to be written', { skip: program ? false : 'SKIP: jira_test is not built' }, (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'belay-wiki-'));
  try {
    const file = join(folder, 'comments.jsonl');
    execFileSync(program, ['--source-file=*wiki_test.cpp'], { env: { ...process.env, BELAY_WIKI_OUT: file, RC_PARAMS: 'seed=1' }, stdio: 'pipe' });
    const comments = readFileSync(file, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line));
    assert.ok(comments.length > 20, `${comments.length}`);
    for (const { wiki, document } of comments) assert.deepEqual(shown(readWiki(wiki)), shown(document), wiki);
    t.diagnostic(`${comments.length} comments`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the judge sees markup, links, mentions and smileys where they are', () => {
  for (const [wiki, seen] of [['*b*', 'strong'], ['# x', 'orderedList'], ['h1. x', 'heading'], ['[~admin]', 'mention'], [':)', 'emoji'], ['{code}x{code}', 'codeBlock'], ['||a||', 'table']]) {
    assert.ok(readWiki(wiki).flat().some(({ other }) => other === seen), `${wiki}: ${JSON.stringify(readWiki(wiki))}`);
  }
  assert.deepEqual(readWiki('see https://x.example/y'), [[{ text: 'see ' }, { link: 'https://x.example/y', text: 'https://x.example/y' }]]);
  assert.deepEqual(readWiki('[https://x.example/y]\nz'), [[{ link: 'https://x.example/y', text: 'https://x.example/y' }, { break: true }, { text: 'z' }]]);
});
