import { setMailSettingsContract as contract } from '../../contract/administrators.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('set-mail-settings', contract, async ({ caller, body }, services) => {
  // Most processes never need this code, so a cold start does not load it.
  const { setMailSettings } = await import('../../domain/administrators/set-mail-settings.ts');
  return { body: await setMailSettings(services, caller, body) };
});
