import * as z from 'zod';

/** The filters of an event source mapping: an event passes if it matches one of them. */
export const filterCriteria = z.strictObject({ Filters: z.array(z.strictObject({ Pattern: z.string() })) });

/**
 * Returns the function that says whether an event passes the filters of a mapping. Without filters, every one passes.
 */
export function readFilter(criteria: z.output<typeof filterCriteria> | undefined): (event: unknown) => boolean {
  if (criteria === undefined || criteria.Filters.length === 0) return () => true;
  const patterns = criteria.Filters.map(({ Pattern }) => JSON.parse(Pattern) as unknown);
  return (event) => patterns.some((pattern) => matches(pattern, [event]));
}

type Rule = string | number | boolean | null | Readonly<Record<string, unknown>>;

/**
 * Returns whether a value matches a pattern (AWS, "Filter rule syntax" of Lambda's event filtering). `given` has one
 * element, or none if the event has no such field. All fields of a pattern must match, and one of the rules in an
 * array.
 */
function matches(pattern: unknown, given: readonly unknown[]): boolean {
  if (Array.isArray(pattern)) return pattern.some((rule) => passes(rule as Rule, given));
  if (typeof pattern !== 'object' || pattern === null) throw new Error('A filter pattern must end in arrays of rules.');
  const [value] = given;
  return Object.entries(pattern).every(([name, inner]) => {
    if (name === '$or') return (inner as unknown[]).some((one) => matches(one, given));
    const has = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
    return matches(inner, has ? [(value as Readonly<Record<string, unknown>>)[name]] : []);
  });
}

const comparisons: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  '=': (value, limit) => value === limit,
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
};

function passes(rule: Rule, given: readonly unknown[]): boolean {
  const [value] = given;
  // A value that is a list matches if one of its elements does.
  if (Array.isArray(value)) return value.some((element) => passes(rule, [element]));
  if (typeof rule !== 'object' || rule === null) return given.length > 0 && rule === value;
  const [[name, argument] = ['', undefined], ...others] = Object.entries(rule);
  const isText = typeof value === 'string';
  if (others.length === 0) {
    if (name === 'exists') return argument === given.length > 0;
    if (name === 'prefix' && typeof argument === 'string') return isText && value.startsWith(argument);
    if (name === 'suffix' && typeof argument === 'string') return isText && value.endsWith(argument);
    if (name === 'anything-but' && Array.isArray(argument)) return given.length > 0 && !argument.includes(value);
    if (name === 'equals-ignore-case') return isText && value.toLowerCase() === String(argument).toLowerCase();
    if (name === 'numeric' && Array.isArray(argument)) {
      const pairs = argument as (string | number)[];
      const isEven = (_: unknown, index: number) => index % 2 === 0;
      return (
        typeof value === 'number' &&
        pairs.filter(isEven).every((sign, index) => comparisons[sign]?.(value, Number(pairs[2 * index + 1])) === true)
      );
    }
  }
  throw new Error(`The rule ${JSON.stringify(rule)} of a filter pattern is not implemented.`);
}
