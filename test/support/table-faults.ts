import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { openTable, type Table } from '../../functions/table/engine/client.ts';
import { localClientConfig } from '../../local/open-table.ts';
import { engine } from './engine.ts';

/** One try of a call to DynamoDB, as the SDK is about to send it: values in DynamoDB's own form (`{ S: '…' }`). */
export interface Attempt {
  /** Such as `PutItemCommand`. */
  readonly command: string;
  readonly input: Record<string, unknown>;
}
/** What is to go wrong with a try: an error before it is sent, or in place of its answer, the write being done. */
export type Fault = { readonly before: Error } | { readonly after: Error };

/** The commands that write. */
const WRITES = /^(Put|Update|Delete|TransactWrite)/;

/** Opens a client of its own for a table, as another process does. */
export function anotherClient({ name }: Table): Table {
  return openTable(name, localClientConfig(engine));
}

/**
 * Makes tries of calls fail, below the SDK's retries: what the engine never does by itself. `onFailure` is told of each
 * try that fails, also by itself: on a busy machine real time-outs come along. Gives the table.
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
    // Inside the SDK's retries and outside its parsing, so that an answer which is thrown away has been read.
    { step: 'finalizeRequest', priority: 'low' },
  );
  return table;
}

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
 * Opens a client of a table that makes no call any more from `before` or `after` its `nth` write: its process is dead.
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

/** Opens a client of a table that lets something happen before its `nth` write: what others do between reading and writing. */
export function meanwhile(of: Table, happen: () => Promise<unknown>, nth = 1): Table {
  return before(WRITES, anotherClient(of), happen, nth);
}

/** Has a client of a table let something happen before its `nth` call of a kind. Gives the table. */
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

/** Tells `watch` of each try of a call that a table's client makes. Gives the table. */
export function watchAttempts(table: Table, watch: (attempt: Attempt) => void): Table {
  return injectFaults(table, (attempt) => {
    watch(attempt);
    return undefined;
  });
}

/** Read and write units as DynamoDB counts them, `finder` being what of the write units went to the GSI. */
export interface Units {
  read: number;
  write: number;
  finder: number;
}

/** Adds up what a table's calls cost from now on, by `ReturnConsumedCapacity`. */
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

/** As Node's HTTP handler of the SDK throws it. */
export const timeOut = () => Object.assign(new Error('Injected: no answer in time'), { name: 'TimeoutError' });
/** As the SDK throws what DynamoDB answers. */
export const throttling = () =>
  Object.assign(new Error('Injected: throughput exceeded'), { name: 'ProvisionedThroughputExceededException' });
/** Another transaction is at work on the item of the first write. */
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
 * Has eventually consistent reads find nothing, as on a replica that has not seen anything yet; the finder is one by
 * itself. Gives the table.
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
