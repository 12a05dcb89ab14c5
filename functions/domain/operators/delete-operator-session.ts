import { transact } from '../../table/engine/transaction.ts';
import { endOperatorSession } from '../../table/operators/operator-sessions.ts';
import type { OperatorCaller } from '../callers.ts';
import { logChange } from '../change-log.ts';
import type { Services } from '../services.ts';

/**
 * Ends the caller's session at once, with one write: if the process dies, the session has ended or not. Does nothing if
 * another request has ended the session.
 */
export async function deleteOperatorSession({ table, log }: Services, { token, operator }: OperatorCaller) {
  const failures = await transact(table, { session: endOperatorSession(token) });
  if (failures) return;
  const { operatorId } = operator;
  logChange(log, { actor: { operatorId }, what: 'operator-session', before: { operatorId }, after: null });
}
