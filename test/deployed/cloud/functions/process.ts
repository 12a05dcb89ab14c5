import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { FunctionDefinition } from './definition.ts';
import type { FromProcess, Invocation, Outcome } from './messages.ts';

/** A process in which a Lambda function handles one event at a time. */
export interface FunctionProcess {
  /** The access key with which the process calls AWS. It is different for each process. */
  readonly accessKey: string;
  /** Whether the process can handle another event. */
  readonly isAlive: () => boolean;
  /** Handles an event. `log` receives each text that the function writes. */
  invoke(invocation: Invocation, log: (text: string) => void): Promise<Outcome>;
  stop(): Promise<void>;
}

/** Where the process finds what the harness plays: AWS, and the name servers. */
export interface Surroundings {
  readonly region: string;
  readonly endpoint: string;
  /** The address and port of the name server. */
  readonly nameServer: string;
  /** The path of the compiled runtime. */
  readonly runtime: string;
}

/**
 * How much longer than the template says an invocation may take. The tests run on machines that are busier than Lambda,
 * and the time-outs of the SDK still apply.
 */
const TIMEOUT_FACTOR = 3;

/**
 * Starts a process for a function. Its environment contains the variables of the template and those that Lambda sets
 * (AWS, "Defined runtime environment variables"), and nothing of this process. In addition, `AWS_ENDPOINT_URL` leads
 * the AWS SDK to the harness. The memory of the template limits the heap.
 */
export function startProcess(
  definition: FunctionDefinition,
  accessKey: string,
  surroundings: Surroundings,
): FunctionProcess {
  const { name, folder, handler, environment, memory, logGroup } = definition;
  const child = spawn(
    process.execPath,
    [`--max-old-space-size=${memory}`, surroundings.runtime, surroundings.nameServer],
    {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        ...environment,
        _HANDLER: handler,
        AWS_ACCESS_KEY_ID: accessKey,
        AWS_DEFAULT_REGION: surroundings.region,
        AWS_ENDPOINT_URL: surroundings.endpoint,
        AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memory),
        AWS_LAMBDA_FUNCTION_NAME: name,
        AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
        AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
        AWS_LAMBDA_LOG_GROUP_NAME: logGroup,
        AWS_LAMBDA_LOG_STREAM_NAME: accessKey,
        AWS_REGION: surroundings.region,
        AWS_SECRET_ACCESS_KEY: 'secret',
        AWS_SESSION_TOKEN: 'session',
        LAMBDA_TASK_ROOT: folder,
        TZ: ':UTC',
      },
    },
  );
  const ended = once(child, 'exit');
  let alive = true;
  let complaints = '';
  let onMessage: (message: FromProcess) => void = () => undefined;
  const end = (error: Error) => {
    alive = false;
    onMessage({ error: { errorType: 'Runtime.ExitError', errorMessage: `${error.message} ${complaints}`.trim() } });
  };
  child.on('message', (message: FromProcess) => {
    onMessage(message);
  });
  child.on('exit', (code, signal) => {
    end(new Error(`Runtime exited with ${code === null ? `signal: ${String(signal)}` : `error: exit status ${code}`}`));
  });
  child.on('error', end);
  // Node.js itself writes here when it crashes, for example when the heap is full.
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (text: Buffer) => (complaints = `${complaints}${text.toString()}`.slice(-2_000)));
  }

  return {
    accessKey,
    isAlive: () => alive,
    async invoke(invocation, log) {
      const { promise, resolve } = Promise.withResolvers<Outcome>();
      onMessage = (message) => {
        if ('log' in message) log(message.log);
        else resolve(message);
      };
      const timer = setTimeout(() => {
        resolve({
          error: {
            errorType: 'Sandbox.Timedout',
            errorMessage: `RequestId: ${invocation.context.awsRequestId} Error: Task timed out after ${(invocation.lasts / 1_000).toFixed(2)} seconds`,
          },
        });
        alive = false;
        child.kill('SIGKILL');
      }, TIMEOUT_FACTOR * invocation.lasts);
      if (alive) child.send(invocation);
      else resolve({ error: { errorType: 'Runtime.ExitError', errorMessage: complaints } });
      try {
        return await promise;
      } finally {
        clearTimeout(timer);
        onMessage = () => undefined;
      }
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await ended;
      }
      alive = false;
    },
  };
}
