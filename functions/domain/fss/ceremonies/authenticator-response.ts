import type * as z from 'zod';
import { parseBody } from '../parse-body.ts';

/**
 * Returns the response of an authenticator from the JSON of a credential. Senders of the FSS format name the transports
 * beside the response; if they do, `transports` replaces those in the response. Throws `FssError` with
 * `PARAMETER_ERROR` for another value.
 */
export function responseOf<Schema extends z.ZodType>(
  schema: Schema,
  json: unknown,
  transports?: unknown,
): z.output<Schema> {
  const { id, rawId = id, response, ...rest } = membersOf(json);
  const whole = {
    ...{ ...rest, id, rawId },
    response: transports == null ? response : { ...membersOf(response), transports },
  };
  return parseBody(schema, whole, {
    id: 'REQUIRE_CREDENTIAL_ID',
    rawId: 'CREDENTIAL_ID_MISMATCH',
    type: 'BAD_CREDENTIAL_TYPE',
    'response.clientDataJSON': 'CLIENT_DATA_JSON_PARSE_FAILED',
  });
}

const membersOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
