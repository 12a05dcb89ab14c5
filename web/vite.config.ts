import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Matches the modules that are loaded with a page, but are not only for `index.html`, and the entries of the pages. */
const NOT_IN_FIRST = /\.html|\/src\/main\.tsx|\/src\/reference\/|swagger-ui|modulepreload-polyfill/;

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    target: 'es2023',
    rolldownOptions: {
      input: ['index.html', 'reference.html'].map((page) => join(import.meta.dirname, page)),
      output: {
        codeSplitting: {
          // All modules that `index.html` loads at once are in one file. Otherwise, each module that a later page also
          // uses would be in a file of its own, and many small files compress worse: the first JavaScript would be 8 KB
          // larger, gzipped. The pages themselves and the modules of `reference.html` stay outside this file.
          groups: [{ name: 'first', tags: ['$initial'], test: (id) => !NOT_IN_FIRST.test(id) }],
        },
      },
    },
    // `check-sizes.ts` reads from the manifest which files each file imports.
    manifest: true,
    // Inlined files would need "data:" in the content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1_600,
  },
  logLevel: 'warn',
});
