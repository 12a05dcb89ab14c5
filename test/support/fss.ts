import * as z from 'zod';
import type { AuthenticationOptions, RegistrationOptions } from '../../functions/contract/ceremonies.ts';
import { FSS_ERROR_CODES, FSS_STATUSES, type FssErrorCode } from '../../functions/domain/fss/fss-call.ts';
import type { FssCredential } from '../../functions/domain/fss/credentials/fss-credential.ts';
import type { FssUser } from '../../functions/domain/fss/users/fss-user.ts';
import type { TestRp } from './fido2/ceremonies.ts';
import { callFss, newFssKey, type TestFssKey } from './fss-client.ts';
import type { TestService } from './service.ts';

/** Every member that the data of an answer may have. */
export interface FssData {
  readonly user: FssUser;
  readonly users: readonly FssUser[];
  readonly credential: FssCredential;
  readonly credentials: readonly FssCredential[];
  readonly creationOptions: RegistrationOptions;
  readonly requestOptions: AuthenticationOptions;
}

/** The outcome of a call in the FSS format. */
export interface FssOutcome {
  readonly appStatus: string;
  readonly errorCode?: FssErrorCode | undefined;
  readonly message?: string | undefined;
  /** The data of an answer with the status `OK`. Each call returns only some of the members. */
  readonly data: FssData;
  /** The cookie that the answer sets; null if it removes the cookie. */
  readonly cookie?: string | null | undefined;
}

const envelope = z.strictObject({
  appStatus: z.enum(['OK', ...FSS_STATUSES]),
  data: z.record(z.string(), z.unknown()).optional(),
  message: z.string().min(1).optional(),
  appSubStatus: z.strictObject({ errorCode: z.enum(FSS_ERROR_CODES) }).optional(),
});

/** The access key of each RP that has made a call. */
const keys = new WeakMap<TestRp, Promise<TestFssKey>>();

function keyOf(service: TestService, rp: TestRp): Promise<TestFssKey> {
  const known = keys.get(rp);
  if (known) return known;
  const created = newFssKey(service, rp.owner.session, { id: rp.rpRef, rpId: rp.rpId }, 'access-key');
  keys.set(rp, created);
  return created;
}

const COOKIE = 'fss-ceremony';

/** Makes a call in the FSS format as the RP's server does, with an access key and the cookie of an earlier answer. */
export const performFss = async (
  service: TestService,
  rp: TestRp,
  name: string,
  body: unknown,
  cookie?: string | null,
): Promise<FssOutcome> => performFssWith(service, await keyOf(service, rp), name, body, cookie);

/**
 * Makes a call in the FSS format, with a new proof of the key's type. Sends the name and the value of the cookie back,
 * as the SDKs do, and nothing else of it.
 */
export async function performFssWith(
  service: Pick<TestService, 'send' | 'now'>,
  key: TestFssKey,
  name: string,
  body: unknown,
  cookie?: string | null,
): Promise<FssOutcome> {
  const headers: Record<string, string> = typeof cookie === 'string' ? { cookie: `${COOKIE}=${cookie}` } : {};
  const answer = await callFss(service, key, name, body, headers);
  if (answer.status !== 200) throw new Error(`The call ${name} answered ${answer.status} ${answer.text}`);
  const { appStatus, data, message, appSubStatus } = answer.read(envelope);
  const [set] = answer.headers.getSetCookie();
  const [, value = ''] = /^fss-ceremony=([^;]*);/.exec(set ?? '') ?? [];
  return {
    appStatus,
    errorCode: appSubStatus?.errorCode,
    message,
    // A test that reads the data of a failed call sees undefined members.
    data: (data ?? {}) as unknown as FssData,
    cookie: set === undefined ? undefined : set.endsWith('; Max-Age=0') ? null : value,
  };
}

/** Returns a user ID of the FSS format: 64 bytes that depend on `number`. */
export const fssUserIdOf = (number: number, length = 64) =>
  Buffer.from(Array.from({ length }, (_, index) => (index + number) % 256)).toString('base64url');
