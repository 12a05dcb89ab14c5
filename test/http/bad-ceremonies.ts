import type { BadRequests } from './bad-requests.ts';

/** Bad requests on the routes of ceremonies. */

const long = (length: number) => 'x'.repeat(length);
/** The user handle of user-4, whom `makeThings` registers. */
export const TAKEN_HANDLE = 'dXNlci00';

const begin = (fields: object) => ({ body: { userId: 'new', createUser: true, ...fields } });
const beginOf = (fields: object) => ({ body: { userId: 'user-1', ...fields } });
const authenticate = (fields: object) => ({ body: fields });
const created = (response: object = {}) => ({
  ...{ id: 'AAAA', rawId: 'AAAA', type: 'public-key' },
  response: { clientDataJSON: 'e30', attestationObject: 'oA', ...response },
});
const used = (response: object = {}) => ({
  ...{ id: 'AAAA', rawId: 'AAAA', type: 'public-key' },
  response: { clientDataJSON: 'e30', authenticatorData: 'AAAA', signature: 'AAAA', userHandle: 'AAAA', ...response },
});
const end = (fields: object) => ({ body: { ceremony: 'AAAA', response: created(), ...fields } });
const endOf = (fields: object) => ({ body: { ceremony: 'AAAA', response: used(), ...fields } });
const required = (fields: object) => ({ authenticatorSelection: { userVerification: 'preferred' }, ...fields });

