// `virtual:catalogue/<language>`: the part of i18n/<language>.json that one page shows, so that the panel does not carry the
// admin's words.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const shared = ['language', 'provider', 'error', 'field', 'rule', 'forbidden', 'common', 'time', 'duration', 'licence', 'state'];
const own = {
  panel: ['panel', 'role', 'standing', 'session', 'step', 'create', 'mail', 'live', 'mode', 'person', 'map'],
  account: ['account', 'scope', 'reports_access'],
  sessions: ['mine', 'session', 'live'],
  project: ['project', 'admin', 'text', 'variable', 'people'],
  automation: ['automation', 'create'],
  request: ['request'],
  queue: ['queue', 'session', 'live'],
  admin: ['admin', 'setup', 'health', 'text', 'variable', 'sessions', 'people', 'create', 'audit', 'reports', 'work', 'data'],
};

/** Before any page beside a Jira Data Center: the sign-in and the way out, and nothing of a page's. */
const bridge = ['sign_in', 'leave'];

export const pages = Object.keys(own);
/** What the keys that this page carries begin with, up to the first point; without a page, those of all. */
export const carriedBy = (page) => page === 'bridge' ? new Set(bridge) : new Set([...shared, ...(page ? own[page] : [...Object.values(own).flat(), ...bridge])]);

export function catalogue(page) {
  const prefix = '\0virtual:catalogue/';
  const wanted = carriedBy(page);
  return {
    name: 'belay-catalogue',
    resolveId: (id) => (id.startsWith('virtual:catalogue/') ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith(prefix)) return undefined;
      const path = fileURLToPath(new URL(`../../i18n/${id.slice(prefix.length)}.json`, import.meta.url));
      this.addWatchFile(path);
      const all = JSON.parse(readFileSync(path, 'utf8'));
      const part = Object.fromEntries(Object.entries(all).filter(([key]) => wanted.has(key.split('.')[0])));
      return `export default ${JSON.stringify(part)};`;
    },
  };
}
