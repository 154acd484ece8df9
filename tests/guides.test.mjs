// The guides tell things in the order in which a person comes to them, and both of them in the same. What they quote, the product says.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

/** What has to be done before the next makes sense; other chapters may stand between. English, French. */
const ways = {
  'from the installation to a session': [
    ['## Install', '## Installer'],
    ['## Configure', '## Configurer'],
    ['## Connect an account', '## Connecter un compte'],
    ['## Eligible licences', '## Licences acceptées'],
    ['## Reach people directly', '## Joindre quelqu’un directement'],
    ['## Add a contact', '## Ajouter un contact'],
    ['## Sessions', '## Sessions'],
    ['## Trouble', '## En cas de problème'],
  ],
  'to somebody whose address is hidden': [
    ['## Reach people directly', '## Joindre quelqu’un directement'],
    ['## When an address is hidden', '## Quand une adresse est masquée'],
    ['## Sessions', '## Sessions'],
  ],
  'through a session': [
    ['### Create one', '### En créer une'],
    ['### What the states say', '### Ce que disent les états'],
    ['### Connect', '### La rejoindre'],
    ['### Close', '### La fermer'],
    ['### What came of it', '### Le bilan'],
  ],
};
const languages = ['en', 'fr'];

const read = (path) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const headingsOf = (language) => read(`docs/guide/${language}.md`).replace(/```[\s\S]*?```/g, '').match(/^#+ .+$/gm);

languages.forEach((language, n) => {
  const headings = headingsOf(language);
  for (const [name, chapters] of Object.entries(ways)) {
    test(`docs/guide/${language}.md follows the way ${name}`, () => {
      const expected = chapters.map((heading) => heading[n]);
      assert.deepEqual(headings.filter((heading) => expected.includes(heading)), expected);
    });
  }
});

test('the last chapter of a guide is the one for when something does not work', () => {
  languages.forEach((language, n) => assert.equal(headingsOf(language).at(-1), ways['from the installation to a session'].at(-1)[n]));
});

test('both guides have the same chapters, in the same order', () => {
  const levels = languages.map((language) => headingsOf(language).map((heading) => heading.split(' ', 1)[0]));
  assert.deepEqual(levels[1], levels[0]);
});

/** How many quotes the tables of each guide have today. With fewer, they are marked up in another way, and not found any more. */
const quotes = { tables: 4, sentences: 59 };
const sentencesOf = (text) => text.split(/(?<=[.?])\s+/);

/** The tables whose first column is what people read, each as its quotes: what is bold in a first cell, or all of it where nothing is. */
function quotesOf(language) {
  const tables = read(`docs/guide/${language}.md`).match(/^\| (?:you read|vous lisez|vous y lisez)\b.*\n(?:\|.*\n)+/gm) ?? [];
  const cellsOf = (table) => table.trim().split('\n').slice(2).map((row) => row.split('|')[1].trim());
  const labelsOf = (cell) => [...cell.matchAll(/\*\*(.+?)\*\*/g)].map(([, label]) => label);
  return tables.map((table) => cellsOf(table).flatMap((cell) => (labelsOf(cell).length > 0 ? labelsOf(cell) : sentencesOf(cell))));
}

/** Tells whether a quote is a sentence of the catalogue. Where that has a placeholder the guide has "…", or something short, as 14:02. */
function catalogueOf(language) {
  const catalogue = JSON.parse(read(`i18n/${language}.json`));
  const sentences = Object.values(catalogue)
    .flatMap((text) => sentencesOf(text.replaceAll('{provider}', catalogue['provider.teamviewer'])))
    .filter((sentence) => /\p{L}{2}/u.test(sentence.replace(/\{+[\w.]+\}+/g, '')))   // "{label}: {value}" would fit nearly anything
    .map((sentence) => sentence.match(/\{+[\w.]+\}+|[\p{L}\d]+|./gsu))   // placeholders, words, and what stands between
    .map((parts) => parts.map((part) => (part.startsWith('{') ? '.{1,8}' : part.replace(/[^\p{L}\d\s]/u, '\\$&'))));
  const whole = sentences.map((parts) => new RegExp(`^${parts.join('')}$`));
  const begun = sentences.map((parts) => new RegExp(`^${parts.reduceRight((rest, part) => `(?:${part}${rest})?`, '')}…$`));
  return (quote) => [...whole, ...begun].some((pattern) => pattern.test(quote));
}

for (const language of languages) {
  test(`what docs/guide/${language}.md says that people read is in i18n/${language}.json`, () => {
    const found = quotesOf(language);
    assert.ok(found.length >= quotes.tables && found.flat().length >= quotes.sentences, `${found.flat().length} quotes in ${found.length} tables`);
    const isSaid = catalogueOf(language);
    assert.deepEqual(found.flat().filter((quote) => !isSaid(quote)), [], 'said nowhere; the beginning of a sentence ends with "…"');
  });
}

test('what works where, as README has it: every cell names tests that are there', () => {
  const table = read('README.md').split('## What works where')[1].split('\n## ')[0].split('\n').filter((line) => line.startsWith('|')).slice(2);
  assert.ok(table.length >= 24);
  for (const line of table) {
    const cells = line.split('|').slice(2, -1).map((cell) => cell.trim());
    assert.equal(cells.length, 5, line);
    for (const cell of cells.filter(Boolean)) {
      const named = [...cell.matchAll(/`([a-z_0-9/]+)`/g)].map(([, name]) => name);
      assert.ok(named.length > 0, `${cell} names no test`);
      for (const name of named) assert.match(read(`tests/${name}.test.mjs`), /\btest\(/, name);
    }
  }
});
