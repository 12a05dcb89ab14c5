import { randomUUID } from 'node:crypto';
import { partsOfApiKey } from './api-key.ts';
import { ceremonyMaker, type AuthenticationToBegin, type BegunAuthentication } from './begin-authentication.ts';
import { createClient } from './generated/client/index.ts';
import * as api from './generated/sdk.gen.ts';
import type * as types from './generated/types.gen.ts';
import { retryingFetch, type Fetch, type Repetition } from './retrying-fetch.ts';

export interface Fido2ClientOptions {
  /** An API key of the RP: `fido2_…`. Only your server may know it. */
  readonly apiKey: string;
  /** The URL of the service, for example `https://console.example.com`. */
  readonly baseUrl: string;
  /** The RP ID, for example `shop.example.com`. @default - `beginAuthentication` cannot be used */
  readonly rpId?: string;
  /** How long each try of a request may take, in seconds, at most 600. @default 10 */
  readonly timeoutSeconds?: number;
  /** How often a request is sent again at most. @default 2 */
  readonly retries?: number;
  /** A replacement of `fetch`, for example for a proxy. @default - the global `fetch` */
  readonly fetch?: Fetch;
  /** The clock of `beginAuthentication`, in milliseconds since 1970. @default - the clock of your server */
  readonly now?: () => number;
}

export interface CallOptions {
  /** Ends the call, with the signal's reason as the error. */
  readonly signal?: AbortSignal;
}
export interface EndOptions extends CallOptions {
  /**
   * The header `Idempotency-Key`: 1 to 255 visible ASCII characters. Choose it yourself, and keep it with the ceremony,
   * if another process may have to repeat the call. @default - random for each call
   */
  readonly idempotencyKey?: string;
}
export interface EditOptions extends CallOptions {
  /** The `version` that the edit is based on. With another version, the edit is refused. @default - any version */
  readonly ifMatch?: number;
}

type PageOf<Query> = Omit<NonNullable<Query>, 'limit'> & {
  /** The maximum number of items: 1 to 100. @default 50 */
  readonly limit?: number;
};

/**
 * The routes of the service for the server of an RP. Each method returns the body of the answer. A method throws
 * `Fido2Problem` if the service refuses the request, and `Fido2ConnectionError` if no answer comes.
 */
export interface Fido2Client {
  /**
   * Begins an authentication that any passkey of the RP may answer, without a call. Needs the option `rpId`. Throws
   * `RangeError` for a value that is not allowed.
   */
  beginAuthentication(wish?: AuthenticationToBegin): BegunAuthentication;

  /** Begins a registration. Call it only for a person who is signed in, or who is new. */
  requestRegistrationOptions(
    body: types.RequestRegistrationOptionsData['body'],
    options?: CallOptions,
  ): Promise<types.RequestRegistrationOptionsResponse>;
  /** Ends a registration: verifies the response of `navigator.credentials.create`, and stores the credential. */
  registerCredential(
    body: types.RegisterCredentialData['body'],
    options?: EndOptions,
  ): Promise<types.RegisterCredentialResponse>;
  /** Begins an authentication by a call: for one user, or with a time-out that `beginAuthentication` does not allow. */
  requestAuthenticationOptions(
    body?: types.RequestAuthenticationOptionsData['body'],
    options?: CallOptions,
  ): Promise<types.RequestAuthenticationOptionsResponse>;
  /** Ends an authentication, however it began: verifies the response of `navigator.credentials.get`. */
  authenticateUser(
    body: types.AuthenticateUserData['body'],
    options?: EndOptions,
  ): Promise<types.AuthenticateUserResponse>;

