import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** The console could not be built; the message is what the build said. */
export class BuildError extends Error {
  override readonly name = 'BuildError';
}

/** What is written last by a build. */
const BUILT = 'web/dist/index.html';
/** What a build is made of: the console, what its client of the API is generated from, the packages. */
const SOURCES = [
  'web/**/*.*',
  'functions/contract/*.ts',
  'functions/api/routes.ts',
  'functions/http/openapi.ts',
  'package-lock.json',
];
/** What is made by a build or a check of types. */
const MADE = ['web/dist', 'web/src/client'];

/** Builds the console of a project with `npm run build` when it is missing or older than its sources. Throws `BuildError`. */
export async function bringUpToDate(root: string, onBuilding: () => void): Promise<void> {
  if (isUpToDate(root)) return;
  onBuilding();
  // Its output is for whoever builds; here it matters when it fails.
  const build = spawn('npm run build --silent 2>&1', { cwd: root, shell: true, stdio: ['ignore', 'pipe', 'inherit'] });
  const [output] = await Promise.all([text(build.stdout), once(build, 'close')]);
  if (build.exitCode !== 0) throw new BuildError(`The console could not be built (npm run build):\n${output.trim()}`);
}

function isUpToDate(root: string): boolean {
  const builtAt = changedAt(join(root, BUILT));
  if (builtAt === undefined) return false;
  const sources = globSync(SOURCES, { cwd: root, exclude: (path) => MADE.includes(path.replaceAll('\\', '/')) });
  return sources.every((file) => (changedAt(join(root, file)) ?? 0) <= builtAt);
}

const changedAt = (file: string) => statSync(file, { throwIfNoEntry: false })?.mtimeMs;
