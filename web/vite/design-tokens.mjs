// Design tokens as CSS variables. Jira brings its own set once `view.theme.enable()` is called; until then, and in a host that
// brings none, the page needs values. Only those that the page names are kept: all of them would be 40 KB.
// See https://atlassian.design/tokens and "Design tokens and theming" of the Forge documentation.
import dark from '@atlaskit/tokens/dist/esm/artifacts/themes/atlassian-dark.js';
import light from '@atlaskit/tokens/dist/esm/artifacts/themes/atlassian-light.js';
import motion from '@atlaskit/tokens/dist/esm/artifacts/themes/atlassian-motion.js';
import shape from '@atlaskit/tokens/dist/esm/artifacts/themes/atlassian-shape.js';
import spacing from '@atlaskit/tokens/dist/esm/artifacts/themes/atlassian-spacing.js';
import typography from '@atlaskit/tokens/dist/esm/artifacts/themes/atlassian-typography.js';

const declarations = (css) => new Map([...css.matchAll(/(--ds-[\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name, value.trim()]));
const everywhere = new Map([light, spacing, shape, typography, motion].flatMap((css) => [...declarations(css)]));
const inTheDark = declarations(dark);
const named = (text) => [...text.matchAll(/--ds-[\w-]+/g)].map(([name]) => name);

/** The names in `text`, and those that their values name in turn. */
function closure(text) {
  const found = new Set();
  const open = named(text);
  while (open.length > 0) {
    const name = open.pop();
    if (found.has(name)) continue;
    found.add(name);
    open.push(...named(everywhere.get(name) ?? ''), ...named(inTheDark.get(name) ?? ''));
  }
  return [...found].sort();
}

export function tokensFor(text) {
  const names = closure(text);
  const block = (values) => names.filter((name) => values.has(name)).map((name) => `${name}:${values.get(name)};`).join('');
  return `:root{color-scheme:light;${block(everywhere)}}html[data-color-mode="dark"]{color-scheme:dark;${block(inTheDark)}}`;
}

export function designTokens() {
  return {
    name: 'belay-design-tokens',
    enforce: 'post',
    generateBundle(_, bundle) {
      const files = Object.values(bundle);
      const text = files.map((file) => (file.type === 'chunk' ? file.code : String(file.source))).join('\n');
      const entry = files.find((file) => file.type === 'chunk' && file.isEntry);
      const name = [...(entry?.viteMetadata?.importedCss ?? [])][0];
      if (!name) this.error('the page has no style sheet to put the design tokens into');
      bundle[name].source = tokensFor(text) + bundle[name].source;
    },
  };
}
