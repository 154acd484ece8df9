// Unit test programs whose output the contracts judge.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { binaries, root } from '../harness/program.mjs';

/** The program of that name, from the binaries under test or else from a build; undefined where it is not built. BELAY_JIRA_TEST names jira_test's. */
export function unitTests(name) {
  const named = process.env[`BELAY_${name.toUpperCase()}`];
  return named ?? [binaries, ...['release', 'asan', 'dev'].map((preset) => join(root, 'build', preset, 'bin'))].map((folder) => join(folder, name)).find(existsSync);
}
