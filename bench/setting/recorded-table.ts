import type { Table } from '../../functions/table/engine/client.ts';

/** A table whose calls can be recorded and answered again without the engine. */
export interface RecordedTable {
  readonly table: Table;
  /** From now on, sends each call to the engine and records the answer. Forgets earlier answers. */
  record(): void;
  /** From now on, answers the same calls in the same order with the recorded answers, and sends nothing. */
  replay(): void;
}

/**
 * Returns a table that can answer calls without any work of the SDK, so that a measurement shows the work of the other
 * code alone. The code must make its calls in the same order each time.
 */
export function recordedTable({ client, ...table }: Table): RecordedTable {
  const answers: unknown[] = [];
  let next: number | undefined;
  const send = (command: Parameters<typeof client.send>[0], options: { readonly abortSignal?: AbortSignal } = {}) => {
    if (next === undefined) {
      const answer = client.send(command, options);
      answers.push(answer);
      return answer;
    }
    next += 1;
    return answers[next - 1];
  };
  return {
    table: { ...table, client: Object.create(client, { send: { value: send } }) as typeof client },
    record: () => {
      answers.length = 0;
      next = undefined;
    },
    replay: () => {
      next = 0;
    },
  };
}
