import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Build } from './builds.ts';

/** The error for a failed build. The message contains the output of the build. */
export class BuildError extends Error {
  override readonly name = 'BuildError';
}

/**
 * Runs a build of the project at `root` if its result is missing or older than the inputs of the build. Calls
 * `onBuilding` before the build. Throws `BuildError` if the build fails.
 */
export async function bringUpToDate(build: Build, root: string, onBuilding: () => void): Promise<void> {
  if (isUpToDate(build, root)) return;
  onBuilding();
  // The output of the build is shown only if the build fails.
  const running = spawn(`${build.command} 2>&1`, { cwd: root, shell: true, stdio: ['ignore', 'pipe', 'inherit'] });
  const [output] = await Promise.all([text(running.stdout), once(running, 'close')]);
  if (running.exitCode !== 0) {
    throw new BuildError(`Building ${build.name} failed (${build.command}):\n${output.trim()}`);
  }
}

function isUpToDate({ built, sources, made }: Build, root: string): boolean {
  const builtAt = changedAt(join(root, built));
  if (builtAt === undefined) return false;
  const inputs = globSync(sources, { cwd: root, exclude: (path) => made.includes(path.replaceAll('\\', '/')) });
  return inputs.every((file) => (changedAt(join(root, file)) ?? 0) <= builtAt);
}

const changedAt = (file: string) => statSync(file, { throwIfNoEntry: false })?.mtimeMs;
