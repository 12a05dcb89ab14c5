import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { millisecondsOf } from '../setting/cpu.ts';

/** The local service in a process of its own. */
export interface ForkedService {
  readonly url: string;
  /** Returns the CPU time that the process of the service has used, in milliseconds. */
  cpu(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts the local service in a process of its own, on a table of the engine at `endpoint`. */
export async function forkService(endpoint: string, tableName: string): Promise<ForkedService> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-service-'));
  const logFile = join(folder, 'service.log');
  const child = fork(join(import.meta.dirname, 'service-process.ts'), [endpoint, tableName, logFile]);
  const ended = once(child, 'exit');
  const message = async () => {
    const [received] = (await Promise.race([
      once(child, 'message'),
      ended.then(() => {
        throw new Error('The process of the service has ended.');
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
      await rm(folder, { recursive: true });
    },
  };
}
