// The guides show pictures that are there, each in its own language; who reads French sees no English figure.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const languages = ['en', 'fr'];
const guideOf = (language) => join(root, `docs/guide/${language}.md`);
const picturesOf = (language) => [...readFileSync(guideOf(language), 'utf8').matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, target]) => target);
/** The end of a picture's name says its language and theme: `-fr`, `-dark`, `-fr-dark`; English and light are not named. */
const languageOf = (picture) => (/-fr(-dark)?\.png$/.test(picture) ? 'fr' : 'en');

for (const language of languages) {
  test(`docs/guide/${language}.md: every picture is there, and in the language of the guide`, () => {
    const pictures = picturesOf(language);
    assert.ok(pictures.length > 20);
    assert.deepEqual(pictures.filter((picture) => !existsSync(join(dirname(guideOf(language)), picture))), [], 'missing');
    assert.deepEqual(pictures.filter((picture) => languageOf(picture) !== language), [], 'of another language');
  });
}

test('both guides show the same pictures, in the same order', () => {
  const [english, french] = languages.map((language) => picturesOf(language).map((picture) => picture.replace(/(-fr)?(-dark)?\.png$/, '')));
  assert.deepEqual(french, english);
});
