/** The text about a problem on its page `/problems/<slug>`: its causes, and what a developer can do. */
export interface ProblemMeaning {
  readonly means: string;
  readonly remedy: string;
}

/**
 * The texts about all problems, by slug, in Markdown with only code spans and links. Only the build of the console's
 * pages reads this file, so that the Lambda functions do not load the texts.
 */
export const problemMeanings: Readonly<Record<string, ProblemMeaning>> = {
  unauthenticated: {
    means:
      'The request has no credential, or the service does not know the credential. An API key was perhaps deleted, or a session has ended.',
    remedy:
      'Send `Authorization: Bearer <API key>` from the RP’s server, or sign in again. If you copied the key, check that no character is missing. Each key belongs to one RP, so a deleted RP’s key fails too.',
  },
  forbidden: {
    means: 'The service knows the caller, but this caller may not do this. `detail` says why.',
    remedy: 'Ask an administrator who may do it. Repeating the request does not help.',
  },
  'not-found': {
    means: 'There is no such thing under this path, or it belongs to another customer or RP.',
    remedy:
      'Check the ID, and that the API key belongs to the RP. User IDs in a path must be percent-encoded. With `createUser` absent, the user must exist before the registration begins.',
  },
  'already-exists': {
    means: 'Another thing already has a value that must be unique. `errors` names the fields.',
    remedy:
      'Choose another value, or use the thing that exists. If a registration with `createUser: true` fails with this problem, the user ID is taken: offer a sign-in instead, and never add the passkey to that user without a sign-in.',
  },
  'version-conflict': {
    means: 'Somebody has changed the thing since you read it, so the version in `If-Match` is old.',
    remedy: 'Read it again, apply your change to the new version, and send the request with the new `ETag`.',
  },
  'precondition-required': {
    means: 'The route changes something that several people edit, so it needs the header `If-Match`.',
    remedy: 'Read the thing first, and send its `ETag` in `If-Match`.',
  },
  'license-not-active': {
    means: 'The license of the customer has not begun yet, or has ended.',
    remedy: 'The customer’s representative can ask the operator for a new license. Existing users can still sign in.',
  },
  'license-limit-reached': {
    means: 'The license does not allow another RP or user. `limit`, `max` and `current` say which maximum is reached.',
    remedy:
      'Remove users or RPs that nobody needs, or ask the operator for a larger license. With `month`, the limit is that of the month, and you can register more from `monthEndsAt` on. Existing users can still sign in and add passkeys.',
  },
  'too-many-requests': {
    means: 'The caller, or somebody in the same network, has sent too many requests of this kind.',
    remedy: 'Wait for the number of seconds in the header `Retry-After`.',
  },
  'contact-required': {
    means: 'Only the operator of the service can end a paid license, or the last paid month is not billed yet.',
    remedy: 'Write to the address in `contact`.',
  },
  'reauthentication-required': {
    means: 'An intruder could take over or discard the customer with this change, so it needs a recent sign-in.',
    remedy:
      'Sign in again and repeat the request within 5 minutes. With `until`, only an e-mailed link counts until then.',
  },
  'recovery-hold': {
    means: 'A passkey was added to the account with a recovery link within the last 24 hours.',
    remedy: 'Wait until the time in `until`. A privileged administrator can undo the recovery if somebody else did it.',
  },
  'confirmation-mismatch': {
    means: 'The field `confirmation` does not contain the name of the customer.',
    remedy: 'Send the name exactly as `GET /v1/customer` returns it.',
  },
  validation: {
    means: 'The request does not have the form that the route needs. `errors` has a pointer and a code for each fault.',
    remedy: 'Correct the fields. Decide by `code`, not by the words of `detail`, because the words may change.',
  },
  'payload-too-large': {
    means: 'The body is larger than the service accepts.',
    remedy: 'Split the work over several requests, or shorten the texts.',
  },
  unavailable: {
    means: 'The service could not reach its table in time, or many requests changed the same thing at once.',
    remedy:
      'Repeat the request after the number of seconds in `Retry-After`. Send the same `Idempotency-Key` where the route takes one, so that nothing counts twice.',
  },
  internal: {
    means: 'The service failed. Its operator has been alerted.',
    remedy: 'Repeat the request later. If the problem stays, tell the operator the `requestId`.',
  },
  'rp-not-verified': {
    means: 'The RP’s domain is not verified, so the users of the RP cannot register or sign in yet.',
    remedy:
      'Set the TXT record that the console shows, or that `POST /v1/rps/{id}/verification` returns in `record`, and call this route. `found` lists the records that the service has found instead.',
  },
  'ceremony-invalid': {
    means:
      'The text in `ceremony` was not made for this RP, this type of ceremony and this `context`, or it was changed. Or your server began the ceremony itself, with a wrong clock or with an API key that is wrong or was deleted.',
    remedy:
      'Keep `ceremony` in the session of your server, and send it back unchanged with the response of the same browser. Give the same `context` at the end as with the options, or neither. If your server began the ceremony, check its clock and its API key.',
  },
  'ceremony-expired': {
    means: 'The response came later than the ceremony lasts.',
    remedy: 'Request new options and call the browser again. `expiresAt` comes with the options.',
  },
  'ceremony-used': {
    means: 'The ceremony or the response was accepted before. `usedAt` says when, if the service still knows.',
    remedy:
      'If your server lost the answer, repeat the request with the same `Idempotency-Key` as the first time. Otherwise somebody may have copied the response: request new options, and do not sign anybody in.',
  },
  'no-credential': {
    means: 'The user has no credential that could be used now.',
    remedy: 'Let the user sign in in another way, and offer to register a passkey.',
  },
  'credential-unknown': {
    means: 'No user of the RP has this credential. The user has perhaps removed the passkey.',
    remedy:
      'If the problem has `signals.unknownCredential`, pass it to `PublicKeyCredential.signalUnknownCredential()` in the browser, so that the passkey manager stops offering the passkey. With the RP ID `localhost`, do not: other programs on the machine share this RP ID.',
  },
  'credential-disabled': {
    means: 'The RP or an administrator has disabled the credential.',
    remedy: 'Enable the credential with `PATCH`, or let the user sign in with another passkey.',
  },
  'credential-exists': {
    means: 'The credential ID or the public key is registered already.',
    remedy: 'The user can sign in with the passkey. There is nothing to register.',
  },
  'too-many-credentials': {
    means: 'The user has as many credentials as the service allows, which is in `max`.',
    remedy: 'Let the user remove a passkey first.',
  },
  'user-disabled': {
    means: 'The RP or an administrator has disabled the user.',
    remedy: 'Enable the user with `PATCH`. Show the user no more than that the sign-in failed.',
  },
  'origin-not-allowed': {
    means: 'The browser or app ran the ceremony on a page that the RP’s settings do not allow. `origin` names it.',
    remedy:
      'If the page is yours, add its origin to `origins` in the RP’s settings, or to `topOrigins` if it embeds yours.',
  },
  'user-verification-required': {
    means: 'The authenticator did not check a PIN, a fingerprint or a face, although the ceremony requires it.',
    remedy: 'Ask the user to try again with a device that can, or do not require user verification.',
  },
  'authenticator-not-allowed': {
    means: 'The RP’s settings do not allow this model of authenticator. `aaguid` identifies the model.',
    remedy: 'Let the user choose another authenticator, or change `authenticators` in the RP’s settings.',
  },
  'attestation-not-trusted': {
    means:
      'The RP requires a trusted attestation, and that of the authenticator leads to no root that the metadata name.',
    remedy: 'Let the user choose a certified authenticator, or switch `requireTrustedAttestation` off.',
  },
  'sign-count-not-increased': {
    means:
      'The sign count of the authenticator is not higher than `stored`. Somebody may have copied the passkey’s key, or the authenticator counts wrongly.',
    remedy:
      'Ask the user to register a new passkey after another sign-in. If your users’ authenticators count wrongly, set `signCount` to `report` in the RP’s settings.',
  },
  'sign-in-refused': {
    means:
      'The sign-in failed, and the RP asked the service to conceal why: the user is unknown or disabled, or the signature is wrong.',
    remedy: 'Tell the user only that the sign-in failed.',
  },
  'response-invalid': {
    means: 'The response of the authenticator fails a step of the verification. `step` names the step.',
    remedy:
      'Send the result of `credential.toJSON()` unchanged. The guide for developers lists the steps. A wrong signature can mean an attack, so do not sign the user in.',
  },
};
