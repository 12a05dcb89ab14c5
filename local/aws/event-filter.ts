/**
 * Returns whether an event passes a filter pattern. The pattern has the syntax with which Lambda filters the events of
 * an event source. The event must have every field of the pattern. For each field, the pattern has an array of rules,
 * and the field's value must match at least one of these rules. A rule is either the exact value or an object with a
 * prefix of the value; this project uses no other kind of rule. Throws if the pattern contains another kind of rule.
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
