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
