/**
 * The list of all routes of the API. The Lambda functions, the CDK app, the local service and the tests load this file,
 * so it imports no other module.
 */

/**
 * The kind of caller that may call a route. Every route authenticates the caller before the route reads any other part
 * of the request. `signed-in` is any signed-in administrator, including an administrator whose session may only add a
 * passkey. `administrator`, `privileged` and `representative` do not include a caller with such a session. `privileged`
 * includes the representative. `operator` is a signed-in operator of the service, who is no administrator. `rp` is an
 * RP with an API key. `fss` is an RP with an API key for the FSS format, the wire format of another product. The route
 * for this format has neither a contract nor an operation in the OpenAPI document.
 */
export type CallerKind =
  'anyone' | 'signed-in' | 'administrator' | 'privileged' | 'representative' | 'operator' | 'rp' | 'fss';

/**
 * The Lambda functions of the API. `console` serves the routes that need a session, so that opening the console waits
 * for only one cold start. `webhooks` serves the routes for a customer's webhook, because only their function may read
 * the stage's secret. `users` serves the routes through which RPs manage their users and their users' credentials.
 * `ceremonies` serves the WebAuthn ceremonies of RPs' users. `operations` serves the route to which RPs report their
 * users' operations; this route gets most of the API's requests. `fss` serves the calls of RPs' servers in the FSS
 * format. `operator` serves all routes of the operators' pages, also those that need no session, so that no other
 * function may read operators and their sessions, and this function may write nothing of a customer. `anonymous` serves
 * all other routes, which need neither a session nor an API key.
 */
export type ApiFunctionName =
  'console' | 'webhooks' | 'anonymous' | 'users' | 'ceremonies' | 'operations' | 'fss' | 'operator';

/**
 * The reason why a route has its own throttle, which all callers of the route share. Without the throttle, a flood of
 * requests to this route would use up the request rate that all other routes share. `causes-mails`: the route makes the
 * service send an e-mail, and a flood of these e-mails would delay all other e-mails of the service. `signs-in`: the
 * route begins or completes a sign-in.
 */
export type Throttle = 'causes-mails' | 'signs-in';

export interface Route {
  /**
   * The route's name: a verb and a noun, such as `add-passkey`. The route's handler file, domain function, construct
   * and OpenAPI operation have the same name.
   */
  readonly name: string;
  /**
   * The name of two folders: the folder in `api/` with the route's handler file, and the folder in `domain/` with the
   * route's domain function.
   */
  readonly subject: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'ANY';
  /**
   * The path in the notation of API Gateway, or `$default`, which matches every request that no other route matches.
   */
  readonly path: string;
  readonly caller: CallerKind;
  /** The Lambda function that serves the route. */
  readonly function: ApiFunctionName;
  /** @default - only the throttle of the whole API applies to the route */
  readonly throttle?: Throttle;
  /**
   * Whether the response is the same for every caller until the next deployment, so that browsers and CloudFront may
   * cache the response. @default false
   */
  readonly isConstant?: true;
  /**
   * Whether CloudFront may cache the responses of the route, as their header `Cache-Control` says, although they may
   * change between two deployments. The responses must be the same for every caller. @default false
   */
  readonly isCacheable?: true;
}

/** A route that the Lambda function F serves. */
type RouteOf<F extends ApiFunctionName> = Route & { readonly function: F };

