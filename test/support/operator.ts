import { execFile } from 'node:child_process';
import { childEnvironment } from './child-environment.ts';

/** The result of a run of the command-line tool. */
export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the operator's command line in another process. */
export function runOperator(args: readonly string[], environment: Readonly<Record<string, string>>): Promise<Outcome> {
  return new Promise((resolve) => {
    const env = childEnvironment(environment);
    execFile(process.execPath, ['bin/operator.ts', ...args], { env }, (error, stdout, stderr) => {
      resolve({ exitCode: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}
