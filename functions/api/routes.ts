/**
 * The only list of routes. Data and types only: the CDK, the local service, the OpenAPI document and the tests read it,
 * so it must load nothing.
 */

/**
 * Who may call a route. The HTTP chain authenticates the caller before it looks at anything else. `signed-in` is an
 * administrator, also one whose session may only add a passkey; all other kinds of administrators need more than that.
 */
export type CallerKind = 'anyone' | 'signed-in' | 'administrator' | 'privileged' | 'representative' | 'rp';

/**
 * The Lambda functions of the API. Each serves the routes that the same callers use together: `console` every route that
 * takes a session, so that opening the console waits for one cold start; `users` what RPs do with their users;
 * `operations` the one route that takes most requests; `anonymous` all others.
 */
export type ApiFunctionName = 'console' | 'anonymous' | 'users' | 'operations';

/**
 * Why a route has a throttle of its own, which all its callers share: a flood of one route does not use up the requests of
 * the others. `causes-mails`: to an address that the caller chooses; these e-mails wait in one line with all links.
 */
export type Throttle = 'causes-mails' | 'signs-in';

export interface Route {
  /** Verb-noun: names the handler file, the domain function, the construct and the OpenAPI operation. */
  readonly name: string;
  /** The folder, here and in `domain/`, that holds the handler file. */
  readonly subject: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'ANY';
  /** Path as API Gateway writes it, or `$default`, which takes every request that no other route takes. */
  readonly path: string;
  readonly caller: CallerKind;
  /** The Lambda function that serves the route. */
  readonly function: ApiFunctionName;
  /** @default - only that of the whole API */
  readonly throttle?: Throttle;
}

