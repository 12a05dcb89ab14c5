import { SERVICE, withStack } from './deviations.ts';
import { testSubject, usePreflight } from './subjects.ts';

const consoleStack = (outputs: Readonly<Record<string, string>>) =>
  withStack(`${SERVICE}-console`, 'CREATE_COMPLETE', outputs);

const tested = usePreflight();
testSubject('console-host', tested, [
  [
    'console host',
    'before the first deployment',
    { isFresh: true, dns: { 'CNAME console.passkeys.example': [] } },
    'hint',
    '→ Only the deployment can show',
  ],
  [
    'console host',
    'of another distribution',
    { isFresh: true },
    'to do',
    'console.passkeys.example leads to another distribution, d2k4exampleab.cloudfront.net → Remove console.passkeys.example',
  ],
  [
    'console host',
    'that CloudFront assigns',
    { isFresh: true, settings: { certificateArn: undefined } },
    'hint',
    'the console gets a host name of CloudFront, and not console.passkeys.example → After the deployment, set origin to the output ConsoleUrl and deploy again',
  ],
  [
    'console host',
    'without a record',
    { dns: { 'CNAME console.passkeys.example': [] } },
    'to do',
    'console.passkeys.example has no DNS record → Add: console.passkeys.example CNAME d2k4exampleab.cloudfront.net',
  ],
  [
    'console host',
    'that leads elsewhere',
    { dns: { 'CNAME console.passkeys.example': ['old.example.'] } },
    'to do',
    'leads to old.example, and not to the distribution → Replace the record by: console.',
  ],
  [
    'console host',
    'at the apex of a zone',
    {
      dns: {
        'CNAME console.passkeys.example': [],
        'A console.passkeys.example': ['192.0.2.7'],
        'A d2k4exampleab.cloudfront.net': ['192.0.2.6', '192.0.2.7'],
      },
    },
    'fine',
    'console.passkeys.example has the addresses of d2k4exampleab.cloudfront.net',
  ],
  [
    'console host',
    'at the apex of a zone that leads elsewhere',
    {
      dns: {
        'CNAME console.passkeys.example': [],
        'A console.passkeys.example': ['192.0.2.9'],
        'A d2k4exampleab.cloudfront.net': ['192.0.2.6'],
      },
    },
    'to do',
    'console.passkeys.example leads to 192.0.2.9, and not to the distribution',
  ],
  [
    'console host',
    'under cloudfront.net',
    {
      account: consoleStack({ ConsoleUrl: 'https://d2k4exampleab.cloudfront.net' }),
      settings: { certificateArn: undefined, origin: 'https://d2k4exampleab.cloudfront.net' },
    },
    'fine',
    'the origin is the URL of the distribution',
  ],
  [
    'console host',
    'under cloudfront.net before the second deployment',
    {
      account: consoleStack({ ConsoleUrl: 'https://d2k4exampleab.cloudfront.net' }),
      settings: { certificateArn: undefined },
    },
    'to do',
    'the console is at https://d2k4exampleab.cloudfront.net → Set origin to this URL',
  ],
]);