  /** Returns a page of the RP's users, or the users of a name. */
  listUsers(page?: PageOf<types.ListUsersData['query']>, options?: CallOptions): Promise<types.ListUsersResponse>;
  /** Registers 1 to 50 users without a passkey. After a retry, a new user may be `already-registered`. */
  registerUsers(body: types.RegisterUsersData['body'], options?: CallOptions): Promise<types.RegisterUsersResponse>;
  /** Returns a user. */
  getUser(of: types.GetUserData['path'], options?: CallOptions): Promise<types.User>;
  /** Renames, disables or enables a user, or changes the user's attributes. */
  editUser(
    edit: types.EditUserData['path'] & types.EditUserData['body'],
    options?: EditOptions,
  ): Promise<types.EditUserResponse>;
  /** Removes a user and the user's credentials. */
  removeUser(of: types.RemoveUserData['path'], options?: EditOptions): Promise<void>;

  /** Returns the credentials of a user, the oldest first. */
  listCredentials(of: types.ListCredentialsData['path'], options?: CallOptions): Promise<types.ListCredentialsResponse>;
  /** Returns a credential of a user. */
  getCredential(of: types.GetCredentialData['path'], options?: CallOptions): Promise<types.Credential>;
  /** Renames, disables or enables a credential, or changes its attributes. */
  editCredential(
    edit: types.EditCredentialData['path'] & types.EditCredentialData['body'],
    options?: EditOptions,
  ): Promise<types.EditCredentialResponse>;
  /** Removes a credential. Nobody can sign in with it afterwards. */
  removeCredential(of: types.RemoveCredentialData['path'], options?: EditOptions): Promise<void>;
  /** Stores 1 to 25 credentials that were registered elsewhere. */
  importCredentials(
    body: types.ImportCredentialsData['body'],
    options?: CallOptions,
  ): Promise<types.ImportCredentialsResponse>;
  /** Returns a page of all users and credentials of the RP, in the form that `importCredentials` takes. */
  exportCredentials(
    page?: PageOf<types.ExportCredentialsData['query']>,
    options?: CallOptions,
  ): Promise<types.ExportCredentialsResponse>;

  /** Returns the RP and its settings. */
  getOwnRp(options?: CallOptions): Promise<types.OwnRp>;
  /**
   * Reports operations that the RP's own FIDO2 server performed. Give each its `occurredAt`: the client repeats the
   * call after a lost answer only then.
   */
  reportOperations(
    body: types.ReportOperationsData['body'],
    options?: CallOptions,
  ): Promise<types.ReportOperationsResponse>;
}

