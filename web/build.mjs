// Builds every page into forge/static/<page>/, and what stands before them beside a Jira Data Center into forge/static/bridge/.
import { build } from 'vite';
import { configOf, configOfScript, pages, scripts } from './vite/config.mjs';

for (const page of pages) {
  await build(configOf(page));
  console.log(`built ${page}`);
}

for (const script of scripts) {
  await build(configOfScript(script));
  console.log(`built ${script}`);
}
