import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type * as z from 'zod';
import type { Contract } from '../contract/contract.ts';
import { NotFoundError } from '../domain/errors.ts';
import { faultDetail } from './fault-detail.ts';
import { PayloadTooLargeError, PreconditionRequiredError, ValidationError } from './problems.ts';

/** The largest body that is looked at, in bytes: 100 operations or 50 users take under 60 KB. */
export const MAX_BODY = 128 * 1024;

/** What a contract made of a request. */
export interface Input {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  /** The version sent as `If-Match`; undefined when the contract asks for none. */
  readonly version: number | undefined;
}

/**
 * Parses a request, its body already read as JSON, by its contract. Throws `ValidationError` with a pointer to each fault,
 * or `PreconditionRequiredError`; a path that cannot name anything is `NotFoundError`.
 */
export function validate(contract: Contract, event: APIGatewayProxyEventV2): Input {
  return {
    params: contract.params && parseParams(contract.params, event.pathParameters ?? {}),
    query: parseQuery(contract.query, event),
    version: contract.ifMatch ? parseIfMatch(event.headers['if-match']) : undefined,
    body: contract.body && parse(contract.body, event.body),
  };
}

/** Where a schema does not say what is wrong itself. */
const inOurWords = { error: faultDetail };
const UNKNOWN = 'Must not be given: no such parameter is known';

/** IDs that we give are opaque: one of another form names nothing. What callers choose themselves is refused with a reason. */
function parseParams(schema: z.ZodObject, params: Record<string, string | undefined>): unknown {
  const result = schema.safeParse(params, inOurWords);
  if (result.success) return result.data;
  if (result.error.issues.some(({ path }) => path[0] !== 'userId'))
    throw new NotFoundError('There is no such resource.');
  throw new ValidationError(faults(result.error));
}

function parseQuery(schema: z.ZodObject | undefined, event: APIGatewayProxyEventV2): unknown {
  const query = event.queryStringParameters ?? {};
  if (schema) return parse(schema, query);
  const [unknown] = Object.keys(query);
  if (unknown !== undefined) throw new ValidationError([{ pointer: pointer([unknown]), detail: UNKNOWN }]);
  return undefined;
}

/** Versions are 1 and more. */
const NO_VERSION = -1;

function parseIfMatch(header: string | undefined): number {
  if (header === undefined) {
    throw new PreconditionRequiredError('Send the ETag that was read as If-Match.');
  }
  // Without its quotes, as people type it; weak, as something between may have made it that changes the answer's bytes.
  const [, tag] = /^(?:(?:W\/)?"([^"]*)"|\d+)$/.exec(header.trim()) ?? [undefined, undefined];
  const version = tag ?? header.trim();
  if (/^\d{1,15}$/.test(version)) return Number(version);
  // A tag that is none of ours matches no version, as RFC 9110 has it (13.1.1).
  if (tag !== undefined) return NO_VERSION;
  throw new ValidationError([
    { pointer: '#/if-match', detail: 'Must be the ETag of the Customer view that was read, such as "3"' },
  ]);
}

/** Refuses a body that is larger than any request needs, before it is parsed. */
export function refuseTooLarge({ body = '', isBase64Encoded }: APIGatewayProxyEventV2): void {
  const size = Buffer.byteLength(body, isBase64Encoded ? 'base64' : 'utf8');
  if (size > MAX_BODY) throw new PayloadTooLargeError(`The body has ${size} bytes; at most ${MAX_BODY} are taken.`);
}

/** Parses a value by its schema. Throws `ValidationError` with a pointer to each fault. */
export function parse<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value, inOurWords);
  if (!result.success) throw new ValidationError(faults(result.error));
  return result.data;
}

/** More than anybody reads; a body of nothing but faults must not make a far larger answer. */
const MAX_FAULTS = 20;

function faults(error: z.ZodError) {
  const all = error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ pointer: pointer([...issue.path, key]), detail: issue.message }))
      : [{ pointer: pointer(issue.path), detail: issue.message }],
  );
  return all.slice(0, MAX_FAULTS);
}

/** A JSON pointer as a URI fragment (RFC 6901): `~` and `/` of a name are escaped, and what a fragment cannot hold. */
function pointer(path: readonly PropertyKey[]): string {
  return `#${path.map((part) => `/${encodeURIComponent(String(part).replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('')}`;
}
