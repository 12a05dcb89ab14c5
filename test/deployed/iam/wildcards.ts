/**
 * Returns whether a text matches a pattern, in which `*` stands for any number of characters and `?` for exactly one.
 * Compares upper and lower case as different (AWS, "IAM JSON policy elements: Condition operators", `StringLike`).
 */
export const isLike = (text: string, pattern: string): boolean => compiled(pattern, ANYWHERE).test(text);

/**
 * Returns whether a resource matches a pattern in the element `Resource` of a policy. `*` stands for any number of
 * characters of one segment of the ARN, and `?` for one such character. A `*` at the end of a segment can also stand
 * for several segments (AWS, "IAM JSON policy elements: Resource").
 */
export const isResource = (resource: string, pattern: string): boolean => compiled(pattern, IN_SEGMENTS).test(resource);

/**
 * Returns whether an ARN matches a pattern of the condition operators `ArnEquals` and `ArnLike`, which behave in the
 * same way. Compares each of the six components of the ARN with that of the pattern. The sixth contains all further
 * colons (AWS, "IAM JSON policy elements: Condition operators").
 */
export function isArn(arn: string, pattern: string): boolean {
  const components = componentsOf(arn);
  return (
    components.length === COMPONENTS &&
    componentsOf(pattern).every((component, position) => isLike(components[position] ?? '', component))
  );
}

/** Returns the six components of an ARN. Returns fewer if the text is not an ARN. */
export function componentsOf(arn: string): string[] {
  const parts = arn.split(':');
  return parts.length < COMPONENTS ? parts : [...parts.slice(0, COMPONENTS - 1), parts.slice(COMPONENTS - 1).join(':')];
}

/** The number of components of an ARN: `arn`, the partition, the service, the region, the account and the resource. */
export const COMPONENTS = 6;

interface Wildcards {
  readonly cache: Map<string, RegExp>;
  readonly asterisk: (isLastOfSegment: boolean) => string;
  readonly questionMark: string;
}
const ANYWHERE: Wildcards = { cache: new Map(), asterisk: () => '.*', questionMark: '.' };
const IN_SEGMENTS: Wildcards = {
  cache: new Map(),
  asterisk: (isLastOfSegment) => (isLastOfSegment ? '.*' : '[^:]*'),
  questionMark: '[^:]',
};

function compiled(pattern: string, { cache, asterisk, questionMark }: Wildcards): RegExp {
  const known = cache.get(pattern);
  if (known) return known;
  const source = pattern.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, (character, position: number) => {
    if (character === '*') return asterisk([undefined, ':'].includes(pattern[position + 1]));
    return character === '?' ? questionMark : `\\${character}`;
  });
  // The flag `u` would make `?` stand for one code point instead of one UTF-16 code unit, and refuse the escaped `-`.
  const expression = new RegExp(`^${source}$`, 's');
  cache.set(pattern, expression);
  return expression;
}
