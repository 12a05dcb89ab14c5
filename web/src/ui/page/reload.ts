/** Reloads the page. This also loads the version of the console that was deployed last. */
export const reload = (): void => {
  location.reload();
};
