import { getSessionContract as contract } from '../../contract/sessions.ts';
import { administratorView } from '../../domain/administrators/administrator-view.ts';
import { toIso } from '../../domain/time.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('get-session', contract, ({ caller: { session, administrator, customer } }) => ({
  body: {
    expiresAt: toIso(session.expiresAt),
    signedInAt: toIso(session.signedInAt),
    administrator: administratorView(administrator, customer),
    mayOnly: session.mayOnly ?? null,
    hasPasskey: (administrator.passkeys ?? 0) > 0,
  },
}));
