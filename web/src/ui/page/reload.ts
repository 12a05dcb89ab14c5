/** Loads the page anew, with the console as it is deployed now. */
export const reload = (): void => {
  location.reload();
};
