import type { Table } from '../../functions/table/table.ts';

/** What the engine never does by itself: a process that dies, a network that breaks. */
export class InjectedFault extends Error {
  override readonly name = 'InjectedFault';
}

/**
 * Makes the `nth` write to a table that begins from now on fail once: `before` it is done, or `after`, when its outcome
 * is lost. Reads do not count.
 */
export function failWrite(table: Table, nth: number, when: 'before' | 'after'): void {
  let writes = 0;
  table.client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const hit = /^(Put|Update|Delete|TransactWrite)/.test(commandName) && (writes += 1) === nth;
        if (hit && when === 'before') throw new InjectedFault(`before write ${nth}, ${commandName}`);
        const answer = await next(args);
        if (hit) throw new InjectedFault(`after write ${nth}, ${commandName}`);
        return answer;
      },
    { step: 'initialize' },
  );
}
