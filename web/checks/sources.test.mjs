import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';
import * as rules from './sources.mjs';

const web = fileURLToPath(new URL('..', import.meta.url));
const files = readdirSync(`${web}src`, { recursive: true }).map((name) => `src/${name}`);
const read = (name) => readFileSync(web + name, 'utf8');
const own = (name) => !/\.test\.tsx?$|src\/test\/|\.d\.ts$/.test(name);
const code = files.filter((name) => /\.tsx?$/.test(name) && own(name));
const styles = files.filter((name) => name.endsWith('.css'));

describe('the sources of the pages', () => {
  test('have no sentence in code: words live in i18n/', () => {
    assert.deepEqual(code.flatMap((name) => rules.noSentences(name, read(name))), []);
    assert.equal(rules.noSentences('x.tsx', 'const a = <p>Nobody is here</p>;').length, 1);
    assert.equal(rules.noSentences('x.tsx', 'const a = <Button label="Close">{x}</Button>;').length, 1);
    assert.equal(rules.noSentences('x.ts', 'const a = "Something went wrong";').length, 1);
    assert.equal(rules.noSentences('x.tsx', 'const a = <p className="stack wide">{say("common.done")}</p>;').length, 0);
  });

  test('take colours, spaces and fonts from design tokens only', () => {
    assert.ok(styles.length > 5);
    assert.deepEqual(styles.flatMap((name) => rules.stylesFromTokens(name, read(name))), []);
    assert.equal(rules.stylesFromTokens('x.css', 'a { color: #fff; padding: 4px; font: 12px serif; }').length, 3);
  });

  test('write no style or markup inline', () => {
    assert.deepEqual(code.flatMap((name) => rules.noInlineStyle(name, read(name))), []);
    assert.equal(rules.noInlineStyle('x.tsx', '<p style={{ color }} />').length, 1);
  });

  test('have the types of the API as docs/openapi.yaml has it now', async () => {
    const now = astToString(await openapiTS(new URL('../../docs/openapi.yaml', import.meta.url)));
    const strip = (text) => text.replace(/^\/\*\*[\s\S]*?\*\/\s*/, '').trim();
    assert.equal(strip(read('src/api/schema.d.ts')), strip(now), 'run: npm run types');
  });
});
