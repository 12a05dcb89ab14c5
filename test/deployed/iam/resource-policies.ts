import { statementsOf, type Statement } from './statements.ts';
import type { StackTemplate } from '../../support/stack-template.ts';
import { listOf } from './list-of.ts';

/** The properties of each type of policy that name the resources with the policy, and contain the policy's document. */
const documents: Readonly<Record<string, { readonly resources: string; readonly document: string }>> = {
  'AWS::SQS::QueuePolicy': { resources: 'Queues', document: 'PolicyDocument' },
  'AWS::SNS::TopicPolicy': { resources: 'Topics', document: 'PolicyDocument' },
  'AWS::S3::BucketPolicy': { resources: 'Bucket', document: 'PolicyDocument' },
  'AWS::SecretsManager::ResourcePolicy': { resources: 'SecretId', document: 'ResourcePolicy' },
};

/** These types are called policies, but give nobody a right. */
const withoutRights = ['AWS::CloudFront::CachePolicy', 'AWS::CloudFront::ResponseHeadersPolicy', 'AWS::IAM::Policy'];

/**
 * Returns the statements of the policies of a template's resources: queues, topics, buckets, secrets and functions. The
 * template's intrinsic functions must be resolved. The key of a resource is what a reference to it (`Ref`) is resolved
 * to, and the ARN for a function. Throws if the template contains a type of policy that is not implemented.
 */
export function resourcePoliciesIn(template: StackTemplate): ReadonlyMap<string, readonly Statement[]> {
  const policies = new Map<string, Statement[]>();
  const add = (resource: unknown, statements: Statement[]) => {
    if (typeof resource !== 'string') throw new Error(`The reference ${JSON.stringify(resource)} is not resolved.`);
    policies.set(resource, [...(policies.get(resource) ?? []), ...statements]);
  };
  for (const [logicalId, { Type, Properties = {} }] of Object.entries(template.Resources)) {
    const kind = documents[Type];
    if (kind) {
      for (const resource of listOf(Properties[kind.resources])) {
        add(resource, statementsOf(logicalId, Properties[kind.document]));
      }
    } else if (Type === 'AWS::Lambda::Permission') {
      add(Properties['FunctionName'], statementsOf(logicalId, documentOf(logicalId, Properties)));
    } else if (Type.endsWith('Policy') && !withoutRights.includes(Type)) {
      throw new Error(`The resource ${logicalId} of type ${Type} is not implemented.`);
    }
  }
  return policies;
}

/**
 * Returns the policy document that Lambda creates from a permission (AWS, "Using resource-based policies in Lambda"):
 * it compares `SourceArn` with `ArnLike`, and `SourceAccount` with `StringEquals`.
 */
function documentOf(logicalId: string, properties: Readonly<Record<string, unknown>>): object {
  const { Action, FunctionName, Principal, SourceArn, SourceAccount, ...others } = properties;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw new Error(`The property ${unknown} of ${logicalId} is not implemented.`);
  const isRole = String(Principal).startsWith('arn:');
  return {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Action,
      Resource: FunctionName,
      Principal: Principal === '*' ? '*' : isRole ? { AWS: Principal } : { Service: Principal },
      Condition: {
        ...(SourceArn !== undefined && { ArnLike: { 'aws:SourceArn': SourceArn } }),
        ...(SourceAccount !== undefined && { StringEquals: { 'aws:SourceAccount': SourceAccount } }),
      },
    },
  };
}
