// Atlassian's JSON schema of the document format as a judge, and what else a document of ours has to be: one link, no mention of others.
import Ajv from 'ajv-draft-04';
import { contract, readJson } from './contracts.mjs';

const found = contract('adf-full.schema.json');
export const { skip } = found;
const validate = skip ? undefined : new Ajv({ strict: false }).compile(readJson(found.file));

/** What the schema finds wrong with `document`, as a list of sentences; empty when it is valid. */
export function problemsOf(document) {
  return validate(document) ? [] : validate.errors.map(({ instancePath, message, params }) => `${instancePath || '/'} ${message} ${JSON.stringify(params)}`);
}

const within = (document) => [document, ...(document.content ?? []).flatMap(within)];

/** The addresses of a document's link marks, and of whatever else a click could follow. */
export const linksOf = (document) => within(document).flatMap(({ type, attrs, marks = [] }) => [
  ...marks.filter((mark) => mark.type === 'link').map((mark) => mark.attrs.href),
  ...(/card$/i.test(type) || /^(media|extension|embed)/i.test(type) ? [attrs?.url ?? type] : []),
]);

/** The account ids that a document mentions, and so notifies. */
export const mentionsOf = (document) => within(document).filter(({ type }) => type === 'mention').map(({ attrs }) => attrs.id);

/** All text of a document; a hard break is a newline. */
export const textOf = (document) => within(document).map(({ type, text }) => (type === 'hardBreak' ? '\n' : text ?? '')).join('');
