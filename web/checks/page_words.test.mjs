// A page carries its own words only (vite/catalogue.mjs). One that asks for others would show their keys; tests of its parts have all words, and do
// not see it.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { carriedBy, pages } from '../vite/catalogue.mjs';

const web = fileURLToPath(new URL('..', import.meta.url));
const english = JSON.parse(readFileSync(join(web, '../i18n/en.json'), 'utf8'));
const heads = new Set(Object.keys(english).map((key) => key.split('.')[0]));

const script = (page) => join(web, 'pages', page, /<script[^>]* src="([^"]+)"/.exec(readFileSync(join(web, 'pages', page, 'index.html'), 'utf8'))[1]);
const parsed = new Map();
const sourceOf = (file) => {
  if (!parsed.has(file)) parsed.set(file, ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true, file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS));
  return parsed.get(file);
};
const fileOf = (from, name) => ['', '.ts', '.tsx'].map((end) => join(dirname(from), name) + end).find((path) => existsSync(path) && /\.tsx?$/.test(path));

/** `['setup.unpair', …]`: whole keys, and of `work.kind.${kind}` what stands before. */
export function keysIn(source) {
  const found = [];
  const visit = (node) => {
    const is = ts.isStringLiteralLike(node) ? node.text : ts.isTemplateExpression(node) ? node.head.text : undefined;
    const named = is?.includes('.') && (ts.isTemplateExpression(node) ? heads.has(is.split('.')[0]) : is in english || `${is}.one` in english);
    // The admin's text has variables of such names.
    const variable = is !== undefined && `variable.${is}` in english;
    if (named && !variable) found.push(is);
    if (!ts.isTypeNode(node)) ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function importsOf(file) {
  const taken = (statement) => ts.isImportDeclaration(statement) && !statement.importClause?.isTypeOnly && statement.moduleSpecifier.text.startsWith('.');
  return sourceOf(file).statements.filter(taken).map((statement) => fileOf(file, statement.moduleSpecifier.text)).filter(Boolean);
}

function filesOf(page) {
  const files = new Set([script(page)]);
  for (const file of files) for (const found of importsOf(file)) files.add(found);
  return [...files];
}

test('keys are found as code writes them', () => {
  const source = ts.createSourceFile('x.tsx', 'say("setup.unpair"); count(`data.erase_link`, 2); find(`work.kind.${kind}`); "a.b"; const k: "people.title" = x;', ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  assert.deepEqual(keysIn(source), ['setup.unpair', 'data.erase_link', 'work.kind.']);
});

for (const page of pages) {
  test(`the page ${page} carries every word that it asks for`, () => {
    const files = filesOf(page);
    assert.ok(files.length > 10, files.join(' '));
    const carried = carriedBy(page);
    const missing = files.flatMap((file) => keysIn(sourceOf(file)).filter((key) => !carried.has(key.split('.')[0])).map((key) => `${file.slice(web.length)}: ${key}`));
    assert.deepEqual(missing, []);
  });
}
