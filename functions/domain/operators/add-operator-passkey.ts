import type { RegistrationResponse } from '../../contract/values/webauthn.ts';
import { transact } from '../../table/engine/transaction.ts';
import { useOperatorLink } from '../../table/operators/operator-links.ts';
import { putOperatorPasskey } from '../../table/operators/operator-passkeys.ts';
import { atGeneration, checkOperator, type Operator } from '../../table/operators/operators.ts';
import { useChallenge } from '../../table/signing-in/challenges.ts';
import { logChange } from '../change-log.ts';
import { passkeyIdOf } from '../ids.ts';
import { challengeNotValid } from '../refusals.ts';
import type { Services } from '../services.ts';
import { verifyNewPasskey } from '../signing-in/verify-new-passkey.ts';
import { findOperatorLink } from './find-operator-link.ts';
import { operatorLinkNotValid } from './operator-refusals.ts';

/**
 * Registers the passkey of the operator who has the link with the token `token`, and returns the operator. The operator
 * then signs in with the passkey. Throws `UnauthenticatedError` when the link is not valid, and `InvalidInputError`
 * when the challenge is not valid or the verification refuses the authenticator's response.
 *
 * The function writes in one transaction: if the process dies, either the link and the challenge are used and the
 * passkey is stored, or nothing has changed. The transaction fails if another request used the link or the challenge,
 * or if the operator was removed or got a new link after the function read the items.
 */
export async function addOperatorPasskey(
  services: Services,
  { token, passkey: response }: { token: string; passkey: RegistrationResponse },
): Promise<Operator> {
  const { table, clock, log } = services;
  const operator = await findOperatorLink(services, token);
  const { operatorId } = operator;
  const ceremony = { kind: 'operator-registration', operatorId } as const;
  const { challenge, credential } = await verifyNewPasskey(services, ceremony, response);
  const id = passkeyIdOf(credential.id);
  const failures = await transact(table, {
    link: useOperatorLink(token),
    challenge: useChallenge(challenge, ceremony),
    operator: checkOperator(operator),
    passkey: putOperatorPasskey({
      ...atGeneration(operator),
      id,
      credentialId: credential.id,
      publicKey: credential.publicKey,
      signCount: credential.signCount,
      createdAt: clock.now(),
      lastUsedAt: null,
    }),
  });
  if (failures?.link || failures?.operator || failures?.passkey) throw operatorLinkNotValid();
  if (failures) throw challengeNotValid();
  logChange(log, { actor: { operatorId }, what: 'operator-passkey', before: null, after: { operatorId, id } });
  return operator;
}
