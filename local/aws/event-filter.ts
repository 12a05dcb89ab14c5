/**
 * Whether an event passes a filter pattern of Lambda's event filtering, as far as this project uses the language: every
 * field of the pattern must be there, with one of the values, or beginning with one of the prefixes, that its array lists.
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
