/** Returns the element of a list at an index. Throws when the list has none there. */
export function element<T>(list: readonly T[], index: number): T {
  if (index < 0 || index >= list.length) throw new RangeError(`There is no element ${index} of ${list.length}.`);
  return list[index] as T;
}
