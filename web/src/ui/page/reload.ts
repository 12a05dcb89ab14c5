/** Reloads the page, which also loads the latest deployed console. */
export const reload = (): void => {
  location.reload();
};
