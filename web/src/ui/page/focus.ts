/** Focuses an element when the element appears. Used as the `ref` of an element that replaces a focused element. */
export const focus = (element: HTMLElement | null): void => {
  element?.focus();
};
