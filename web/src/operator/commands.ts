/** The start of each command of the operator's command line. */
const PROGRAM = 'npm run --silent operator --';

/**
 * The commands that the operators' pages name. The person replaces the parts in angle brackets. They are quoted,
 * because a shell reads angle brackets as redirections.
 */
export const commands = {
  newLink: `${PROGRAM} operators link '<email>'`,
  show: (customerId: string) => `${PROGRAM} customer show ${customerId}`,
  setLicense: (customerId: string) =>
    `${PROGRAM} license set ${customerId} --type '<plan>' --starts '<time>' --ends '<time>' --dry-run`,
  cancelLicense: (customerId: string) => `${PROGRAM} license cancel ${customerId} --starts '<time>'`,
  setEmail: (customerId: string) => `${PROGRAM} customer set-representative-email ${customerId} '<email>'`,
  unsubscribe: (customerId: string) =>
    `${PROGRAM} customer unsubscribe ${customerId} --confirm '<name>' --statements-to '<file>'`,
} as const;
