import type { ContractedRouteName } from '../api/routes.ts';
import * as activeUsers from './active-users.ts';
import * as activity from './activity.ts';
import * as audit from './audit.ts';
import * as administrators from './administrators.ts';
import * as ceremonies from './ceremonies.ts';
import type { Contract } from './contract.ts';
import * as credentials from './credentials.ts';
import * as customers from './customers.ts';
import * as movingCredentials from './moving-credentials.ts';
import * as operations from './operations.ts';
import * as operatorPages from './operator-pages.ts';
import * as operators from './operators.ts';
import * as ownRp from './own-rp.ts';
import * as passkeys from './passkeys.ts';
import * as rps from './rps.ts';
import * as service from './service.ts';
import * as sessions from './sessions.ts';
import * as statements from './statements.ts';
import * as tokens from './tokens.ts';
import * as users from './users.ts';
import * as webhooks from './webhooks.ts';

/**
 * The contract of every route except `answer-fss-call`, whose format is that of another product, and
 * `answer-not-found`, which refuses every request that matches no other route. The OpenAPI document is created from
 * these contracts.
 */
export const contracts: Readonly<Record<Exclude<ContractedRouteName, 'answer-not-found'>, Contract>> = {
  'sign-up-customer': customers.signUpCustomerContract,
  'request-sign-in-link': sessions.requestSignInLinkContract,
  'create-session': sessions.createSessionContract,
  'request-session-options': sessions.requestSessionOptionsContract,
  'get-session': sessions.getSessionContract,
  'delete-session': sessions.deleteSessionContract,
  'list-sessions': sessions.listSessionsContract,
  'delete-sessions': sessions.deleteSessionsContract,
  'list-passkeys': passkeys.listPasskeysContract,
  'request-passkey-options': passkeys.requestPasskeyOptionsContract,
  'add-passkey': passkeys.addPasskeyContract,
  'rename-passkey': passkeys.renamePasskeyContract,
  'remove-passkey': passkeys.removePasskeyContract,
  'get-customer': customers.getCustomerContract,
  'edit-customer': customers.editCustomerContract,
  'change-representative': customers.changeRepresentativeContract,
  'set-mau-alert': customers.setMauAlertContract,
  'get-webhook': webhooks.getWebhookContract,
  'set-webhook': webhooks.setWebhookContract,
  'rotate-webhook-secret': webhooks.rotateWebhookSecretContract,
  'test-webhook': webhooks.testWebhookContract,
  'remove-webhook': webhooks.removeWebhookContract,
  'unsubscribe-customer': customers.unsubscribeCustomerContract,
  'cancel-unsubscription': customers.cancelUnsubscriptionContract,
  'list-audit-entries': audit.listAuditEntriesContract,
  'get-mau': customers.getMauContract,
  'list-active-users': activeUsers.listActiveUsersContract,
  'list-statements': statements.listStatementsContract,
  'list-administrators': administrators.listAdministratorsContract,
  'add-administrator': administrators.addAdministratorContract,
  'edit-administrator': administrators.editAdministratorContract,
  'remove-administrator': administrators.removeAdministratorContract,
  'send-activation-link': administrators.sendActivationLinkContract,
  'undo-recovery': administrators.undoRecoveryContract,
  'change-email': administrators.changeEmailContract,
  'set-mail-settings': administrators.setMailSettingsContract,
  'confirm-email': administrators.confirmEmailContract,
  'list-rps': rps.listRpsContract,
  'register-rp': rps.registerRpContract,
  'get-rp': rps.getRpContract,
  'edit-rp': rps.editRpContract,
  'verify-rp': rps.verifyRpContract,
  'remove-rp': rps.removeRpContract,
  'get-activity': activity.getActivityContract,
  'list-api-keys': rps.listApiKeysContract,
  'create-api-key': rps.createApiKeyContract,
  'delete-api-key': rps.deleteApiKeyContract,
  'get-own-rp': ownRp.getOwnRpContract,
  'list-users-of-rp': users.listUsersOfRpContract,
  'get-user-of-rp': users.getUserOfRpContract,
  'edit-user-of-rp': users.editUserOfRpContract,
  'remove-user-of-rp': users.removeUserOfRpContract,
  'list-credentials-of-rp': credentials.listCredentialsOfRpContract,
  'edit-credential-of-rp': credentials.editCredentialOfRpContract,
  'remove-credential-of-rp': credentials.removeCredentialOfRpContract,
  'list-users': users.listUsersContract,
  'register-users': users.registerUsersContract,
  'get-user': users.getUserContract,
  'edit-user': users.editUserContract,
  'remove-user': users.removeUserContract,
  'list-credentials': credentials.listCredentialsContract,
  'get-credential': credentials.getCredentialContract,
  'edit-credential': credentials.editCredentialContract,
  'remove-credential': credentials.removeCredentialContract,
  'import-credentials': movingCredentials.importCredentialsContract,
  'export-credentials': movingCredentials.exportCredentialsContract,
  'request-registration-options': ceremonies.requestRegistrationOptionsContract,
  'register-credential': ceremonies.registerCredentialContract,
  'request-authentication-options': ceremonies.requestAuthenticationOptionsContract,
  'authenticate-user': ceremonies.authenticateUserContract,
  'report-operations': operations.reportOperationsContract,
  'get-token-keys': tokens.getTokenKeysContract,
  'request-operator-session-options': operators.requestOperatorSessionOptionsContract,
  'create-operator-session': operators.createOperatorSessionContract,
  'get-operator-session': operators.getOperatorSessionContract,
  'delete-operator-session': operators.deleteOperatorSessionContract,
  'request-operator-passkey-options': operators.requestOperatorPasskeyOptionsContract,
  'add-operator-passkey': operators.addOperatorPasskeyContract,
  'get-operator-overview': operatorPages.getOperatorOverviewContract,
  'list-operator-customers': operatorPages.listOperatorCustomersContract,
  'get-operator-customer': operatorPages.getOperatorCustomerContract,
  'list-operator-activity': operatorPages.listOperatorActivityContract,
  'list-failed-mails': operatorPages.listFailedMailsContract,
  'list-plans': service.listPlansContract,
  'get-health': service.getHealthContract,
  'get-openapi': service.getOpenapiContract,
};
