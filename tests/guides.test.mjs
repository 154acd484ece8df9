// The guides tell things in the order in which a person comes to them, and both of them in the same.
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

const headingsOf = (language) => readFileSync(new URL(`../docs/guide/${language}.md`, import.meta.url), 'utf8').replace(/```[\s\S]*?```/g, '').match(/^#+ .+$/gm);

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