/** Creates a client for one RP. Throws `TypeError` or `RangeError` if an option is not valid. */
export function createFido2Client({
  apiKey,
  baseUrl,
  rpId,
  timeoutSeconds = 10,
  retries = 2,
  fetch = (url, init) => globalThis.fetch(url, init),
  now = () => Date.now(),
}: Fido2ClientOptions): Fido2Client {
  const parts = partsOfApiKey(apiKey);
  if (!isBaseUrl(baseUrl)) {
    throw new TypeError('The option baseUrl must be the URL of the service, such as https://console.example.com.');
  }
  if (!(timeoutSeconds > 0 && timeoutSeconds <= 600)) {
    throw new RangeError('The option timeoutSeconds must be greater than 0 and at most 600.');
  }
  if (!Number.isInteger(retries) || retries < 0) throw new RangeError('The option retries must be 0 or more.');
  const client = createClient({ baseUrl: baseUrl.replace(/\/+$/, ''), auth: apiKey });
  const maker = rpId === undefined ? undefined : ceremonyMaker(parts, rpId);

  const tries = { timeoutSeconds, retries, fetch };
  const fetches = { always: retryingFetch(tries, 'always'), 'if-refused': retryingFetch(tries, 'if-refused') };
  const sending = (repetition: Repetition, { signal }: CallOptions = {}) => ({
    client,
    throwOnError: true as const,
    // The generated client calls `fetch` with a `Request` only.
    fetch: fetches[repetition] as typeof globalThis.fetch,
    ...(signal && { signal }),
  });
  const always = (options?: CallOptions) => sending('always', options);
  const ifRefused = (options?: CallOptions) => sending('if-refused', options);
  const ending = ({ idempotencyKey = randomUUID(), ...options }: EndOptions = {}) => ({
    headers: { 'Idempotency-Key': idempotencyKey },
    ...always(options),
  });
  const editing = ({ ifMatch, ...options }: EditOptions = {}) => ({
    ...(ifMatch !== undefined && { headers: { 'If-Match': `"${ifMatch}"` } }),
    ...ifRefused(options),
  });

  return {
    beginAuthentication(wish = {}) {
      if (!maker) throw new TypeError('beginAuthentication needs the option rpId of createFido2Client.');
      return maker.begin(wish, now());
    },
    requestRegistrationOptions: (body, options) => dataOf(api.requestRegistrationOptions({ body, ...always(options) })),
    registerCredential: (body, options) => dataOf(api.registerCredential({ body, ...ending(options) })),
    requestAuthenticationOptions: (body = {}, options) =>
      dataOf(api.requestAuthenticationOptions({ body, ...always(options) })),
    authenticateUser: (body, options) => dataOf(api.authenticateUser({ body, ...ending(options) })),
    listUsers: (page, options) => dataOf(api.listUsers({ query: queryOf(page), ...always(options) })),
    registerUsers: (body, options) => dataOf(api.registerUsers({ body, ...always(options) })),
    getUser: async ({ userId }, options) => dataOf(api.getUser({ path: pathOf({ userId }), ...always(options) })),
    editUser: async ({ userId, ...body }, options) =>
      dataOf(api.editUser({ path: pathOf({ userId }), body, ...editing(options) })),
    async removeUser({ userId }, options) {
      await api.removeUser({ path: pathOf({ userId }), ...editing(options) });
    },
    listCredentials: async ({ userId }, options) =>
      dataOf(api.listCredentials({ path: pathOf({ userId }), ...always(options) })),
    getCredential: async ({ userId, id }, options) =>
      dataOf(api.getCredential({ path: pathOf({ userId, id }), ...always(options) })),
    editCredential: async ({ userId, id, ...body }, options) =>
      dataOf(api.editCredential({ path: pathOf({ userId, id }), body, ...editing(options) })),
    async removeCredential({ userId, id }, options) {
      await api.removeCredential({ path: pathOf({ userId, id }), ...editing(options) });
    },
    importCredentials: (body, options) => dataOf(api.importCredentials({ body, ...always(options) })),
    exportCredentials: (page, options) => dataOf(api.exportCredentials({ query: queryOf(page), ...always(options) })),
    getOwnRp: (options) => dataOf(api.getOwnRp(always(options))),
    reportOperations: (body, options) => dataOf(api.reportOperations({ body, ...reporting(body, options) })),
  };

  /**
   * An operation without a time gets the time of its arrival. Around the end of a month, a second try would count the
   * user in both months.
   */
  function reporting({ operations }: types.ReportOperationsData['body'], options?: CallOptions) {
    return operations.every(({ occurredAt }) => occurredAt !== undefined) ? always(options) : ifRefused(options);
  }
}

/** Returns whether a text is a URL of a server, without anything that requests or errors would lose or show. */
function isBaseUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return /^https?:$/.test(protocol) && `${username}${password}${search}${hash}` === '';
}

/**
 * Returns the IDs in the path of a request. Throws `TypeError` for an ID that no user and no credential has, and with
 * which the request would go to another route: URLs drop `.`, `..` and empty parts.
 */
function pathOf<Ids extends Readonly<Record<string, string>>>(ids: Ids): Ids {
  for (const [name, id] of Object.entries<unknown>(ids)) {
    if (typeof id !== 'string' || id === '' || id === '.' || id === '..') throw new TypeError(`${name} is not an ID.`);
  }
  return ids;
}

/** Returns the body of the answer of a generated function. */
const dataOf = async <Data>(answer: Promise<{ readonly data: Data }>): Promise<Data> => (await answer).data;

/** Returns a query with its numbers as text, as the generated functions take it. */
const queryOf = <Page extends { readonly limit?: number }>({ limit, ...rest }: Page = {} as Page) => ({
  ...rest,
  ...(limit !== undefined && { limit: String(limit) }),
});
