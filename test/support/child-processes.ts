import { execFile } from 'node:child_process';
import { join } from 'node:path';

/**
 * Returns the environment variables for a Node.js process that a test starts: `settings`, and the variables that every
 * process needs. The processes share a cache of compiled code, because a process spends most of its start-up time
 * compiling the AWS SDK.
 */
export function childEnvironment(settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    NODE_COMPILE_CACHE: join(import.meta.dirname, '../../node_modules/.cache/node'),
    ...settings,
  };
}

/** The result of a run of the operator's command-line tool. */
export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the operator's command-line tool in another process. */
export function runOperator(args: readonly string[], environment: Readonly<Record<string, string>>): Promise<Outcome> {
  return new Promise((resolve) => {
    const env = childEnvironment(environment);
    execFile(process.execPath, ['bin/operator.ts', ...args], { env }, (error, stdout, stderr) => {
      resolve({ exitCode: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}
