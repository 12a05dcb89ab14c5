import type { CreationOptions } from '../../contract/values/console-options.ts';
import type { Services } from '../services.ts';
import {
  beginCeremony,
  CHALLENGE_LASTS,
  CONSOLE_REQUIREMENTS,
  consoleRelyingParty,
} from '../signing-in/console-ceremonies.ts';
import { creationOptions } from '../webauthn/creation-options.ts';
import { findOperatorLink } from './find-operator-link.ts';
import { operatorUserHandleOf } from './operator-user-handle.ts';

/**
 * Begins to register the passkey of the operator who has the link with the token `token`, and returns the WebAuthn
 * options. The link is not used yet. Throws `UnauthenticatedError` when the link is not valid.
 *
 * The user name says “operator”, because browsers offer the passkeys of administrators and operators together.
 */
export async function requestOperatorPasskeyOptions(services: Services, token: string): Promise<CreationOptions> {
  const { operatorId, name, email } = await findOperatorLink(services, token);
  return creationOptions(
    consoleRelyingParty(services),
    { id: operatorUserHandleOf(operatorId), name: `${email} (operator)`, displayName: `${name} (operator)` },
    {
      challenge: await beginCeremony(services, { kind: 'operator-registration', operatorId }),
      timeout: CHALLENGE_LASTS,
      excludeCredentials: [],
    },
    CONSOLE_REQUIREMENTS,
  );
}
