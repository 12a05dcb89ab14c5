import { setTimeout as sleep } from 'node:timers/promises';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { openTable, type Table } from '../../functions/table/engine/client.ts';
import { localClientConfig } from '../../local/open-table.ts';

/** One attempt of the SDK to make a DynamoDB call. The values in `input` have DynamoDB's own form (`{ S: '…' }`). */
export interface Attempt {
  /** The name of the command, such as `PutItemCommand`. */
  readonly command: string;
  readonly input: Record<string, unknown>;
}
/**
 * The fault that makes an attempt fail: either an error before the SDK sends the call, or an error that replaces the
 * response after DynamoDB has handled the call.
 */
export type Fault = { readonly before: Error } | { readonly after: Error };

/** The commands that write. */
const WRITES = /^(Put|Update|Delete|TransactWrite|BatchWrite)/;

/** Opens another client of a table, as another process does. */
export function anotherClient({ name, client }: Table): Table {
  const { endpoint } = client.config;
  if (endpoint === undefined) throw new Error(`The table ${name} is not in an engine on this machine.`);
  return openTable(name, localClientConfig(endpoint));
}

/**
 * Makes individual attempts of a DynamoDB call fail. The SDK then decides whether to retry. The embedded DynamoDB
 * engine itself never causes these faults. Calls `onFailure` for each failed attempt, including an attempt that really
 * times out on a busy machine. Returns the table client.
 */
export function injectFaults(
  table: Table,
  faultOf: (attempt: Attempt) => Fault | undefined,
  onFailure: (attempt: Attempt, error: unknown) => void = () => undefined,
): Table {
  table.client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const attempt = { command: commandName, input: args.input as Attempt['input'] };
        try {
          const fault = faultOf(attempt);
          if (fault && 'before' in fault) throw fault.before;
          const answer = await next(args);
          if (fault) throw fault.after;
          return answer;
        } catch (error) {
          onFailure(attempt, error);
          throw error;
        }
      },
    // This middleware runs once for each attempt, after the SDK has parsed the response, so that the SDK reads the
    // whole response before the fault discards the response.
    { step: 'finalizeRequest', priority: 'low' },
  );
  return table;
}

/** The error for a fault that a test injects: a process dies, or the network fails. */
export class InjectedFault extends Error {
  override readonly name = 'InjectedFault';
}

/**
 * Makes one later write of a table client fail: the `nth` write, not counting reads. With `before`, DynamoDB never
 * receives the write. With `after`, DynamoDB has done the write, but the caller does not learn the outcome.
 */
export function failWrite(table: Table, nth: number, when: 'before' | 'after'): void {
  let writes = 0;
  table.client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const hit = WRITES.test(commandName) && (writes += 1) === nth;
        if (hit && when === 'before') throw new InjectedFault(`before write ${nth}, ${commandName}`);
        const answer = await next(args);
        if (hit) throw new InjectedFault(`after write ${nth}, ${commandName}`);
        return answer;
      },
    { step: 'initialize' },
  );
}

/**
 * Opens a table client for a simulated process that dies `before` or `after` its `nth` write. From then on, every call
 * of the client throws an error.
 */
export function dyingAt(of: Table, nth: number, when: 'before' | 'after'): Table {
  const table = anotherClient(of);
  let writes = 0;
  let isDead = false;
  table.client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const isHit = WRITES.test(commandName) && (writes += 1) === nth;
        isDead ||= isHit && when === 'before';
        if (isDead) throw new InjectedFault(`dead before ${commandName}`);
        const answer = await next(args);
        isDead ||= isHit;
        if (isDead) throw new InjectedFault(`dead after ${commandName}`);
        return answer;
      },
    { step: 'initialize' },
  );
  return table;
}

/**
 * Opens a table client that calls `happen` before its `nth` write, so that a test can change the table between the
 * reads and this write.
 */
export function meanwhile(of: Table, happen: () => Promise<unknown>, nth = 1): Table {
  return before(WRITES, anotherClient(of), happen, nth);
}

/**
 * Makes a table client call `happen` before the `nth` DynamoDB call whose command matches `calls`. Returns the table
 * client.
 */
export function before(calls: RegExp, table: Table, happen: () => Promise<unknown>, nth = 1): Table {
  let made = 0;
  table.client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        if (calls.test(commandName) && (made += 1) === nth) await happen();
        return next(args);
      },
    { step: 'initialize' },
  );
  return table;
}

/** Calls `watch` for each attempt of a table client to send a DynamoDB call. Returns the table client. */
export function watchAttempts(table: Table, watch: (attempt: Attempt) => void): Table {
  return injectFaults(table, (attempt) => {
    watch(attempt);
    return undefined;
  });
}

/** The read and write units that DynamoDB charges. `finder` is the part of the write units that the GSI used. */
export interface Units {
  read: number;
  write: number;
  finder: number;
}

