/** The name of a type in JSON Schema. */
export type JsonType = 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'object';

/** A kind of field error, with the texts that explain the kind. */
interface Kind {
  /** The description of the kind in the OpenAPI document. */
  readonly means: string;
  /** Returns a text in English that says what the value must be. */
  readonly detail: (parameters: never) => string;
}
export type Kinds = Readonly<Record<string, Kind>>;

/**
 * Every kind of field error that a response to the console may contain, by code. The console has a text for each code.
 */
export const fieldErrorKinds = {
  // Any value
  required: { means: 'The field is missing', detail: () => 'Must be present' },
  'unknown-field': {
    means: 'The service has no field or parameter with this name',
    detail: () => 'Must not be present: the service has no field or parameter with this name',
  },
  'wrong-type': {
    means: 'The value is not of the type `expected`',
    detail: ({ expected }: { expected: JsonType }) => `Must be ${typeNames[expected]}`,
  },
  'unknown-value': {
    means: 'The value is not one of `values`',
    detail: ({ values }: { values: readonly string[] }) => `Must be ${listed(values, 'or')}`,
  },
  'too-short': {
    means: 'The text has fewer than `min` characters',
    detail: ({ min }: { min: number }) => `Must have at least ${counted(min, 'character', 'characters')}`,
  },
  'too-long': {
    means: 'The text has more than `max` characters (UTF-16 code units)',
    detail: ({ max }: { max: number }) => `Must have at most ${counted(max, 'character', 'characters')}`,
  },
  'too-few': {
    means: 'The list has fewer than `min` entries',
    detail: ({ min }: { min: number }) => `Must have at least ${counted(min, 'entry', 'entries')}`,
  },
  'too-many': {
    means: 'The list has more than `max` entries',
    detail: ({ max }: { max: number }) => `Must have at most ${counted(max, 'entry', 'entries')}`,
  },
  'too-small': {
    means: 'The number is below `min`',
    detail: ({ min }: { min: number }) => `Must be at least ${min}`,
  },
  'too-large': {
    means: 'The number is above `max`, or the JSON object takes more than `max` bytes',
    detail: ({ max }: { max: number }) => `Must be at most ${max}`,
  },
  duplicate: {
    means: 'An earlier entry of the list has the same value',
    detail: () => 'Must not equal the value in an earlier entry of the list',
  },
  'at-least-one-required': {
    means: 'All of `fields` are missing',
    detail: ({ fields }: { fields: readonly string[] }) => `Must have at least one of ${listed(fields, 'and')}`,
  },
  'exactly-one-required': {
    means: 'None or more than one of `fields` are present',
    detail: ({ fields }: { fields: readonly string[] }) => `Must have exactly one of ${listed(fields, 'and')}`,
  },

  // Texts
  'not-one-line': {
    means: 'The text has line breaks or control characters',
    detail: () => 'Must be one line without control characters',
  },
  'control-characters': {
    means: 'The text has control characters other than line breaks',
    detail: () => 'Must not have control characters other than line breaks',
  },
  'not-unicode': {
    means: 'The text is not well-formed Unicode, or was not sent as UTF-8',
    detail: () => 'Must be well-formed Unicode, sent as UTF-8',
  },
  'not-an-email': { means: 'The value is not an e-mail address', detail: () => 'Must be an e-mail address' },
  'not-a-phone-number': {
    means: 'The value has characters that phone numbers do not have',
    detail: () => 'Must consist of digits, letters, spaces and + - ( ) . / #',
  },
  'not-a-domain-name': {
    means: 'The value is not a domain name',
    detail: () => 'Must be a domain name, without scheme, port or path',
  },
  'not-a-user-id': {
    means: 'The value does not have the format of a user ID',
    detail: () =>
      'Must be 1 to 128 of the characters A-Z a-z 0-9 . _ ~ : @ + = - and not begin with . ~ : @ + =; send anything else as base64url',
  },
  'not-an-id': {
    means: 'The value does not have the format of the IDs that the service issues',
    detail: () => 'Must be an ID that the service issued',
  },
  'not-a-time': {
    means: 'The value is not a time in ISO 8601 with an offset, or the time does not exist',
    detail: () => 'Must be a valid time in ISO 8601 with its offset, such as 2026-11-22T09:30:00Z',
  },
  'not-a-cursor': {
    means: 'The value is not the `nextCursor` of an earlier response',
    detail: () => 'Must be the nextCursor of an earlier response',
  },
  'not-base64url': { means: 'The value is not base64url without padding', detail: () => 'Must be base64url' },

  // The headers, and the body as a whole
  'wrong-content-type': {
    means: 'The Content-Type of the body is not application/json',
    detail: () => 'Must have the header Content-Type: application/json',
  },
  'not-json': {
    means: 'The body is missing, is not well-formed JSON, or has a field named __proto__ or constructor',
    detail: () => 'Must be well-formed JSON, with Content-Type: application/json',
  },
  'not-an-etag': {
    means: 'The header If-Match does not contain exactly one ETag',
    detail: () => 'Must be the ETag of the response that was read, such as "3"',
  },

  // Customers and administrators
  'email-taken': {
    means: 'An administrator already has the e-mail address',
    detail: () => 'Must be an e-mail address that no administrator has',
  },
  'not-an-active-administrator': {
    means: 'No active administrator of this customer has the ID',
    detail: () => 'Must be the ID of an active administrator of this customer',
  },
  'not-the-customer-name': {
    means: 'The confirmation differs from the name of the customer',
    detail: () => "Must be the customer's name, as it is shown",
  },

  // RPs and passkeys
  'public-suffix': {
    means: 'The value is a public suffix: anybody can register domain names directly below it',
    detail: () => 'Must be a domain name that you own, such as shop.example.com, not a public suffix such as com',
  },
  'rp-id-taken': {
    means: 'The customer already has an RP with this domain name',
    detail: () => 'Must be a domain name that the customer has not registered yet',
  },
  'not-an-origin': {
    means: 'The value is not the origin of a website or of an Android app in the form in which browsers send it',
    detail: () =>
      'Must be an origin as browsers send it, such as https://shop.example.com or https://shop.example.com:8443 (lower case, without path or default port), or android:apk-key-hash: and 43 characters of base64url',
  },
  'not-a-web-origin': {
    means: 'The value is not the origin of a website in the form in which browsers send it',
    detail: () =>
      'Must be an origin as browsers send it, such as https://shop.example.com or https://shop.example.com:8443 (lower case, without path or default port)',
  },
  'not-https': {
    means: 'The origin does not begin with https. Only the RP ID `localhost` takes `http://localhost` with a port',
    detail: () => 'Must be an origin with https; only the RP ID localhost takes http://localhost with a port',
  },
  'too-many-related-domains': {
    means: 'The RP ID and the origins have more than `max` different names before their public suffixes',
    detail: ({ max }: { max: number }) =>
      `Must have at most ${max} different names before the public suffix, such as "example" in example.com and example.co.uk, including the name in the RP ID: browsers ignore the others`,
  },
  'not-an-aaguid': {
    means: 'The value is not an AAGUID',
    detail: () => 'Must be an AAGUID, such as 2fc0579f-8113-47ea-b116-bb5a8db9202a',
  },
  'needs-trusted-attestation': {
    means: '`authenticators.allow` and `minimumCertification` need `requireTrustedAttestation`',
    detail: () =>
      'Must not be set without requireTrustedAttestation: without it, anybody can forge the AAGUID of an authenticator',
  },
  'rp-has-users': {
    means: 'The RP has users, so their names can no longer be made unique',
    detail: () => 'Must be switched on before the first user is registered',
  },
  'user-name-taken': {
    means: 'The RP requires that each user has another name, and another user has this name',
    detail: () => 'Must be a name that no other user of the RP has',
  },
  'not-the-same-id': { means: '`rawId` differs from `id`', detail: () => 'Must be the same as the field id' },
  'challenge-not-valid': {
    means: 'The challenge was not issued to this caller, has expired, or was used already',
    detail: () =>
      'Must be the response to a challenge that you requested within the last 5 minutes and have not used yet',
  },
  'passkey-not-valid': {
    means: "The authenticator's response did not pass verification",
    detail: () => 'Must be created by the authenticator for the console, with the options that the service returned',
  },
} as const satisfies Kinds;

export type FieldErrorCode = keyof typeof fieldErrorKinds;

const typeNames: Readonly<Record<JsonType, string>> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

const counted = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

const listed = (values: readonly string[], conjunction: 'and' | 'or') =>
  [values.slice(0, -1).join(', '), ...values.slice(-1)].filter((some) => some !== '').join(` ${conjunction} `);
