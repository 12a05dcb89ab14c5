import type { Request } from '../support/service.ts';

/** The parts of a request, except the credential. */
interface Sent extends Omit<Request, 'as'> {
  /**
   * Whether the request has an `If-Match` with the current version of the customer.
   * @default - the request has only the `If-Match` in `headers`, if any
   */
  readonly edits?: true;
}
/**
 * The name of a mistake, a request with this mistake, and the expected response. The expected response consists of the
 * slug of the problem, which follows `/problems/` in the type of the problem, and each field error as `pointer: code`.
 * The slug `validation` is omitted.
 */
type BadRequest = readonly [what: string, sent: Sent, ...expected: string[]];
/**
 * The bad requests by method and path. bad-input.test.ts replaces the names in braces with values that it created.
 * `{rp}`, `{customer}`, `{administrator}`, `{invited}`, `{passkey}` and `{credential}` become IDs, `{email}` and
 * `{EMAIL}` become addresses of administrators, `{clientDataJSON}` becomes client data with an unused challenge of an
 * administrator, and `{operatorLink}` and `{operatorClientDataJSON}` those of an operator.
 */
export type BadRequests = Readonly<Record<string, readonly BadRequest[]>>;

export const MAXIMAL_USER_ID = 'u'.repeat(128);
const long = (length: number) => 'x'.repeat(length);
const many = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index));
const latin1 = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));

const person = { name: 'Alice Arai', email: 'bad-input@example.com' };
const signUp = (customer: object) => ({ body: { customer, representative: person } });
const signUpAs = (email: unknown) => ({ body: { customer: { name: 'C' }, representative: { name: 'A', email } } });
/**
 * Returns a sign-up request in which the value of the customer's name is the raw JSON text `json`. `json` may be JSON
 * text that `JSON.stringify` never produces.
 */