/** Returns counters of capacity units. Each later call of the table client adds its units to these counters. */
export function measure(table: Table): Units {
  const units: Units = { read: 0, write: 0, finder: 0 };
  table.client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        Object.assign(args.input, { ReturnConsumedCapacity: 'INDEXES' });
        const answer = await next(args);
        const { ConsumedCapacity: consumed } = answer.output as { ConsumedCapacity?: Consumed | Consumed[] };
        for (const each of [consumed ?? []].flat()) {
          const kind = /^(Get|BatchGet|Query)/.test(commandName) ? 'read' : 'write';
          units[kind] += each.CapacityUnits ?? 0;
          const indexes = Object.values(each.GlobalSecondaryIndexes ?? {});
          if (kind === 'write') units.finder += indexes.reduce((sum, index) => sum + (index.CapacityUnits ?? 0), 0);
        }
        return answer;
      },
    { step: 'initialize' },
  );
  return units;
}
interface Consumed {
  readonly CapacityUnits?: number;
  readonly GlobalSecondaryIndexes?: Record<string, { readonly CapacityUnits?: number }>;
}

/** Returns the error that the SDK's HTTP handler for Node throws after a time-out. */
export const timeOut = () => Object.assign(new Error('Injected: no answer in time'), { name: 'TimeoutError' });
/** Returns the error that the SDK throws for throttled calls. */
export const throttling = () =>
  Object.assign(new Error('Injected: throughput exceeded'), { name: 'ProvisionedThroughputExceededException' });
/** Returns the error for a transaction whose first write conflicts with another transaction. */
export function transactionConflict({ input }: Attempt): TransactionCanceledException {
  const { length } = input['TransactItems'] as unknown[];
  return new TransactionCanceledException({
    $metadata: {},
    message: 'Injected: transaction cancelled',
    CancellationReasons: Array.from({ length }, (_, index) => ({
      Code: index === 0 ? 'TransactionConflict' : 'None',
    })),
  });
}

/**
 * Makes eventually consistent reads find nothing, as if a replica had not received any write yet. Does not change reads
 * of the GSI, although these reads are always eventually consistent. Returns the table client.
 */
export function behindReplica(table: Table): Table {
  table.client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const { ConsistentRead, RequestItems, IndexName } = args.input as {
          ConsistentRead?: boolean;
          RequestItems?: Record<string, { ConsistentRead?: boolean }>;
          IndexName?: string;
        };
        const isStrong = ConsistentRead ?? RequestItems?.[table.name]?.ConsistentRead ?? false;
        if (isStrong || IndexName !== undefined || !/^(Get|BatchGet|Query)/.test(commandName)) return next(args);
        return { response: {}, output: { $metadata: {}, Responses: {}, Items: [], Count: 0 } as never };
      },
    { step: 'initialize', priority: 'low' },
  );
  return table;
}

/**
 * Makes eventually consistent reads of a user return an older item, as if a replica had not received later writes.
 * Returns the table client.
 */
export function readingOldUser(table: Table, user: object | undefined): Table {
  table.client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const { Key, ConsistentRead } = args.input as { Key?: { sk?: unknown }; ConsistentRead?: boolean };
        const isOfUser = JSON.stringify(Key?.sk ?? '').includes('USER#');
        if (commandName !== 'GetItemCommand' || ConsistentRead === true || !isOfUser) return next(args);
        return { response: {}, output: { $metadata: {}, Item: user } as never };
      },
    { step: 'initialize', priority: 'low' },
  );
  return table;
}

/**
 * Lets the transactions of several table clients conflict as those of DynamoDB do: while one of them is running,
 * another transaction on the same item is cancelled. Each transaction takes `lasts` milliseconds more than the engine
 * needs. Calls `onConflict` for each cancelled transaction.
 */
export function conflicting(tables: readonly Table[], lasts: number, onConflict: () => void = () => undefined): void {
  const busy = new Set<string>();
  for (const table of tables) {
    table.client.middlewareStack.add(
      (next, { commandName = '' }) =>
        async (args) => {
          if (!commandName.startsWith('TransactWrite')) return next(args);
          const input = args.input as Attempt['input'];
          const keys = keysOf(input);
          if (keys.some((key) => busy.has(key))) {
            onConflict();
            throw transactionConflict({ command: commandName, input });
          }
          for (const key of keys) busy.add(key);
          try {
            await sleep(lasts);
            return await next(args);
          } finally {
            for (const key of keys) busy.delete(key);
          }
        },
      { step: 'finalizeRequest', priority: 'low' },
    );
  }
}

/** Returns the keys of the items that a transaction writes or checks. */
function keysOf(input: Attempt['input']): string[] {
  const actions = input['TransactItems'] as Record<string, { Key?: object; Item?: Record<string, unknown> }>[];
  return actions.flatMap((action) =>
    Object.values(action).map(({ Key, Item }) => {
      const { pk, sk } = (Key ?? Item ?? {}) as Record<string, unknown>;
      return JSON.stringify([pk, sk]);
    }),
  );
}
