/** Reloads the page. This also loads the latest deployed version of the console. */
export const reload = (): void => {
  location.reload();
};
