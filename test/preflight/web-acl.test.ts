import { FakeError } from '../support/fake-aws.ts';
import { testSubject, usePreflight } from './subjects.ts';

const webAcl = (account: string) => `arn:aws:wafv2:us-east-1:${account}:global/webacl/console/5f1c2d3e`;
const webAclArn = webAcl('210987654321');

const tested = usePreflight();
testSubject('web-acl', tested, [
  ['web ACL', 'that the stage has not', {}, 'fine', 'the stage has no web ACL'],
  [
    'web ACL',
    'that the stage has not, although the URL of the API refuses requests',
    { settings: { onlyThroughCloudFront: 'all' } },
    'fine',
    'the stage has no web ACL',
  ],
  [
    'web ACL',
    'beside an open entrance',
    { settings: { webAclArn } },
    'hint',
    "requests to the API's own URL pass by the web ACL → Set onlyThroughCloudFront to 'anonymous' or 'all'",
  ],
  [
    'web ACL',
    'that inspects anonymous requests',
    { settings: { webAclArn, onlyThroughCloudFront: 'anonymous' } },
    'fine',
    "the API's own URL refuses anonymous requests",
  ],
  [
    'web ACL',
    'that inspects all requests',
    { settings: { webAclArn, onlyThroughCloudFront: 'all' } },
    'fine',
    "the API's own URL refuses all requests",
  ],
  [
    'web ACL',
    'of another account',
    { settings: { webAclArn: webAcl('111122223333'), onlyThroughCloudFront: 'all' } },
    'to do',
    'outside of account 210987654321 → Set webAclArn to the ARN of a web ACL of this account',
  ],
  [
    'web ACL',
    'of an unknown account',
    {
      settings: { webAclArn },
      account: { GetCallerIdentity: () => new FakeError('ExpiredToken', 'expired', 403) },
    },
    'not checked',
    'ExpiredToken',
  ],
]);
