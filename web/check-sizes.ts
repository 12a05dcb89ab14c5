import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Manifest } from 'vite';

/**
 * Prints the size of the JavaScript that a browser loads, gzipped, and fails if it exceeds a limit. `first` is loaded
 * with the page, and `graph` later.
 */
const LIMITS = { first: 200, graph: 150 };
const GRAPH = 'src/customer/mau/graph-and-table.tsx';

const dist = join(import.meta.dirname, 'dist');
const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8')) as Manifest;

/** Returns the files that an entry of the manifest imports statically. */
function filesOf(name: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest[name];
  if (!chunk) throw new Error(`The build has no ${name}`);
  if (seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const imported of chunk.imports ?? []) filesOf(imported, seen);
  return seen;
}

const kilobytes = (files: Iterable<string>) =>
  [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(dist, file))).length, 0) / 1_000;

const first = filesOf('index.html');
const sizes = { first: kilobytes(first), graph: kilobytes(filesOf(GRAPH).difference(first)) };
for (const [what, limit] of Object.entries(LIMITS)) {
  const size = sizes[what as keyof typeof sizes];
  console.log(`JavaScript, gzipped: ${what.padEnd(5)} ${size.toFixed(1).padStart(6)} KB of ${limit} KB`);
  if (size > limit) process.exitCode = 1;
}
