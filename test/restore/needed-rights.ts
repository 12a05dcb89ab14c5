import type { Policy } from '../../bin/aws/policy.ts';
import { decide } from '../deployed/iam/decide.ts';
import { statementsOf } from '../deployed/iam/statements.ts';
import { isResource } from '../deployed/iam/wildcards.ts';
import { arnOf } from './fake-arns.ts';
import { textOf, type Called, type Input } from './fake-calls.ts';

/** A right that a call needs: the action of IAM, and the ARN of the resource. */
export interface NeededRight {
  readonly action: string;
  readonly resource: string;
}

const own = (service: string, resource: string) => `arn:aws:${service}:eu-central-1:123456789012:${resource}`;
const stack = (input: Input) => own('cloudformation', `stack/${textOf(input, 'StackName')}/0a1b2c3d`);
const lambdaFunction = (input: Input) => own('lambda', `function:${textOf(input, 'FunctionName')}`);
const secret = (input: Input) => textOf(input, 'SecretId');
const table = (input: Input) => arnOf(textOf(input, 'TableName'));
const arn = (input: Input) => textOf(input, 'ResourceArn');
const needs =
  (action: string, resource: (input: Input) => string) =>
  (input: Input): NeededRight[] => [{ action, resource: resource(input) }];
const onTable = (action: string) => needs(`dynamodb:${action}`, table);

/** The actions of IAM that a transaction needs for each of its items, by the kinds of items. */
const transactionActions: Readonly<Record<string, string>> = {
  ConditionCheck: 'ConditionCheckItem',
  Delete: 'DeleteItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
};
/** The rights to a new table with which DynamoDB restores a backup ("Using IAM with DynamoDB backup and restore"). */
const RESTORING = ['BatchWriteItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'Scan', 'UpdateItem'];

/** The rights that each call needs, by the names of the commands (AWS Service Authorization Reference). */
const rights: Readonly<Record<string, (input: Input) => NeededRight[]>> = {
  DescribeStacksCommand: needs('cloudformation:DescribeStacks', stack),
  ListStackResourcesCommand: needs('cloudformation:ListStackResources', stack),
  GetFunctionConfigurationCommand: needs('lambda:GetFunctionConfiguration', lambdaFunction),
  GetFunctionConcurrencyCommand: needs('lambda:GetFunctionConcurrency', lambdaFunction),
  InvokeCommand: needs('lambda:InvokeFunction', lambdaFunction),
  GetEventSourceMappingCommand: needs('lambda:GetEventSourceMapping', (input) =>
    own('lambda', `event-source-mapping:${textOf(input, 'UUID')}`),
  ),
  DescribeRuleCommand: needs('events:DescribeRule', (input) => own('events', `rule/${textOf(input, 'Name')}`)),
  ListSecretVersionIdsCommand: needs('secretsmanager:ListSecretVersionIds', secret),
  PutSecretValueCommand: needs('secretsmanager:PutSecretValue', secret),
  ListTablesCommand: needs('dynamodb:ListTables', () => '*'),
  ListTagsOfResourceCommand: needs('dynamodb:ListTagsOfResource', arn),
  TagResourceCommand: needs('dynamodb:TagResource', arn),
  RestoreTableToPointInTimeCommand: (input) => [
    { action: 'dynamodb:RestoreTableToPointInTime', resource: arnOf(textOf(input, 'SourceTableName')) },
    ...RESTORING.map((action) => ({
      action: `dynamodb:${action}`,
      resource: arnOf(textOf(input, 'TargetTableName')),
    })),
  ],
  ...Object.fromEntries(
    [
      ...['DeleteTable', 'DescribeContinuousBackups', 'DescribeTable', 'DescribeTimeToLive'],
      ...['UpdateContinuousBackups', 'UpdateTable', 'UpdateTimeToLive'],
      ...['DeleteItem', 'GetItem', 'PutItem', 'Scan', 'UpdateItem'],
    ].map((action) => [`${action}Command`, onTable(action)]),
  ),
  QueryCommand: (input) =>
    needs('dynamodb:Query', () =>
      input['IndexName'] === undefined ? table(input) : `${table(input)}/index/${textOf(input, 'IndexName')}`,
    )(input),
  BatchGetItemCommand: ({ RequestItems = {} }) =>
    Object.keys(RequestItems as object).map((name) => ({ action: 'dynamodb:BatchGetItem', resource: arnOf(name) })),
  BatchWriteItemCommand: ({ RequestItems = {} }) =>
    Object.keys(RequestItems as object).map((name) => ({ action: 'dynamodb:BatchWriteItem', resource: arnOf(name) })),
  TransactWriteItemsCommand: ({ TransactItems }) =>
    (TransactItems as Record<string, Input>[]).flatMap((item) =>
      Object.entries(item).map(([kind, input]) => ({
        action: `dynamodb:${transactionActions[kind] ?? kind}`,
        resource: table(input),
      })),
    ),
};

/**
 * Returns the rights that calls need and a policy does not allow, and those that the policy lists and no call needs.
 * Throws if a call is unknown.
 */
export function compareWithCalls(policy: Policy, calls: readonly Called[]) {
  const needed = neededRights(calls);
  const statements = statementsOf('the policy', policy);
  const listed = policy.Statement.flatMap(({ Action, Resource }) =>
    Action.flatMap((action) => Resource.map((resource) => ({ action, resource }))),
  );
  return {
    denied: needed.filter((right) => !decide(statements, { ...right, context: {} }).allowed),
    unneeded: listed.filter(
      ({ action, resource }) =>
        !needed.some((right) => right.action === action && isResource(right.resource, resource)),
    ),
  };
}

function neededRights(calls: readonly Called[]): NeededRight[] {
  const all = calls.flatMap(({ commandName, input }) => {
    const right = rights[commandName];
    if (!right) throw new Error(`Add the rights that ${commandName} needs.`);
    return right(input);
  });
  return [...new Map(all.map((right) => [JSON.stringify(right), right])).values()];
}
