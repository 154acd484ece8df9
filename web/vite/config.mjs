import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { catalogue } from './catalogue.mjs';
import { designTokens } from './design-tokens.mjs';
import { lean } from './lean.mjs';

export const scripts = ['bridge', 'return'];
export const pages = ['panel', 'admin', 'account', 'sessions', 'project', 'automation', 'request', 'queue'];
const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

/** Of a script that stands before the pages beside a Jira Data Center: one file, no module, so that it has run before they begin. */
export function configOfScript(name) {
  return {
    configFile: false,
    root: path('..'),
    logLevel: 'warn',
    publicDir: false,
    plugins: [catalogue('bridge')],
    build: {
      outDir: path('../../forge/static/bridge'),
      emptyOutDir: false,
      target: 'es2022',
      lib: { entry: path(`../src/datacenter/${name}.ts`), formats: ['iife'], name: 'belay', fileName: () => `${name}.js` },
    },
  };
}

/** Vite's configuration for one page. Forge serves each page from an address of its own, so every address is relative. */
export function configOf(page) {
  return {
    configFile: false,
    root: path(`../pages/${page}`),
    base: './',
    logLevel: 'warn',
    plugins: [lean(), catalogue(page), react(), designTokens()],
    build: {
      outDir: path(`../../forge/static/${page}`),
      emptyOutDir: true,
      target: 'es2022',
      // Inlined files would be data: addresses, which the policy does not allow for scripts and styles.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      manifest: true,
      rolldownOptions: {
        output: {
          chunkFileNames: (chunk) =>
            chunk.facadeModuleId?.includes('virtual:catalogue/') ? 'assets/catalogue-[name]-[hash].js' : 'assets/[name]-[hash].js',
        },
      },
    },
  };
}
