// The shapes of docs/sandbox/, as judges.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { root } from '../harness/program.mjs';

const folder = join(root, 'docs/sandbox');
const ajv = new Ajv({ strict: true, strictRequired: false, strictTypes: false, strictTuples: false, allErrors: true });
addFormats(ajv);
const names = readdirSync(folder).filter((name) => name.endsWith('.schema.json'));
for (const name of names) ajv.addSchema(JSON.parse(readFileSync(join(folder, name), 'utf8')), name);

export { names };

/** What is wrong with `value` by that schema, as one text; empty when nothing is. `part`: a definition of the schema. */
export function problemsBy(name, value, part) {
  const judge = ajv.getSchema(part ? `${name}.schema.json#/$defs/${part}` : `${name}.schema.json`);
  return judge(value) ? '' : ajv.errorsText(judge.errors, { separator: '\n' });
}
