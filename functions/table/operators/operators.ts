import { operatorKey, operatorList } from '../keys.ts';
import type { Table } from '../engine/client.ts';
import { absent, exists } from '../engine/conditions.ts';
import { readItem, readRange, readWholeRange, type Consistency } from '../engine/reads.ts';
import type { Write } from '../engine/transaction.ts';

/** A person who may sign in to the operators' pages. Operators are not administrators and belong to no customer. */
export interface Operator {
  readonly operatorId: string;
  readonly email: string;
  readonly name: string;
  /**
   * How many links for registering a passkey the operator has got. A link, a passkey and a session contain the
   * generation at which they were created, and work only while it is the operator's. So a new link ends the link, the
   * passkey and the sessions before it.
   */
  readonly generation: number;
  /** The time at which the command line added the operator, in epoch milliseconds. */
  readonly addedAt: number;
  /** The name of the person who ran the command line, as the person's machine reported it. */
  readonly addedBy: string;
}

/** The part of an operator that links, passkeys and sessions contain. */
export type OperatorAtGeneration = Pick<Operator, 'operatorId' | 'email' | 'generation'>;

/** Returns the part of an operator that links, passkeys and sessions contain. */
export const atGeneration = ({ operatorId, email, generation }: OperatorAtGeneration): OperatorAtGeneration => ({
  operatorId,
  email,
  generation,
});

/** Reads all operators, sorted by e-mail address. */
export function readOperators(table: Table, consistency: Consistency): Promise<Operator[]> {
  return readWholeRange<Operator>(table, operatorList, consistency);
}

/** Returns whether there is at least one operator, with an eventually consistent read. Costs 0.5 read units. */
export async function hasOperators(table: Table): Promise<boolean> {
  const { items } = await readRange(table, operatorList, { consistency: 'eventual', limit: 1 });
  return items.length > 0;
}

/** Reads the operator with an e-mail address, with a strongly consistent read. Undefined if there is none. */
export function readOperator(table: Table, email: string): Promise<Operator | undefined> {
  return readItem<Operator>(table, operatorKey(email), 'strong');
}

/**
 * Reads the operator to whom a link, a passkey or a session belongs, with a strongly consistent read. Returns undefined
 * when the operator was removed, or got a newer link.
 */
export async function readOperatorOf(table: Table, of: OperatorAtGeneration): Promise<Operator | undefined> {
  const operator = await readOperator(table, of.email);
  return operator?.operatorId === of.operatorId && operator.generation === of.generation ? operator : undefined;
}

const isUnchanged = `${exists} AND operatorId = :operatorId AND generation = :generation`;
const valuesOf = ({ operatorId, generation }: OperatorAtGeneration) => ({
  ':operatorId': operatorId,
  ':generation': generation,
});

/** Adds an operator; fails when an operator has the e-mail address. */
export function putOperator(operator: Operator): Write<Operator> {
  return { Put: { Item: { ...operatorKey(operator.email), ...operator }, ConditionExpression: absent } };
}

/** Checks that an operator was neither removed nor got a newer link. */
export function checkOperator(operator: OperatorAtGeneration): Write<Operator> {
  return {
    ConditionCheck: {
      Key: operatorKey(operator.email),
      ConditionExpression: isUnchanged,
      ExpressionAttributeValues: valuesOf(operator),
    },
  };
}

/**
 * Increases the generation of an operator, which ends the operator's link, passkey and sessions. Fails when the
 * operator was removed or got a newer link.
 */
export function increaseGeneration(operator: OperatorAtGeneration): Write<Operator> {
  return {
    Update: {
      Key: operatorKey(operator.email),
      UpdateExpression: 'SET generation = :next',
      ConditionExpression: isUnchanged,
      ExpressionAttributeValues: { ...valuesOf(operator), ':next': operator.generation + 1 },
    },
  };
}

/** Removes an operator; fails when the operator was removed or got a newer link. */
export function deleteOperator(operator: OperatorAtGeneration): Write<Operator> {
  return {
    Delete: {
      Key: operatorKey(operator.email),
      ConditionExpression: isUnchanged,
      ExpressionAttributeValues: valuesOf(operator),
    },
  };
}