export const consoleRoutes = [
  {
    name: 'get-session',
    subject: 'sessions',
    method: 'GET',
    path: '/v1/sessions/current',
    caller: 'signed-in',
    function: 'console',
  },
  {
    name: 'delete-session',
    subject: 'sessions',
    method: 'DELETE',
    path: '/v1/sessions/current',
    caller: 'signed-in',
    function: 'console',
  },
  {
    name: 'list-sessions',
    subject: 'sessions',
    method: 'GET',
    path: '/v1/sessions',
    caller: 'administrator',
    function: 'console',
  },
  {
    name: 'delete-sessions',
    subject: 'sessions',
    method: 'DELETE',
    path: '/v1/sessions',
    caller: 'administrator',
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
    name: 'cancel-unsubscription',
    subject: 'leaving',
    method: 'DELETE',
    path: '/v1/customer/unsubscription',
    caller: 'privileged',
    function: 'console',
  },
  {
    name: 'list-audit-entries',
    subject: 'audit',
    method: 'GET',
    path: '/v1/customer/activity',
    caller: 'privileged',
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
    name: 'list-active-users',
    subject: 'metering',
    method: 'GET',
    path: '/v1/customer/mau/users',
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
    name: 'undo-recovery',
    subject: 'administrators',
    method: 'DELETE',
    path: '/v1/administrators/{id}/recovery',
    caller: 'privileged',
    function: 'console',
  },
  {
    name: 'set-mail-settings',
    subject: 'administrators',
    method: 'PUT',
    path: '/v1/administrators/me/mail-settings',
    caller: 'administrator',
    function: 'console',
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
    name: 'edit-rp',
    subject: 'rps',
    method: 'PATCH',
    path: '/v1/rps/{id}',
    caller: 'administrator',
    function: 'console',
  },
  {
    name: 'verify-rp',
    subject: 'rps',
    method: 'POST',
    path: '/v1/rps/{id}/verification',
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
    name: 'get-activity',
    subject: 'activity',
    method: 'GET',
    path: '/v1/rps/{id}/activity',
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
  {
    name: 'list-users-of-rp',
    subject: 'users',
    method: 'GET',
    path: '/v1/rps/{id}/users',
    caller: 'administrator',
    function: 'console',
  },
  {
    name: 'get-user-of-rp',
    subject: 'users',
    method: 'GET',
    path: '/v1/rps/{id}/users/{userId}',
    caller: 'administrator',
    function: 'console',
  },
  {
    name: 'edit-user-of-rp',
    subject: 'users',
    method: 'PATCH',
    path: '/v1/rps/{id}/users/{userId}',
    caller: 'administrator',
    function: 'console',
  },
  {
    name: 'remove-user-of-rp',
    subject: 'users',
    method: 'DELETE',
    path: '/v1/rps/{id}/users/{userId}',
    caller: 'administrator',
    function: 'console',
  },
  {
    name: 'list-credentials-of-rp',
    subject: 'credentials',
    method: 'GET',
    path: '/v1/rps/{id}/users/{userId}/credentials',
    caller: 'administrator',
    function: 'console',
  },
  {
    name: 'edit-credential-of-rp',
    subject: 'credentials',
    method: 'PATCH',
    path: '/v1/rps/{id}/users/{userId}/credentials/{credentialId}',
    caller: 'administrator',
    function: 'console',
  },
  {
    name: 'remove-credential-of-rp',
    subject: 'credentials',
    method: 'DELETE',
    path: '/v1/rps/{id}/users/{userId}/credentials/{credentialId}',
    caller: 'administrator',
    function: 'console',
  },
] as const satisfies readonly RouteOf<'console'>[];

export const webhooksRoutes = [
  {
    name: 'get-webhook',
    subject: 'webhooks',
    method: 'GET',
    path: '/v1/customer/webhook',
    caller: 'administrator',
    function: 'webhooks',
  },
  {
    name: 'set-webhook',
    subject: 'webhooks',
    method: 'PUT',
    path: '/v1/customer/webhook',
    caller: 'privileged',
    function: 'webhooks',
  },
  {
    name: 'rotate-webhook-secret',
    subject: 'webhooks',
    method: 'POST',
    path: '/v1/customer/webhook/secret',
    caller: 'privileged',
    function: 'webhooks',
  },
  {
    name: 'test-webhook',
    subject: 'webhooks',
    method: 'POST',
    path: '/v1/customer/webhook/test',
    caller: 'privileged',
    function: 'webhooks',
  },
  {
    name: 'remove-webhook',
    subject: 'webhooks',
    method: 'DELETE',
    path: '/v1/customer/webhook',
    caller: 'privileged',
    function: 'webhooks',
  },
] as const satisfies readonly RouteOf<'webhooks'>[];

export const anonymousRoutes = [
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
    name: 'confirm-email',
    subject: 'administrators',
    method: 'POST',
    path: '/v1/email-confirmations',
    caller: 'anyone',
    function: 'anonymous',
    throttle: 'causes-mails',
  },
  {
    name: 'get-token-keys',
    subject: 'fido2',
    method: 'GET',
    path: '/v1/rps/{id}/jwks.json',
    caller: 'anyone',
    function: 'anonymous',
    isCacheable: true,
  },
  {
    name: 'list-plans',
    subject: 'service',
    method: 'GET',
    path: '/v1/plans',
    caller: 'anyone',
    function: 'anonymous',
    isConstant: true,
  },
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
    isConstant: true,
  },
  {
    name: 'answer-not-found',
    subject: 'service',
    method: 'ANY',
    path: '$default',
    caller: 'anyone',
    function: 'anonymous',
  },
] as const satisfies readonly RouteOf<'anonymous'>[];

