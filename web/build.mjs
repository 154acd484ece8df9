// Builds every page into forge/static/<page>/.
import { build } from 'vite';
import { configOf, pages } from './vite/config.mjs';

for (const page of pages) {
  await build(configOf(page));
  console.log(`built ${page}`);
}
