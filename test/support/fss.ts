import { randomBytes } from 'node:crypto';
import type { AuthenticationOptions, RegistrationOptions } from '../../functions/contract/ceremonies.ts';
import { createCalendar } from '../../functions/domain/calendar.ts';
import { FssError, type FssAnswer, type FssErrorCode, type FssServices } from '../../functions/domain/fss/fss-call.ts';
import { fssCalls } from '../../functions/domain/fss/fss-calls.ts';
import type { FssCredential } from '../../functions/domain/fss/credentials/fss-credential.ts';
import type { FssUser } from '../../functions/domain/fss/users/fss-user.ts';
import { authenticateApiKey, withRememberedApiKeys } from '../../functions/domain/rps/authenticate-api-key.ts';
import { openTable } from '../../functions/table/engine/client.ts';
import { localClientConfig } from '../../local/open-table.ts';
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
  readonly message?: string;
  /** The data of an answer with the status `OK`. Each call returns only some of the members. */
  readonly data: FssData;
  /** The cookie that the answer sets; null if it removes the cookie. */
  readonly cookie?: string | null | undefined;
}

/** The data of an answer that has none, so that a test that reads a member sees undefined. */
const NO_DATA = {} as FssData;

const secret = randomBytes(32);

/** Returns services with which the calls of the FSS format work on the table of a test service. */
export function fssServicesOf(service: TestService, verifyDomains = false): FssServices {
  const silent = () => undefined;
  return {
    table: openTable(service.tableName, localClientConfig(service.endpoint)),
    clock: { now: service.now },
    log: { info: silent, warn: silent, error: silent },
    consoleUrl: service.url,
    calendar: createCalendar('Asia/Tokyo'),
    verifyDomains,
    signalsUnknownCredentials: true,
    stageSecrets: () => Promise.resolve([secret]),
    newerStageSecrets: () => Promise.resolve(undefined),
  };
}

/** Makes a call in the FSS format as the RP's server that has the API key. */
export async function callFss(
  service: TestService,
  key: string,
  name: string,
  body: unknown,
  cookie?: string,
  services = fssServicesOf(service),
): Promise<FssOutcome> {
  const caller = await authenticateApiKey(withRememberedApiKeys(services), key);
  const call = fssCalls[name];
  if (!call) throw new Error(`There is no call ${name}.`);
  try {
    const sent: unknown = JSON.parse(JSON.stringify(body));
    const { data, cookie: set }: FssAnswer = await call(services, {
      caller,
      body: sent,
      cookie,
      receivedAt: services.clock.now(),
    });
    return { appStatus: 'OK', data: JSON.parse(JSON.stringify(data)) as FssData, cookie: set };
  } catch (error) {
    if (!(error instanceof FssError)) throw error;
    const { appStatus, errorCode, message } = error;
    return { appStatus, errorCode, message, data: NO_DATA };
  }
}

/** Returns a user ID of the FSS format: 64 bytes that depend on `number`. */
export const fssUserIdOf = (number: number, length = 64) =>
  Buffer.from(Array.from({ length }, (_, index) => (index + number) % 256)).toString('base64url');
