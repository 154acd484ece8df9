// What the Atlaskit components would pull in and a page inside a customer's Jira must not have: an experiment client, and a
// style engine that writes <style> elements, which Forge's content security policy refuses.
// See docs/decisions/0003-style-without-inline.md.
import { fileURLToPath } from 'node:url';

const source = (path) => fileURLToPath(new URL(`../src/ui/${path}`, import.meta.url));
const gates = source('no-feature-gates.ts');
const pressable = source('atlaskit-pressable.ts');

export function lean() {
  return {
    name: 'belay-lean',
    enforce: 'pre',
    resolveId(id) {
      if (id.startsWith('@atlaskit/feature-gate-js-client')) return gates;
      if (id === '@atlaskit/primitives/pressable') return pressable;
      return undefined;
    },
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk') continue;
        for (const [id, module] of Object.entries(file.modules)) {
          if (module.renderedLength > 0 && /node_modules\/(@emotion|@statsig)\//.test(id)) this.error(`${id} must not be part of a page`);
        }
      }
    },
  };
}
