import type { FakeAccount } from '../support/fake-aws.ts';
import { absent, healthyAccount, noStack, stackOf, TABLE_DETAILS } from './accounts.ts';
import { elsewhere, SERVICE, withCopies, withStack } from './deviations.ts';
import { testSubject, usePreflight } from './subjects.ts';

const subscription = (SubscriptionArn: string, Endpoint = 'operations@passkeys.example'): FakeAccount => ({
  ListSubscriptionsByTopic: () => ({ Subscriptions: [{ SubscriptionArn, Endpoint, Protocol: 'email' }] }),
});

const tested = usePreflight();
testSubject('stacks', tested, [
  [
    'stacks',
    'without the bucket of copies',
    { settings: withCopies, account: elsewhere(`${SERVICE}-copies`, noStack(`${SERVICE}-copies`)) },
    'to do',
    `not deployed: ${SERVICE}-copies → npx cdk deploy`,
  ],
  [
    'stacks',
    'with the bucket of copies in another region',
    { settings: withCopies, account: elsewhere(`${SERVICE}-copies`, stackOf(`${SERVICE}-copies`, 'CREATE_COMPLETE')) },
    'fine',
    'all 6 stacks are deployed, from commit 7d3c90ab12ef',
  ],
  [
    'stacks',
    'of which one runs another commit',
    { account: withStack(`${SERVICE}-api`, 'UPDATE_COMPLETE', { Commit: '0123456789ab-dirty' }) },
    'hint',
    `the stacks are deployed from different commits: 7d3c90ab12ef (${SERVICE}-data, ${SERVICE}-metering, ${SERVICE}-console, ${SERVICE}-operations); 0123456789ab-dirty (${SERVICE}-api) → npx cdk deploy --all`,
  ],
  ['stacks', 'before the first deployment', { isFresh: true }, 'hint', '→ npx cdk deploy --all -c stage=production'],
  [
    'stacks',
    'of which one is missing',
    {
      account: {
        DescribeStacks: (input) =>
          input['StackName'] === `${SERVICE}-console`
            ? noStack(`${SERVICE}-console`)
            : (healthyAccount['DescribeStacks']?.(input) ?? noStack('')),
      },
    },
    'to do',
    `not deployed: ${SERVICE}-console → npx cdk deploy`,
  ],
  [
    'stacks',
    'whose first deployment failed',
    { account: withStack(`${SERVICE}-metering`, 'ROLLBACK_COMPLETE') },
    'to do',
    `${SERVICE}-metering is in the state ROLLBACK_COMPLETE → The reason is in: aws cloudformation describe-stack-events --region eu-central-1 --stack-name ${SERVICE}-metering. Then run aws cloudformation delete-stack`,
  ],
  [
    'stacks',
    'whose update failed',
    { account: withStack(`${SERVICE}-api`, 'UPDATE_ROLLBACK_COMPLETE') },
    'to do',
    'Then deploy again: npx cdk deploy --all -c stage=production',
  ],
  [
    'stacks',
    'whose rollback failed',
    { account: withStack(`${SERVICE}-api`, 'UPDATE_ROLLBACK_FAILED') },
    'to do',
    'Then run aws cloudformation continue-update-rollback',
  ],
  [
    'stacks',
    'that change',
    { account: withStack(`${SERVICE}-api`, 'UPDATE_IN_PROGRESS') },
    'hint',
    'in the state UPDATE_IN_PROGRESS → Wait until the deployment ends.',
  ],
  ['table', 'before the first deployment', { isFresh: true }, 'hint', 'the deployment creates the table'],
  ['table', 'of a stage without customers', { settings: { retained: false } }, 'hint', 'the stage is not retained'],
  [
    'table',
    'that is not protected',
    { account: { DescribeTable: () => ({ Table: { ...TABLE_DETAILS, DeletionProtectionEnabled: false } }) } },
    'to do',
    'is not protected against deletion → aws dynamodb update-table',
  ],
  [
    'table',
    'whose stack is not protected',
    { account: withStack(`${SERVICE}-data`, 'UPDATE_COMPLETE', { TableName: 'table' }) },
    'to do',
    `the stack ${SERVICE}-data is not protected against deletion → aws cloudformation update`,
  ],
  [
    'table',
    'that was deleted',
    { account: { DescribeTable: () => absent('ResourceNotFoundException') } },
    'to do',
    'there is no table',
  ],
  ['alarm subscription', 'before the first deployment', { isFresh: true }, 'hint', 'the deployment subscribes'],
  [
    'alarm subscription',
    'that is not confirmed',
    { account: subscription('PendingConfirmation') },
    'to do',
    'operations@passkeys.example has not confirmed the subscription to the alarms → Open the link',
  ],
  [
    'alarm subscription',
    'of somebody else',
    { account: subscription('arn:1', 'old@passkeys.example') },
    'to do',
    'operations@passkeys.example is not subscribed to the alarms → aws sns subscribe --topic-arn',
  ],
]);
