import { createHash } from 'node:crypto';
import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { openStageSecrets } from '../../functions/aws/stage-secrets.ts';
import { rememberedSecrets } from '../../functions/domain/fido2/sealing/ceremony-secrets.ts';
import { UnavailableError } from '../../functions/table/engine/unavailable-error.ts';

const ARN = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:stage';
const client = new SecretsManagerClient({ region: 'us-east-1' });
const secretsManager = mockClient(client);
const sha256 = (text: string) => createHash('sha256').update(text).digest();
const missing = new ResourceNotFoundException({ message: 'no such version', $metadata: {} });
beforeEach(() => {
  secretsManager.reset();
});
const store = (VersionStage: 'AWSCURRENT' | 'AWSPREVIOUS', SecretString: string | undefined) => {
  const call = secretsManager.on(GetSecretValueCommand, { SecretId: ARN, VersionStage });
  return SecretString === undefined ? call.rejects(missing) : call.resolves({ SecretString });
};

describe('the secrets of the stage', () => {
  it('are the current one and the previous one, each as 32 bytes', async () => {
    store('AWSCURRENT', 'new');
    store('AWSPREVIOUS', 'old');
    expect(await openStageSecrets(ARN, client)()).toEqual([sha256('new'), sha256('old')]);
  });

  it('are only the current one before the first rotation', async () => {
    store('AWSCURRENT', 'new');
    store('AWSPREVIOUS', undefined);
    expect(await openStageSecrets(ARN, client)()).toEqual([sha256('new')]);
  });

  it.each<[string, () => unknown]>([
    ['the current one is missing', () => [store('AWSCURRENT', undefined), store('AWSPREVIOUS', 'old')]],
    [
      'the previous one cannot be read',
      () => [
        store('AWSCURRENT', 'new'),
        secretsManager
          .on(GetSecretValueCommand, { SecretId: ARN, VersionStage: 'AWSPREVIOUS' })
          .rejects(new Error('throttled')),
      ],
    ],
  ])('are unavailable if %s, and a later read can succeed', async (_, fail) => {
    fail();
    const { stageSecrets } = rememberedSecrets(openStageSecrets(ARN, client), { now: () => 0 });
    await expect(stageSecrets()).rejects.toThrow(UnavailableError);
    store('AWSCURRENT', 'new');
    store('AWSPREVIOUS', 'old');
    expect(await stageSecrets()).toHaveLength(2);
  });
});
