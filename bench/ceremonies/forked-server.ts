import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { millisecondsOf } from '../setting/cpu.ts';

/** A server in a process of its own. */
export interface ForkedServer {
  readonly url: string;
  /** Returns the CPU time that the process of the server has used, in milliseconds. */
  cpu(): Promise<number>;
  stop(): Promise<void>;
}

/**
 * Starts a server in a process of its own, which runs a module of this folder. The module sends `{ url }` when the
 * server listens, and answers each message with its CPU usage.
 */
export async function forkServer(module: string, args: readonly string[]): Promise<ForkedServer> {
  const child = fork(join(import.meta.dirname, module), args);
  const ended = once(child, 'exit');
  const message = async () => {
    const [received] = (await Promise.race([
      once(child, 'message'),
      ended.then(() => {
        throw new Error(`The process of ${module} has ended.`);
      }),
    ])) as [unknown];
    return received;
  };
  const { url } = (await message()) as { readonly url: string };
  return {
    url,
    cpu: async () => {
      child.send('cpu');
      return millisecondsOf((await message()) as NodeJS.CpuUsage);
    },
    stop: async () => {
      child.disconnect();
      await ended;
    },
  };
}
