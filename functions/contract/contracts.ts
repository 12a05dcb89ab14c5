import type { RouteName } from '../api/routes.ts';
import * as administrators from './administrators.ts';
import type { Contract } from './contract.ts';
import * as customers from './customers.ts';
import * as passkeys from './passkeys.ts';
import * as rps from './rps.ts';
import * as service from './service.ts';
import * as sessions from './sessions.ts';
import * as statements from './statements.ts';
import * as users from './users.ts';

/** The contract of every route but the one for all else: what the OpenAPI document is made of. */
export const contracts: Readonly<Record<Exclude<RouteName, 'answer-not-found'>, Contract>> = {
  'sign-up-customer': customers.signUpCustomer,
  'request-sign-in-link': sessions.requestSignInLink,
  'create-session': sessions.createSession,
  'request-session-options': sessions.requestSessionOptions,
  'get-session': sessions.getSession,
  'delete-session': sessions.deleteSession,
  'list-passkeys': passkeys.listPasskeys,
  'request-passkey-options': passkeys.requestPasskeyOptions,
  'add-passkey': passkeys.addPasskey,
  'rename-passkey': passkeys.renamePasskey,
  'remove-passkey': passkeys.removePasskey,
  'get-customer': customers.getCustomer,
  'edit-customer': customers.editCustomer,
  'change-representative': customers.changeRepresentative,
  'set-mau-alert': customers.setMauAlert,
  'unsubscribe-customer': customers.unsubscribeCustomer,
  'get-mau': customers.getMau,
  'list-statements': statements.listStatements,
  'list-administrators': administrators.listAdministrators,
  'add-administrator': administrators.addAdministrator,
  'edit-administrator': administrators.editAdministrator,
  'remove-administrator': administrators.removeAdministrator,
  'send-activation-link': administrators.sendActivationLink,
  'change-email': administrators.changeEmail,
  'confirm-email': administrators.confirmEmail,
  'list-rps': rps.listRps,
  'register-rp': rps.registerRp,
  'get-rp': rps.getRp,
  'rename-rp': rps.renameRp,
  'remove-rp': rps.removeRp,
  'list-api-keys': rps.listApiKeys,
  'create-api-key': rps.createApiKey,
  'delete-api-key': rps.deleteApiKey,
  'list-users': users.listUsers,
  'register-users': users.registerUsers,
  'get-user': users.getUser,
  'remove-user': users.removeUser,
  'report-operations': users.reportOperations,
  'list-plans': service.listPlans,
  'get-health': service.getHealth,
  'get-openapi': service.getOpenapi,
};
