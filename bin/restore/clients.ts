import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** The clients of AWS with which a backup is restored. */
export interface RestoreClients {
  readonly cloudformation: CloudFormationClient;
  readonly dynamodb: DynamoDBClient;
  readonly events: EventBridgeClient;
  readonly lambda: LambdaClient;
  readonly secrets: SecretsManagerClient;
}

/** How long a scheduled function may run, and a bit longer, in milliseconds. */
const INVOCATION_TIMEOUT = 16 * 60 * 1_000;

/** Creates the clients. Each uses the current credentials and region unless `config` says otherwise. */
export function openClients(
  config: { region?: string; credentials?: { accessKeyId: string; secretAccessKey: string } } = {},
): RestoreClients {
  return {
    cloudformation: new CloudFormationClient(config),
    dynamodb: new DynamoDBClient(config),
    events: new EventBridgeClient(config),
    // A scheduled function may run for 15 minutes, and the client waits for its result.
    lambda: new LambdaClient({ ...config, requestHandler: { requestTimeout: INVOCATION_TIMEOUT } }),
    secrets: new SecretsManagerClient(config),
  };
}
