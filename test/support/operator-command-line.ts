import { execFile } from 'node:child_process';
import { runCommandLine } from '../../bin/operator/command-line.ts';
import { childEnvironment } from './child-processes.ts';

/** The result of a run of the operator's command line. */
export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the operator's command line in this process, against the service at `port`. Another process would spend half a
 * second of CPU time on its start.
 */
export async function runOperator(args: readonly string[], port: string): Promise<Outcome> {
  let stdout = '';
  let stderr = '';
  const exitCode = await runCommandLine(args, {
    env: { PORT: port },
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
  });
  return { exitCode, stdout, stderr };
}

/** Runs the operator's command line as an operator does: as the program bin/operator.ts, in a process of its own. */
export function runOperatorProcess(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const env = childEnvironment(environment);
    execFile(process.execPath, ['bin/operator.ts', ...args], { env }, (error, stdout, stderr) => {
      resolve({ exitCode: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}
