// Atlassian's own parser of wiki markup as a judge: what it makes of a comment is what somebody reads.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { WikiMarkupTransformer } = require('@atlaskit/editor-wikimarkup-transformer');
const { JSONTransformer } = require('@atlaskit/editor-json-transformer');
const parser = new WikiMarkupTransformer();
const json = new JSONTransformer();

/** A comment as a document, which is what Jira Cloud makes of it. */
export const documentOf = (wiki) => json.encode(parser.parse(wiki));

/** The paragraphs of a comment, each a list of {text}, {link} and {break}; anything else stands there as {other: what it is}. */
export function readWiki(wiki) {
  return documentOf(wiki).content.map((block) => {
    if (block.type !== 'paragraph') return [{ other: block.type }];
    return (block.content ?? []).map(({ type, text, marks = [] }) => {
      if (type === 'hardBreak') return { break: true };
      if (type !== 'text') return { other: type };
      if (marks.length === 0) return { text };
      const [{ type: mark, attrs }] = marks;
      if (marks.length > 1 || mark !== 'link') return { other: marks.map((one) => one.type).join(' ') };
      return { link: attrs.href, text };
    });
  });
}

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
/** What somebody reads of the paragraphs of readWiki, line by line; those with nothing to see are left out. */
export const shown = (paragraphs) => paragraphs.map(lines).filter((paragraph) => paragraph.some((line) => line.length > 0));
