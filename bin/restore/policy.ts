import { serviceNameOf } from '../../config/service-name.ts';
import type { Policy } from '../aws/policy.ts';

const OF_ALL_STAGES = serviceNameOf('*');
const TABLES = `arn:aws:dynamodb:*:*:table/${OF_ALL_STAGES}`;

/** The calls that the restore makes about a resource of the service, by the ARNs of the resources. */
const calls: readonly { readonly actions: readonly string[]; readonly resources: readonly string[] }[] = [
  {
    actions: ['cloudformation:DescribeStacks', 'cloudformation:ListStackResources'],
    resources: [`arn:aws:cloudformation:*:*:stack/${OF_ALL_STAGES}/*`],
  },
  { actions: ['events:DescribeRule'], resources: [`arn:aws:events:*:*:rule/${OF_ALL_STAGES}`] },
  {
    actions: ['lambda:GetFunctionConcurrency', 'lambda:GetFunctionConfiguration', 'lambda:InvokeFunction'],
    resources: [`arn:aws:lambda:*:*:function:${OF_ALL_STAGES}`],
  },
  // The ID of a mapping is random.
  { actions: ['lambda:GetEventSourceMapping'], resources: ['arn:aws:lambda:*:*:event-source-mapping:*'] },
  {
    // CloudFormation names the secret after its logical ID, without the name of the stack.
    actions: ['secretsmanager:ListSecretVersionIds', 'secretsmanager:PutSecretValue'],
    resources: ['arn:aws:secretsmanager:*:*:secret:StageSecret*'],
  },
  { actions: ['dynamodb:ListTables'], resources: ['*'] },
  {
    actions: [
      ...['dynamodb:DeleteTable', 'dynamodb:DescribeContinuousBackups', 'dynamodb:DescribeTable'],
      ...['dynamodb:DescribeTimeToLive', 'dynamodb:ListTagsOfResource', 'dynamodb:TagResource'],
      ...['dynamodb:UpdateContinuousBackups', 'dynamodb:UpdateTable', 'dynamodb:UpdateTimeToLive'],
      'dynamodb:RestoreTableToPointInTime',
    ],
    resources: [TABLES],
  },
  {
    // The command discards items of the restored table. To restore a table, DynamoDB itself needs most of these rights,
    // and `Scan` and `BatchWriteItem`, to the new table (Amazon DynamoDB Developer Guide, "Using IAM with DynamoDB
    // backup and restore").
    actions: [
      ...['BatchGetItem', 'BatchWriteItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'Scan'],
      'UpdateItem',
    ].map((action) => `dynamodb:${action}`),
    resources: [TABLES],
  },
  { actions: ['dynamodb:Query'], resources: [`${TABLES}/index/*`] },
];

/** Returns the smallest IAM policy with which the restore can perform all of its steps. */
export const restorePolicy = (): Policy => ({
  Version: '2012-10-17',
  Statement: calls.map(({ actions, resources }) => ({
    Effect: 'Allow',
    Action: actions.toSorted(),
    Resource: [...resources],
  })),
});
