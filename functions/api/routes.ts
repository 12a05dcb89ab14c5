/**
 * The only list of routes. Data and types only: the CDK, the local service, the OpenAPI document and the tests read it,
 * so it must load nothing.
 */

/**
 * Who may call a route. The HTTP chain authenticates accordingly before anything else is looked at. `signed-in` is an
 * administrator, also one whose session may only add a passkey; all other kinds of administrators need more than that.
 */
export type CallerKind = 'anyone' | 'signed-in' | 'administrator' | 'privileged' | 'representative' | 'rp';

/** What a function may do with the table; `QueryFinder` is a Query of the GSI. Nobody may scan. */
export type TableAction =
  'GetItem' | 'BatchGetItem' | 'Query' | 'QueryFinder' | 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'ConditionCheckItem';

/**
 * Why a route has a throttle of its own, one for all its callers: who floods it does not use up what other routes share.
 * `causes-mails`: to an address that the caller chooses; they wait in one line with everybody's links.
 */
export type Throttle = 'causes-mails' | 'signs-in';

export interface Route {
  /** Verb-noun: names the handler file, the domain function, the construct and the OpenAPI operation. */
  readonly name: string;
  /** The folder, here and in `domain/`, that holds the handler file. */
  readonly subject: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'ANY';
  /** Path as API Gateway writes it, or `$default`: whatever no other route takes. */
  readonly path: string;
  readonly caller: CallerKind;
  readonly table: readonly TableAction[];
  /** @default - only that of the whole API */
  readonly throttle?: Throttle;
  /** Whether the function hands work to the discarding queue. @default false */
  readonly discards?: boolean;
  /** Whether the function says whom customers write to. @default false */
  readonly saysContact?: boolean;
}

/** Reading session, administrator and customer, and writing the session's last use. */
const session = ['GetItem', 'BatchGetItem', 'UpdateItem'] as const;
/** Reading API key, customer and RP, and writing the key's last use. */
const apiKey = ['GetItem', 'BatchGetItem', 'UpdateItem'] as const;

