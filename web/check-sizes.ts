import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Manifest } from 'vite';

/**
 * Prints how much JavaScript a browser loads, gzipped, and fails when it is more than allowed: at first, and with the chart,
 * which is loaded after the rest.
 */
const LIMITS = { first: 200, chart: 150 };
const CHART = 'src/customer/mau/graph-and-table.tsx';

const dist = join(import.meta.dirname, 'dist');
const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8')) as Manifest;

/** Gives the files that an entry of the manifest loads at once. */
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
const sizes = { first: kilobytes(first), chart: kilobytes(filesOf(CHART).difference(first)) };
for (const [what, limit] of Object.entries(LIMITS)) {
  const size = sizes[what as keyof typeof sizes];
  console.log(`JavaScript, gzipped: ${what.padEnd(5)} ${size.toFixed(1).padStart(6)} KB of ${limit} KB`);
  if (size > limit) process.exitCode = 1;
}
