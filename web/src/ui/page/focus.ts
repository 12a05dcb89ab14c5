/** Focuses an element when it appears. Use it as the `ref` of an element that replaces a focused one. */
export const focus = (element: HTMLElement | null): void => {
  element?.focus();
};
