/**
 * Returns whether an event passes a filter pattern of Lambda's event filtering, in the part of that language that this
 * project uses: the event must have every field of the pattern, and the field's array must list its value or a prefix of
 * it. Throws if the pattern has any other rule.
 */
export function passesFilter(pattern: unknown, event: unknown): boolean {
  if (Array.isArray(pattern)) return pattern.some((rule) => passesRule(rule, event));
  if (typeof pattern !== 'object' || pattern === null) throw new Error('A filter pattern must end in arrays of rules.');
  return (
    typeof event === 'object' &&
    event !== null &&
    Object.entries(pattern).every(([name, inner]) => passesFilter(inner, (event as Record<string, unknown>)[name]))
  );
}

function passesRule(rule: unknown, value: unknown): boolean {
  if (typeof rule !== 'object' || rule === null) return rule === value;
  const { prefix, ...others } = rule as { prefix?: unknown };
  if (typeof prefix !== 'string' || Object.keys(others).length > 0) {
    throw new Error(`The local filter does not know the rule ${JSON.stringify(rule)}.`);
  }
  return typeof value === 'string' && value.startsWith(prefix);
}
