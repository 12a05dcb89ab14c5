import { spawnSync } from 'node:child_process';

/**
 * Returns the commit that is checked out in the repository at `root`, as 12 or more hexadecimal digits. `-dirty`
 * follows if files that Git knows differ from the commit. Returns undefined without Git or outside a repository.
 */
export function checkedOutCommit(root: string): string | undefined {
  const describe = ['describe', '--always', '--dirty', '--abbrev=12', '--exclude=*'];
  const { status, stdout } = spawnSync('git', describe, { cwd: root, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}
