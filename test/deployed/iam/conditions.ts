import { COMPONENTS, componentsOf, isArn, isLike } from './wildcards.ts';

/** The values of a request's condition keys. The names of the keys are compared without regard to case. */
export type Context = Readonly<Record<string, string | readonly string[]>>;

/** One condition of a policy's statement: an operator, a condition key, and the values that the policy names. */
export interface Condition {
  /** The operator and the key, as the policy writes them. */
  readonly name: string;
  readonly holds: (context: Context) => boolean;
}

/** Compares a value of the request with one value of the policy. */
type Comparison = (value: string, expected: string) => boolean;
interface Operator {
  readonly matches: Comparison;
  /** Whether the condition holds when the request's value matches none of the policy's values. @default false */
  readonly isNegated?: boolean;
  /** Throws if the operator cannot be given the policy's value. @default - every value can be given */
  readonly check?: (expected: string) => void;
}

const mustBeArn = (expected: string) => {
  if (componentsOf(expected).length !== COMPONENTS) throw new Error(`The condition value ${expected} is not an ARN.`);
};
const mustBeBoolean = (expected: string) => {
  if (expected !== 'true' && expected !== 'false') {
    throw new Error(`The condition value ${expected} is neither "true" nor "false".`);
  }
};
const isSame: Comparison = (value, expected) => value === expected;
const isSameBoolean: Comparison = (value, expected) => value.toLowerCase() === expected;

const operators: ReadonlyMap<string, Operator> = new Map(
  Object.entries({
    StringEquals: { matches: isSame },
    StringNotEquals: { matches: isSame, isNegated: true },
    StringLike: { matches: isLike },
    StringNotLike: { matches: isLike, isNegated: true },
    ArnEquals: { matches: isArn, check: mustBeArn },
    ArnLike: { matches: isArn, check: mustBeArn },
    ArnNotEquals: { matches: isArn, isNegated: true, check: mustBeArn },
    ArnNotLike: { matches: isArn, isNegated: true, check: mustBeArn },
    Bool: { matches: isSameBoolean, check: mustBeBoolean },
  }),
);
/** Compares whether the key is absent with the value of the policy. */
const nullOperator: Operator = { matches: isSame, check: mustBeBoolean };

/**
 * Returns the conditions in the element `Condition` of a policy's statement. All of them must hold. Throws if the
 * element contains an operator, a combination of operators or a form of value that this file does not implement, so
 * that no such condition counts as fulfilled.
 */
export function conditionsOf(element: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>) {
  return Object.entries(element).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, expected]) => conditionOf(operator, key, expected)),
  );
}

function conditionOf(name: string, key: string, expected: readonly string[]): Condition {
  const [, set, base = '', ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(name) ?? [];
  const named = `${name} of ${key}`;
  const isNull = name === 'Null';
  const operator = isNull ? nullOperator : operators.get(base);
  // AWS does not say what a set operator does together with IfExists.
  if (!operator || (set !== undefined && ifExists !== undefined)) {
    throw new Error(`The condition operator ${name} is not implemented.`);
  }
  const { matches, isNegated = false, check } = operator;
  if (!/^[a-z0-9-]+:[\w:/.+=@-]+$/i.test(key)) throw new Error(`The condition key ${key} is not implemented.`);
  if (expected.length === 0) throw new Error(`The condition ${named} has no value.`);
  for (const value of expected) {
    if (value.includes('${')) throw new Error(`The policy variable in ${value} is not implemented.`);
    check?.(value);
  }
  /** Compares one value with all values of the policy: one of them must match, or none if the operator is negated. */
  const fits = (value: string) => expected.some((other) => matches(value, other)) !== isNegated;
  const holds = (context: Context) => {
    const values = valuesOf(context, key);
    if (isNull) return fits(String(values.length === 0));
    if (set === 'ForAllValues') return values.every(fits);
    if (set === 'ForAnyValue') return values.some(fits);
    const [value, ...others] = values;
    if (others.length > 0) {
      throw new Error(`The condition ${named} has no set operator, but the request has ${values.length} values.`);
    }
    return value === undefined ? isNegated || ifExists !== undefined : fits(value);
  };
  return { name: named, holds };
}

/**
 * Returns the request's values of a condition key. A key whose only value is empty counts as absent, as AWS says of
 * set operators and of `Null` ("Multivalued context keys").
 */
function valuesOf(context: Context, key: string): readonly string[] {
  const values = Object.entries(context)
    .filter(([name]) => name.toLowerCase() === key.toLowerCase())
    .flatMap(([, value]) => value);
  return values.every((value) => value === '') ? [] : values;
}
