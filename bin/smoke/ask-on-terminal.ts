import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { Ask } from './sign-up.ts';

/**
 * Returns a function that asks a question on a terminal, or reads the next line of a file or pipe, and a function that
 * ends the reading. Lines that arrive before the question wait for it. A question has no answer when the input has
 * ended.
 */
export function askOn(input: Readable, output: Writable): { readonly ask: Ask; readonly close: () => void } {
  let reader: Interface | undefined;
  let lines: AsyncIterator<string, undefined> | undefined;
  return {
    async ask(question) {
      // In a line of its own: if a pipe answers, or if the input ends, nothing else ends the line.
      output.write(`${question}\n`);
      reader ??= createInterface({ input });
      lines ??= reader[Symbol.asyncIterator]();
      return (await lines.next()).value;
    },
    close() {
      reader?.close();
    },
  };
}
