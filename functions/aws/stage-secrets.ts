import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { stageSecretOf, type StageSecrets } from '../domain/fido2/sealing/ceremony-secrets.ts';
import { UnavailableError } from '../table/engine/unavailable-error.ts';

/**
 * Returns the function that reads the secrets of the stage from Secrets Manager: the current one, and the one before it
 * if the secret was rotated. The function loads the client only when it is called. It throws `UnavailableError` when
 * Secrets Manager does not return the current secret in time.
 *
 * @default client - a client with the credentials and the region of the function
 */
export function openStageSecrets(secretId: string, client?: SecretsManagerClient): () => Promise<StageSecrets> {
  return async () => {
    const { GetSecretValueCommand, ResourceNotFoundException, SecretsManagerClient } =
      await import('@aws-sdk/client-secrets-manager');
    client ??= new SecretsManagerClient({
      maxAttempts: 3,
      requestHandler: { connectionTimeout: 1_000, requestTimeout: 1_500, throwOnRequestTimeout: true },
    });
    const read = async (VersionStage: string, sent = client) =>
      sent?.send(new GetSecretValueCommand({ SecretId: secretId, VersionStage }));
    try {
      const values = await Promise.all([
        read('AWSCURRENT'),
        read('AWSPREVIOUS').catch((error: unknown) => {
          // A secret that was never rotated has no previous version.
          if (error instanceof ResourceNotFoundException) return undefined;
          throw error;
        }),
      ]);
      return values.flatMap((value) => (value?.SecretString === undefined ? [] : [stageSecretOf(value.SecretString)]));
    } catch (error) {
      throw new UnavailableError('Secrets Manager did not return the secret of the stage.', { cause: error });
    }
  };
}
