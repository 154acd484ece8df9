// What holds for the sources of the pages: no sentence in code, no colour or size of our own. Each rule takes a file's text and
// gives a list of complaints.
import ts from 'typescript';

// Attributes whose strings are read by people.
const spoken = new Set(['label', 'title', 'placeholder', 'alt', 'aria-label', 'aria-description', 'aria-roledescription', 'legend', 'hint', 'question', 'action', 'decline', 'problem']);
const letters = /\p{L}/u;
// Two words or more that begin like a sentence do. Class names and keys never do.
const sentence = /^\p{Lu}[\p{L}’']*(?: [\p{L}’',]+)+[.?…]?$/u;

export function noSentences(name, text) {
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true, name.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS);
  const found = [];
  const complain = (node, what) => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart());
    found.push(`${name}:${line + 1}: ${what}`);
  };
  const thrown = (node) => ts.isNewExpression(node.parent) && node.parent.expression.getText() === 'Error';
  const visit = (node) => {
    if (ts.isJsxText(node) && letters.test(node.text)) complain(node, `text in markup: ${node.text.trim()}`);
    if (ts.isJsxAttribute(node) && spoken.has(node.name.getText()) && node.initializer && ts.isStringLiteral(node.initializer) && letters.test(node.initializer.text)) {
      complain(node, `text in ${node.name.getText()}: ${node.initializer.text}`);
    }
    if ((ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) && sentence.test(node.text) && !thrown(node)) {
      complain(node, `a sentence: ${node.text}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

export function stylesFromTokens(name, text) {
  const bare = text.replace(/\/\*[\s\S]*?\*\//g, '');
  const rules = [
    [/#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(/gi, 'a colour that is no token'],
    [/(?:padding|margin|gap)[\w-]*:[^;]*\d(?:px|rem|em)/gi, 'a space that is no token'],
    [/font(?:-size)?:[^;]*\d(?:px|rem|em)/gi, 'a font size that is no token'],
    [/@import|url\(/gi, 'something from elsewhere'],
  ];
  return rules.flatMap(([pattern, what]) => [...bare.matchAll(pattern)].map(([found]) => `${name}: ${what}: ${found}`));
}

export function noInlineStyle(name, text) {
  return /\bstyle=\{|dangerouslySetInnerHTML|<style|<script/.test(text) ? [`${name}: inline style or markup`] : [];
}
