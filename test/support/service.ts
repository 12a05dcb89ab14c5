import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { paginateScan } from '@aws-sdk/lib-dynamodb';
import type * as z from 'zod';
import type { operatorCommand } from '../../functions/contract/operator.ts';
import { administrator } from '../../functions/contract/administrators.ts';
import type { RpView } from '../../functions/contract/rp-views.ts';
import { createdBearerKey, registerRpContract } from '../../functions/contract/rps.ts';
import { addPasskeyContract, requestPasskeyOptionsContract } from '../../functions/contract/passkeys.ts';
import { createSessionContract, requestSessionOptionsContract } from '../../functions/contract/sessions.ts';
import { anonymousBucket } from '../../functions/domain/mail/link-allowances.ts';
import type { Log } from '../../functions/domain/services.ts';
import { toIso } from '../../functions/domain/time.ts';
import { transact } from '../../functions/table/engine/transaction.ts';
import { readEmail } from '../../functions/table/emails.ts';
import { dropLinkLimit } from '../../functions/table/limits/link-limits.ts';
import type { OutboxMail } from '../../local/aws/outbox.ts';
import { ACCESS_DENIED, type ServiceOptions } from '../../local/service.ts';
import { startBackend } from './backend.ts';
import { createPasskey, usePasskey, type SoftPasskey } from './fido2/authenticator.ts';
import { engineEndpoint } from './engine.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body, or undefined if the body is not JSON. */
  readonly body: unknown;
  /**
   * Parses the body with a contract's schema and returns the result. If the body does not match the schema, throws an
   * error that contains the response.
   */
  read<S extends z.ZodType>(schema: S): z.output<S>;
}
export interface Request {
  /** The credential for the `Authorization` header. */
  readonly as?: string | undefined;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** A body to send unchanged. The content type of the request is JSON unless `headers` sets another content type. */
  readonly raw?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
}
/** A signed-in person. */
export interface Person {
  readonly administratorId: string;
  readonly email: string;
  readonly session: string;
}
/** The representative of a new customer. */
export interface SignedUp extends Person {
  readonly customerId: string;
}
interface LogLine {
  readonly level: keyof Log;
  readonly message: string;
  readonly fields: Record<string, unknown>;
}

type OperatorCommand = z.input<typeof operatorCommand>;
export type TestService = Awaited<ReturnType<typeof startTestService>>;

/**
 * Starts the whole service on a new table. Returns functions that use the service only through its interfaces: the API,
 * the outbox, the local clock, and Lambda's Invoke API for the operator's function. Only `dump`, `signIn` and
 * `signUp` use the table itself.
 */
