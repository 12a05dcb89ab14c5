import type { RpServer } from '../callers.ts';
import type { CeremonyServices } from '../fido2/ceremony-services.ts';

/** The services that the calls of the FSS format need. */
export type FssServices = CeremonyServices;

/** The values of `appStatus` in the answer of a call that failed. */
export const FSS_STATUSES = [
  'UNEXPECTED_ERROR',
  'BAD_JSON_FORMAT',
  'PARAMETER_ERROR',
  'INSERT_ERROR',
  'UPDATE_ERROR',
  'DELETE_ERROR',
  'DUPLICATED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'AUTHENTICATION_FAILED',
  'UNAUTHORIZED',
  'PERMISSION_ERROR',
  'LICENSE_ERROR',
] as const;
export type FssStatus = (typeof FSS_STATUSES)[number];

/** The values of `appSubStatus.errorCode`, which say why a ceremony was refused. */
export const FSS_ERROR_CODES = [
  'USER_NOT_FOUND',
  'REQUIRE_USER_NAME',
  'REQUIRE_USER_ID_OR_USER_HANDLE',
  'USER_IS_DISABLED',
  'USER_HANDLE_NOT_MATCH',
  'CREDENTIAL_NOT_FOUND',
  'REQUIRE_CREDENTIAL_ID',
  'CREDENTIAL_IS_DISABLED',
  'CREDENTIAL_ID_MISMATCH',
  'BAD_CREDENTIAL_TYPE',
  'CREDENTIAL_ALREADY_REGISTERED',
  'CLIENT_DATA_JSON_PARSE_FAILED',
  'REQUIRE_ATTESTED_CREDENTIAL_DATA',
  'BAD_REQUEST_TYPE',
  'RP_NOT_FOUND',
  'RP_ID_HASH_MISMATCH',
  'ORIGIN_NOT_ALLOWED',
  'REQUIRE_USER_VERIFICATION',
  'LICENSE_LIMIT_EXCEEDED',
  'INTERNAL_ERROR',
  'UNEXPECTED_ERROR',
  'INVALID_SESSION',
] as const;
export type FssErrorCode = (typeof FSS_ERROR_CODES)[number];

/** A call in the FSS format failed. The message tells the RP's developer the reason. */
export class FssError extends Error {
  override readonly name = 'FssError';
  readonly appStatus: FssStatus;
  /** @default - the failure has no code */
  readonly errorCode: FssErrorCode | undefined;
  /** `cause` is the error of the domain that the failure comes from. @default - the call itself has failed */
  constructor(appStatus: FssStatus, message: string, errorCode?: FssErrorCode, cause?: unknown) {
    super(message, { cause });
    this.appStatus = appStatus;
    this.errorCode = errorCode;
  }
}

/** A call in the FSS format, after the service has authenticated the RP's server. */
export interface FssRequest {
  readonly caller: RpServer;
  /** The body, parsed as JSON. */
  readonly body: unknown;
  /** The value of the ceremony's cookie. @default - the request has no such cookie */
  readonly cookie: string | undefined;
  /** The time at which the service received the request, in epoch milliseconds. */
  readonly receivedAt: number;
}

/** The answer to a call that succeeded. */
export interface FssAnswer {
  readonly data: Readonly<Record<string, unknown>>;
  /** The value of the ceremony's cookie. Null removes the cookie. @default - the cookie stays as it is */
  readonly cookie?: string | null;
}

/** Performs a call in the FSS format. Throws `FssError` when the call fails for a reason that the RP can act on. */
export type FssCall = (services: FssServices, request: FssRequest) => Promise<FssAnswer>;
