/**
 * A part of an update: what the part sets, adds and removes, the conditions under which it may do so, and the names and
 * values that these expressions use. Several files contribute parts to one update of an item.
 */
export interface UpdateParts {
  /** Clauses of SET, such as `lastUsedAt = :now`. */
  readonly set?: readonly string[];
  /** Clauses of ADD, such as `version :one`. */
  readonly add?: readonly string[];
  /** Paths of attributes to remove. */
  readonly remove?: readonly string[];
  readonly conditions?: readonly string[];
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, unknown>>;
}

/** The expressions of an update with at least one clause and one condition. */
interface UpdateExpressions {
  readonly UpdateExpression: string;
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, unknown>;
}

/**
 * Joins the parts of an update into DynamoDB's expressions. All conditions must be true. The parts must use different
 * placeholders for different names and values, and must not set the same attribute.
 */
export function updateOf(...parts: readonly UpdateParts[]): UpdateExpressions {
  const clause = (word: string, kind: 'set' | 'add' | 'remove') => {
    const all = parts.flatMap((part) => part[kind] ?? []);
    return all.length === 0 ? [] : [`${word} ${all.join(', ')}`];
  };
  const names = Object.assign({}, ...parts.map((part) => part.names)) as Record<string, string>;
  const values = Object.assign({}, ...parts.map((part) => part.values)) as Record<string, unknown>;
  return {
    UpdateExpression: [...clause('SET', 'set'), ...clause('ADD', 'add'), ...clause('REMOVE', 'remove')].join(' '),
    ConditionExpression: parts.flatMap(({ conditions = [] }) => conditions).join(' AND '),
    ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
  };
}
