import type { FunctionDefinition } from './definition.ts';
import type { Invocation, Outcome } from './messages.ts';
import { startProcess, type FunctionProcess, type Surroundings } from './process.ts';

/**
 * How many events one function handles at the same time. Lambda would start more processes; here, further events wait,
 * because each process needs a core to start.
 */
const MOST_PROCESSES = 4;

/** Runs the events of a function for one cloud. */
export interface Caller {
  /** The cloud whose clock an event follows. A process never sees the clock of one cloud run backwards. */
  readonly cloud: object;
  readonly log: (text: string) => void;
  /**
   * Called with the access key of the process before the process gets the event, and again with undefined afterwards.
   */
  readonly bind: (accessKey: string) => () => void;
}

/** The processes of one function. Clouds with the same templates share them, because a start takes 0.2 s of a core. */
export interface Pool {
  run(invocation: Invocation, caller: Caller): Promise<Outcome>;
  stop(): Promise<void>;
}

/** How far a clock may run backwards unnoticed, in milliseconds, as the clocks of two machines may differ. */
const SKEW = 60_000;

let started = 0;

/**
 * Creates a pool that starts a process only when an event arrives and no process is idle. A process handles one event
 * at a time. A process to which the event's time would be a time in the past is replaced, because what a process
 * remembers may depend on its clock, and no clock of Lambda runs backwards.
 */
export function createPool(definition: FunctionDefinition, surroundings: Surroundings): Pool {
  const idle: FunctionProcess[] = [];
  const all = new Set<FunctionProcess>();
  const waiting: (() => void)[] = [];
  /** The time of the last event of each process, for each cloud. */
  const latest = new WeakMap<FunctionProcess, WeakMap<object, number>>();

  async function take(now: number, cloud: object): Promise<FunctionProcess> {
    for (;;) {
      for (let process = idle.pop(); process; process = idle.pop()) {
        if (process.isAlive() && now + SKEW >= (latest.get(process)?.get(cloud) ?? 0)) return process;
        all.delete(process);
        void process.stop();
      }
      if (all.size < MOST_PROCESSES) {
        const process = startProcess(
          definition,
          `ASIA${definition.logicalId.slice(0, 24)}${(started += 1)}`,
          surroundings,
        );
        all.add(process);
        return process;
      }
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  }

  return {
    async run(invocation, { cloud, log, bind }) {
      const process = await take(invocation.now, cloud);
      const times = latest.get(process) ?? new WeakMap<object, number>();
      latest.set(process, times.set(cloud, invocation.now));
      const unbind = bind(process.accessKey);
      try {
        return await process.invoke(invocation, log);
      } finally {
        unbind();
        if (process.isAlive()) idle.push(process);
        else all.delete(process);
        waiting.shift()?.();
      }
    },
    async stop() {
      await Promise.all([...all].map((process) => process.stop()));
    },
  };
}
