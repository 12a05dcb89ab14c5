import type { SecretVersions } from '../secrets.ts';
import { AwsError, json, readJsonCall, unknownOperation, type AwsService } from './service.ts';

/** Creates the API of Secrets Manager for secrets, which `secrets` contains by their ARNs. */
export function createSecretsManager(secrets: ReadonlyMap<string, SecretVersions>): AwsService {
  return (call) => {
    const { operation, input } = readJsonCall(call);
    if (operation !== 'GetSecretValue') return unknownOperation('Secrets Manager', operation);
    const { SecretId: arn, VersionStage: stage = 'AWSCURRENT' } = input as { SecretId: string; VersionStage?: string };
    return {
      needs: [
        { action: 'secretsmanager:GetSecretValue', resource: arn, context: { 'secretsmanager:VersionStage': stage } },
      ],
      run: () => {
        const SecretString = secrets.get(arn)?.[stage as keyof SecretVersions];
        if (SecretString !== undefined) return json({ ARN: arn, SecretString, VersionStages: [stage] });
        throw new AwsError(
          'ResourceNotFoundException',
          `Secrets Manager can't find the specified secret value for ${stage}.`,
        );
      },
    };
  };
}
