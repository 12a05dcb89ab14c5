import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** The error for a failed build of the console. The message contains the output of the build. */
export class BuildError extends Error {
  override readonly name = 'BuildError';
}

/** The file that a build writes last. */
const BUILT = 'web/dist/index.html';
/** The inputs of a build: the console, the sources of its generated API client, and the packages. */
const SOURCES = [
  'web/**/*.*',
  'functions/contract/*.ts',
  'functions/api/routes.ts',
  'functions/http/openapi.ts',
  'package-lock.json',
];
/** The folders into which the console's build and the type check write. Files in these folders are not inputs. */
const MADE = ['web/dist', 'web/src/client'];

/**
 * Runs `npm run build` if the console of the project at `root` is missing or older than the inputs of the build. Calls
 * `onBuilding` before the build. Throws `BuildError` if the build fails.
 */
export async function bringUpToDate(root: string, onBuilding: () => void): Promise<void> {
  if (isUpToDate(root)) return;
  onBuilding();
  // The output of the build is shown only if the build fails.
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