const named = (json: string) => ({ raw: `{"customer":{"name":${json}},"representative":${JSON.stringify(person)}}` });
/** Texts that show nothing. */
const invisible = [
  '\u200B',
  '\u3164',
  '\u2800',
  '\u2060',
  '\uFEFF',
  '\u00AD',
  '\u115F\u1160',
  '\uFFA0',
  '\uFE0F',
  '\u200D',
  '\u{E0061}',
  '\u202A',
  '\u200E \u2800',
];
const codePointsOf = (text: string) =>
  Array.from(text, (character) => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}`).join(' ');
/** Texts that are not e-mail addresses of the public Internet, separated by line breaks. */
const notEmails = `
a@localhost
a@example
a@example.c
a@[192.0.2.1]
a@192.0.2.1
a@example.com.
a@.example.com
a@example..com
a@-example.com
a@example-.com
a@exa_mple.com
a@example.com:25
a@xn--zzzz.com
a@${'x'.repeat(64)}.example.com
a@${'例'.repeat(60)}.example
@example.com
a b@example.com
a@b@example.com
.a@example.com
a.@example.com
a..b@example.com
"a"@example.com
"a b"@example.com
müller@example.com
\u212A@example.com
a\u0000@example.com
a\u200B@example.com
a＠example.com
${'x'.repeat(65)}@example.com`
  .trim()
  .split('\n');
const contentType = (type: string) => ({ headers: { 'content-type': type } });

/** Returns a well-formed sign-in response that no passkey created. */
const asserted = (response: object = {}) => ({
  ...{ id: 'AAAA', rawId: 'AAAA', type: 'public-key' },
  response: {
    ...{ clientDataJSON: 'e30', authenticatorData: 'AAAA', signature: 'AAAA' },
    userHandle: Buffer.from(`cus_${'0'.repeat(20)}/adm_${'0'.repeat(20)}`).toString('base64url'),
    ...response,
  },
});
const withPasskey = (passkey: object) => ({ body: { passkey: { ...asserted(), ...passkey } } });
/** Returns a well-formed registration response to a challenge that the service never issued. */
const attested = (response: object = {}) => ({
  ...{ id: 'AAAA', rawId: 'AAAA', type: 'public-key' },
  response: { clientDataJSON: clientData({ challenge: long(43) }), attestationObject: 'AAAA', ...response },
});
const clientData = (data: object) => Buffer.from(JSON.stringify(data)).toString('base64url');
const ofOperator = (response: object) => ({ body: { token: '{operatorLink}', passkey: attested(response) } });
const withAssertion = (response: object) => ({ body: { passkey: asserted(response) } });

// prettier-ignore
export const byAnyone: BadRequests = {
  'POST /v1/customers': [
    ['no body', {}, '#: not-json'],
    ['an empty body', { raw: '' }, '#: not-json'],
    ['null', { raw: 'null' }, '#: wrong-type'],
    ['a list', { raw: '[]' }, '#: wrong-type'],
    ['a string', { raw: '"customer"' }, '#: wrong-type'],
    ['a number', { raw: '1' }, '#: wrong-type'],
    ['truncated JSON', { raw: '{"customer":{"name":' }, '#: not-json'],
    ['JSON with a trailing comma', { raw: '{"customer":{},}' }, '#: not-json'],
    ['two bodies', { raw: '{}{}' }, '#: not-json'],
    ['bytes that are not text', { raw: new Uint8Array([0xff, 0xfe, 0x00, 0x01]) }, '#: not-json'],
    ['JSON in UTF-16', { raw: new Uint8Array(Buffer.from('\uFEFF{}', 'utf16le')) }, '#: not-json'],
    ['JSON after two byte order marks', { raw: '\uFEFF\uFEFF{}' }, '#: not-json'],
    ['a form', { raw: 'name=C', ...contentType('application/x-www-form-urlencoded') }, '#: wrong-content-type'],
    ['JSON with the content type text/plain', { raw: '{}', ...contentType('text/plain') }, '#: wrong-content-type'],
    ['JSON without a content type', { raw: '{}', ...contentType('') }, '#: wrong-content-type'],
    ['1 MB of spaces', { raw: ' '.repeat(1024 * 1024) }, 'payload-too-large'],
    ['1 MB of JSON', signUp({ name: long(1024 * 1024) }), 'payload-too-large'],
    ['1 MB of bytes', { raw: new Uint8Array(1024 * 1024), ...contentType('image/png') }, 'payload-too-large'],
    ['50,000 nested lists', { raw: '['.repeat(50_000) + ']'.repeat(50_000) }, '#: wrong-type'],
    ['10,000 nested objects', named(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`), '#/customer/name: wrong-type'],
    ['no fields', { body: {} }, '#/customer: required', '#/representative: required'],
    ['no representative', { body: { customer: { name: 'C' } } }, '#/representative: required'],
    ['a customer that is null', { body: { customer: null, representative: person } }, '#/customer: wrong-type'],
    ['a customer that is a list', { body: { customer: [], representative: person } }, '#/customer: wrong-type'],
    ['no name', signUp({}), '#/customer/name: required'],
    ['a name that is a number', signUp({ name: 1 }), '#/customer/name: wrong-type'],
    ['a name that is null', signUp({ name: null }), '#/customer/name: wrong-type'],
    ['an empty name', signUp({ name: '' }), '#/customer/name: too-short'],
    ['a name that contains only spaces', signUp({ name: ' \u3000 ' }), '#/customer/name: too-short'],
    ...invisible.map((name) => [`a name that contains only ${codePointsOf(name)}`, signUp({ name }), '#/customer/name: too-short'] as const),
    ['a person without a visible name', { body: { customer: { name: 'C' }, representative: { ...person, name: '\u3164' } } }, '#/representative/name: too-short'],
    ['a name of 201 characters', signUp({ name: long(201) }), '#/customer/name: too-long'],
    ['a name of two lines', signUp({ name: 'C\r\nBcc: everybody@example.com' }), '#/customer/name: not-one-line'],
    ['a name with a NUL', signUp({ name: 'C\u0000' }), '#/customer/name: not-one-line'],
    ['a name with an escape character', signUp({ name: '\u001b[31mC' }), '#/customer/name: not-one-line'],
    ['a name with a line separator', signUp({ name: 'C\u2028D' }), '#/customer/name: not-one-line'],
    ['a name with a character that changes the direction of text', signUp({ name: 'C\u202ED' }), '#/customer/name: not-one-line'],
    ['a name with a C1 control character', signUp({ name: 'C\u0085D' }), '#/customer/name: not-one-line'],
    ['a name with the first half of a surrogate pair', named('"C\\ud83d"'), '#/customer/name: not-unicode'],
    ['a name with the second half of a surrogate pair', named('"\\ude00C"'), '#/customer/name: not-unicode'],
    ['a name that is not UTF-8', { raw: latin1(named('"Müller"').raw) }, '#/customer/name: not-unicode'],
    ['an address of 501 characters', signUp({ name: 'C', address: long(501) }), '#/customer/address: too-long'],
    ['an address with a bell character', signUp({ name: 'C', address: 'A\u0007' }), '#/customer/address: control-characters'],
    ['an address that is a list', signUp({ name: 'C', address: ['A'] }), '#/customer/address: wrong-type'],
    ['a phone number of 31 characters', signUp({ name: 'C', phoneNumber: '1'.repeat(31) }), '#/customer/phoneNumber: too-long'],
    ['a phone number with markup', signUp({ name: 'C', phoneNumber: '<b>1</b>' }), '#/customer/phoneNumber: not-a-phone-number'],
    ['a phone number that is a number', signUp({ name: 'C', phoneNumber: 1 }), '#/customer/phoneNumber: wrong-type'],
    ...notEmails.map((email) => [`the e-mail address ${email.slice(0, 30)}`, signUpAs(email), '#/representative/email: not-an-email'] as const),
    ['no e-mail address', signUpAs(undefined), '#/representative/email: required'],
    ['an e-mail address without @', signUpAs('alice'), '#/representative/email: not-an-email'],
    ['two e-mail addresses', signUpAs('a@example.com,b@example.com'), '#/representative/email: not-an-email'],
    ['an e-mail address with a name', signUpAs('A <a@example.com>'), '#/representative/email: not-an-email'],
    ['an e-mail address with a line break', signUpAs('a@example.com\nBcc: b@example.com'), '#/representative/email: not-an-email'],
    ['an e-mail address of 255 characters', signUpAs(`${long(243)}@example.com`), '#/representative/email: too-long'],
    ['an e-mail address that is an object', signUpAs({ $ne: '' }), '#/representative/email: wrong-type'],
    ['an unknown field', { body: { ...signUp({ name: 'C' }).body, plan: 'business' } }, '#/plan: unknown-field'],
    ['an unknown nested field', signUp({ name: 'C', status: 'active' }), '#/customer/status: unknown-field'],
    ['an unknown field whose name is not Unicode', { raw: JSON.stringify(signUp({ name: 'C' }).body).replace('{', '{"\\ud800":1,') }, '#/%EF%BF%BD: unknown-field'],
    ['an unknown field whose name needs escapes', signUp({ name: 'C', 'a/b~c "ü%': 1 }), '#/customer/a~1b~0c%20%22%C3%BC%25: unknown-field'],
    ['a __proto__', { raw: JSON.stringify(signUp({ name: 'C' }).body).replace('{', '{"__proto__":{"a":1},') }, '#/__proto__: unknown-field'],
    ['a nested __proto__', named('"C","__proto__":{"a":1}'), '#/customer/__proto__: unknown-field'],
    ['a constructor', signUp({ name: 'C', constructor: { prototype: {} } }), '#/customer/constructor: unknown-field'],
    ['a toString', signUp({ name: 'C', toString: 1 }), '#/customer/toString: unknown-field'],
    ['errors in several fields', { body: { customer: { name: 1, x: 1 }, representative: { name: 'A', email: 'a' }, y: 1 } },
      '#/customer/name: wrong-type', '#/customer/x: unknown-field', '#/representative/email: not-an-email', '#/y: unknown-field'],
  ],
  'POST /v1/sign-in-links': [
    ['no e-mail address', { body: {} }, '#/email: required'],
    ['an e-mail address that is a number', { body: { email: 1 } }, '#/email: wrong-type'],
    ['an e-mail address that is not UTF-8', { raw: latin1('{"email":"müller@example.com"}') }, '#/email: not-an-email'],
  ],
  'POST /v1/sign-in-links?redirect=https://evil.example': [['a query', { body: { email: person.email } }, '#/redirect: unknown-field']],
  'POST /v1/sessions': [
    ['neither a token nor a passkey', { body: {} }, '#: exactly-one-required'],
    ['both a token and a passkey', { body: { token: 'lnk', passkey: asserted() } }, '#: exactly-one-required'],
    ['an empty token', { body: { token: '' } }, '#/token: too-short'],
    ['a token that is a number', { body: { token: 1 } }, '#/token: wrong-type'],
    ['a token of 101 characters', { body: { token: long(101) } }, '#/token: too-long'],
    ['a token that the service never sent', { body: { token: `lnk_${long(43)}` } }, 'unauthenticated'],
    ['a passkey that is null', { body: { passkey: null } }, '#/passkey: wrong-type'],
    ['a passkey that is a string', { body: { passkey: 'AA' } }, '#/passkey: wrong-type'],
    ['an empty passkey', { body: { passkey: {} } },
      '#/passkey/id: required', '#/passkey/rawId: required', '#/passkey/type: required', '#/passkey/response: required'],
    ['a credential whose type is not public-key', withPasskey({ type: 'password' }), '#/passkey/type: unknown-value'],
    ['a credential ID that is not base64url', withPasskey({ id: 'A+/=', rawId: 'A+/=' }), '#/passkey/id: not-base64url', '#/passkey/rawId: not-base64url'],
    ['two credential IDs', withPasskey({ rawId: 'Ag' }), '#/passkey/rawId: not-the-same-id'],
    ['a credential ID with bits after the last byte', withPasskey({ id: 'AB', rawId: 'AB' }), '#/passkey/id: not-base64url', '#/passkey/rawId: not-base64url'],
    ['a credential ID of 1,024 bytes', withPasskey({ id: long(1366), rawId: long(1366) }), '#/passkey/id: too-long', '#/passkey/rawId: too-long'],
    ['an empty signature', withAssertion({ signature: '' }), '#/passkey/response/signature: too-short'],
    ['a signature that is a number', withAssertion({ signature: 1 }), '#/passkey/response/signature: wrong-type'],
    ['a signature of 1,537 bytes', withAssertion({ signature: long(2050) }), '#/passkey/response/signature: too-long'],
    ['a user handle of 65 bytes', withAssertion({ userHandle: long(87) }), '#/passkey/response/userHandle: too-long'],
    ['client data of 4,097 bytes', withAssertion({ clientDataJSON: long(5463) }), '#/passkey/response/clientDataJSON: too-long'],
    ['no authenticator data', withAssertion({ authenticatorData: undefined }), '#/passkey/response/authenticatorData: required'],
    ['a passkey that the service does not know', { body: { passkey: asserted() } }, 'unauthenticated'],
    ['a passkey without a user handle', withAssertion({ userHandle: null }), 'unauthenticated'],
    ['a malformed user handle', withAssertion({ userHandle: 'AAAA' }), 'unauthenticated'],
  ],
  'POST /v1/sessions/options?name=alice': [['a query', {}, '#/name: unknown-field']],
  'POST /v1/email-confirmations': [
    ['a token that is a list', { body: { token: ['lnk'] } }, '#/token: wrong-type'],
    ['a token that the service never sent', { body: { token: `lnk_${long(43)}` } }, 'unauthenticated'],
  ],
  'POST /v1/operator/sessions': [
    ['no passkey', { body: {} }, '#/passkey: required'],
    ['the token of a link instead of a passkey', { body: { token: `opl_${long(43)}` } }, '#/passkey: required', '#/token: unknown-field'],
    ['a passkey that the service does not know', { body: { passkey: asserted() } }, 'unauthenticated'],
    ['a passkey without a user handle', withAssertion({ userHandle: null }), 'unauthenticated'],
    ['a malformed user handle', withAssertion({ userHandle: 'AAAA' }), 'unauthenticated'],
  ],
  'POST /v1/operator/sessions/options?name=olga': [['a query', {}, '#/name: unknown-field']],
  'POST /v1/operator/passkeys/options': [
    ['no token', { body: {} }, '#/token: required'],
    ['an empty token', { body: { token: '' } }, '#/token: too-short'],
    ['a token of 101 characters', { body: { token: long(101) } }, '#/token: too-long'],
    ['a token that the command line never printed', { body: { token: `opl_${long(43)}` } }, 'unauthenticated'],
  ],
  'POST /v1/operator/passkeys': [
    ['no token and no passkey', { body: {} }, '#/token: required', '#/passkey: required'],
    ['a name', { body: { token: '{operatorLink}', passkey: {}, name: 'Phone' } },
      '#/name: unknown-field', '#/passkey/id: required', '#/passkey/rawId: required', '#/passkey/type: required', '#/passkey/response: required'],
    ['a challenge that belongs to an administrator', ofOperator({ clientDataJSON: '{clientDataJSON}' }), '#/passkey/response/clientDataJSON: challenge-not-valid'],
    ['a response without an authenticator', ofOperator({ clientDataJSON: '{operatorClientDataJSON}' }), '#/passkey/response: passkey-not-valid'],
  ],
  'GET /v1/plans?type=free': [['a query', {}, '#/type: unknown-field']],
  'GET /v1/health?verbose': [['a query', {}, '#/verbose: unknown-field']],
};

