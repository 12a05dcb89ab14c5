import { UnansweredError } from '../aws/unanswered-error.ts';
import { lookAt, stepNames, type StepName } from './look-at.ts';

/** The result of a step: a short sentence for the operator, and the value that later steps need. */
export interface Passed<Value> {
  readonly found: string;
  readonly value: Value;
}

/** Prints a line for each step, and remembers what the smoke test has created. */
export interface Report {
  /** Runs a step and prints its line. If the step fails, prints what to look at, and throws the error of the step. */
  readonly step: <Value>(name: StepName, work: () => Promise<Passed<Value>>) => Promise<Value>;
  /** Prints that a step is not needed, and why. */
  readonly skip: (name: StepName, why: string) => void;
  /** Notes something that the smoke test has created, and how the operator removes it. */
  readonly made: (what: string, howToRemove: string) => void;
  /** Notes that something is removed. */
  readonly removed: (what: string) => void;
  /** Prints everything that is left. Prints nothing if nothing is left. */
  readonly showLeft: () => void;
}

const WIDTH = Math.max(...stepNames.map(({ length }) => length));

export function createReport(stdout: { write(text: string): unknown }): Report {
  const left = new Map<string, string>();
  const say = (line: string) => {
    stdout.write(`${line}\n`);
  };
  const line = (name: StepName, state: string, text: string) => {
    say(`${name.padEnd(WIDTH)}  ${state.padEnd('skipped'.length)}  ${text}`);
  };
  return {
    async step(name, work) {
      try {
        const { found, value } = await work();
        line(name, 'ok', found);
        return value;
      } catch (error) {
        line(name, 'failed', error instanceof Error ? error.message : String(error));
        say(`${' '.repeat(WIDTH)}  → ${error instanceof UnansweredError ? error.next : lookAt[name]}`);
        throw error;
      }
    },
    skip(name, why) {
      line(name, 'skipped', why);
    },
    made: (what, howToRemove) => left.set(what, howToRemove),
    removed: (what) => left.delete(what),
    showLeft() {
      if (left.size === 0) return;
      say('\nThe smoke test leaves behind:');
      for (const [what, howToRemove] of left) say(`  ${what}\n    → ${howToRemove}`);
    },
  };
}