export const routes = [
  {
    name: 'sign-up-customer',
    subject: 'customers',
    method: 'POST',
    path: '/v1/customers',
    caller: 'anyone',
    throttle: 'causes-mails',
    // The other two for an invitation that has lapsed, whose address is taken.
    table: ['PutItem', 'GetItem', 'DeleteItem'],
  },
  {
    name: 'request-sign-in-link',
    subject: 'signing-in',
    method: 'POST',
    path: '/v1/sign-in-links',
    caller: 'anyone',
    throttle: 'causes-mails',
    table: ['PutItem'],
  },
  {
    name: 'create-session',
    subject: 'signing-in',
    method: 'POST',
    path: '/v1/sessions',
    caller: 'anyone',
    throttle: 'signs-in',
    table: ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'],
  },
  {
    name: 'request-session-options',
    subject: 'signing-in',
    method: 'POST',
    path: '/v1/sessions/options',
    caller: 'anyone',
    throttle: 'signs-in',
    table: ['PutItem'],
  },
  {
    name: 'get-session',
    subject: 'signing-in',
    method: 'GET',
    path: '/v1/sessions/current',
    caller: 'signed-in',
    table: session,
  },
  {
    name: 'delete-session',
    subject: 'signing-in',
    method: 'DELETE',
    path: '/v1/sessions/current',
    caller: 'signed-in',
    table: [...session, 'DeleteItem'],
  },
  {
    name: 'list-passkeys',
    subject: 'signing-in',
    method: 'GET',
    path: '/v1/passkeys',
    caller: 'administrator',
    table: [...session, 'Query'],
  },
  {
    name: 'request-passkey-options',
    subject: 'signing-in',
    method: 'POST',
    path: '/v1/passkeys/options',
    caller: 'signed-in',
    table: [...session, 'Query', 'PutItem'],
  },
  {
    name: 'add-passkey',
    subject: 'signing-in',
    method: 'POST',
    path: '/v1/passkeys',
    caller: 'signed-in',
    table: [...session, 'PutItem', 'DeleteItem', 'ConditionCheckItem'],
  },
  {
    name: 'rename-passkey',
    subject: 'signing-in',
    method: 'PATCH',
    path: '/v1/passkeys/{id}',
    caller: 'administrator',
    table: [...session, 'ConditionCheckItem'],
  },
  {
    name: 'remove-passkey',
    subject: 'signing-in',
    method: 'DELETE',
    path: '/v1/passkeys/{id}',
    caller: 'administrator',
    table: [...session, 'DeleteItem'],
  },
  {
    name: 'get-customer',
    subject: 'customers',
    method: 'GET',
    path: '/v1/customer',
    caller: 'administrator',
    table: session,
  },
  {
    name: 'edit-customer',
    subject: 'customers',
    method: 'PATCH',
    path: '/v1/customer',
    caller: 'privileged',
    table: [...session, 'ConditionCheckItem'],
  },
  {
    name: 'change-representative',
    subject: 'customers',
    method: 'PUT',
    path: '/v1/customer/representative',
    caller: 'privileged',
    table: [...session, 'PutItem', 'ConditionCheckItem'],
  },
  {
    name: 'set-mau-alert',
    subject: 'alerts',
    method: 'PUT',
    path: '/v1/customer/mau-alert',
    caller: 'privileged',
    table: [...session, 'ConditionCheckItem'],
  },
  {
    name: 'unsubscribe-customer',
    subject: 'leaving',
    method: 'POST',
    path: '/v1/customer/unsubscription',
    caller: 'representative',
    table: [...session, 'ConditionCheckItem'],
    discards: true,
    saysContact: true,
  },
  {
    name: 'get-mau',
    subject: 'metering',
    method: 'GET',
    path: '/v1/customer/mau',
    caller: 'administrator',
    table: [...session, 'Query'],
  },
  {
    name: 'list-statements',
    subject: 'statements',
    method: 'GET',
    path: '/v1/customer/statements',
    caller: 'administrator',
    table: [...session, 'Query'],
  },
  {
    name: 'list-administrators',
    subject: 'administrators',
    method: 'GET',
    path: '/v1/administrators',
    caller: 'administrator',
    table: [...session, 'Query'],
  },
  {
    name: 'add-administrator',
    subject: 'administrators',
    method: 'POST',
    path: '/v1/administrators',
    caller: 'privileged',
    throttle: 'causes-mails',
    table: [...session, 'PutItem', 'DeleteItem', 'ConditionCheckItem'],
  },
  {
    name: 'edit-administrator',
    subject: 'administrators',
    method: 'PATCH',
    path: '/v1/administrators/{id}',
    caller: 'privileged',
    table: [...session, 'ConditionCheckItem'],
  },
  {
    name: 'remove-administrator',
    subject: 'administrators',
    method: 'DELETE',
    path: '/v1/administrators/{id}',
    caller: 'privileged',
    table: [...session, 'Query', 'DeleteItem', 'ConditionCheckItem'],
  },
  {
    name: 'send-activation-link',
    subject: 'administrators',
    method: 'POST',
    path: '/v1/administrators/{id}/activation-links',
    caller: 'privileged',
    throttle: 'causes-mails',
    table: [...session, 'PutItem', 'ConditionCheckItem'],
  },
  {
    name: 'change-email',
    subject: 'administrators',
    method: 'PUT',
    path: '/v1/administrators/me/email',
    caller: 'administrator',
    throttle: 'causes-mails',
    table: [...session, 'PutItem', 'ConditionCheckItem'],
  },
  {
    name: 'confirm-email',
    subject: 'administrators',
    method: 'POST',
    path: '/v1/email-confirmations',
    caller: 'anyone',
    throttle: 'causes-mails',
    table: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'],
  },
  {
    name: 'list-rps',
    subject: 'rps',
    method: 'GET',
    path: '/v1/rps',
    caller: 'administrator',
    table: [...session, 'Query'],
  },
  {
    name: 'register-rp',
    subject: 'rps',
    method: 'POST',
    path: '/v1/rps',
    caller: 'administrator',
    table: [...session, 'PutItem', 'ConditionCheckItem'],
  },
  { name: 'get-rp', subject: 'rps', method: 'GET', path: '/v1/rps/{id}', caller: 'administrator', table: session },
  {
    name: 'rename-rp',
    subject: 'rps',
    method: 'PATCH',
    path: '/v1/rps/{id}',
    caller: 'administrator',
    table: [...session, 'ConditionCheckItem'],
  },
  {
    name: 'remove-rp',
    subject: 'rps',
    method: 'DELETE',
    path: '/v1/rps/{id}',
    caller: 'administrator',
    table: [...session, 'DeleteItem', 'ConditionCheckItem'],
    discards: true,
  },
  {
    name: 'list-api-keys',
    subject: 'rps',
    method: 'GET',
    path: '/v1/rps/{id}/api-keys',
    caller: 'administrator',
    table: [...session, 'QueryFinder'],
  },
  {
    name: 'create-api-key',
    subject: 'rps',
    method: 'POST',
    path: '/v1/rps/{id}/api-keys',
    caller: 'administrator',
    table: [...session, 'PutItem', 'ConditionCheckItem'],
  },
  {
    name: 'delete-api-key',
    subject: 'rps',
    method: 'DELETE',
    path: '/v1/rps/{id}/api-keys/{keyId}',
    caller: 'administrator',
    table: [...session, 'DeleteItem', 'ConditionCheckItem'],
  },
  {
    name: 'list-users',
    subject: 'users',
    method: 'GET',
    path: '/v1/rp/users',
    caller: 'rp',
    table: [...apiKey, 'Query'],
  },
  {
    name: 'register-users',
    subject: 'users',
    method: 'POST',
    path: '/v1/rp/users',
    caller: 'rp',
    table: [...apiKey, 'PutItem'],
  },
  { name: 'get-user', subject: 'users', method: 'GET', path: '/v1/rp/users/{userId}', caller: 'rp', table: apiKey },
  {
    name: 'remove-user',
    subject: 'users',
    method: 'DELETE',
    path: '/v1/rp/users/{userId}',
    caller: 'rp',
    table: [...apiKey, 'DeleteItem'],
  },
  {
    name: 'report-operations',
    subject: 'metering',
    method: 'POST',
    path: '/v1/rp/operations',
    caller: 'rp',
    table: [...apiKey, 'PutItem'],
  },
  {
    name: 'list-plans',
    subject: 'service',
    method: 'GET',
    path: '/v1/plans',
    caller: 'anyone',
    table: [],
    saysContact: true,
  },
  { name: 'get-health', subject: 'service', method: 'GET', path: '/v1/health', caller: 'anyone', table: [] },
  { name: 'get-openapi', subject: 'service', method: 'GET', path: '/v1/openapi.json', caller: 'anyone', table: [] },
  { name: 'answer-not-found', subject: 'service', method: 'ANY', path: '$default', caller: 'anyone', table: [] },
] as const satisfies readonly Route[];

export type RouteName = (typeof routes)[number]['name'];
type RouteNamed<N extends RouteName> = Extract<(typeof routes)[number], { name: N }>;
/** The kind of caller that the route named N takes. */
export type CallerOf<N extends RouteName> = RouteNamed<N>['caller'];

/** Gives the route of that name. */
export function routeNamed(name: RouteName): Route {
  // The names are checked when compiled, so that there always is one.
  return routes.find((route) => route.name === name) as Route;
}