const ifMatch = (etag: string) => ({ body: { name: 'D' }, headers: { 'if-match': etag } });
const edit = (body: object) => ({ body, edits: true }) as const;
const added = { name: 'Carol Chiba', email: 'carol@example.com', privilege: 'administrator' };
const rpId = (id: unknown) => ({ body: { rpId: id, name: 'Example' } });
const settings = (edited: object) => ({ body: { settings: edited } });
const AAGUID = '2fc0579f-8113-47ea-b116-bb5a8db9202a';
/** Returns the AAGUIDs with the numbers from `first` up to, but not including, `end`. */
const aaguids = (first: number, end: number) =>
  Array.from({ length: end - first }, (_, index) => AAGUID.slice(0, -4) + String(first + index).padStart(4, '0'));
/** Texts that browsers never send as the origin of a website or an Android app. */
const badOrigins = [
  ...['shop.example.com', 'https://shop.example.com/', 'https://shop.example.com/login', 'https://shop.example.com?x'],
  ...[
    'https://SHOP.example.com',
    'https://shop.example.com:443',
    'https://shop.example.com:',
    'https://店.example.com',
  ],
  ...['https://alice@shop.example.com', 'https://*.example.com', 'https://192.0.2.1', 'https://[2001:db8::1]'],
  ...['https://shop.example.com.', 'https://', 'null', 'ftp://shop.example.com', 'chrome-extension://abc', ''],
  ...[`android:apk-key-hash:${'A'.repeat(42)}`, `android:apk-key-hash:${'A'.repeat(42)}B`, 'android:apk-key-hash:'],
  ...[`android:apk-key-hash:${'A'.repeat(43)}=`, `ios:bundle-id:${'A'.repeat(43)}`],
];
const NOBODY = 'adm_00000000000000000000';
const NOTHING = 'rp_00000000000000000000';
const newPasskey = (fields: object) => ({ body: { name: 'Phone', passkey: attested(), ...fields } });
const withAttestation = (response: object) => newPasskey({ passkey: attested(response) });
// prettier-ignore
const userEdits: readonly BadRequest[] = [
    ['no fields', { body: {} }, '#: at-least-one-required'],
    ['a user name that is null', { body: { userName: null } }, '#/userName: wrong-type'],
    ['an empty user name', { body: { userName: ' ' } }, '#/userName: too-short'],
    ['a user name of 201 characters', { body: { userName: long(201) } }, '#/userName: too-long'],
    ['a user name with a line break', { body: { userName: 'a\nb' } }, '#/userName: not-one-line'],
    ['a display name of 201 characters', { body: { displayName: long(201) } }, '#/displayName: too-long'],
    ['attributes that are a list', { body: { attributes: [] } }, '#/attributes: wrong-type'],
    ['attributes with 60,000 nested lists', { raw: `{"attributes":{"a":${'['.repeat(60_000)}${']'.repeat(60_000)}}}` }, '#/attributes: too-large'],
    ['attributes with half a surrogate pair', { raw: '{"attributes":{"a":"\\ud800"}}' }, '#/attributes: not-unicode'],
    ['attributes with half a surrogate pair in a nested name', { raw: '{"attributes":{"a":[{"\\udc00":1}]}}' }, '#/attributes: not-unicode'],
    ['attributes with a number that is too large', { raw: '{"attributes":{"a":[1e400]}}' }, '#/attributes: too-large'],
    ['attributes of 2,049 bytes', { body: { attributes: { a: long(2_041) } } }, '#/attributes: too-large'],
    ['a word in place of a boolean', { body: { disabled: 'yes' } }, '#/disabled: wrong-type'],
    ['a user handle', { body: { disabled: true, userHandle: 'AAAA' } }, '#/userHandle: unknown-field'],
    ['another user ID', { body: { disabled: true, userId: 'user-9' } }, '#/userId: unknown-field'],
    ['an outdated If-Match', { ...ifMatch('"7"'), body: { displayName: 'N' } }, 'version-conflict'],
    ['an If-Match that is not an ETag', { ...ifMatch('latest'), body: { displayName: 'N' } }, '#/if-match: not-an-etag'],
];
// prettier-ignore
const credentialEdits: readonly BadRequest[] = [
    ['no fields', { body: {} }, '#: at-least-one-required'],
    ['a name that is null', { body: { name: null } }, '#/name: wrong-type'],
    ['a name of 201 characters', { body: { name: long(201) } }, '#/name: too-long'],
    ['attributes that are a text', { body: { attributes: '{}' } }, '#/attributes: wrong-type'],
    ['a verification that is taken back', { body: { userVerified: false } }, '#/userVerified: unknown-value'],
    ['a sign count', { body: { name: 'N', signCount: 0 } }, '#/signCount: unknown-field'],
    ['an outdated If-Match', { ...ifMatch('"7"'), body: { name: 'N' } }, 'version-conflict'],
];
const NO_PASSKEY = long(43);

