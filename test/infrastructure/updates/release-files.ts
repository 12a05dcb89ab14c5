import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { Stacks } from './harmful-changes.ts';
import type { StackTemplate } from '../../support/stack-template.ts';
import type { ReleasedStack } from './released-stack.ts';

/** The files of the last release: one for each stack, in a folder for each stage, and one about the release. */
const FOLDER = join(import.meta.dirname, 'released');
const RELEASE = join(FOLDER, 'release.json');

/** Returns the stages of the last release. */
export const releasedStages = (): string[] =>
  existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => !name.endsWith('.json')) : [];

/** Returns the stacks of a stage in the last release. */
export const readReleased = (stage: string): Stacks<ReleasedStack> =>
  readStacks(join(FOLDER, stage), '.json', (name) => name) as Stacks<ReleasedStack>;

/**
 * Returns the templates of a stage in a folder that the CDK wrote, by the last part of the names of their stacks.
 * `prefix` is the part of the names that is the same for all of them.
 */
export const readTemplates = (folder: string, prefix: string): Stacks<StackTemplate> =>
  readStacks(folder, '.template.json', (name) => name.replace(prefix, '')) as Stacks<StackTemplate>;

function readStacks(folder: string, suffix: string, nameOf: (name: string) => string): Stacks<unknown> {
  const files = readdirSync(folder).filter((file) => file.endsWith(suffix));
  return Object.fromEntries(
    files.map((file) => [
      nameOf(file.slice(0, -suffix.length)),
      JSON.parse(readFileSync(join(folder, file), 'utf8')) as unknown,
    ]),
  );
}

/** Why the files of a release cannot be written, as a message for the developer. */
export class ReleaseError extends Error {
  override readonly name = 'ReleaseError';
}

function git(...args: string[]): string {
  mkdirSync(FOLDER, { recursive: true });
  return execFileSync('git', args, { cwd: FOLDER, encoding: 'utf8' }).trimEnd();
}

/**
 * Throws `ReleaseError` if the repository has changes outside the files of the last release that are not committed,
 * because the release is named by its commit.
 */
export function requireCommitted(): void {
  const changes = git('status', '--porcelain', '--', ':/', ':(exclude).');
  if (changes !== '') throw new ReleaseError(`Commit these changes first, because a release is a commit:\n${changes}`);
}

/**
 * Replaces the files of the last release. Throws `ReleaseError` if changes are not committed. If the process dies in
 * between, the files of some stages are missing, and Git has the previous ones.
 */
export async function writeRelease(stages: Readonly<Record<string, Stacks<ReleasedStack>>>): Promise<void> {
  requireCommitted();
  const commit = git('rev-parse', 'HEAD');
  rmSync(FOLDER, { recursive: true });
  for (const [stage, stacks] of Object.entries(stages)) {
    mkdirSync(join(FOLDER, stage), { recursive: true });
    for (const [stack, release] of Object.entries(stacks)) await write(join(FOLDER, stage, `${stack}.json`), release);
  }
  await write(RELEASE, { commit });
}

async function write(file: string, content: unknown): Promise<void> {
  const options = await resolveConfig(file);
  writeFileSync(file, await format(JSON.stringify(content, null, 2), { ...options, parser: 'json' }));
}
