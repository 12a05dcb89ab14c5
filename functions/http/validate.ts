import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type * as z from 'zod';
import type { Contract } from '../contract/contract.ts';
import { fault, fieldError } from '../contract/errors/field-errors.ts';
import { NotFoundError } from '../domain/errors.ts';
import { noSuchRoute } from '../domain/refusals.ts';
import { PayloadTooLargeError, PreconditionRequiredError, ValidationError } from './request-errors.ts';
import { codeOfIssue, fieldErrorsOfIssue, pointerTo } from './zod-issues.ts';

/**
 * The maximum size of a body that the service parses, in bytes. Every valid body is smaller: a body with 100 operations
 * or 50 users takes less than 60 KB.
 */
const MAX_BODY = 128 * 1024;

/** The parts of a request, parsed with the schemas of the route's contract. */
export interface Input {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  /**
   * The version from the header `If-Match`; undefined when the contract does not have the header, or the header is
   * optional and the request lacks it.
   */
  readonly version: number | undefined;
  /** The header `Idempotency-Key`; undefined when the contract does not allow it or the request lacks it. */
  readonly idempotencyKey: string | undefined;
}

/**
 * Parses a request with the route's contract. `json` is the JSON value in the request's body. Throws `ValidationError`
 * with a pointer to each wrong field, `PreconditionRequiredError` when `If-Match` is missing, and `NotFoundError` when
 * the path contains a malformed ID.
 */
export function validate(contract: Contract, event: APIGatewayProxyEventV2, json: unknown): Input {
  return {
    params: contract.params && parseParams(contract.params, event.pathParameters ?? {}),
    query: parseQuery(contract.query, event),
    version: versionIn(contract, event.headers['if-match']),
    idempotencyKey: contract.idempotencyKey ? parseIdempotencyKey(event.headers['idempotency-key']) : undefined,
    body: contract.body && parse(contract.body, json),
  };
}

/** The zod option that makes zod call `codeOfIssue` for the field error code of each issue whose schema states none. */
const withCodes = { error: codeOfIssue };

/**
 * Parses the parameters of a path. A path with an empty parameter, such as `/v1/rp/users/`, belongs to no route, so the
 * response is 404. No resource has an ID that is malformed for an ID of the service, so the response to such an ID is
 * 404. RPs choose user IDs, and authenticators choose credential IDs, so the response to a malformed one is 400 with
 * the reason.
 */
function parseParams(schema: z.ZodObject, params: Record<string, string | undefined>): unknown {
  if (Object.values(params).includes('')) throw noSuchRoute();
  const result = schema.safeParse(params, withCodes);
  if (result.success) return result.data;
  if (result.error.issues.some(({ message }) => message === fault('not-an-id'))) {
    throw new NotFoundError('There is no such resource.');
  }
  throw new ValidationError(fieldErrorsOf(result.error));
}

function parseQuery(schema: z.ZodObject | undefined, event: APIGatewayProxyEventV2): unknown {
  const query = event.queryStringParameters ?? {};
  if (schema) return parse(schema, query);
  const [unknown] = Object.keys(query);
  if (unknown !== undefined) throw new ValidationError([fieldError(pointerTo([unknown]), 'unknown-field')]);
  return undefined;
}

/** A version that no item has, because versions start at 1. */
const NO_VERSION = -1;

/** Returns the version that the header `If-Match` of a request names. */
function versionIn({ ifMatch = false }: Contract, header: string | undefined): number | undefined {
  if (ifMatch === false || (ifMatch === 'optional' && header === undefined)) return undefined;
  if (header === undefined) {
    throw new PreconditionRequiredError('If-Match is missing. Send the ETag of the response that you read.');
  }
  return parseIfMatch(header);
}

function parseIfMatch(header: string): number {
  // Accepts an entity tag without quotes, because people who write requests by hand often omit the quotes. Also accepts
  // a weak entity tag, because a proxy that changes the bytes of a response makes the response's tag weak.
  const [, tag] = /^(?:(?:W\/)?"([^"]*)"|\d+)$/.exec(header.trim()) ?? [undefined, undefined];
  const version = tag ?? header.trim();
  if (/^\d{1,15}$/.test(version)) return Number(version);
  // An entity tag that the service never issued matches no version (RFC 9110, 13.1.1).
  if (tag !== undefined) return NO_VERSION;
  throw new ValidationError([fieldError('#/if-match', 'not-an-etag')]);
}

/** Returns the value of the header `Idempotency-Key`: 1 to 255 visible ASCII characters. */
function parseIdempotencyKey(header: string | undefined): string | undefined {
  if (header === undefined || /^[\x21-\x7e]{1,255}$/.test(header)) return header;
  throw new ValidationError([fieldError('#/idempotency-key', 'not-an-idempotency-key')]);
}

/** Throws `PayloadTooLargeError` when the unparsed body is larger than `MAX_BODY`. */
export function refuseTooLarge({ body = '', isBase64Encoded }: APIGatewayProxyEventV2): void {
  const size = Buffer.byteLength(body, isBase64Encoded ? 'base64' : 'utf8');
  if (size > MAX_BODY) throw new PayloadTooLargeError(`The body has ${size} bytes. The maximum is ${MAX_BODY}.`);
}

/**
 * Parses a value with a zod schema and returns the result. Throws `ValidationError` with a pointer to each wrong field.
 */
export function parse<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value, withCodes);
  if (!result.success) throw new ValidationError(fieldErrorsOf(result.error));
  return result.data;
}

/**
 * The maximum number of field errors in a response. Nobody reads more errors. Without this maximum, the response to a
 * body with thousands of wrong fields would be far larger than the body.
 */
const MAX_FIELD_ERRORS = 20;

const fieldErrorsOf = (error: z.ZodError) => error.issues.flatMap(fieldErrorsOfIssue).slice(0, MAX_FIELD_ERRORS);
