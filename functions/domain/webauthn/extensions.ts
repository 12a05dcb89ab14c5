import type { ExtensionResults } from '../../contract/values/webauthn.ts';
import { refuse } from './refusal.ts';

/**
 * Refuses a response whose extension results show that the ceremony used an AppID, the predecessor of the RP ID in U2F
 * (WebAuthn, 10.1.1 and 10.1.2). The options of this service never ask for these extensions. The service ignores the
 * results of all other extensions except `credProps`.
 */
export function refuseAppId(results: ExtensionResults = {}): void {
  const { appid, appidExclude } = results;
  if (appid === true || appidExclude === true) refuse('extensions', 'The ceremony used an AppID of U2F');
}