// prettier-ignore
export const ofCeremonies: BadRequests = {
  'POST /v1/rp/registrations/options': [
    ['no user ID', { body: {} }, '#/userId: required'],
    ['a user ID with a space', begin({ userId: 'a b' }), '#/userId: not-a-user-id'],
    ['a user ID of 129 characters', begin({ userId: long(129) }), '#/userId: not-a-user-id'],
    ['a user who does not exist', { body: { userId: 'nobody' } }, 'not-found'],
    ['a new user who exists', begin({ userId: 'user-1' }), 'already-exists', '#/userId: user-id-taken'],
    ['a user handle that another user has', begin({ user: { userHandle: TAKEN_HANDLE } }), 'already-exists', '#/user/userHandle: user-handle-taken'],
    ['an empty user handle', begin({ user: { userHandle: '' } }), '#/user/userHandle: too-short'],
    ['a user handle of 65 bytes', begin({ user: { userHandle: 'A'.repeat(87) } }), '#/user/userHandle: too-long'],
    ['a user handle with padding', begin({ user: { userHandle: 'AAA=' } }), '#/user/userHandle: not-base64url'],
    ['a user handle with bits after its last byte', begin({ user: { userHandle: 'AB' } }), '#/user/userHandle: not-base64url'],
    ['an empty user name', begin({ user: { userName: '' } }), '#/user/userName: too-short'],
    ['a user name of 201 characters', begin({ user: { userName: long(201) } }), '#/user/userName: too-long'],
    ['a display name with a line break', begin({ user: { displayName: 'a\nb' } }), '#/user/displayName: not-one-line'],
    ['attributes with the options', begin({ user: { attributes: {} } }), '#/user/attributes: unknown-field'],
    ['a name for a user who exists', beginOf({ user: { userName: 'N' } }), '#/user: only-for-a-new-user'],
    ['a new user with conditional mediation', begin({ mediation: 'conditional' }), '#/mediation: not-for-a-new-user'],
    ['another mediation', beginOf({ mediation: 'silent' }), '#/mediation: unknown-value'],
    ['createUser that is a string', beginOf({ createUser: 'yes' }), '#/createUser: wrong-type'],
    ['a time-out of 29 seconds', begin({ timeoutSeconds: 29 }), '#/timeoutSeconds: too-small'],
    ['a time-out of 601 seconds', begin({ timeoutSeconds: 601 }), '#/timeoutSeconds: too-large'],
    ['a time-out of 30.5 seconds', begin({ timeoutSeconds: 30.5 }), '#/timeoutSeconds: wrong-type'],
    ['an unknown attachment', begin({ authenticatorSelection: { authenticatorAttachment: 'usb' } }), '#/authenticatorSelection/authenticatorAttachment: unknown-value'],
    ['an unknown residentKey', begin({ authenticatorSelection: { residentKey: 'yes' } }), '#/authenticatorSelection/residentKey: unknown-value'],
    ['requireResidentKey', begin({ authenticatorSelection: { requireResidentKey: true } }), '#/authenticatorSelection/requireResidentKey: unknown-field'],
    ['an unknown attestation', begin({ attestation: 'full' }), '#/attestation: unknown-value'],
    ['an unknown hint', begin({ hints: ['phone'] }), '#/hints/0: unknown-value'],
    ['four hints', begin({ hints: ['hybrid', 'hybrid', 'hybrid', 'hybrid'] }), '#/hints: too-many'],
    ['an empty context', begin({ context: '' }), '#/context: too-short'],
    ['a context of 201 characters', begin({ context: long(201) }), '#/context: too-long'],
    ['extensions', begin({ extensions: { appidExclude: 'https://example.com' } }), '#/extensions: unknown-field'],
    ['a challenge', begin({ challenge: 'AAAA' }), '#/challenge: unknown-field'],
  ],
  'POST /v1/rp/registrations': [
    ['nothing', { body: {} }, '#/ceremony: required', '#/response: required'],
    ['a ceremony that the service never sealed', end({}), 'ceremony-invalid'],
    ['a ceremony with padding', end({ ceremony: 'AAA=' }), '#/ceremony: not-base64url'],
    ['a ceremony of 2,052 characters', end({ ceremony: 'A'.repeat(2_052) }), '#/ceremony: too-long'],
    ['the response of an authentication', end({ response: used() }), '#/response/response/attestationObject: required'],
    ['a response of another type', end({ response: { ...created(), type: 'password' } }), '#/response/type: unknown-value'],
    ['another rawId', end({ response: { ...created(), rawId: 'AAAB' } }), '#/response/rawId: not-the-same-id'],
    ['client data of more than 4 KB', end({ response: created({ clientDataJSON: 'A'.repeat(5_464) }) }), '#/response/response/clientDataJSON: too-long'],
    ['an attestation object of more than 32 KB', end({ response: created({ attestationObject: 'A'.repeat(43_692) }) }), '#/response/response/attestationObject: too-long'],
    ['a credential name of 201 characters', end({ credential: { name: long(201) } }), '#/credential/name: too-long'],
    ['attributes that are a list', end({ credential: { attributes: [] } }), '#/credential/attributes: wrong-type'],
    ['attributes of more than 2 KB', end({ credential: { attributes: { a: long(2_050) } } }), '#/credential/attributes: too-large'],
    ['a name of the user at the end', end({ user: { userName: 'N' } }), '#/user/userName: unknown-field'],
    ['dryRun that is a number', end({ dryRun: 1 }), '#/dryRun: wrong-type'],
    ['signals that are a list', end({ signals: [] }), '#/signals: wrong-type'],
    ['an Idempotency-Key with a space', { ...end({}), headers: { 'idempotency-key': 'a b' } }, '#/idempotency-key: not-an-idempotency-key'],
    ['an Idempotency-Key of 256 characters', { ...end({}), headers: { 'idempotency-key': long(256) } }, '#/idempotency-key: not-an-idempotency-key'],
  ],
  'POST /v1/rp/authentications/options': [
    ['a user who does not exist', authenticate({ userId: 'nobody' }), 'not-found'],
    ['a user ID that begins with a dot', authenticate({ userId: '.a' }), '#/userId: not-a-user-id'],
    ['credentials without a user', authenticate({ credentialIds: ['AAAA'] }), '#/credentialIds: only-with-a-user-id'],
    ['no credential in the list', authenticate({ userId: 'user-1', credentialIds: [] }), '#/credentialIds: too-few'],
    ['a credential ID with padding', authenticate({ userId: 'user-1', credentialIds: ['AAA='] }), '#/credentialIds/0: not-base64url'],
    ['concealUnknownUser without a user', authenticate({ concealUnknownUser: true }), '#/concealUnknownUser: only-with-a-user-id'],
    ['an unknown userVerification', authenticate({ userVerification: 'always' }), '#/userVerification: unknown-value'],
    ['a time-out with conditional mediation', authenticate({ mediation: 'conditional', timeoutSeconds: 60 }), '#/timeoutSeconds: not-with-mediation'],
    ['a challenge', authenticate({ challenge: 'AAAA' }), '#/challenge: unknown-field'],
    ['an app ID', authenticate({ extensions: { appid: 'https://example.com' } }), '#/extensions: unknown-field'],
  ],
  'POST /v1/rp/authentications': [
    ['nothing', { body: {} }, '#/ceremony: required', '#/response: required'],
    ['a ceremony that the service never sealed', endOf({}), 'ceremony-invalid'],
    ['the response of a registration', endOf({ response: created() }), '#/response/response/authenticatorData: required', '#/response/response/signature: required'],
    ['a user handle of 65 bytes', endOf({ response: used({ userHandle: 'A'.repeat(88) }) }), '#/response/response/userHandle: too-long'],
    ['a signature that is a number', endOf({ response: used({ signature: 1 }) }), '#/response/response/signature: wrong-type'],
    ['a context that is null', endOf({ context: null }), '#/context: wrong-type'],
    ['dryRun', endOf({ dryRun: true }), '#/dryRun: unknown-field'],
    ['an empty Idempotency-Key', { ...endOf({}), headers: { 'idempotency-key': '' } }, '#/idempotency-key: not-an-idempotency-key'],
  ],
};

/** Bad requests to an RP whose settings require user verification and a trusted attestation. */
// prettier-ignore
export const ofStrictCeremonies: BadRequests = {
  'POST /v1/rp/registrations/options': [
    ['less user verification', begin(required({})), '#/authenticatorSelection/userVerification: less-than-the-setting'],
    ['no attestation', begin({ attestation: 'none' }), '#/attestation: less-than-the-setting'],
    ['an indirect attestation', begin({ attestation: 'indirect' }), '#/attestation: less-than-the-setting'],
  ],
  'POST /v1/rp/authentications/options': [
    ['less user verification', authenticate({ userVerification: 'discouraged' }), '#/userVerification: less-than-the-setting'],
  ],
};
