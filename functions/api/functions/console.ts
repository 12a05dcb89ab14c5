import { lookUpTxt } from '../../aws/dns.ts';
import { openQueue } from '../../aws/queue.ts';
import { withDnsLookUps } from '../../domain/rps/domain-verification.ts';
import {
  onLambda,
  servicesFromEnvironment,
  setting,
  withCalendar,
  withEdge,
  withVerifyDomains,
} from '../../environment.ts';
import { dispatch } from '../../http/dispatch.ts';
import { withRequestedFrom } from '../../http/requested-from.ts';
import { consoleRoutes } from '../routes.ts';
import { build as getActivity } from '../activity/get-activity.ts';
import { build as listAuditEntries } from '../audit/list-audit-entries.ts';
import { build as addAdministrator } from '../administrators/add-administrator.ts';
import { build as addPasskey } from '../signing-in/add-passkey.ts';
import { build as setMailSettings } from '../administrators/set-mail-settings.ts';
import { build as changeEmail } from '../administrators/change-email.ts';
import { build as changeRepresentative } from '../customers/change-representative.ts';
import { build as createApiKey } from '../rps/create-api-key.ts';
import { build as deleteApiKey } from '../rps/delete-api-key.ts';
import { build as deleteSession } from '../sessions/delete-session.ts';
import { build as deleteSessions } from '../sessions/delete-sessions.ts';
import { build as editAdministrator } from '../administrators/edit-administrator.ts';
import { build as editCustomer } from '../customers/edit-customer.ts';
import { build as editRp } from '../rps/edit-rp.ts';
import { build as getCustomer } from '../customers/get-customer.ts';
import { build as getMau } from '../metering/get-mau.ts';
import { build as getRp } from '../rps/get-rp.ts';
import { build as getSession } from '../sessions/get-session.ts';
import { build as listActiveUsers } from '../metering/list-active-users.ts';
import { build as listAdministrators } from '../administrators/list-administrators.ts';
import { build as listApiKeys } from '../rps/list-api-keys.ts';
import { build as listPasskeys } from '../signing-in/list-passkeys.ts';
import { build as listRps } from '../rps/list-rps.ts';
import { build as listStatements } from '../statements/list-statements.ts';
import { build as listSessions } from '../sessions/list-sessions.ts';
import { build as registerRp } from '../rps/register-rp.ts';
import { build as removeAdministrator } from '../administrators/remove-administrator.ts';
import { build as removePasskey } from '../signing-in/remove-passkey.ts';
import { build as removeRp } from '../rps/remove-rp.ts';
import { build as renamePasskey } from '../signing-in/rename-passkey.ts';
import { build as requestPasskeyOptions } from '../signing-in/request-passkey-options.ts';
import { build as sendActivationLink } from '../administrators/send-activation-link.ts';
import { build as setMauAlert } from '../alerts/set-mau-alert.ts';
import { build as undoRecovery } from '../administrators/undo-recovery.ts';
import { build as verifyRp } from '../rps/verify-rp.ts';
import { build as editCredentialOfRp } from '../credentials/edit-credential-of-rp.ts';
import { build as editUserOfRp } from '../users/edit-user-of-rp.ts';
import { build as getUserOfRp } from '../users/get-user-of-rp.ts';
import { build as listCredentialsOfRp } from '../credentials/list-credentials-of-rp.ts';
import { build as listUsersOfRp } from '../users/list-users-of-rp.ts';
import { build as removeCredentialOfRp } from '../credentials/remove-credential-of-rp.ts';
import { build as removeUserOfRp } from '../users/remove-user-of-rp.ts';
import { build as cancelUnsubscription } from '../leaving/cancel-unsubscription.ts';
import { build as unsubscribeCustomer } from '../leaving/unsubscribe-customer.ts';

/** Serves every route that needs the session of a signed-in administrator. */
const served = dispatch(consoleRoutes, {
  'get-session': getSession,
  'delete-session': deleteSession,
  'list-sessions': listSessions,
  'delete-sessions': deleteSessions,
  'list-passkeys': listPasskeys,
  'request-passkey-options': requestPasskeyOptions,
  'add-passkey': addPasskey,
  'rename-passkey': renamePasskey,
  'remove-passkey': removePasskey,
  'get-customer': getCustomer,
  'edit-customer': editCustomer,
  'change-representative': changeRepresentative,
  'set-mau-alert': setMauAlert,
  'unsubscribe-customer': unsubscribeCustomer,
  'cancel-unsubscription': cancelUnsubscription,
  'list-audit-entries': listAuditEntries,
  'get-mau': getMau,
  'list-active-users': listActiveUsers,
  'list-statements': listStatements,
  'list-administrators': listAdministrators,
  'add-administrator': addAdministrator,
  'edit-administrator': editAdministrator,
  'remove-administrator': removeAdministrator,
  'send-activation-link': sendActivationLink,
  'undo-recovery': undoRecovery,
  'change-email': changeEmail,
  'set-mail-settings': setMailSettings,
  'list-rps': listRps,
  'register-rp': registerRp,
  'get-rp': getRp,
  'edit-rp': editRp,
  'verify-rp': verifyRp,
  'remove-rp': removeRp,
  'get-activity': getActivity,
  'list-api-keys': listApiKeys,
  'create-api-key': createApiKey,
  'delete-api-key': deleteApiKey,
  'list-users-of-rp': listUsersOfRp,
  'get-user-of-rp': getUserOfRp,
  'edit-user-of-rp': editUserOfRp,
  'remove-user-of-rp': removeUserOfRp,
  'list-credentials-of-rp': listCredentialsOfRp,
  'edit-credential-of-rp': editCredentialOfRp,
  'remove-credential-of-rp': removeCredentialOfRp,
});
export const build = (services: Parameters<typeof served>[0]): ReturnType<typeof served> =>
  served(withRequestedFrom(services));
export const handler = onLambda(() =>
  build({
    ...withDnsLookUps(withVerifyDomains(withCalendar(withEdge(servicesFromEnvironment()))), (name) => lookUpTxt(name)),
    discard: openQueue(setting('DISCARDING_QUEUE_URL')),
    contact: setting('CONTACT'),
    unsubscribeGraceHours: Number(setting('UNSUBSCRIBE_GRACE_HOURS')),
  }),
);
