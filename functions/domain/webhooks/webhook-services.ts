import type { SecretServices } from '../fido2/sealing/ceremony-secrets.ts';
import type { Services } from '../services.ts';

/** The services that functions need to seal and open the secrets of webhooks. */
export interface WebhookServices extends Services, SecretServices {
  /**
   * Whether the URL of a webhook may begin with `http` and lead to this machine, for development on one machine.
   * @default false
   */
  readonly allowsLoopbackWebhooks?: boolean | undefined;
}

/** Returns the newest secret of the stage, which seals the secrets of webhooks. */
export async function newestStageSecret({ stageSecrets }: SecretServices): Promise<Uint8Array> {
  const [newest] = await stageSecrets();
  if (!newest) throw new Error('The stage has no secret.');
  return newest;
}
