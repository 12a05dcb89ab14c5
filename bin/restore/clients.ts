import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { INVOCATION_TIMEOUT, timeOuts } from '../aws/time-outs.ts';

/** The clients of AWS with which a backup is restored. */
export interface RestoreClients {
  readonly cloudformation: CloudFormationClient;
  readonly dynamodb: DynamoDBClient;
  readonly events: EventBridgeClient;
  readonly lambda: LambdaClient;
  /** The client that invokes functions, and waits for their results. */
  readonly invoking: LambdaClient;
  readonly secrets: SecretsManagerClient;
}

/** How long to wait for an answer, in milliseconds. */
const TIMEOUT = 15_000;

/** Creates the clients. Each uses the current credentials and region unless `settings` say otherwise. */
export function openClients(
  settings: { region?: string; credentials?: { accessKeyId: string; secretAccessKey: string } } = {},
): RestoreClients {
  const config = { ...settings, ...timeOuts(TIMEOUT) };
  return {
    cloudformation: new CloudFormationClient(config),
    dynamodb: new DynamoDBClient(config),
    events: new EventBridgeClient(config),
    lambda: new LambdaClient(config),
    // This client does not retry: a lost answer does not say that the function did not run.
    invoking: new LambdaClient({ ...settings, ...timeOuts(INVOCATION_TIMEOUT), maxAttempts: 1 }),
    secrets: new SecretsManagerClient(config),
  };
}
