import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
  type ConsumedCapacity,
} from '@aws-sdk/client-dynamodb';
import type { Table } from '../functions/table/engine/client.ts';
import { NO_UNITS, sum, type Units } from './units.ts';

/** The number of calls of one kind, and the capacity units that these calls consumed. */
export interface Use extends Units {
  /**
   * The name of the DynamoDB command and the prefix of the call's first partition key, such as `BatchGetItem ACTIVE`.
   * For a transaction, only the name of the command.
   */
  readonly call: string;
  readonly calls: number;
}

/**
 * Sums the capacity units that the calls of a table's client consume. DynamoDB reports the units because the meter sets
 * `ReturnConsumedCapacity`.
 */
export interface Meter {
  /** Returns an element for each kind of call. */
  uses(): Use[];
  /** Returns the capacity units that all calls together consumed. */
  units(): Units;
  /**
   * Returns the number of rounds of calls: the length of the longest chain in which each call waited for the previous
   * call. When a call begins, the meter finds the latest round in which a call has ended, and counts the new call in
   * the next round. The number of rounds is correct only if one request runs at a time.
   */
  rounds(): number;
  /** Forgets all calls. */
  reset(): void;
}

type Input = Record<string, unknown>;
const WRITES = /^(Put|Update|Delete|BatchWrite|TransactWrite)/;

/**
 * Adds a meter to a table's client, and returns the meter. The client must not send calls for another table. A refused
 * write consumes units that neither AWS nor the embedded DynamoDB engine reports. The meter adds the units that AWS
 * documents for refused writes of items of up to 1 KB:
 *
 * - a conditional write whose condition was false: 1 unit. "If a ConditionExpression evaluates to false during a
 *   conditional write, DynamoDB still consumes write capacity" (Developer Guide, Working with items, Capacity units
 *   consumed by conditional writes);
 * - a cancelled transaction: 2 units for each item whose condition was false. AWS does not document whether it charges
 *   for the items whose condition was true; `perhaps` contains 2 units for each of these items.
 */
export function meter(table: Table): Meter {
  const uses = new Map<string, Use>();
  let ended = 0;
  let rounds = 0;

  const add = (call: string, units: Units) => {
    uses.set(call, { call, calls: (uses.get(call)?.calls ?? 0) + 1, ...sum(uses.get(call) ?? NO_UNITS, units) });
  };
  table.client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const name = commandName.replace(/Command$/, '');
        const call = [name, ...subjectOf(args.input as Input)].join(' ');
        const round = ended + 1;
        rounds = Math.max(rounds, round);
        try {
          const answer = await next({ ...args, input: { ...args.input, ReturnConsumedCapacity: 'INDEXES' } });
          const { ConsumedCapacity } = answer.output as { ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[] };
          add(call, sum(...[ConsumedCapacity ?? []].flat().map((consumed) => unitsOf(consumed, WRITES.test(name)))));
          return answer;
        } catch (error) {
          add(call, unitsOfRefusal(error));
          throw error;
        } finally {
          ended = Math.max(ended, round);
        }
      },
    { step: 'initialize', name: 'meter', priority: 'low' },
  );
  return {
    uses: () => [...uses.values()],
    units: () => sum(...uses.values()),
    rounds: () => rounds,
    reset: () => {
      uses.clear();
      ended = 0;
      rounds = 0;
    },
  };
}

function unitsOf({ Table: table, GlobalSecondaryIndexes = {} }: ConsumedCapacity, isWrite: boolean): Units {
  const own = table?.CapacityUnits ?? 0;
  const indexes = Object.values(GlobalSecondaryIndexes).reduce(
    (total, { CapacityUnits = 0 }) => total + CapacityUnits,
    0,
  );
  return isWrite ? { ...NO_UNITS, write: own, indexWrite: indexes } : { ...NO_UNITS, read: own, indexRead: indexes };
}

function unitsOfRefusal(error: unknown): Units {
  if (error instanceof ConditionalCheckFailedException) return { ...NO_UNITS, write: 1 };
  if (error instanceof TransactionCanceledException) {
    const reasons = error.CancellationReasons ?? [];
    const failed = reasons.filter(({ Code }) => Code === 'ConditionalCheckFailed').length;
    return { ...NO_UNITS, write: 2 * failed, perhaps: 2 * (reasons.length - failed) };
  }
  return NO_UNITS;
}

/**
 * Returns a list with one element: the part before the first `#` of the call's first partition key. Returns an empty
 * list for a transaction, which has keys of many kinds.
 */
function subjectOf(input: Input): string[] {
  const { Key, Item, RequestItems, ExpressionAttributeValues } = input as Partial<Record<string, Input>>;
  const [batch] = Object.values(RequestItems ?? {}) as { Keys?: Input[] }[];
  const pk = (Key ?? Item ?? batch?.Keys?.[0])?.['pk'] ?? ExpressionAttributeValues?.[':pk'];
  const text = typeof pk === 'object' && pk !== null ? (pk as { S?: string }).S : pk;
  return typeof text === 'string' ? [text.split('#', 1)[0] ?? ''] : [];
}
