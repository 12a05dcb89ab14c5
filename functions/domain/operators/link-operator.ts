import { increaseGeneration, readOperator } from '../../table/operators/operators.ts';
import { deleteOperatorPasskey } from '../../table/operators/operator-passkeys.ts';
import { transact } from '../../table/engine/transaction.ts';
import { logChange } from '../change-log.ts';
import type { Services } from '../services.ts';
import { newOperatorLink, type LinkedOperator } from './new-operator-link.ts';
import { noSuchOperator } from './operator-refusals.ts';
import { operatorView } from './operator-view.ts';

/**
 * Creates a new link for an operator who has lost the passkey or has not used the link. The operator's passkey,
 * sessions and earlier link stop working at once, because a lost device may be in somebody else's hands. `by` is the
 * name of the person who runs the command. The function writes in one transaction: if the process dies, either the link
 * replaces the passkey or nothing has changed. Throws `NotFoundError` when no operator has the e-mail address.
 */
export async function linkOperator(services: Services, by: string, email: string): Promise<LinkedOperator> {
  const { table, log } = services;
  const operator = await readOperator(table, email);
  if (!operator) throw noSuchOperator(email);
  const { operatorId, generation } = operator;
  const next = { ...operator, generation: generation + 1 };
  const { put, link, expiresAt } = newOperatorLink(services, next);
  const failures = await transact(table, {
    operator: increaseGeneration(operator),
    passkey: deleteOperatorPasskey(operatorId),
    link: put,
  });
  // Another command has removed the operator or has created a link after the operator was read.
  if (failures) return linkOperator(services, by, email);
  logChange(log, {
    actor: { operator: by },
    what: 'operator-link',
    before: { operatorId, generation },
    after: { operatorId, generation: next.generation },
  });
  return { ...operatorView(operator), link, linkExpiresAt: expiresAt };
}