export const usersRoutes = [
  { name: 'get-own-rp', subject: 'rps', method: 'GET', path: '/v1/rp', caller: 'rp', function: 'users' },
  { name: 'list-users', subject: 'users', method: 'GET', path: '/v1/rp/users', caller: 'rp', function: 'users' },
  { name: 'register-users', subject: 'users', method: 'POST', path: '/v1/rp/users', caller: 'rp', function: 'users' },
  { name: 'get-user', subject: 'users', method: 'GET', path: '/v1/rp/users/{userId}', caller: 'rp', function: 'users' },
  {
    name: 'edit-user',
    subject: 'users',
    method: 'PATCH',
    path: '/v1/rp/users/{userId}',
    caller: 'rp',
    function: 'users',
  },
  {
    name: 'remove-user',
    subject: 'users',
    method: 'DELETE',
    path: '/v1/rp/users/{userId}',
    caller: 'rp',
    function: 'users',
  },
  {
    name: 'list-credentials',
    subject: 'credentials',
    method: 'GET',
    path: '/v1/rp/users/{userId}/credentials',
    caller: 'rp',
    function: 'users',
  },
  {
    name: 'get-credential',
    subject: 'credentials',
    method: 'GET',
    path: '/v1/rp/users/{userId}/credentials/{id}',
    caller: 'rp',
    function: 'users',
  },
  {
    name: 'edit-credential',
    subject: 'credentials',
    method: 'PATCH',
    path: '/v1/rp/users/{userId}/credentials/{id}',
    caller: 'rp',
    function: 'users',
  },
  {
    name: 'remove-credential',
    subject: 'credentials',
    method: 'DELETE',
    path: '/v1/rp/users/{userId}/credentials/{id}',
    caller: 'rp',
    function: 'users',
  },
  {
    name: 'import-credentials',
    subject: 'credentials',
    method: 'POST',
    path: '/v1/rp/credentials/import',
    caller: 'rp',
    function: 'users',
  },
  {
    name: 'export-credentials',
    subject: 'credentials',
    method: 'GET',
    path: '/v1/rp/credentials/export',
    caller: 'rp',
    function: 'users',
  },
] as const satisfies readonly RouteOf<'users'>[];

export const ceremoniesRoutes = [
  {
    name: 'request-registration-options',
    subject: 'fido2',
    method: 'POST',
    path: '/v1/rp/registrations/options',
    caller: 'rp',
    function: 'ceremonies',
  },
  {
    name: 'register-credential',
    subject: 'fido2',
    method: 'POST',
    path: '/v1/rp/registrations',
    caller: 'rp',
    function: 'ceremonies',
  },
  {
    name: 'request-authentication-options',
    subject: 'fido2',
    method: 'POST',
    path: '/v1/rp/authentications/options',
    caller: 'rp',
    function: 'ceremonies',
  },
  {
    name: 'authenticate-user',
    subject: 'fido2',
    method: 'POST',
    path: '/v1/rp/authentications',
    caller: 'rp',
    function: 'ceremonies',
  },
] as const satisfies readonly RouteOf<'ceremonies'>[];

export const operationsRoutes = [
  {
    name: 'report-operations',
    subject: 'metering',
    method: 'POST',
    path: '/v1/rp/operations',
    caller: 'rp',
    function: 'operations',
  },
] as const satisfies readonly RouteOf<'operations'>[];

export const fssRoutes = [
  {
    name: 'answer-fss-call',
    subject: 'fss',
    method: 'POST',
    path: '/api/{proxy+}',
    caller: 'fss',
    function: 'fss',
  },
] as const satisfies readonly RouteOf<'fss'>[];

