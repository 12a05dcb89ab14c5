import { describe, expect, it } from 'vitest';
import { senderIdentity } from '../../bin/preflight/checks/sender-identity.ts';
import type { Result } from '../../bin/preflight/run-checks.ts';
import type { FakeAccount } from '../support/fake-aws.ts';
import { healthyAccount, IDENTITY } from './accounts.ts';
import { identity, noIdentity } from './deviations.ts';
import { testSubject, usePreflight } from './subjects.ts';

const dkim = (more: object) => identity({ DkimAttributes: { ...IDENTITY.DkimAttributes, ...more } });
const mailFrom = (more: object) => identity({ MailFromAttributes: { ...IDENTITY.MailFromAttributes, ...more } });

const tested = usePreflight();
testSubject('sender', tested, [
  [
    'sender identity',
    'before the first deployment',
    { isFresh: true, account: noIdentity },
    'fine',
    'the deployment creates the identity passkeys.example',
  ],
  [
    'sender identity',
    'that exists before the first deployment',
    { isFresh: true },
    'to do',
    'exists already, so the deployment cannot create it → Set senderIdentity',
  ],
  [
    'sender identity',
    'of another stage',
    { account: { ListStackResources: () => ({ StackResourceSummaries: [] }) } },
    'to do',
    'exists already, so the deployment cannot create it',
  ],
  [
    'sender identity',
    'that was deleted',
    { account: noIdentity },
    'to do',
    'of this stage was deleted → aws sesv2 create-email-identity',
  ],
  [
    'sender identity',
    'that SES has not verified',
    { account: identity({ VerifiedForSendingStatus: false }) },
    'to do',
    'SES has not verified passkeys.example, and sends nothing → Add the DNS records',
  ],
  [
    'DKIM',
    'without records',
    { dns: { 'CNAME ab12._domainkey.passkeys.example': [], 'CNAME cd34._domainkey.passkeys.example': ['elsewhere.'] } },
    'to do',
    'the DNS of passkeys.example lacks 2 of 3 DKIM records → Add: ab12._domainkey.passkeys.example CNAME ab12.dkim.amazonses.com; cd34._domainkey.passkeys.example CNAME cd34.dkim.amazonses.com',
  ],
  [
    'DKIM',
    'with a zone of the region',
    { account: dkim({ SigningHostedZone: 'z9.dkim.amazonses.com' }) },
    'to do',
    'ab12._domainkey.passkeys.example CNAME ab12.z9.dkim.amazonses.com',
  ],
  [
    'DKIM',
    'that SES has not seen yet',
    { account: dkim({ Status: 'PENDING' }) },
    'to do',
    'SES says PENDING about the DKIM records of passkeys.example → Wait',
  ],
  [
    'DKIM',
    'that SES does not look for any more',
    { account: dkim({ Status: 'FAILED' }) },
    'to do',
    'SES says FAILED about the DKIM records of passkeys.example → In the SES console',
  ],
  [
    'DKIM',
    'with keys of the operator',
    { account: dkim({ SigningAttributesOrigin: 'EXTERNAL', Tokens: ['selector'] }) },
    'fine',
    'SES signs the e-mails of passkeys.example',
  ],
  ['DKIM', 'before the first deployment', { isFresh: true, account: noIdentity }, 'hint', 'no identity'],
  [
    'DKIM',
    'when the name servers fail',
    { dns: { 'CNAME ab12._domainkey.passkeys.example': { error: 'ESERVFAIL' } } },
    'not checked',
    'the name servers did not answer about ab12._domainkey.passkeys.example (ESERVFAIL) → Check the network',
  ],
  ['MAIL FROM', 'before the first deployment', { isFresh: true, account: noIdentity }, 'hint', 'no identity'],
  [
    'MAIL FROM',
    'of SES',
    { account: identity({ MailFromAttributes: undefined }) },
    'hint',
    'DMARC relies on DKIM alone → To use your own: aws sesv2',
  ],
  [
    'MAIL FROM',
    'without records',
    { dns: { 'MX bounces.passkeys.example': [], 'TXT bounces.passkeys.example': ['v=spf1 -all'] } },
    'to do',
    'the DNS lacks 2 of 2 records of bounces.passkeys.example → Add: bounces.passkeys.example MX 10 feedback-smtp.eu-central-1.amazonses.com; bounces.passkeys.example TXT "v=spf1 include:amazonses.com ~all"',
  ],
  [
    'MAIL FROM',
    'with a second mail server',
    { dns: { 'MX bounces.passkeys.example': ['feedback-smtp.eu-central-1.amazonses.com', 'mx.example.'] } },
    'to do',
    'bounces.passkeys.example has 2 MX records → Keep only',
  ],
  [
    'MAIL FROM',
    'that SES has not seen yet',
    { account: mailFrom({ MailFromDomainStatus: 'PENDING' }) },
    'hint',
    'SES has not found the records of bounces.passkeys.example yet → Wait',
  ],
  [
    'MAIL FROM',
    'that SES does not look for',
    { account: mailFrom({ MailFromDomainStatus: 'FAILED' }) },
    'to do',
    'SES no longer looks for the records of bounces.passkeys.example → aws sesv2',
  ],
  [
    'DMARC',
    'without a record',
    { dns: { 'TXT _dmarc.passkeys.example': ['a remark'] } },
    'hint',
    'Add: _dmarc.passkeys.example TXT "v=DMARC1; p=none;"',
  ],
  [
    'DMARC',
    'with two records',
    { dns: { 'TXT _dmarc.passkeys.example': ['v=DMARC1; p=none', 'v=DMARC1; p=reject'] } },
    'to do',
    '_dmarc.passkeys.example has 2 DMARC records → Keep one of them.',
  ],
  [
    'DMARC',
    'of the organizational domain',
    { settings: { sender: 'no-reply@mail.passkeys.example' } },
    'fine',
    '_dmarc.passkeys.example: v=DMARC1; p=quarantine;',
  ],
]);

describe('the preflight of a stage with an existing identity', () => {
  const existing = { senderIdentity: 'existing' };
  const ofNobody: FakeAccount = { ListStackResources: () => ({ StackResourceSummaries: [] }) };

  it.each<[string, FakeAccount, Result['state'], string]>([
    ['that exists', {}, 'fine', 'SES sends e-mails from passkeys.example'],
    ['that does not exist', noIdentity, 'to do', 'aws sesv2 create-email-identity'],
    ['that is not verified', identity({ VerifiedForSendingStatus: false }), 'to do', 'has not verified'],
    ['that the stack would delete', healthyAccount, 'to do', 'a deployment would delete it'],
  ])('judges an identity %s', async (_, account, state, text) => {
    const found = await tested.runCheck(senderIdentity, existing, { ...ofNobody, ...account });
    expect(found.state).toBe(state);
    expect(`${found.found} → ${found.next ?? ''}`).toContain(text);
  });
});
