import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    target: 'es2023',
    rolldownOptions: {
      input: ['index.html', 'reference.html'].map((page) => join(import.meta.dirname, page)),
    },
    // `check-sizes.ts` reads from the manifest which files each file imports.
    manifest: true,
    // Inlined files would need "data:" in the content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1_600,
  },
  logLevel: 'warn',
});
