import type { RouteName } from '../api/routes.ts';
import type { CeremonyRefusal } from '../domain/errors.ts';

/** The refusals with which the end of a ceremony of either type may respond. */
const atTheEnd = [
  'rp-not-verified',
  'ceremony-invalid',
  'ceremony-expired',
  'ceremony-used',
  'user-disabled',
  'origin-not-allowed',
  'user-verification-required',
  'response-invalid',
] as const satisfies readonly CeremonyRefusal[];

/** The refusals of ceremonies, and of credentials, with which each route may respond, for the OpenAPI document. */
export const ceremonyRefusalsOf: Readonly<Partial<Record<RouteName, readonly CeremonyRefusal[]>>> = {
  'request-registration-options': ['rp-not-verified', 'user-disabled', 'too-many-credentials'],
  'register-credential': [
    ...atTheEnd,
    'too-many-credentials',
    'credential-exists',
    'authenticator-not-allowed',
    'attestation-not-trusted',
  ],
  'request-authentication-options': ['rp-not-verified', 'user-disabled', 'no-credential'],
  'authenticate-user': [
    ...atTheEnd,
    'credential-unknown',
    'credential-disabled',
    'sign-count-not-increased',
    'sign-in-refused',
  ],
  'verify-rp': ['rp-not-verified'],
  'get-credential': ['credential-unknown'],
  'edit-credential': ['credential-unknown'],
  'remove-credential': ['credential-unknown'],
  'edit-credential-of-rp': ['credential-unknown'],
  'remove-credential-of-rp': ['credential-unknown'],
};
