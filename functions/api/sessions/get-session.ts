import { getSessionContract as contract } from '../../contract/sessions.ts';
import { administratorView } from '../../domain/administrators/administrator-view.ts';
import { mailSettingsOf } from '../../domain/administrators/mail-settings-of.ts';
import { permissionsOf, unsubscriptionView } from '../../domain/customers/permissions.ts';
import type { UnsubscribingServices } from '../../domain/leaving/unsubscribe-customer.ts';
import type { Services } from '../../domain/services.ts';
import { countsWithPasskey } from '../../domain/sessions/new-passkeys.ts';
import { isByOlderPasskey } from '../../domain/sessions/recovery-hold.ts';
import { toIso } from '../../domain/time.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint<
  'get-session',
  typeof contract,
  Services & Pick<UnsubscribingServices, 'unsubscribeGraceHours'>
>('get-session', contract, async ({ caller }, { table, clock, unsubscribeGraceHours }) => {
  const { session, administrator, customer } = caller;
  const now = clock.now();
  return {
    body: {
      expiresAt: toIso(session.expiresAt),
      signedInAt: toIso(session.signedInAt),
      administrator: administratorView(administrator, customer, now),
      mailSettings: mailSettingsOf(administrator, customer),
      mayOnly: session.mayOnly ?? null,
      hasPasskey: (administrator.passkeys ?? 0) > 0,
      byOlderPasskey: await isByOlderPasskey(table, administrator, session, now),
      recentSignInBy: countsWithPasskey(administrator, now) ? 'passkey' : 'link',
      permissions: permissionsOf(caller, now),
      unsubscription: unsubscriptionView(customer),
      unsubscribeGraceHours,
    },
  };
});
