import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as rules from './words.mjs';

const read = (path) => JSON.parse(readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8'));
const [en, fr] = ['en', 'fr'].map((language) => read(`i18n/${language}.json`));
const titles = { en: read('forge/locales/en-US.json'), fr: read('forge/locales/fr-FR.json') };
const places = {
  en: { admin: 'Manage apps > Belay > Configure', account: `“${titles.en.account.title}”` },
  fr: { admin: 'Gérer les apps > Belay > Configurer', account: `«\u202f${titles.fr.account.title}\u202f»` },
};

describe('the sentences', () => {
  test('have the spaces that French has before and inside its marks', () => {
    assert.deepEqual(rules.frenchSpaces(fr), []);
    for (const text of ['Fini ; voilà', 'Quoi ?', 'Fini!', 'À savoir : rien', 'À savoir\u202f: rien', '« oui »', '«\u202foui »']) assert.notDeepEqual(rules.frenchSpaces({ text }), [], text);
    assert.deepEqual(rules.frenchSpaces({ text: 'Voir\u00a0: https://a.example «\u202foui\u202f»' }), []);
  });

  test('have one kind of apostrophe', () => {
    assert.deepEqual([...rules.oneApostrophe(en), ...rules.oneApostrophe(fr)], []);
    assert.equal(rules.oneApostrophe({ text: "server's" }).length, 1);
  });

  test('count in what people reckon with', () => {
    assert.deepEqual([...rules.readableAmounts(en), ...rules.readableAmounts(fr)], []);
    assert.equal(rules.readableAmounts({ text: 'in {retryAfter} seconds' }).length, 1);
  });

  for (const [language, catalogue] of [['en', en], ['fr', fr]]) {
    test(`call each place what Jira calls it (${language})`, () => {
      assert.deepEqual(rules.onePathToPlaces(catalogue, places[language]), []);
      assert.ok(catalogue['error.not_paired'].includes(places[language].admin));
      assert.ok(catalogue['error.not_linked'].includes(places[language].account));
      assert.equal(rules.onePathToPlaces({ text: 'on your personal page' }, places[language]).length, 1);
    });

    test(`promise nothing for a refused request (${language})`, () => {
      const byItself = language === 'en' ? /by (itself|themselves)|Nothing is lost/ : /d’(elle|lui)-même|Rien n’est perdu/;
      assert.deepEqual(rules.refusalsPromiseNothing(catalogue, byItself), []);
      assert.match(catalogue['error.outcome.waiting'], byItself);
    });
  }
});

/** What web/src/admin/commands.ts makes; its own test holds the page to it. */
const commands = ['runuser -u belay -- belayd pair --config /etc/belay/belay.toml --site https://acme.atlassian.net', 'runuser -u belay -- belayd doctor --config /etc/belay/belay.toml'];

for (const page of ['README.md', 'docs/guide/en.md', 'docs/guide/fr.md']) {
  test(`${page} prints the commands that the admin page prints`, () => {
    const lines = readFileSync(fileURLToPath(new URL(`../../${page}`, import.meta.url)), 'utf8').split('\n').map((line) => line.replace(/ +#.*/, '').trim());
    for (const command of commands) assert.ok(lines.includes(command), command);
  });
}