// prettier-ignore
export const bySession: BadRequests = {
  'PATCH /v1/customer': [
    ['no If-Match', { body: { name: 'D' } }, 'precondition-required'],
    ['an outdated If-Match', ifMatch('"0"'), 'version-conflict'],
    ['an If-Match with a future version', ifMatch('"99"'), 'version-conflict'],
    ['an outdated If-Match without quotes', ifMatch('7'), 'version-conflict'],
    ['an outdated weak If-Match', ifMatch('W/"7"'), 'version-conflict'],
    ['an If-Match with 400 digits', ifMatch(`"${'1'.repeat(400)}"`), 'version-conflict'],
    ['an If-Match with an ETag that the service never issues', ifMatch('"1e0"'), 'version-conflict'],
    ['an If-Match that is not an ETag', ifMatch('latest'), '#/if-match: not-an-etag'],
    ['an If-Match with one quote', ifMatch('"1'), '#/if-match: not-an-etag'],
    ['an If-Match that matches any version', ifMatch('*'), '#/if-match: not-an-etag'],
    ['an If-Match with two versions', ifMatch('"1", "2"'), '#/if-match: not-an-etag'],
    ['an empty If-Match', ifMatch(''), '#/if-match: not-an-etag'],
    ['nothing to edit', edit({}), '#: at-least-one-required'],
    ['a name that is null', edit({ name: null }), '#/name: wrong-type'],
    ['an invisible name', edit({ name: '\u3164' }), '#/name: too-short'],
    ['a name that contains only spaces', edit({ name: '  ' }), '#/name: too-short'],
    ['a version', edit({ name: 'D', version: 9 }), '#/version: unknown-field'],
    ['a license', edit({ name: 'D', license: { type: 'enterprise' } }), '#/license: unknown-field'],
    ['a phone number of 31 characters', edit({ phoneNumber: '1'.repeat(31) }), '#/phoneNumber: too-long'],
    ['an address with a tab', edit({ address: 'A\tB' }), '#/address: control-characters'],
    ['an address with a character that changes the direction of text', edit({ address: 'A\n\u202eB' }), '#/address: control-characters'],
    ['an address with a Unicode line separator', edit({ address: 'A\u2028B' }), '#/address: control-characters'],
  ],
  'PUT /v1/customer/representative': [
    ['no If-Match', { body: { administratorId: '{administrator}' } }, 'precondition-required'],
    ['an outdated If-Match', { ...ifMatch('"7"'), body: { administratorId: '{administrator}' } }, 'version-conflict'],
    ['no ID', edit({}), '#/administratorId: required'],
    ['the ID of an administrator who does not exist', edit({ administratorId: NOBODY }), '#/administratorId: not-an-active-administrator'],
    ['an administrator ID that is half a surrogate pair', edit({ administratorId: '\ud800' }), '#/administratorId: not-an-id'],
    ['an invited administrator who is not active yet', edit({ administratorId: '{invited}' }), '#/administratorId: not-an-active-administrator'],
    ['an administrator ID of 65 characters', edit({ administratorId: long(65) }), '#/administratorId: not-an-id'],
  ],
  'PUT /v1/customer/webhook': [
    ['no URL', { body: {} }, '#/url: required'],
    ['a URL that is a number', { body: { url: 1 } }, '#/url: wrong-type'],
    ['a URL with http', { body: { url: 'http://example.com/' } }, '#/url: not-a-webhook-url'],
    ['a URL with a password', { body: { url: 'https://user:password@example.com/' } }, '#/url: not-a-webhook-url'],
    ['a URL of 2001 characters', { body: { url: `https://example.com/${long(1_981)}` } }, '#/url: too-long'],
    ['an unknown field', { body: { url: 'https://example.com/', enabled: true } }, '#/enabled: unknown-field'],
  ],
  'PUT /v1/customer/mau-alert': [
    ['no If-Match', { body: { enabled: false } }, 'precondition-required'],
    ['an outdated If-Match', { ...ifMatch('"7"'), body: { enabled: true, threshold: 1 } }, 'version-conflict'],
    ['no fields', edit({}), '#/enabled: required'],
    ['a string in place of a boolean', edit({ enabled: 'true', threshold: 1 }), '#/enabled: wrong-type'],
    ['no threshold for an enabled alert', edit({ enabled: true }), '#/threshold: required'],
    ['a threshold of null for an enabled alert', edit({ enabled: true, threshold: null }), '#/threshold: required'],
    ['a threshold of 0', edit({ enabled: true, threshold: 0 }), '#/threshold: too-small'],
    ['a threshold below 0', edit({ enabled: true, threshold: -1 }), '#/threshold: too-small'],
    ['a threshold of 0.5', edit({ enabled: true, threshold: 0.5 }), '#/threshold: wrong-type'],
    ['a threshold that is a string', edit({ enabled: true, threshold: '800' }), '#/threshold: wrong-type'],
    ['a threshold above the largest safe integer', edit({ enabled: true, threshold: 2 ** 53 }), '#/threshold: too-large'],
    ['five further levels', edit({ enabled: false, levels: [1, 2, 3, 4, 5].map((threshold) => ({ kind: 'absolute', threshold })) }), '#/levels: too-many'],
    ['a recipient who does not exist', edit({ enabled: false, recipients: [NOBODY] }), '#/recipients/0: not-an-active-administrator'],
    ['a recipient twice', edit({ enabled: false, recipients: ['{administrator}', '{administrator}'] }), '#/recipients/1: duplicate'],
    ['a threshold of 0 for a disabled alert', edit({ enabled: false, threshold: 0 }), '#/threshold: too-small'],
    ['a last notification', edit({ enabled: false, lastNotification: null }), '#/lastNotification: unknown-field'],
  ],
  'POST /v1/customer/unsubscription': [
    ['no body', {}, '#: not-json'],
    ['no name', { body: {} }, '#/confirmation: required'],
    ['an empty name', { body: { confirmation: '' } }, '#/confirmation: too-short'],
    ['a boolean in place of the name', { body: { confirmation: true } }, '#/confirmation: wrong-type'],
    ['a name of 201 characters', { body: { confirmation: long(201) } }, '#/confirmation: too-long'],
    ['a customer ID', { body: { confirmation: 'Example Corporation', customerId: 'cus_1' } }, '#/customerId: unknown-field'],
  ],
  'POST /v1/customer/unsubscription?force=true': [['a query', { body: { confirmation: 'D' } }, '#/force: unknown-field']],
  'GET /v1/customer?customerId=cus_00000000000000000000': [['a query', {}, '#/customerId: unknown-field']],
  'GET /v1/customer?__proto__=1': [['a query', {}, '#/__proto__: unknown-field']],
  'GET /v1/customer?toString=1': [['a query', {}, '#/toString: unknown-field']],

  'GET /v1/sessions?limit=0': [['a limit of 0', {}, '#/limit: too-small']],
  'GET /v1/customer/mau?months=5': [['5 months', {}, '#/months: unknown-value']],
  'GET /v1/customer/mau?months=0': [['0 months', {}, '#/months: unknown-value']],
  'GET /v1/customer/mau?months=24': [['24 months', {}, '#/months: unknown-value']],
  'GET /v1/customer/mau?months=three': [['a word', {}, '#/months: unknown-value']],
  'GET /v1/customer/mau?months=': [['no months', {}, '#/months: unknown-value']],
  'GET /v1/customer/mau?months=3.0': [['a fraction', {}, '#/months: unknown-value']],
  'GET /v1/customer/mau?months=3&months=6': [['months twice', {}, '#/months: unknown-value']],
  'GET /v1/customer/mau?from=2026-01': [['an unknown parameter', {}, '#/from: unknown-field']],

  'GET /v1/customer/mau/users': [['no month', {}, '#/month: required']],
  'GET /v1/customer/mau/users?month=': [['an empty month', {}, '#/month: not-a-month']],
  'GET /v1/customer/mau/users?month=2026-13': [['a month that does not exist', {}, '#/month: not-a-month']],
  'GET /v1/customer/mau/users?month=2026-11-01': [['a day', {}, '#/month: not-a-month']],
  'GET /v1/customer/mau/users?month=0000-01': [['a month whose active users are no longer kept', {}, '#/month: no-longer-kept']],
  'GET /v1/customer/mau/users?month=2099-12&rp=shop.example.com': [['a domain name in place of an ID', {}, '#/rp: not-an-id']],
  'GET /v1/customer/mau/users?month=2099-12&rp=rp_00000000000000000000': [['an RP that does not exist', {}, 'not-found']],
  'GET /v1/customer/mau/users?month=2099-12&limit=0': [['a limit of 0', {}, '#/limit: too-small']],
  'GET /v1/customer/mau/users?month=2099-12&limit=101': [['a limit of 101', {}, '#/limit: too-large']],
  'GET /v1/customer/mau/users?month=2099-12&cursor=!': [['a cursor that is not base64url', {}, '#/cursor: not-a-cursor']],
  'GET /v1/customer/mau/users?month=2099-12&cursor=UlAjLi4v': [['a cursor that the service never returned', {}, '#/cursor: not-a-cursor']],
  'GET /v1/customer/mau/users?month=2099-12&from=1': [['an unknown parameter', {}, '#/from: unknown-field']],

  'GET /v1/customer/statements?limit=0': [['a limit of 0', {}, '#/limit: too-small']],
  'GET /v1/customer/statements?limit=101': [['a limit of 101', {}, '#/limit: too-large']],
  'GET /v1/customer/activity?month=2026-13': [['a month that does not exist', {}, '#/month: not-a-month']],
  'GET /v1/customer/activity?cursor=!': [['a cursor that is not base64url', {}, '#/cursor: not-a-cursor']],
  'GET /v1/customer/activity?cursor=UlAjLi4v': [['a cursor that the service never returned', {}, '#/cursor: not-a-cursor']],
  'GET /v1/customer/activity?limit=0': [['a limit below the minimum', {}, '#/limit: too-small']],
  'GET /v1/customer/statements?cursor=!': [['a cursor that is not base64url', {}, '#/cursor: not-a-cursor']],
  'GET /v1/customer/statements?cursor=UlAjLi4v': [['a cursor that the service never returned', {}, '#/cursor: not-a-cursor']],
  'GET /v1/customer/statements?month=2026-10': [['an unknown parameter', {}, '#/month: unknown-field']],

  'GET /v1/rps?limit=0': [['a limit of 0', {}, '#/limit: too-small']],
  'GET /v1/rps?limit=101': [['a limit of 101', {}, '#/limit: too-large']],
  'GET /v1/rps?limit=-1': [['a limit of -1', {}, '#/limit: too-small']],
  'GET /v1/rps?limit=1.5': [['a limit of 1.5', {}, '#/limit: wrong-type']],
  'GET /v1/rps?limit=all': [['a word', {}, '#/limit: wrong-type']],
  'GET /v1/rps?limit=': [['no limit', {}, '#/limit: wrong-type']],
  'GET /v1/rps?cursor=%2F%2F%2F': [['a cursor that is not base64url', {}, '#/cursor: not-a-cursor']],
  'GET /v1/rps?cursor=': [['an empty cursor', {}, '#/cursor: too-short']],
  'GET /v1/rps?cursor=UlAjLi4v': [['a cursor that the service never returned', {}, '#/cursor: not-a-cursor']],
  'GET /v1/rps?cursor=_w': [['a cursor that is not UTF-8', {}, '#/cursor: not-a-cursor']],
  [`GET /v1/administrators?cursor=${long(401)}`]: [['a cursor of 401 characters', {}, '#/cursor: not-a-cursor', '#/cursor: too-long']],
  'GET /v1/rps/{rp}/api-keys?cursor=!': [['a cursor that is not base64url', {}, '#/cursor: not-a-cursor']],
  'GET /v1/administrators?status=active': [['an unknown parameter', {}, '#/status: unknown-field']],

  'POST /v1/administrators': [
    ['no privilege', { body: { name: 'C', email: 'c@example.com' } }, '#/privilege: required'],
    ['an unknown privilege', { body: { ...added, privilege: 'representative' } }, '#/privilege: unknown-value'],
    ['a status', { body: { ...added, status: 'active' } }, '#/status: unknown-field'],
    ['a name of 201 characters', { body: { ...added, name: long(201) } }, '#/name: too-long'],
    ['an invisible name', { body: { ...added, name: '\u200B' } }, '#/name: too-short'],
    ['a local part of 65 characters', { body: { ...added, email: `${long(65)}@example.com` } }, '#/email: not-an-email'],
    ['an e-mail address that another administrator has', { body: { ...added, email: '{email}' } }, 'already-exists', '#/email: email-taken'],
    ['the e-mail address of another administrator, in upper case and between two spaces', { body: { ...added, email: ' {EMAIL} ' } }, 'already-exists', '#/email: email-taken'],
  ],
  'PATCH /v1/administrators/{administrator}': [
    ['nothing to edit', { body: {} }, '#: at-least-one-required'],
    ['an e-mail address', { body: { name: 'N', email: 'mallory@example.com' } }, '#/email: unknown-field'],
    ['a boolean in place of a privilege', { body: { privilege: true } }, '#/privilege: unknown-value'],
  ],
  [`PATCH /v1/administrators/${NOBODY}`]: [['an administrator who does not exist', { body: { name: 'N' } }, 'not-found']],
  'PATCH /v1/administrators/1': [['a malformed ID', { body: { name: 'N' } }, 'not-found']],
  'DELETE /v1/administrators/{rp}': [['the ID of an RP in place of the ID of an administrator', {}, 'not-found']],
  [`POST /v1/administrators/${NOBODY}/activation-links`]: [['an administrator who does not exist', {}, 'not-found']],
  'POST /v1/administrators/{administrator}/activation-links': [['an administrator who is already active', {}, 'already-exists']],
  'PUT /v1/administrators/me/mail-settings': [
    ['no fields', { body: {} }, '#/language: required', '#/notices: required'],
    [
      'a language that the e-mails do not have, and a notice that does not exist',
      {
        body: { language: 'fr', notices: { license: true, users: true, statements: true, security: false } },
      },
      '#/language: unknown-value',
      '#/notices/security: unknown-field',
    ],
  ],
  'PUT /v1/administrators/me/email': [
    ['a string that is not an e-mail address', { body: { email: 'x' } }, '#/email: not-an-email'],
    ['a local part of 65 characters', { body: { email: `${long(65)}@example.com` } }, '#/email: not-an-email'],
    ['an additional name', { body: { email: 'x@example.com', name: 'X' } }, '#/name: unknown-field'],
  ],

  'GET /v1/passkeys?limit=1': [['a limit for a list that has no pages', {}, '#/limit: unknown-field']],
  'POST /v1/passkeys': [
    ['no fields', { body: {} }, '#/name: required', '#/passkey: required'],
    ['no name', newPasskey({ name: undefined }), '#/name: required'],
    ['a name that contains only spaces', newPasskey({ name: ' ' }), '#/name: too-short'],
    ['an invisible name', newPasskey({ name: '\uFE0F' }), '#/name: too-short'],
    ['a name of 201 characters', newPasskey({ name: long(201) }), '#/name: too-long'],
    ['an administrator', newPasskey({ administratorId: NOBODY }), '#/administratorId: unknown-field'],
    ['the response of a sign-in in place of the response of a registration', newPasskey({ passkey: asserted() }), '#/passkey/response/attestationObject: required'],
    ['no response', newPasskey({ passkey: { ...attested(), response: undefined } }), '#/passkey/response: required'],
    ['two credential IDs', newPasskey({ passkey: { ...attested(), rawId: 'Ag' } }), '#/passkey/rawId: not-the-same-id'],
    ['an attestation that is not base64url', withAttestation({ attestationObject: 'A=' }), '#/passkey/response/attestationObject: not-base64url'],
    ['an attestation of more than 32 KB', withAttestation({ attestationObject: long(43_692) }), '#/passkey/response/attestationObject: too-long'],
    ['a challenge that the service never issued', withAttestation({}), '#/passkey/response/clientDataJSON: challenge-not-valid'],
    ['client data that is not JSON', withAttestation({ clientDataJSON: 'AAAA' }), '#/passkey/response/clientDataJSON: challenge-not-valid'],
    ['client data that is null', withAttestation({ clientDataJSON: 'bnVsbA' }), '#/passkey/response/clientDataJSON: challenge-not-valid'],
    ['a challenge that is a list', withAttestation({ clientDataJSON: clientData({ challenge: [] }) }), '#/passkey/response/clientDataJSON: challenge-not-valid'],
    ['an invalid passkey with an unused challenge', withAttestation({ clientDataJSON: '{clientDataJSON}' }), '#/passkey/response: passkey-not-valid'],
    ['a challenge with the value __proto__', withAttestation({ clientDataJSON: clientData({ challenge: '__proto__' }) }), '#/passkey/response/clientDataJSON: challenge-not-valid'],
  ],
  [`PATCH /v1/passkeys/${NO_PASSKEY}`]: [['a passkey that does not exist', { body: { name: 'N' } }, 'not-found']],
  'PATCH /v1/passkeys/options': [['a malformed ID', { body: { name: 'N' } }, 'not-found']],
  'PATCH /v1/passkeys/{passkey}': [
    ['no name', { body: {} }, '#/name: required'],
    ['a name that is null', { body: { name: null } }, '#/name: wrong-type'],
    ['a public key', { body: { name: 'N', publicKey: 'AAAA' } }, '#/publicKey: unknown-field'],
  ],
  [`DELETE /v1/passkeys/${NO_PASSKEY}`]: [['a passkey that does not exist', {}, 'not-found']],
  'DELETE /v1/passkeys/{administrator}': [['the ID of an administrator in place of the ID of a passkey', {}, 'not-found']],

  'POST /v1/rps': [
    ['no rpId', { body: { name: 'R' } }, '#/rpId: required'],
    ['no name', { body: { rpId: 'shop.example.org' } }, '#/name: required'],
    ['an rpId that is a number', rpId(1), '#/rpId: wrong-type'],
    ['an empty rpId', rpId(''), '#/rpId: not-a-domain-name'],
    ['a URL', rpId('https://shop.example.org'), '#/rpId: not-a-domain-name'],
    ['a domain with a port', rpId('shop.example.org:8443'), '#/rpId: not-a-domain-name'],
    ['a domain with a path', rpId('shop.example.org/login'), '#/rpId: not-a-domain-name'],
    ['a domain with a query', rpId('shop.example.org?x'), '#/rpId: not-a-domain-name'],
    ['a domain with a fragment', rpId('shop.example.org#x'), '#/rpId: not-a-domain-name'],
    ['a domain with a user', rpId('alice@shop.example.org'), '#/rpId: not-a-domain-name'],
    ['a domain with a backslash', rpId('shop.example.org\\x'), '#/rpId: not-a-domain-name'],
    ['a domain with a space', rpId('shop example.org'), '#/rpId: not-a-domain-name'],
    ['a domain with a tab', rpId('shop\t.example.org'), '#/rpId: not-a-domain-name'],
    ['a domain with escapes', rpId('%73hop.example.org'), '#/rpId: not-a-domain-name'],
    ['a domain with an underscore', rpId('my_shop.example.org'), '#/rpId: not-a-domain-name'],
    ['a domain with an empty label', rpId('shop..example.org'), '#/rpId: not-a-domain-name'],
    ['a domain that ends with a dot', rpId('shop.example.org.'), '#/rpId: not-a-domain-name'],
    ['a domain that begins with a hyphen', rpId('-shop.example.org'), '#/rpId: not-a-domain-name'],
    ['a wildcard', rpId('*.example.org'), '#/rpId: not-a-domain-name'],
    ['an IPv4 address', rpId('192.0.2.1'), '#/rpId: not-a-domain-name'],
    ['an IPv4 address as a hexadecimal number', rpId('0xc0000201'), '#/rpId: not-a-domain-name'],
    ['an IPv6 address', rpId('[2001:db8::1]'), '#/rpId: not-a-domain-name'],
    ...['xn--', 'xn--zzzz.com', 'shop.xn--99999999999.com'].map((name) => [`the malformed punycode ${name}`, rpId(name), '#/rpId: not-a-domain-name'] as const),
    ...['com', 'JP', 'co.uk', 'github.io', 'tokyo.jp', 'anything.ck', '公司.cn', 'xn--p1ai', 'рф'].map((name) => [`the public suffix ${name}`, rpId(name), '#/rpId: public-suffix'] as const),
    ['an invisible name', { body: { rpId: 'x.example.org', name: '\u2060' } }, '#/name: too-short'],
    ['a label of 64 characters', rpId(`${long(64)}.example.org`), '#/rpId: not-a-domain-name'],
    ['a domain of 254 characters', rpId(`${`${long(61)}.`.repeat(4)}org.de`), '#/rpId: too-long'],
    ['a domain that is registered already', rpId('shop.example.com'), 'already-exists', '#/rpId: rp-id-taken'],
    ['a registered domain in partly upper case, after a space', rpId(' SHOP.example.com'), 'already-exists', '#/rpId: rp-id-taken'],
    ['an unknown field', { body: { ...rpId('x.example.org').body, registeredUsers: 9 } }, '#/registeredUsers: unknown-field'],
  ],
  'POST /v1/rps?dry=1': [['a query', rpId('x.example.org'), '#/dry: unknown-field']],
  [`GET /v1/rps/${NOTHING}`]: [['an RP that does not exist', {}, 'not-found']],
  'GET /v1/rps/shop.example.com': [['a domain in place of the ID of an RP', {}, 'not-found']],
  'PATCH /v1/rps/{rp}': [
    ['neither name nor settings', { body: {} }, '#: at-least-one-required'],
    ['another rpId', { body: { name: 'R', rpId: 'x.example.org' } }, '#/rpId: unknown-field'],
    ['a setting beside the settings', { body: { timeoutSeconds: 60 } }, '#/timeoutSeconds: unknown-field', '#: at-least-one-required'],
    ['an unknown setting', settings({ timeout: 60 }), '#/settings/timeout: unknown-field'],
    ['a version in the body', { body: { name: 'R', version: 1 } }, '#/version: unknown-field'],
    ['an If-Match that is not an ETag', { body: { name: 'R' }, headers: { 'if-match': 'latest' } }, '#/if-match: not-an-etag'],
    ['an If-Match with another version', { body: { name: 'R' }, headers: { 'if-match': '"99"' } }, 'version-conflict'],
    ['an If-Match that the service never issued', { body: { name: 'R' }, headers: { 'if-match': '"x"' } }, 'version-conflict'],
    ['no origin', settings({ origins: [] }), '#/settings/origins: too-few'],
    ['51 origins', settings({ origins: Array.from({ length: 51 }, (_, index) => `https://s${index}.shop.example.com`) }), '#/settings/origins: too-many'],
    ['an origin twice', settings({ origins: ['https://shop.example.com', 'https://shop.example.com'] }), '#/settings/origins/1: duplicate'],
    ...badOrigins.map((origin) => [`the origin ${origin}`, settings({ origins: [origin] }), '#/settings/origins/0: not-an-origin'] as const),
    ['an origin of 271 characters', settings({ origins: [`https://${long(263)}`] }), '#/settings/origins/0: too-long'],
    ...['http://shop.example.com', 'http://localhost', 'http://localhost:3000'].map((origin) => [`the origin ${origin}`, settings({ origins: [origin] }), '#/settings/origins/0: not-https'] as const),
    ...['https://com', 'https://github.io', 'https://co.uk:8443', 'https://intranet'].map((origin) => [`the related origin ${origin}`, settings({ origins: [origin] }), '#/settings/origins/0: public-suffix'] as const),
    ['related origins with 5 other labels', settings({ origins: ['a.com', 'b.com', 'c.de', 'd.co.uk', 'e.github.io'].map((host) => `https://${host}`) }), '#/settings/origins: too-many-related-domains'],
    ['an Android app as top origin', settings({ topOrigins: [`android:apk-key-hash:${'A'.repeat(43)}`] }), '#/settings/topOrigins/0: not-a-web-origin'],
    ['a top origin with a path', settings({ topOrigins: ['https://shop.example.com/'] }), '#/settings/topOrigins/0: not-a-web-origin'],
    ['a top origin with http', settings({ topOrigins: ['http://shop.example.com'] }), '#/settings/topOrigins/0: not-https'],
    ['a time-out of 29 seconds', settings({ timeoutSeconds: 29 }), '#/settings/timeoutSeconds: too-small'],
    ['a time-out of 601 seconds', settings({ timeoutSeconds: 601 }), '#/settings/timeoutSeconds: too-large'],
    ['a time-out of half a second more', settings({ timeoutSeconds: 60.5 }), '#/settings/timeoutSeconds: wrong-type'],
    ['an unknown word for userVerification', settings({ userVerification: 'always' }), '#/settings/userVerification: unknown-value'],
    ['an unknown word for residentKey', settings({ residentKey: true }), '#/settings/residentKey: unknown-value'],
    ['an unknown word for attestation', settings({ attestation: 'packed' }), '#/settings/attestation: unknown-value'],
    ['an unknown word for signCount', settings({ signCount: 'ignore' }), '#/settings/signCount: unknown-value'],
    ['an unknown word for backupEligibility', settings({ backupEligibility: 'ignore' }), '#/settings/backupEligibility: unknown-value'],
    ['an unknown level', settings({ requireTrustedAttestation: true, minimumCertification: 'FIDO_CERTIFIED_L4' }), '#/settings/minimumCertification: unknown-value'],
    ['a level without trusted attestation', settings({ minimumCertification: 'FIDO_CERTIFIED_L1' }), '#/settings/minimumCertification: needs-trusted-attestation'],
    ['allowed authenticators without trusted attestation', settings({ authenticators: { allow: [AAGUID] } }), '#/settings/authenticators/allow: needs-trusted-attestation'],
    ['no allowed authenticator', settings({ requireTrustedAttestation: true, authenticators: { allow: [] } }), '#/settings/authenticators/allow: too-few'],
    ['an AAGUID without hyphens', settings({ authenticators: { deny: [AAGUID.replaceAll('-', '')] } }), '#/settings/authenticators/deny/0: not-an-aaguid'],
    ['an AAGUID twice', settings({ authenticators: { deny: [AAGUID, AAGUID.toUpperCase()] } }), '#/settings/authenticators/deny/1: duplicate'],
    ['an AAGUID in both lists', settings({ requireTrustedAttestation: true, authenticators: { allow: [AAGUID], deny: [AAGUID] } }), '#/settings/authenticators/deny/0: duplicate'],
    ['101 AAGUIDs in both lists together', settings({ requireTrustedAttestation: true, authenticators: { allow: aaguids(0, 50), deny: aaguids(50, 101) } }), '#/settings/authenticators: too-many'],
    ['an unknown list of authenticators', settings({ authenticators: { block: [] } }), '#/settings/authenticators/block: unknown-field'],
    ['unique user names for an RP with users', settings({ uniqueUserNames: true }), '#/settings/uniqueUserNames: rp-has-users'],
  ],
  [`DELETE /v1/rps/${NOTHING}`]: [['an RP that does not exist', {}, 'not-found']],
  'POST /v1/rps/{rp}/api-keys': [
    ['no name', { body: {} }, '#/name: required'],
    ['a name of 201 characters', { body: { name: long(201) } }, '#/name: too-long'],
    ['an invisible name', { body: { name: '\u2800' } }, '#/name: too-short'],
    ['a key', { body: { name: 'K', apiKey: 'fido2_mine' } }, '#/apiKey: unknown-field'],
  ],
  [`POST /v1/rps/${NOTHING}/api-keys`]: [['an RP that does not exist', { body: { name: 'K' } }, 'not-found']],
  'DELETE /v1/rps/{rp}/api-keys/key_00000000000000000000': [['an API key that does not exist', {}, 'not-found']],
  'DELETE /v1/rps/{rp}/api-keys/1': [['a malformed key ID', {}, 'not-found']],

  'GET /v1/rps/{rp}/users?limit=101': [['a limit of 101', {}, '#/limit: too-large']],
  'GET /v1/rps/1/users': [['a malformed ID', {}, 'not-found']],
  'GET /v1/rps/{rp}/users/a%20b': [['a user ID with a space', {}, '#/userId: not-a-user-id']],
  'PATCH /v1/rps/{rp}/users/user-1': userEdits,
  'DELETE /v1/rps/{rp}/users/user-1': [['an outdated If-Match', ifMatch('"7"'), 'version-conflict']],
  'GET /v1/rps/{rp}/users/user-1/credentials?limit=1': [['a limit for a list that has no pages', {}, '#/limit: unknown-field']],
  'PATCH /v1/rps/{rp}/users/user-1/credentials/{credential}': credentialEdits,
  'PATCH /v1/rps/{rp}/users/user-1/credentials/AAAA': [['a credential that does not exist', { body: { name: 'N' } }, 'credential-unknown']],
  'DELETE /v1/rps/{rp}/users/user-1/credentials/{credential}': [['an outdated If-Match', ifMatch('"7"'), 'version-conflict']],
  'DELETE /v1/rps/{rp}/users/user-1/credentials/AAA=': [['a credential ID with padding', {}, '#/credentialId: not-base64url']],
};

