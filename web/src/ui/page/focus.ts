/**
 * Focuses an element when the element appears. Components use this function as the `ref` of an element that replaces a
 * focused element.
 */
export const focus = (element: HTMLElement | null): void => {
  element?.focus();
};
