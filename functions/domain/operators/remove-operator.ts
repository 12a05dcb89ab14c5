import type { OperatorView } from '../../contract/operators.ts';
import { deleteOperator, readOperator } from '../../table/operators/operators.ts';
import { deleteOperatorPasskey } from '../../table/operators/operator-passkeys.ts';
import { transact } from '../../table/engine/transaction.ts';
import { logChange } from '../change-log.ts';
import type { Services } from '../services.ts';
import { noSuchOperator } from './operator-refusals.ts';
import { operatorView } from './operator-view.ts';

/**
 * Removes an operator and the operator's passkey in one transaction: if the process dies, both are removed or neither.
 * The operator's sessions and link stop working at once. DynamoDB deletes their items after the time in the attribute
 * `ttl`. `by` is the name of the person who runs the command. Throws `NotFoundError` when no operator has the e-mail
 * address.
 */
export async function removeOperator(
  services: Services,
  by: string,
  email: string,
): Promise<OperatorView & { removed: true }> {
  const { table, log } = services;
  const operator = await readOperator(table, email);
  if (!operator) throw noSuchOperator(email);
  const { operatorId, name } = operator;
  const failures = await transact(table, {
    operator: deleteOperator(operator),
    passkey: deleteOperatorPasskey(operatorId),
  });
  // Another command has removed the operator or has created a link after the operator was read.
  if (failures) return removeOperator(services, by, email);
  logChange(log, { actor: { operator: by }, what: 'operator', before: { operatorId, email, name }, after: null });
  return { ...operatorView(operator), removed: true };
}
