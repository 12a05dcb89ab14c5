/** Returns the element of a list at an index. Throws `RangeError` when the list has no such element. */
export function element<T>(list: readonly T[], index: number): T {
  if (index < 0 || index >= list.length) throw new RangeError(`There is no element ${index} of ${list.length}.`);
  return list[index] as T;
}
