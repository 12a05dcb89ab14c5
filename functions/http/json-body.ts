import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { fieldError } from '../contract/errors/field-errors.ts';
import { ValidationError } from './request-errors.ts';

/** The media types of JSON, in lower case and without parameters: `application/json`, and types that end in `+json`. */
const JSON_TYPE = /^application\/(?:[^\s;/]+\+)?json$/;

/**
 * Returns the JSON value in the body of a request. Ignores the letter case and the parameters of the content type (RFC
 * 9110, 8.3.1), and a byte order mark before the JSON: "Implementations that parse JSON texts MAY ignore the presence
 * of a byte order mark" (RFC 8259, 8.1). Throws `ValidationError` when the content type is not JSON, or when the body
 * is missing or is not JSON. A field named `__proto__` becomes a normal property of its object, so the route's schema
 * refuses the field like any other unknown field.
 */
export function jsonBodyOf({ headers, body, isBase64Encoded }: APIGatewayProxyEventV2): unknown {
  const contentType = headers['content-type'];
  const [type = ''] = (contentType ?? '').split(';');
  // A request without a content type usually has no body either. So the error says that the JSON is missing, and not
  // that the content type is wrong.
  if (contentType !== undefined && !JSON_TYPE.test(type.trim().toLowerCase())) throw faultOf('wrong-content-type');
  if (contentType === undefined || body === undefined) throw faultOf('not-json');
  const text = isBase64Encoded ? Buffer.from(body, 'base64').toString() : body;
  try {
    return JSON.parse(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text);
  } catch {
    throw faultOf('not-json');
  }
}

const BYTE_ORDER_MARK = '\uFEFF';
const faultOf = (code: 'wrong-content-type' | 'not-json') => new ValidationError([fieldError('#', code)]);
