/** The name of a type in JSON Schema. */
export type JsonType = 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'object';

/** A kind of field error. `fieldErrorMeanings` says what each kind means. */
interface Kind {
  /** Returns a text in English that says what the value must be. */
  readonly detail: (parameters: never) => string;
}
export type Kinds = Readonly<Record<string, Kind>>;

/**
 * Every kind of field error that a response to the console may contain, by code. The console has a text for each code.
 */
export const fieldErrorKinds = {
  // Any value
  required: { detail: () => 'Must be present' },
  'unknown-field': {
    detail: () => 'Must not be present: the service has no field or parameter with this name',
  },
  'wrong-type': {
    detail: ({ expected }: { expected: JsonType }) => `Must be ${typeNames[expected]}`,
  },
  'unknown-value': {
    detail: ({ values }: { values: readonly string[] }) => `Must be ${listed(values, 'or')}`,
  },
  'too-short': {
    detail: ({ min }: { min: number }) => `Must have at least ${counted(min, 'character', 'characters')}`,
  },
  'too-long': {
    detail: ({ max }: { max: number }) => `Must have at most ${counted(max, 'character', 'characters')}`,
  },
  'too-few': {
    detail: ({ min }: { min: number }) => `Must have at least ${counted(min, 'entry', 'entries')}`,
  },
  'too-many': {
    detail: ({ max }: { max: number }) => `Must have at most ${counted(max, 'entry', 'entries')}`,
  },
  'too-small': {
    detail: ({ min }: { min: number }) => `Must be at least ${min}`,
  },
  'too-large': {
    detail: ({ max }: { max: number }) => `Must be at most ${max}`,
  },
  duplicate: {
    detail: () => 'Must not equal the value in an earlier entry of the list',
  },
  'at-least-one-required': {
    detail: ({ fields }: { fields: readonly string[] }) => `Must have at least one of ${listed(fields, 'and')}`,
  },
  'exactly-one-required': {
    detail: ({ fields }: { fields: readonly string[] }) => `Must have exactly one of ${listed(fields, 'and')}`,
  },

  // Texts
  'not-one-line': {
    detail: () => 'Must be one line without control characters',
  },
  'control-characters': {
    detail: () => 'Must not have control characters other than line breaks',
  },
  'not-unicode': {
    detail: () => 'Must be well-formed Unicode, sent as UTF-8',
  },
  'not-an-email': { detail: () => 'Must be an e-mail address' },
  'not-a-phone-number': {
    detail: () => 'Must consist of digits, letters, spaces and + - ( ) . / #',
  },
  'not-a-domain-name': {
    detail: () => 'Must be a domain name, without scheme, port or path',
  },
  'not-a-user-id': {
    detail: () =>
      'Must be 1 to 128 of the characters A-Z a-z 0-9 . _ ~ : @ + = - and not begin with . ~ : @ + =; send anything else as base64url',
  },
  'not-an-id': {
    detail: () => 'Must be an ID that the service issued',
  },
  'not-a-time': {
    detail: () => 'Must be a valid time in ISO 8601 with its offset, such as 2026-11-22T09:30:00Z',
  },
  'not-a-month': { detail: () => 'Must be a month, such as 2026-11' },
  'not-a-cursor': {
    detail: () => 'Must be the nextCursor of an earlier response',
  },
  'not-base64url': { detail: () => 'Must be base64url' },

  // The headers, and the body as a whole
  'wrong-content-type': {
    detail: () => 'Must have the header Content-Type: application/json',
  },
  'not-json': {
    detail: () => 'Must be well-formed JSON, with Content-Type: application/json',
  },
  'not-an-etag': {
    detail: () => 'Must be the ETag of the response that was read, such as "3"',
  },

  // Customers and administrators
  'email-taken': {
    detail: () => 'Must be an e-mail address that no administrator has',
  },
  'not-an-active-administrator': {
    detail: () => 'Must be the ID of an active administrator of this customer',
  },
  'needs-maximum-mau': {
    detail: () => 'Must not be in percents: no license of the customer has a maximum MAU',
  },
  'not-a-webhook-url': {
    detail: () => 'Must be a URL that begins with https, without user name, password and fragment',
  },
  'not-the-customer-name': {
    detail: () => "Must be the customer's name, as it is shown",
  },

  // Months
  'no-longer-kept': {
    detail: ({ earliest }: { earliest: string }) =>
      `Must be ${earliest} or a later month: the service no longer keeps the active users of earlier months`,
  },

  // RPs and passkeys
  'public-suffix': {
    detail: () => 'Must be a domain name that you own, such as shop.example.com, not a public suffix such as com',
  },
  'rp-id-taken': {
    detail: () => 'Must be a domain name that the customer has not registered yet',
  },
  'not-an-origin': {
    detail: () =>
      'Must be an origin as browsers send it, such as https://shop.example.com or https://shop.example.com:8443 (lower case, without path or default port), or android:apk-key-hash: and 43 characters of base64url',
  },
  'not-a-web-origin': {
    detail: () =>
      'Must be an origin as browsers send it, such as https://shop.example.com or https://shop.example.com:8443 (lower case, without path or default port)',
  },
  'not-https': {
    detail: () => 'Must be an origin with https; only the RP ID localhost takes http://localhost with a port',
  },
  'too-many-related-domains': {
    detail: ({ max }: { max: number }) =>
      `Must have at most ${max} different names before the public suffix, such as "example" in example.com and example.co.uk, including the name in the RP ID: browsers ignore the others`,
  },
  'not-an-aaguid': {
    detail: () => 'Must be an AAGUID, such as 2fc0579f-8113-47ea-b116-bb5a8db9202a',
  },
  'needs-trusted-attestation': {
    detail: () =>
      'Must not be set without requireTrustedAttestation: without it, anybody can forge the AAGUID of an authenticator',
  },
  'rp-has-users': {
    detail: () => 'Must be switched on before the first user is registered',
  },
  'user-name-taken': {
    detail: () => 'Must be a name that no other user of the RP has',
  },
  'not-the-same-id': { detail: () => 'Must be the same as the field id' },
  'challenge-not-valid': {
    detail: () =>
      'Must be the response to a challenge that you requested within the last 5 minutes and have not used yet',
  },
  'passkey-not-valid': {
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