export async function startTestService(
  options: Partial<
    Pick<
      ServiceOptions,
      | 'timeZone'
      | 'plans'
      | 'unsubscribeGraceHours'
      | 'endpoint'
      | 'tableName'
      | 'onTableUse'
      | 'onTableOpen'
      | 'people'
      | 'edge'
      | 'limitsSignUps'
      | 'verifiesDomains'
      | 'consoleFolder'
      | 'stageSecret'
    >
  > = {},
) {
  const logged: LogLine[] = [];
  const line =
    (level: keyof Log) =>
    (message: string, fields: Record<string, unknown> = {}) => {
      logged.push({ level, message, fields });
    };
  const { endpoint = await engineEndpoint() } = options;
  const { url, origin, table, ...started } = await startBackend({
    tableName: `test-${randomUUID()}`,
    log: { info: line('info'), warn: line('warn'), error: line('error') },
    // `mailsTo` and `drain` poll at once. Polls that find nothing take 4% of a core if they run every 250 ms.
    pollInterval: 1_000,
    ...options,
    endpoint,
  });
  /** Every session token, link token, API key and challenge that was in a response. */
  const secrets = new Set<string>();
  let people = 0;

  async function send(request: string, { as, body, raw, headers }: Request = {}): Promise<Answer> {
    const [method = '', path = ''] = request.split(' ');
    const content = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(`${url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(content !== undefined && { 'content-type': 'application/json' }),
        ...(as !== undefined && { authorization: `Bearer ${as}` }),
        ...headers,
      },
      ...(content !== undefined && { body: content }),
    });
    const text = await response.text();
    for (const [secret] of text.matchAll(
      /\b(?:(?:ses|lnk|ops|opl)_[\w-]{43}|fido2_[0-9a-z]{20}_[\w-]{43}|fss_[\w-]{43})|whsec_[A-Za-z0-9+/]{43}=/g,
    ))
      secrets.add(secret);
    // The response that starts a WebAuthn ceremony contains a challenge. The request that ends the ceremony consumes
    // the challenge.
    for (const [, challenge] of text.matchAll(/"challenge":"([\w-]{43})"/g)) if (challenge) secrets.add(challenge);
    const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '') && text !== '';
    const answered: unknown = isJson ? JSON.parse(text) : undefined;
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: answered,
      read(schema) {
        const result = schema.safeParse(answered);
        if (!result.success)
          throw new Error(`${request} answered ${response.status} ${text.slice(0, 500)}: ${result.error.message}`);
        return result.data;
      },
    };
  }

  /** Returns all e-mails to an address, newest last. */
  async function mailsTo(email: string): Promise<OutboxMail[]> {
    const { body } = await send(`GET /_local/mail?to=${encodeURIComponent(email)}`);
    return body as OutboxMail[];
  }

  /** Returns the token of the newest link that was sent to an address. */
  async function linkTo(email: string): Promise<string> {
    const mails = await mailsTo(email);
    const tokens = mails.flatMap(({ text }) => /#token=(lnk_[\w-]{43})$/m.exec(text)?.[1] ?? []);
    const newest = tokens.at(-1);
    if (newest === undefined) throw new Error(`There is no link to ${email} in the outbox.`);
    return newest;
  }

  /** Opens an e-mailed link and returns the person whom the link signs in. */
  async function openLink(token: string): Promise<Person> {
    const answer = await send('POST /v1/sessions', { body: { token } });
    const opened = answer.read(createSessionContract.answer.body);
    return {
      administratorId: opened.administrator.id,
      email: opened.administrator.email,
      session: opened.sessionToken,
    };
  }

  /**
   * Signs in a registered administrator with a link. Returns the token of the new session. First resets the limit of
   * links that people request for the address, so that a test can sign in as often as it needs.
   */
  async function signIn(email: string): Promise<string> {
    await transact(table, { limit: dropLinkLimit(anonymousBucket(email).of) });
    await send('POST /v1/sign-in-links', { body: { email } });
    return (await openLink(await linkTo(email))).session;
  }

  /** Creates a passkey, but does not add it yet. Returns the passkey and the WebAuthn response that can add it. */
  async function makePasskey(session: string, deviations: Parameters<typeof createPasskey>[2] = {}) {
    const options = await send('POST /v1/passkeys/options', { as: session });
    return createPasskey(origin, options.read(requestPasskeyOptionsContract.answer.body), deviations);
  }

  /** Creates a passkey and adds it for the signed-in person. Returns the passkey and its ID. */
  async function addPasskey(session: string, deviations: Parameters<typeof createPasskey>[2] = {}) {
    const { passkey, response } = await makePasskey(session, deviations);
    const added = await send('POST /v1/passkeys', { as: session, body: { name: 'Phone', passkey: response } });
    return { passkey, ...added.read(addPasskeyContract.answer.body) };
  }

  /** Starts a sign-in with a passkey. Returns the WebAuthn response that completes the sign-in. */
  async function answerWith(passkey: SoftPasskey, deviations: Parameters<typeof usePasskey>[3] = {}) {
    const options = await send('POST /v1/sessions/options');
    return usePasskey(origin, passkey, options.read(requestSessionOptionsContract.answer.body), deviations);
  }

  /** Signs in with a passkey. Returns the token of the new session. */
  async function signInByPasskey(passkey: SoftPasskey): Promise<string> {
    const answer = await send('POST /v1/sessions', { body: { passkey: await answerWith(passkey) } });
    return answer.read(createSessionContract.answer.body).sessionToken;
  }

  /** Returns an unused e-mail address. */
  const newEmail = () => `person-${(people += 1)}@example.com`;

  /** Signs up a customer and opens the link in the e-mail. Returns the representative. */
  async function signUp(name = 'Example Corporation'): Promise<SignedUp> {
    const email = newEmail();
    await send('POST /v1/customers', { body: { customer: { name }, representative: { name: 'Alice Arai', email } } });
    const person = await openLink(await linkTo(email));
    const owner = await readEmail(table, email);
    if (!owner) throw new Error(`Nobody has the address ${email}.`);
    return { ...person, customerId: owner.customerId };
  }

  /** Adds an administrator and opens the link in the e-mail. Returns the administrator. */
  async function addAdministrator(session: string, privilege: 'administrator' | 'privileged'): Promise<Person> {
    const email = newEmail();
    const added = await send('POST /v1/administrators', { as: session, body: { name: 'Bob Baba', email, privilege } });
    added.read(administrator);
    return openLink(await linkTo(email));
  }

  async function newRp(session: string, rpId = 'shop.example.com', name = 'Example Shop'): Promise<RpView> {
    return (await send('POST /v1/rps', { as: session, body: { rpId, name } })).read(registerRpContract.answer.body);
  }

  async function newApiKey(session: string, rp: string): Promise<{ keyId: string; apiKey: string }> {
    const created = await send(`POST /v1/rps/${rp}/api-keys`, { as: session, body: { name: 'Production' } });
    return created.read(createdBearerKey);
  }

  /**
   * Registers users or reports an authentication of each user. Each request contains up to 50 users. Throws an error
   * unless the status of every response is 200.
   */
  async function forEachFifty(route: 'users' | 'operations', apiKey: string, userIds: readonly string[]) {
    for (let start = 0; start < userIds.length; start += 50) {
      const some = userIds.slice(start, start + 50);
      const entries = some.map((userId) => (route === 'users' ? { userId } : { userId, type: 'authentication' }));
      const answer = await send(`POST /v1/rp/${route}`, { as: apiKey, body: { [route]: entries } });
      if (answer.status !== 200) throw new Error(`POST /v1/rp/${route} answered ${answer.status} ${answer.text}`);
    }
  }

  /** Invokes the operator's function as the command line does. Returns the result or the problem. */
  async function operate(request: OperatorCommand): Promise<{ result?: unknown; problem?: Record<string, unknown> }> {
    const answer = await send('POST /2015-03-31/functions/operator/invocations', {
      body: { operator: 'olga', request },
    });
    return answer.body as { result?: unknown; problem?: Record<string, unknown> };
  }

  /** Sets a license with the operator's function. Throws an error if the service refuses the license. */
  async function setLicense(
    customerId: string,
    license: Omit<Extract<OperatorCommand, { command: 'set-license' }>, 'command' | 'customerId'>,
  ): Promise<void> {
    const { problem } = await operate({ command: 'set-license', customerId, ...license });
    if (problem) throw new Error(`The service refused the license: ${inspect(problem)}`);
  }

  /** The names of the session cookies, which depend on whether the console has TLS. */
  const cookieName = origin.startsWith('https:') ? '__Host-session' : 'fido2-session';
  const operatorCookieName = origin.startsWith('https:') ? '__Host-operator-session' : 'fido2-operator-session';
  /**
   * Returns the header that sets the session cookie for some seconds. With an empty token, the header ends the cookie.
   */
  const sessionCookie = (token: string, seconds: number, name = cookieName) =>
    `${name}=${token}; Path=/; Max-Age=${seconds}; HttpOnly; ${origin.startsWith('https:') ? 'Secure; ' : ''}SameSite=Strict`;

  let clockAhead = 0;
  /**
   * Returns the time of the service's clock in epoch milliseconds. The returned time can be a few milliseconds ahead of
   * the service's clock.
   */
  const now = () => Date.now() + clockAhead;
  /** Sets the service's clock to `time`. The clock continues to run from `time`. */
  async function setClock(time: string | number): Promise<void> {
    const instant = typeof time === 'string' ? Date.parse(time) : time;
    clockAhead = instant - Date.now();
    const answer = await send('PUT /_local/clock', { body: { now: toIso(instant) } });
    if (answer.status !== 200) throw new Error(`The clock answered ${answer.status} ${answer.text}`);
  }
  /** Advances the service's clock by at least `milliseconds`. */
  const pass = (milliseconds: number) => setClock(now() + milliseconds);

  /**
   * Scans the table and returns every item, sorted by key. Unlike a test, a Lambda function must not scan the table.
   */
  async function dump(): Promise<Record<string, unknown>[]> {
    const items: Record<string, unknown>[] = [];
    const pages = paginateScan({ client: table.client }, { TableName: table.name, ConsistentRead: true });
    for await (const { Items } of pages) items.push(...(Items ?? []));
    const key = ({ pk, sk }: Record<string, unknown>) => JSON.stringify([pk, sk]);
    return items.sort((a, b) => (key(a) < key(b) ? -1 : 1));
  }

  return {
    url,
    tableName: table.name,
    /** The endpoint of the engine in which the table is. */
    endpoint,
    send,
    mailsTo,
    linkTo,
    openLink,
    signIn,
    origin,
    cookieName,
    operatorCookieName,
    sessionCookie,
    makePasskey,
    addPasskey,
    answerWith,
    signInByPasskey,
    newEmail,
    signUp,
    addAdministrator,
    newRp,
    newApiKey,
    registerUsers: (apiKey: string, userIds: readonly string[]) => forEachFifty('users', apiKey, userIds),
    authenticateUsers: (apiKey: string, userIds: readonly string[]) => forEachFifty('operations', apiKey, userIds),
    operate,
    setLicense,
    now,
    setClock,
    pass,
    drain: () => send('POST /_local/streams/drain'),
    dump,
    secrets,
    /** The log of the service, as entries and as text. */
    logged,
    loggedText: () =>
      logged.map((logLine) => inspect(logLine, { depth: Infinity, maxStringLength: Infinity })).join('\n'),
    /**
     * Stops the service. Throws an error if a Lambda function made a DynamoDB call that its IAM role does not allow.
     * Without this check, tests could pass even if IAM denied a call that an event-processing function makes: no
     * request fails, and the service just invokes the function again.
     */
    async stop() {
      await started.stop();
      const denied = logged.filter(({ message }) => message === ACCESS_DENIED).map(({ fields }) => fields['reason']);
      if (denied.length > 0) throw new Error([...new Set(denied)].join('\n'));
    },
  };
}
