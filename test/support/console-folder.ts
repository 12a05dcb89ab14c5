import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';

/** A minimal build of the console, with one file of each kind that every build contains. */
const build = {
  'index.html': '<!doctype html><title>Console</title><script type="module" src="/assets/index-0a1b2c3d.js"></script>',
  'assets/index-0a1b2c3d.js': 'document.title = "It runs";',
  'icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  '.vite/manifest.json': '{}',
};

/**
 * Creates a folder with files like those of a built console. `files` adds files or replaces their content. Returns the
 * path of the folder, and a function that deletes the folder.
 */
export function makeConsoleFolder(files: Readonly<Record<string, string>> = {}) {
  const parent = mkdtempSync(join(tmpdir(), 'console-'));
  const folder = join(parent, 'dist');
  for (const [name, content] of Object.entries({ ...build, ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  const remove = () => {
    rmSync(parent, { recursive: true });
  };
  return { folder, remove };
}

/**
 * Creates a folder as `makeConsoleFolder` does, and deletes the folder after all tests. Returns the path of the folder.
 * Call this function outside of hooks and tests.
 */
export function consoleFolder(files: Readonly<Record<string, string>> = {}): string {
  const { folder, remove } = makeConsoleFolder(files);
  afterAll(remove);
  return folder;
}
