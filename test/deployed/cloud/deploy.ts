import * as z from 'zod';
import type { Cloud } from './cloud.ts';

/** The actions that Lambda checks when an event source mapping is created, by the service of the source. */
const reading: Readonly<Record<string, readonly string[]>> = {
  // AWS, "Using Lambda with Amazon SQS", "Configuring execution role permissions".
  sqs: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
  // AWS, "Using AWS Lambda with Amazon DynamoDB", "Execution role permissions".
  dynamodb: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
};

/** The beginning of the logical ID of the role with which the CDK's function invokes the function of a trigger. */
const TRIGGER_PROVIDER = 'AWSCDKTriggerCustomResourceProvider';
const triggerProperties = z.strictObject({
  HandlerArn: z.string(),
  InvocationType: z.literal('RequestResponse'),
  Timeout: z.string(),
  ExecuteOnHandlerChange: z.boolean(),
});
const stageProperties = z.looseObject({
  AutoDeploy: z.literal(true),
  StageName: z.literal('$default'),
  RouteSettings: z.record(z.string(), z.unknown()).default({}),
});

/**
 * Does what happens only during a deployment. Throws if AWS would refuse a resource, and if the function of a trigger
 * fails, which makes the deployment fail and roll back.
 */
export async function deploy({ release: { assembly, rights }, invocations }: Cloud): Promise<void> {
  for (const { logicalId, properties } of assembly.ofType('AWS::Lambda::EventSourceMapping')) {
    const { EventSourceArn: source, FunctionName } = properties as { EventSourceArn: string; FunctionName: string };
    const { role } = invocations.find(FunctionName);
    for (const action of reading[source.split(':')[2] ?? ''] ?? []) {
      const { allowed, reason } = rights.ofRole(role, { action, resource: source, context: {} });
      if (!allowed)
        throw new Error(`The deployment fails at ${logicalId}: the role of the function cannot read: ${reason}`);
    }
  }

  const routes = new Set(assembly.ofType('AWS::ApiGatewayV2::Route').map(({ properties }) => properties['RouteKey']));
  for (const { logicalId, properties } of assembly.ofType('AWS::ApiGatewayV2::Stage')) {
    const { RouteSettings } = stageProperties.parse(properties);
    const unknown = Object.keys(RouteSettings).find((key) => !routes.has(key));
    if (unknown !== undefined) throw new Error(`The deployment fails at ${logicalId}: there is no route ${unknown}.`);
  }

  for (const { logicalId, properties } of assembly.ofType('Custom::Trigger')) {
    const { HandlerArn } = triggerProperties.parse(properties);
    const provider = assembly.ofType('AWS::IAM::Role').find((role) => role.logicalId.startsWith(TRIGGER_PROVIDER));
    const invoking = { action: 'lambda:InvokeFunction', resource: HandlerArn, context: {} };
    const { allowed, reason } = rights.ofRole(String(provider?.attributes['Arn']), invoking);
    if (!allowed) throw new Error(`The deployment fails at ${logicalId}: the trigger cannot invoke it: ${reason}`);
    const outcome = await invocations.invoke(invocations.find(HandlerArn), {});
    if ('error' in outcome) throw new Error(`The deployment fails at ${logicalId}: ${outcome.error.errorMessage}`);
  }
}
