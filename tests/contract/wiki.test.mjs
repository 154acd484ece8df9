// Atlassian's parser judges all wiki markup that the unit tests of the door to Jira produce: it reads the texts that were to be written, the link that
// was to be one, and nothing else.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { unitTests } from './unit_tests.mjs';
import { readWiki } from './wiki_judge.mjs';

const program = unitTests('jira_test');
const joiner = /\u2060/g;   // nobody sees it: it breaks up what no backslash helps against

/** Neighbouring texts as one, since a parser may cut them anywhere, and without what nobody sees. Blanks at the ends of a line are not shown either. */
function lines(paragraph) {
  const all = [[]];
  for (const part of paragraph) {
    if (part.break) all.push([]);
    else if (part.text !== undefined && part.link === undefined && all.at(-1).at(-1)?.text !== undefined) all.at(-1).at(-1).text += part.text;
    else all.at(-1).push(part.link === undefined ? { ...part } : { link: decodeURIComponent(part.link) });
  }
  return all.map((line) => line.map((part) => (part.text === undefined ? part : { text: part.text.replace(joiner, '').replace(/\s+/g, ' ') }))
    .filter(({ text }) => text !== '')
    .map((part, n, { length }) => (part.text === undefined ? part : { text: (n === 0 ? part.text.trimStart() : part.text).replace(n === length - 1 ? /\s+$/ : /$^/, '') }))
    .filter(({ text }) => text !== ''));
}
const shown = (paragraphs) => paragraphs.map(lines).filter((paragraph) => paragraph.some((line) => line.length > 0));

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
