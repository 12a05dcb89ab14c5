import { describe, expect, it } from 'vitest';
import { authenticatorName } from '../../functions/domain/attestation/authenticator-name.ts';
import {
  needsTrustedAttestation,
  refusalOf,
  type AuthenticatorSettings,
} from '../../functions/domain/attestation/authenticator-settings.ts';
import { ZERO_AAGUID } from '../../functions/domain/attestation/judge-attestation.ts';
import { CERTIFICATION_LEVELS, type CertificationLevel } from '../../functions/domain/attestation/status-reports.ts';

const AAGUID = '11111111-2222-3333-4444-555555555555';
const OTHER = '99999999-2222-3333-4444-555555555555';
const open: AuthenticatorSettings = {
  requireTrustedAttestation: false,
  minimumCertification: null,
  authenticators: { allow: null, deny: [] },
};
const trusted = (certification: CertificationLevel | null = null) =>
  ({ type: 'basic', trusted: true, certification }) as const;
const untrusted = { type: 'self', trusted: false, certification: null } as const;

describe('an RP', () => {
  it('accepts every authenticator by default', () => {
    expect(refusalOf(open, untrusted, AAGUID)).toBeUndefined();
    expect(needsTrustedAttestation(open)).toBe(false);
  });

  it('refuses an untrusted attestation if it requires a trusted one', () => {
    const settings = { ...open, requireTrustedAttestation: true };

    expect(refusalOf(settings, untrusted, AAGUID)).toBe('attestation-not-trusted');
    expect(refusalOf(settings, trusted(), AAGUID)).toBeUndefined();
  });

  it('refuses an authenticator that it denies, trusted or not', () => {
    const settings = { ...open, authenticators: { allow: null, deny: [AAGUID] } };

    expect(refusalOf(settings, untrusted, AAGUID)).toBe('authenticator-not-allowed');
    expect(refusalOf(settings, trusted(), AAGUID)).toBe('authenticator-not-allowed');
    expect(refusalOf(settings, untrusted, OTHER)).toBeUndefined();
    expect(needsTrustedAttestation(settings)).toBe(false);
  });

  it('accepts only trusted attestations of the authenticators that it allows', () => {
    const settings = { ...open, authenticators: { allow: [AAGUID], deny: [] } };

    expect(needsTrustedAttestation(settings)).toBe(true);
    expect(refusalOf(settings, trusted(), AAGUID)).toBeUndefined();
    expect(refusalOf(settings, trusted(), OTHER)).toBe('authenticator-not-allowed');
    expect(refusalOf(settings, untrusted, AAGUID)).toBe('attestation-not-trusted');
    expect(refusalOf({ ...open, authenticators: { allow: [], deny: [] } }, trusted(), AAGUID)).toBe(
      'authenticator-not-allowed',
    );
  });

  it('accepts only authenticators that are certified at least to its minimum', () => {
    CERTIFICATION_LEVELS.forEach((minimumCertification, minimum) => {
      const settings = { ...open, minimumCertification };
      CERTIFICATION_LEVELS.forEach((level, index) => {
        const expected = index >= minimum ? undefined : 'authenticator-not-allowed';
        expect({ level, refusal: refusalOf(settings, trusted(level), AAGUID) }).toEqual({ level, refusal: expected });
      });
      expect(refusalOf(settings, trusted(), AAGUID)).toBe('authenticator-not-allowed');
      expect(refusalOf(settings, untrusted, AAGUID)).toBe('attestation-not-trusted');
    });
  });
});

describe('authenticatorName', () => {
  it('returns the name in the metadata', () => {
    expect(authenticatorName(AAGUID, { name: 'Test key' })).toBe('Test key');
  });

  it('returns the name of a passkey provider that is not in the metadata', () => {
    expect(authenticatorName('ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4')).toBe('Google Password Manager');
    expect(authenticatorName('ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4', { name: null })).toBe('Google Password Manager');
  });

  it('returns null for an unknown AAGUID and for the AAGUID of zeros', () => {
    for (const aaguid of [AAGUID, ZERO_AAGUID, '__proto__', 'toString']) expect(authenticatorName(aaguid)).toBeNull();
  });
});
