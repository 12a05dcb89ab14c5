import { transact } from '../../table/engine/transaction.ts';
import { endSession } from '../../table/signing-in/sessions.ts';
import { newChange } from '../audit/new-change.ts';
import type { AdministratorCaller } from '../callers.ts';
import type { Services } from '../services.ts';

/**
 * Ends the caller's session at once. One transaction deletes the session and stores the audit entry. If the process
 * dies, both are done or neither. Does nothing if another request has ended the session.
 */
export async function deleteSession(services: Services, caller: AdministratorCaller): Promise<void> {
  const { customerId } = caller.customer;
  const { administratorId } = caller.administrator;
  const change = newChange(services, caller, customerId, {
    kind: 'session-ended',
    before: { administratorId },
    after: null,
  });
  const failures = await transact(services.table, { session: endSession(caller.token), audit: change.write });
  if (!failures) change.log();
}
