/** Gives the focus to what has just appeared: the `ref` of an element that stands where the one was that had it. */
export const focus = (element: HTMLElement | null): void => {
  element?.focus();
};
