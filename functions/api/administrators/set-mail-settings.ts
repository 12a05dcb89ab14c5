import { setMailSettingsContract as contract } from '../../contract/administrators.ts';
import { setMailSettings } from '../../domain/administrators/set-mail-settings.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('set-mail-settings', contract, async ({ caller, body }, services) => ({
  body: await setMailSettings(services, caller, body),
}));
