/** Returns a user name in the form in which names are compared: NFKC, a normal form of Unicode, in lower case. */
export const comparableName = (name: string): string => name.normalize('NFKC').toLowerCase();