/** The requests of an operator. */
export const byOperator: BadRequests = {
  'GET /v1/operator/overview?month=2026-11': [['a query', {}, '#/month: unknown-field']],
  'GET /v1/operator/customers?list=age': [['a list that does not exist', {}, '#/list: unknown-value']],
  'GET /v1/operator/customers?list=mau&search=x': [['a search in another list', {}, '#/list: unknown-value']],
  'GET /v1/operator/customers?search=%0A': [['an empty search', {}, '#/search: too-short']],
  'GET /v1/operator/customers?cursor=!': [['a cursor that is not base64url', {}, '#/cursor: not-a-cursor']],
  'GET /v1/operator/customers/{customer}?month=2026-11': [['a query', {}, '#/month: unknown-field']],
  'GET /v1/operator/customers/{customer}/activity?month=2026-13': [
    ['a month that does not exist', {}, '#/month: not-a-month'],
  ],
  'GET /v1/operator/customers/{customer}/activity?cursor=UlAjLi4v': [
    ['a cursor that the service never returned', {}, '#/cursor: not-a-cursor'],
  ],
  'GET /v1/operator/failed-mails?cursor=!': [['a cursor that is not base64url', {}, '#/cursor: not-a-cursor']],
};

/** The bad requests that the test sends as the representative of a customer with the Free license. */
export const onFree: BadRequests = {
  'PUT /v1/customer/mau-alert': [
    [
      'a level in percents',
      { ...ifMatch('"1"'), body: { enabled: false, levels: [{ kind: 'percent', percent: 80 }] } },
      '#/levels/0: needs-maximum-mau',
    ],
  ],
  'POST /v1/customer/unsubscription': [
    [
      'a name that is not the name of the customer',
      { body: { confirmation: 'free corporation' } },
      'confirmation-mismatch',
      '#/confirmation: not-the-customer-name',
    ],
  ],
};

