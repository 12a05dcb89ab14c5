import type { OperatorResults } from './invoke-operator.ts';
import { NONE, table } from './layout.ts';

/** Formats the list of operators as a table. */
export function showOperators({ items }: OperatorResults['list-operators']): string {
  if (items.length === 0) return 'Nobody can sign in to the operators’ pages. Add a person with "operators add".';
  const rows = items.map(({ email, name, addedAt, addedBy, passkey }) => [
    email,
    passkey ? 'registered' : 'none yet',
    passkey?.lastUsedAt ?? NONE,
    addedAt,
    addedBy,
    name,
  ]);
  return table(['E-MAIL', 'PASSKEY', 'LAST SIGN-IN', 'ADDED AT', 'ADDED BY', 'NAME'], rows);
}

/** Formats the link of an operator, and what to do with it. */
export function showLinked({ name, email, link, linkExpiresAt }: OperatorResults['add-operator']): string {
  return [
    `${name} <${email}> registers a passkey with this link, once, before ${linkExpiresAt}:`,
    '',
    `  ${link}`,
    '',
    'The first person who opens the link becomes this operator. Send it to nobody else.',
    'The service stores no copy of it. "operators link" replaces it.',
  ].join('\n');
}

/** Formats the removal of an operator. */
export const showRemoved = ({ name, email }: OperatorResults['remove-operator']): string =>
  `Removed ${name} <${email}>. The sessions and the passkey no longer work.`;
