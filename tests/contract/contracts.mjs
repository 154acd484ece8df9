// Where the judges' documents lie: $BELAY_CONTRACTS, otherwise ../shared/contracts beside the repository. A clone has neither, and its tests
// are skipped with a clear word. Where BELAY_CONTRACTS is set somebody meant to run the check, so a missing file there fails.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root as repository } from '../harness/program.mjs';

/** {file}, or {skip: why}. */
export function contract(name, { folder, root } = { folder: process.env.BELAY_CONTRACTS, root: repository }) {
  const file = join(folder || join(root, '../shared/contracts'), name);
  if (existsSync(file)) return { file };
  if (folder) throw new Error(`${file} does not exist, though BELAY_CONTRACTS is set`);
  return { skip: `SKIP: ${name} not found (set BELAY_CONTRACTS, or put it in ../shared/contracts)` };
}

export const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));