export const routes = [
  {
    name: 'sign-up-customer',
    subject: 'customers',
    method: 'POST',
    path: '/v1/customers',
    caller: 'anyone',
    function: 'anonymous',
    throttle: 'causes-mails',
  },
  {
    name: 'request-sign-in-link',
    subject: 'signing-in',
    method: 'POST',
    path: '/v1/sign-in-links',
    caller: 'anyone',
    function: 'anonymous',
    throttle: 'causes-mails',
  },
  {
    name: 'create-session',
    subject: 'signing-in',
    method: 'POST',
    path: '/v1/sessions',
    caller: 'anyone',
    function: 'anonymous',
    throttle: 'signs-in',
  },
  {
    name: 'request-session-options',
    subject: 'signing-in',
    method: 'POST',
    path: '/v1/sessions/options',
    caller: 'anyone',
    function: 'anonymous',
    throttle: 'signs-in',
  },
  {
    name: 'get-session',
    subject: 'signing-in',
    method: 'GET',
    path: '/v1/sessions/current',
    caller: 'signed-in',
    function: 'console',
  },
  {
    name: 'delete-session',
    subject: 'signing-in',
    method: 'DELETE',
    path: '/v1/sessions/current',
    caller: 'signed-in',
    function: 'console',
  },
  {
    name: 'list-passkeys',
    subject: 'signing-in',
    method: 'GET',
    path: '/v1/passkeys',
    caller: 'administrator',
    function: 'console',
  },
  {
    name: 'request-passkey-options',
    subject: 'signing-in',
    method: 'POST',
    path: '/v1/passkeys/options',
    caller: 'signed-in',
    function: 'console',
  },
  {
    name: 'add-passkey',
    subject: 'signing-in',
    method: 'POST',
    path: '/v1/passkeys',
    caller: 'signed-in',
    function: 'console',
  },
  {
    name: 'rename-passkey',
    subject: 'signing-in',
    method: 'PATCH',
    path: '/v1/passkeys/{id}',
    caller: 'administrator',
    function: 'console',
  },
  {
    name: 'remove-passkey',
    subject: 'signing-in',
    method: 'DELETE',
    path: '/v1/passkeys/{id}',
    caller: 'administrator',
    function: 'console',
  },
  {
    name: 'get-customer',
    subject: 'customers',
    method: 'GET',
    path: '/v1/customer',
    caller: 'administrator',
    function: 'console',
  },
  {
    name: 'edit-customer',
    subject: 'customers',
    method: 'PATCH',
    path: '/v1/customer',
    caller: 'privileged',
    function: 'console',
  },
  {
    name: 'change-representative',
    subject: 'customers',
    method: 'PUT',
    path: '/v1/customer/representative',
    caller: 'privileged',
    function: 'console',
  },
  {
    name: 'set-mau-alert',
    subject: 'alerts',
    method: 'PUT',
    path: '/v1/customer/mau-alert',
    caller: 'privileged',
    function: 'console',
  },
  {
    name: 'unsubscribe-customer',
    subject: 'leaving',
    method: 'POST',
    path: '/v1/customer/unsubscription',
    caller: 'representative',
    function: 'console',
  },
  {
    name: 'get-mau',
    subject: 'metering',
    method: 'GET',
    path: '/v1/customer/mau',
    caller: 'administrator',
    function: 'console',
  },
  {
    name: 'list-statements',
    subject: 'statements',
    method: 'GET',
    path: '/v1/customer/statements',
    caller: 'administrator',
    function: 'console',
  },
  {
    name: 'list-administrators',
    subject: 'administrators',
    method: 'GET',
    path: '/v1/administrators',
    caller: 'administrator',
    function: 'console',
  },
  {
    name: 'add-administrator',
    subject: 'administrators',
    method: 'POST',
    path: '/v1/administrators',
    caller: 'privileged',
    function: 'console',
    throttle: 'causes-mails',
  },
  {
    name: 'edit-administrator',
    subject: 'administrators',
    method: 'PATCH',
    path: '/v1/administrators/{id}',
    caller: 'privileged',
    function: 'console',
  },
  {
    name: 'remove-administrator',
    subject: 'administrators',
    method: 'DELETE',
    path: '/v1/administrators/{id}',
    caller: 'privileged',
    function: 'console',
  },
  {
    name: 'send-activation-link',
    subject: 'administrators',
    method: 'POST',
    path: '/v1/administrators/{id}/activation-links',
    caller: 'privileged',
    function: 'console',
    throttle: 'causes-mails',
  },
  {
    name: 'change-email',
    subject: 'administrators',
    method: 'PUT',
    path: '/v1/administrators/me/email',
    caller: 'administrator',
    function: 'console',
    throttle: 'causes-mails',
  },
  {
    name: 'confirm-email',
    subject: 'administrators',
    method: 'POST',
    path: '/v1/email-confirmations',
    caller: 'anyone',
    function: 'anonymous',
    throttle: 'causes-mails',
  },
  { name: 'list-rps', subject: 'rps', method: 'GET', path: '/v1/rps', caller: 'administrator', function: 'console' },
  {
    name: 'register-rp',
    subject: 'rps',
    method: 'POST',
    path: '/v1/rps',
    caller: 'administrator',
    function: 'console',
  },
  { name: 'get-rp', subject: 'rps', method: 'GET', path: '/v1/rps/{id}', caller: 'administrator', function: 'console' },
  {
    name: 'rename-rp',
    subject: 'rps',
    method: 'PATCH',
    path: '/v1/rps/{id}',
    caller: 'administrator',
    function: 'console',
  },
  {
    name: 'remove-rp',
    subject: 'rps',
    method: 'DELETE',
    path: '/v1/rps/{id}',
    caller: 'administrator',
    function: 'console',
  },
  {
    name: 'list-api-keys',
    subject: 'rps',
    method: 'GET',
    path: '/v1/rps/{id}/api-keys',
    caller: 'administrator',
    function: 'console',
  },
  {
    name: 'create-api-key',
    subject: 'rps',
    method: 'POST',
    path: '/v1/rps/{id}/api-keys',
    caller: 'administrator',
    function: 'console',
  },
  {
    name: 'delete-api-key',
    subject: 'rps',
    method: 'DELETE',
    path: '/v1/rps/{id}/api-keys/{keyId}',
    caller: 'administrator',
    function: 'console',
  },
  { name: 'list-users', subject: 'users', method: 'GET', path: '/v1/rp/users', caller: 'rp', function: 'users' },
  { name: 'register-users', subject: 'users', method: 'POST', path: '/v1/rp/users', caller: 'rp', function: 'users' },
  { name: 'get-user', subject: 'users', method: 'GET', path: '/v1/rp/users/{userId}', caller: 'rp', function: 'users' },
  {
    name: 'remove-user',
    subject: 'users',
    method: 'DELETE',
    path: '/v1/rp/users/{userId}',
    caller: 'rp',
    function: 'users',
  },
  {
    name: 'report-operations',
    subject: 'metering',
    method: 'POST',
    path: '/v1/rp/operations',
    caller: 'rp',
    function: 'operations',
  },
  { name: 'list-plans', subject: 'service', method: 'GET', path: '/v1/plans', caller: 'anyone', function: 'anonymous' },
  {
    name: 'get-health',
    subject: 'service',
    method: 'GET',
    path: '/v1/health',
    caller: 'anyone',
    function: 'anonymous',
  },
  {
    name: 'get-openapi',
    subject: 'service',
    method: 'GET',
    path: '/v1/openapi.json',
    caller: 'anyone',
    function: 'anonymous',
  },
  {
    name: 'answer-not-found',
    subject: 'service',
    method: 'ANY',
    path: '$default',
    caller: 'anyone',
    function: 'anonymous',
  },
] as const satisfies readonly Route[];

export type RouteName = (typeof routes)[number]['name'];
type RouteNamed<N extends RouteName> = Extract<(typeof routes)[number], { name: N }>;
/** The kind of caller that the route named N takes. */
export type CallerOf<N extends RouteName> = RouteNamed<N>['caller'];
/** The names of the routes that the function F serves. */
export type RoutesOf<F extends ApiFunctionName> = Extract<(typeof routes)[number], { function: F }>['name'];

/** Returns the route of that name. */
export function routeNamed(name: RouteName): Route {
  // The compiler checks the names, so there always is one.
  return routes.find((route) => route.name === name) as Route;
}

/** Returns how API Gateway names a route in the events that it sends, such as `GET /v1/customer`. */
export const routeKeyOf = ({ method, path }: Route): string => (path === '$default' ? path : `${method} ${path}`);
