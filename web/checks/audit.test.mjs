// What the server notes in the audit log, and what it may set aside, has words in every language and a line in docs/audit.md. The codes are read
// from the server's own sources.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path) => readFileSync(root + path, 'utf8');
const sources = readdirSync(`${root}src/desk`).filter((name) => name.endsWith('.cpp') && !name.endsWith('_test.cpp')).map((name) => read(`src/desk/${name}`)).join('\n');
const catalogues = Object.fromEntries(['en', 'fr'].map((language) => [language, JSON.parse(read(`i18n/${language}.json`))]));
const documented = read('docs/audit.md');

const all = (pattern, text) => [...text.matchAll(pattern)].map(([, found]) => found);
const quoted = (text) => all(/"([a-z_]+)"/g, text);

/** Where an entry is made, by audit_entry or by what hands its action on to it. */
export const actionsOf = (text) => new Set(all(/(?:\baudit_entry|\bentry_on|\bjournal|\bend)\(([^;]*?)(?:;|\{$)/gms, text).flatMap(quoted).filter((code) => code.includes('_') || code.endsWith('ed')));

const actions = [...actionsOf(sources)].sort();
const kinds = all(/\bon\("([a-z.]+)"/g, read('src/belayd/wiring.cpp')).sort();

test('the codes are found where they are written', () => {
  assert.ok(actions.length > 30, actions.join(' '));
  for (const known of ['launched', 'paired', 'session_created', 'session_taken_over', 'second_session_closed', 'session_expired', 'contact_invited_again']) assert.ok(actions.includes(known), known);
  assert.ok(kinds.length > 10);
  assert.deepEqual([...actionsOf('auto e = audit_entry(doors, caller, again ? "thing_again" : "thing_done");')], ['thing_again', 'thing_done']);
});

for (const [language, words] of Object.entries(catalogues)) {
  test(`every action has words, and all words an action (${language})`, () => {
    const known = Object.keys(words).filter((key) => /^audit\.action\.[a-z_]+$/.test(key)).map((key) => key.slice('audit.action.'.length)).sort();
    assert.deepEqual(known, actions);
  });

  test(`every kind of work has words (${language})`, () => {
    assert.deepEqual(kinds.filter((kind) => !words[`work.kind.${kind}`]), []);
  });
}

test('docs/audit.md lists every action and every kind of work', () => {
  const listed = new Set(all(/`([a-z_.]+)`/g, documented));
  assert.deepEqual([...actions, ...kinds].filter((code) => !listed.has(code)), []);
});
