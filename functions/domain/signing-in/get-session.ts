import type { SessionView } from '../../contract/sessions.ts';
import { administratorView } from '../administrators/administrator-view.ts';
import type { AdministratorCaller } from '../callers.ts';
import { toIso } from '../time.ts';

/** Gives the caller's session as the API shows it. */
export function getSession({ session, administrator, customer }: AdministratorCaller): SessionView {
  return {
    expiresAt: toIso(session.expiresAt),
    signedInAt: toIso(session.signedInAt),
    administrator: administratorView(administrator, customer),
    mayOnly: session.mayOnly ?? null,
    hasPasskey: (administrator.passkeys ?? 0) > 0,
  };
}
