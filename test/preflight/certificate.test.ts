import type { FakeAccount } from '../support/fake-aws.ts';
import { absent, CERTIFICATE_DETAILS, NOW } from './accounts.ts';
import { testSubject, usePreflight } from './subjects.ts';

const certificate = (more: object): FakeAccount => ({
  DescribeCertificate: () => ({ Certificate: { ...CERTIFICATE_DETAILS, ...more } }),
});
const record = (Name: string, ValidationStatus?: string) => ({
  DomainName: Name,
  ValidationStatus,
  ResourceRecord: { Name: `_a.${Name}`, Type: 'CNAME', Value: '_b.acm-validations.aws.' },
});
/** A day in seconds. */
const DAY = 24 * 60 * 60;

const tested = usePreflight();
testSubject('certificate', tested, [
  ['certificate', 'that the stage has not', { settings: { certificateArn: undefined } }, 'hint', 'no certificateArn'],
  [
    'certificate',
    'of another account',
    { settings: { certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/a' } },
    'to do',
    'outside of account 210987654321 → Request another certificate in us-east-1',
  ],
  [
    'certificate',
    'that does not exist',
    { account: { DescribeCertificate: () => absent('ResourceNotFoundException') } },
    'to do',
    'ACM in us-east-1 has no such certificate',
  ],
  [
    'certificate',
    'that is not validated',
    {
      account: certificate({
        Status: 'PENDING_VALIDATION',
        NotAfter: undefined,
        DomainValidationOptions: [record('console.passkeys.example'), record('other.example', 'SUCCESS')],
      }),
    },
    'to do',
    'not validated the certificate → Add: _a.console.passkeys.example CNAME _b.acm-validations.aws.',
  ],
  [
    'certificate',
    'whose record ACM has not named yet',
    { account: certificate({ Status: 'PENDING_VALIDATION' }) },
    'to do',
    'See the certificate in the ACM console of us-east-1.',
  ],
  [
    'certificate',
    'that was revoked',
    { account: certificate({ Status: 'REVOKED' }) },
    'to do',
    'the certificate is in the state REVOKED → Request another',
  ],
  [
    'certificate',
    'of another host',
    { account: certificate({ DomainName: 'passkeys.example', SubjectAlternativeNames: ['*.a.passkeys.example'] }) },
    'to do',
    'the certificate is for passkeys.example, *.a.passkeys.example, and not for console.passkeys.example',
  ],
  [
    'certificate',
    'with a wildcard',
    { account: certificate({ DomainName: '*.passkeys.example', SubjectAlternativeNames: [] }) },
    'fine',
    'issued for console.passkeys.example until 2027-12-01',
  ],
  [
    'certificate',
    'that ends soon',
    {
      account: certificate({
        NotAfter: NOW / 1_000 + 30 * DAY,
        RenewalSummary: { RenewalStatus: 'PENDING_VALIDATION', UpdatedAt: 1 },
        DomainValidationOptions: [record('console.passkeys.example')],
      }),
    },
    'to do',
    'the certificate ends on 2026-12-30, and ACM has not renewed it → Add: _a.console',
  ],
  [
    'certificate',
    'that was imported and ends soon',
    { account: certificate({ NotAfter: NOW / 1_000 + DAY }) },
    'to do',
    'the certificate ends on 2026-12-01, and ACM has not renewed it → Request another',
  ],
  [
    'certificate',
    'that lasts a day longer',
    { account: certificate({ NotAfter: NOW / 1_000 + 31 * DAY }) },
    'fine',
    'issued for',
  ],
]);
