import { endSessions } from '../../table/administrators.ts';
import { transact } from '../../table/engine/transaction.ts';
import { newChange } from '../audit/new-change.ts';
import type { AdministratorCaller } from '../callers.ts';
import { RecoveryHoldError } from '../errors.ts';
import { lostRights } from '../refusals.ts';
import type { Services } from '../services.ts';
import { isOlderThanRecovery, recoveryHoldUntil } from './recovery-hold.ts';

/**
 * Ends all sessions of the caller, including the session of the request. A link that confirms a new e-mail address, and
 * that the caller requested before, stops working too. Throws `UnauthenticatedError` when the caller has lost their
 * rights, for example because another request has ended the sessions.
 *
 * During a recovery hold of the caller, throws `RecoveryHoldError` unless the session is older than the recovery.
 * Otherwise, an intruder who has recovered the account could end the owner's sessions again and again, before the owner
 * undoes the recovery.
 *
 * One transaction increases the administrator's `sessionGeneration` and stores the audit entry: if the process dies,
 * either all sessions have ended or none. DynamoDB deletes the items of the ended sessions after the time in their attribute `ttl`.
 */
export async function deleteSessions(services: Services, caller: AdministratorCaller): Promise<void> {
  const { table, clock } = services;
  const { administrator, session } = caller;
  const until = recoveryHoldUntil(administrator, clock.now());
  if (until !== undefined && !(await isOlderThanRecovery(table, administrator, session)))
    throw new RecoveryHoldError(until);
  const { customerId, administratorId, sessionGeneration } = administrator;
  const change = newChange(services, caller, customerId, {
    kind: 'sessions-ended',
    before: { administratorId, sessionGeneration },
    after: { administratorId, sessionGeneration: sessionGeneration + 1 },
  });
  const failures = await transact(table, { administrator: endSessions(administrator), audit: change.write });
  if (failures) throw lostRights();
  change.log();
}