const users = (...list: unknown[]) => ({ body: { users: list } });
const operations = (...list: unknown[]) => ({ body: { operations: list } });
const operation = { userId: 'user-1', type: 'authentication' };
const at = (occurredAt: unknown) => operations({ ...operation, occurredAt });

// prettier-ignore
export const byApiKey: BadRequests = {
  'POST /v1/rp/users': [
    ['no users', { body: {} }, '#/users: required'],
    ['an empty list', users(), '#/users: too-few'],
    ['51 users', users(...many(51, (index) => ({ userId: `new-${index}` }))), '#/users: too-many'],
    ['users that are an object', { body: { users: { userId: 'new' } } }, '#/users: wrong-type'],
    ['a user that is a string', users('new'), '#/users/0: wrong-type'],
    ['a user without an ID', users({ userId: 'new' }, { displayName: 'N' }), '#/users/1/userId: required'],
    ['a user ID that is a number', users({ userId: 1 }), '#/users/0/userId: wrong-type'],
    ['an empty ID', users({ userId: '' }), '#/users/0/userId: not-a-user-id'],
    ['a user ID of 129 characters', users({ userId: long(129) }), '#/users/0/userId: not-a-user-id'],
    ['a user ID with a space', users({ userId: 'new user' }), '#/users/0/userId: not-a-user-id'],
    ['a user ID with a slash', users({ userId: 'new/user' }), '#/users/0/userId: not-a-user-id'],
    ['a user ID with a #', users({ userId: 'USER#new' }), '#/users/0/userId: not-a-user-id'],
    ['a user ID that ends with a line break', users({ userId: 'new\n' }), '#/users/0/userId: not-a-user-id'],
    ['a user ID that begins with a dot', users({ userId: '..' }), '#/users/0/userId: not-a-user-id'],
    ['a user ID that begins with =', users({ userId: '=1' }), '#/users/0/userId: not-a-user-id'],
    ['a user ID that is not ASCII', users({ userId: 'ユーザー' }), '#/users/0/userId: not-a-user-id'],
    ['a user ID with half a surrogate pair', { raw: '{"users":[{"userId":"new\\ud83d"}]}' }, '#/users/0/userId: not-a-user-id'],
    ['a user ID that is not UTF-8', { raw: latin1('{"users":[{"userId":"müller"}]}') }, '#/users/0/userId: not-a-user-id'],
    ['the same ID twice', users({ userId: 'new' }, { userId: 'other' }, { userId: 'new' }), '#/users/2/userId: duplicate'],
    ['the same ID three times', users(...many(3, () => ({ userId: 'new' }))), '#/users/1/userId: duplicate', '#/users/2/userId: duplicate'],
    ['one invalid user among valid users', users({ userId: 'new' }, { userId: 'ne w' }), '#/users/1/userId: not-a-user-id'],
    ['a display name of 201 characters', users({ userId: 'new', displayName: long(201) }), '#/users/0/displayName: too-long'],
    ['an invisible display name', users({ userId: 'new', displayName: '\u200B' }), '#/users/0/displayName: too-short'],
    ['a display name that is null', users({ userId: 'new', displayName: null }), '#/users/0/displayName: wrong-type'],
    ['a display name with a DEL', users({ userId: 'new', displayName: 'N\u007f' }), '#/users/0/displayName: not-one-line'],
    ['an unknown field', users({ userId: 'new', email: 'n@example.com' }), '#/users/0/email: unknown-field'],
    ['a __proto__', { raw: '{"users":[{"userId":"new","__proto__":{"a":1}}]}' }, '#/users/0/__proto__: unknown-field'],
    ['another RP', { body: { ...users({ userId: 'new' }).body, rp: NOTHING } }, '#/rp: unknown-field'],
    ['a body of 129 KB', users({ userId: 'new', displayName: long(129 * 1024) }), 'payload-too-large'],
  ],
  'PATCH /v1/rp/users/user-1': userEdits,
  'PATCH /v1/rp/users/nobody': [['a user who does not exist', { body: { disabled: true } }, 'not-found']],
  'DELETE /v1/rp/users/user-1': [['an outdated If-Match', ifMatch('"7"'), 'version-conflict']],
  'GET /v1/rp/users?userName=': [['an empty name', {}, '#/userName: too-short']],
  [`GET /v1/rp/users?userName=${long(201)}`]: [['a name of 201 characters', {}, '#/userName: too-long']],
  'GET /v1/rp/users/user-1/credentials?limit=1': [['a limit for a list that has no pages', {}, '#/limit: unknown-field']],
  'GET /v1/rp/users/nobody/credentials': [['a user who does not exist', {}, 'not-found']],
  'GET /v1/rp/users/user-1/credentials/AAAA': [['a credential that does not exist', {}, 'credential-unknown']],
  'GET /v1/rp/users/user-1/credentials/AAA=': [['a credential ID with padding', {}, '#/id: not-base64url']],
  'GET /v1/rp/users/user-1/credentials/AB': [['a credential ID with bits after its last byte', {}, '#/id: not-base64url']],
  'PATCH /v1/rp/users/user-1/credentials/{credential}': credentialEdits,
  'DELETE /v1/rp/users/user-1/credentials/{credential}': [['an outdated If-Match', ifMatch('"7"'), 'version-conflict']],
  'GET /v1/rp/users/a%2Fb': [['a user ID with a slash', {}, '#/userId: not-a-user-id']],
  'GET /v1/rp/users/a%20b': [['a user ID with a space', {}, '#/userId: not-a-user-id']],
  'DELETE /v1/rp/users/~user': [['a user ID that begins with ~', {}, '#/userId: not-a-user-id']],
  'GET /v1/rp/users/%E3%83%A6': [['a user ID that is not ASCII', {}, '#/userId: not-a-user-id']],
  [`GET /v1/rp/users/${MAXIMAL_USER_ID}x`]: [['a user ID of 129 characters', {}, '#/userId: not-a-user-id']],
  'GET /v1/rp/users/nobody': [['a user who does not exist', {}, 'not-found']],
  'DELETE /v1/rp/users/nobody': [['a user who does not exist', {}, 'not-found']],
  'GET /v1/rp/users/user-1?fields=userId': [['a query', {}, '#/fields: unknown-field']],
  'GET /v1/rp/users?limit=101': [['a limit of 101', {}, '#/limit: too-large']],
  'GET /v1/rp/users?cursor=IyMj': [['a cursor that the service never returned', {}, '#/cursor: not-a-cursor']],

  'POST /v1/rp/operations': [
    ['no operations', { body: {} }, '#/operations: required'],
    ['0 operations', operations(), '#/operations: too-few'],
    ['101 operations', operations(...many(101, () => operation)), '#/operations: too-many'],
    ['operations that are null', { body: { operations: null } }, '#/operations: wrong-type'],
    ['an operation that is null', operations(operation, null), '#/operations/1: wrong-type'],
    ['an operation without a user', operations({ type: 'registration' }), '#/operations/0/userId: required'],
    ['a bad user ID', operations(operation, { ...operation, userId: '@user' }), '#/operations/1/userId: not-a-user-id'],
    ['an operation without a type', operations({ userId: 'user-1' }), '#/operations/0/type: required'],
    ['an unknown type', operations({ ...operation, type: 'login' }), '#/operations/0/type: unknown-value'],
    ['a time in words', at('yesterday'), '#/operations/0/occurredAt: not-a-time'],
    ['a time that is a number', at(1_795_000_000_000), '#/operations/0/occurredAt: wrong-type'],
    ['a time that is null', at(null), '#/operations/0/occurredAt: wrong-type'],
    ['a time without an offset', at('2026-11-22T09:30:00'), '#/operations/0/occurredAt: not-a-time'],
    ['a date without a time', at('2026-11-22'), '#/operations/0/occurredAt: not-a-time'],
    ['a day that does not exist', at('2026-02-29T00:00:00Z'), '#/operations/0/occurredAt: not-a-time'],
    ['an hour that does not exist', at('2026-11-22T24:00:00Z'), '#/operations/0/occurredAt: not-a-time'],
    ['an offset that does not exist', at('2026-11-22T09:30:00+99:00'), '#/operations/0/occurredAt: not-a-time'],
    ['a year of five digits', at('+12026-11-22T09:30:00Z'), '#/operations/0/occurredAt: not-a-time'],
    ['an unknown field', operations({ ...operation, count: 2 }), '#/operations/0/count: unknown-field'],
    ['one invalid operation among valid operations', operations({ ...operation, userId: 'user-2' }, { ...operation, type: 1 }),
      '#/operations/1/type: unknown-value'],
  ],
};

/**
 * The bad requests that the test sends to an RP that requires unique names. One user of the RP has the name `taken`.
 */
export const byApiKeyOfUniqueNames: BadRequests = {
  'PATCH /v1/rp/users/user-1': [
    ['the name of another user', { body: { userName: 'TAKEN' } }, 'already-exists', '#/userName: user-name-taken'],
  ],
};
