// What the browser loads before a page's first state is on screen, in bytes of gzip -9: the HTML, every script and style that
// it names or imports at once, and the larger of the language files. `npm run size -w web`.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { pages } from './vite/config.mjs';

const budget = 230_000;
const statics = fileURLToPath(new URL('../forge/static/', import.meta.url));

export function firstLoad(page) {
  const folder = join(statics, page);
  if (!existsSync(join(folder, 'index.html'))) throw new Error(`forge/static/${page} is not built: npm run build`);
  const manifest = JSON.parse(readFileSync(join(folder, '.vite/manifest.json'), 'utf8'));
  const size = (file) => gzipSync(readFileSync(join(folder, file)), { level: 9 }).length;
  const files = new Set(['index.html']);
  const take = (key) => {
    const chunk = manifest[key];
    if (files.has(chunk.file)) return;
    files.add(chunk.file);
    (chunk.css ?? []).forEach((file) => files.add(file));
    (chunk.imports ?? []).forEach(take);
  };
  take(Object.keys(manifest).find((key) => manifest[key].isEntry));
  const languages = Object.values(manifest).filter((chunk) => chunk.file.includes('catalogue-')).map((chunk) => chunk.file);
  const language = languages.sort((a, b) => size(b) - size(a))[0];
  if (language) files.add(language);
  return [...files].map((file) => ({ file, bytes: size(file) }));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  let over = false;
  for (const page of pages) {
    const files = firstLoad(page);
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    for (const file of files) console.log(`${String(file.bytes).padStart(8)}  ${page}/${file.file}`);
    console.log(`${String(bytes).padStart(8)}  ${page} in all${page === 'panel' ? `, of ${budget}` : ''}\n`);
    over ||= page === 'panel' && bytes > budget;
  }
  if (over) {
    console.error('the panel is over its budget');
    process.exit(1);
  }
}
