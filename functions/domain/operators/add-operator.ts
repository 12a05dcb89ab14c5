import { putOperator, readOperators, type Operator } from '../../table/operators/operators.ts';
import { transact } from '../../table/engine/transaction.ts';
import { logChange } from '../change-log.ts';
import { AlreadyExistsError, ForbiddenError } from '../errors.ts';
import { newId } from '../ids.ts';
import type { Services } from '../services.ts';
import { newOperatorLink, type LinkedOperator } from './new-operator-link.ts';
import { operatorView } from './operator-view.ts';

/**
 * The maximum number of operators, so that one query reads them all. Two commands that run at the same time may exceed
 * it by one.
 */
const MAX_OPERATORS = 50;

/**
 * Adds an operator, and returns the operator with a link with which the person registers a passkey. `by` is the name of
 * the person who runs the command. The function writes in one transaction: if the process dies, either the operator and
 * the link are stored or neither. If the link does not reach the person, `linkOperator` creates another one. Throws
 * `AlreadyExistsError` when an operator has the e-mail address, and `ForbiddenError` when there are too many operators.
 */
export async function addOperator(
  services: Services,
  by: string,
  { email, name }: { email: string; name: string },
): Promise<LinkedOperator> {
  const { table, clock, log } = services;
  const operators = await readOperators(table, 'strong');
  const taken = new AlreadyExistsError(`There is an operator ${email} already. “operators link” creates a new link.`);
  if (operators.some((operator) => operator.email === email)) throw taken;
  if (operators.length >= MAX_OPERATORS)
    throw new ForbiddenError(`There are ${MAX_OPERATORS} operators, which is the maximum. Remove one first.`);
  const operator: Operator = {
    operatorId: newId('opr'),
    email,
    name,
    generation: 1,
    addedAt: clock.now(),
    addedBy: by,
  };
  const { put, link, expiresAt } = newOperatorLink(services, operator);
  const failures = await transact(table, { operator: putOperator(operator), link: put });
  if (failures) throw taken;
  const { operatorId } = operator;
  logChange(log, { actor: { operator: by }, what: 'operator', before: null, after: { operatorId, email, name } });
  return { ...operatorView(operator), link, linkExpiresAt: expiresAt };
}
