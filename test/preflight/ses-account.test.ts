import type { FakeAccount } from '../support/fake-aws.ts';
import { absent, SES_ACCOUNT } from './accounts.ts';
import { testSubject, usePreflight } from './subjects.ts';

const ses = (more: object): FakeAccount => ({ GetAccount: () => ({ ...SES_ACCOUNT, ...more }) });
const quota = (MaxSendRate: number, Max24HourSend: number, SentLast24Hours = 0) =>
  ses({ SendQuota: { MaxSendRate, Max24HourSend, SentLast24Hours } });

const tested = usePreflight();
testSubject('ses-account', tested, [
  [
    'SES sandbox',
    'of a stage with customers',
    { account: ses({ ProductionAccessEnabled: false }) },
    'to do',
    'sends only to verified addresses → In the SES console of eu-central-1',
  ],
  [
    'SES sandbox',
    'of a stage without customers',
    { account: ses({ ProductionAccessEnabled: false }), settings: { retained: false } },
    'hint',
    'sends only to verified addresses',
  ],
  [
    'SES sandbox',
    'after a request',
    {
      account: ses({
        ProductionAccessEnabled: false,
        Details: { ReviewDetails: { Status: 'PENDING', CaseId: '178' } },
      }),
    },
    'to do',
    'Wait: AWS has not decided about the production access, case 178.',
  ],
  [
    'SES sandbox',
    'after a denial',
    {
      account: ses({ ProductionAccessEnabled: false, Details: { ReviewDetails: { Status: 'DENIED', CaseId: '178' } } }),
    },
    'to do',
    'AWS denied production access, case 178 → Answer the case',
  ],
  [
    'SES sending',
    'that is paused',
    { account: ses({ SendingEnabled: false }) },
    'to do',
    'sending is paused in this region → aws sesv2 put-account-sending-attributes',
  ],
  [
    'SES sending',
    'that AWS paused',
    { account: ses({ EnforcementStatus: 'SHUTDOWN', SendingEnabled: false }) },
    'to do',
    'AWS has paused the account (SHUTDOWN) → Answer the e-mail from AWS',
  ],
  [
    'SES sending',
    'that AWS reviews',
    { account: ses({ EnforcementStatus: 'PROBATION' }) },
    'to do',
    'AWS reviews the account (PROBATION)',
  ],
  [
    'SES rate',
    'below the setting',
    { account: quota(1, 200) },
    'to do',
    'SES accepts 1 per second, and emailsPerSecond is 14 → Set emailsPerSecond to 1',
  ],
  ['SES rate', 'far above the setting', { account: quota(80, -1) }, 'hint', 'You may raise emailsPerSecond.'],
  ['SES rate', 'without a daily limit', { account: quota(14, -1) }, 'fine', 'without a limit per day'],
  [
    'SES rate',
    'whose daily quota is nearly used',
    { account: quota(14, 1_000, 800) },
    'to do',
    '800 of the 1,000 e-mails that SES accepts in 24 hours were sent → Request a higher sending quota',
  ],
  [
    'suppression list',
    'with an address of the operator',
    {
      account: {
        GetSuppressedDestination: ({ name }) =>
          name === 'sales@passkeys.example'
            ? { SuppressedDestination: { EmailAddress: name, Reason: 'BOUNCE', LastUpdateTime: 1 } }
            : absent('NotFoundException'),
      },
    },
    'to do',
    'SES delivers nothing to sales@passkeys.example → aws sesv2 delete-suppressed-destination --region eu-central-1 --email-address sales@passkeys.example',
  ],
]);
