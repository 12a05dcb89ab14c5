/** Returns a property's values as a list. A property that is absent has none. */
export const listOf = (property: unknown): unknown[] => (property === undefined ? [] : [property].flat());