export const operatorRoutes = [
  {
    name: 'request-operator-session-options',
    subject: 'operators',
    method: 'POST',
    path: '/v1/operator/sessions/options',
    caller: 'anyone',
    function: 'operator',
    throttle: 'signs-in',
  },
  {
    name: 'create-operator-session',
    subject: 'operators',
    method: 'POST',
    path: '/v1/operator/sessions',
    caller: 'anyone',
    function: 'operator',
    throttle: 'signs-in',
  },
  {
    name: 'get-operator-session',
    subject: 'operators',
    method: 'GET',
    path: '/v1/operator/sessions/current',
    caller: 'operator',
    function: 'operator',
  },
  {
    name: 'delete-operator-session',
    subject: 'operators',
    method: 'DELETE',
    path: '/v1/operator/sessions/current',
    caller: 'operator',
    function: 'operator',
  },
  {
    name: 'request-operator-passkey-options',
    subject: 'operators',
    method: 'POST',
    path: '/v1/operator/passkeys/options',
    caller: 'anyone',
    function: 'operator',
    throttle: 'signs-in',
  },
  {
    name: 'add-operator-passkey',
    subject: 'operators',
    method: 'POST',
    path: '/v1/operator/passkeys',
    caller: 'anyone',
    function: 'operator',
    throttle: 'signs-in',
  },
  {
    name: 'get-operator-overview',
    subject: 'operator',
    method: 'GET',
    path: '/v1/operator/overview',
    caller: 'operator',
    function: 'operator',
  },
  {
    name: 'list-operator-customers',
    subject: 'operator',
    method: 'GET',
    path: '/v1/operator/customers',
    caller: 'operator',
    function: 'operator',
  },
  {
    name: 'get-operator-customer',
    subject: 'operator',
    method: 'GET',
    path: '/v1/operator/customers/{id}',
    caller: 'operator',
    function: 'operator',
  },
  {
    name: 'list-operator-activity',
    subject: 'operator',
    method: 'GET',
    path: '/v1/operator/customers/{id}/activity',
    caller: 'operator',
    function: 'operator',
  },
  {
    name: 'list-failed-mails',
    subject: 'operator',
    method: 'GET',
    path: '/v1/operator/failed-mails',
    caller: 'operator',
    function: 'operator',
  },
] as const satisfies readonly RouteOf<'operator'>[];

/**
 * All routes. The comment tells esbuild that the call has no side effects, so that the bundle of a Lambda function
 * contains only the routes that the function serves.
 */
export const routes = /* @__PURE__ */ (() =>
  [
    ...consoleRoutes,
    ...webhooksRoutes,
    ...anonymousRoutes,
    ...usersRoutes,
    ...ceremoniesRoutes,
    ...operationsRoutes,
    ...fssRoutes,
    ...operatorRoutes,
  ] as const)();

export type RouteName = (typeof routes)[number]['name'];
type RouteNamed<N extends RouteName> = Extract<(typeof routes)[number], { name: N }>;
/** The names of the routes that have a contract: all except the one for the FSS format. */
export type ContractedRouteName = Exclude<RouteName, 'answer-fss-call'>;
/** The kind of caller that the route named N accepts. */
export type CallerOf<N extends RouteName> = RouteNamed<N>['caller'];
/** The names of the routes that the function F serves. */
export type RoutesOf<F extends ApiFunctionName> = Extract<(typeof routes)[number], { function: F }>['name'];

/** Returns the route with the given name. */
export function routeNamed(name: RouteName): Route {
  // The compiler checks the name, so the route always exists.
  return routes.find((route) => route.name === name) as Route;
}

/**
 * Returns the keys that identify a route in the events of API Gateway, such as `GET /v1/customer`. A route for GET also
 * serves HEAD (RFC 9110, 9.3.2). API Gateway passes HEAD only to a route with a key of its own.
 */
export function routeKeysOf({ method, path }: Route): readonly string[] {
  if (path === '$default') return [path];
  return method === 'GET' ? [`GET ${path}`, `HEAD ${path}`] : [`${method} ${path}`];
}
