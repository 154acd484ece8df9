import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { catalogue } from './vite/catalogue.mjs';
import { lean } from './vite/lean.mjs';

export default defineConfig({
  plugins: [lean(), catalogue(undefined), react()],
  test: {
    environment: 'jsdom',
    setupFiles: ['src/test/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
    server: { deps: { inline: [/@atlaskit\//, /@compiled\//] } },
    restoreMocks: true,
    maxWorkers: '100%', // one core is otherwise kept for watching
    testTimeout: 30_000, // ends what hangs; a busy machine may take its time
  },
});
