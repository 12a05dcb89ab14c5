import { randomBytes } from 'node:crypto';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import type { AuthenticationResponse } from '../../../functions/contract/values/webauthn.ts';
import type { RpServer } from '../../../functions/domain/callers.ts';
import type { CeremonyServices } from '../../../functions/domain/fido2/ceremony-services.ts';
import { relyingPartyOf } from '../../../functions/domain/fido2/ceremony-rp.ts';
import { MINUTE, toTtl } from '../../../functions/domain/time.ts';
import { verifyAuthentication, type Authentication } from '../../../functions/domain/webauthn/authentication.ts';
import { exists, isUnset } from '../../../functions/table/engine/conditions.ts';
import { isConditionFailed, type Table } from '../../../functions/table/engine/client.ts';
import { readItem } from '../../../functions/table/engine/reads.ts';
import { transact } from '../../../functions/table/engine/transaction.ts';
import { updateOf } from '../../../functions/table/engine/update-parts.ts';
import { updateOrFail } from '../../../functions/table/engine/updates.ts';
import { challengeKey, credentialKey } from '../../../functions/table/keys.ts';
import { putChallenge, useChallenge, type Challenge } from '../../../functions/table/signing-in/challenges.ts';
import { readHandleContent, type WholeCredential } from '../../../functions/table/users/credentials.ts';
import { readUser } from '../../../functions/table/users/users.ts';
import type { SignInDesign } from './design.ts';

const CEREMONY = { kind: 'authentication' } as const;
const LASTS = 6 * MINUTE;

/** The reads and the writes with which a design consumes the challenge and updates the credential. */
interface Consumption {
  /** Finds the challenge of a ceremony, and perhaps consumes it already. Runs beside the reads of the user. */
  readonly find: (table: Table, challenge: string) => Promise<Challenge | undefined>;
  /** Accepts a verified response. Returns whether it was accepted. */
  readonly accept: (table: Table, challenge: string, update: ReturnType<typeof updateOfCredential>) => Promise<boolean>;
}

/**
 * A design that stores the challenge of a ceremony when the ceremony begins. Unlike the service's design, it does not
 * count active users, which would make it more expensive.
 */
const storedChallenge = (name: string, { find, accept }: Consumption): SignInDesign => ({
  name,
  startProcess: (services, caller) => ({
    async begin() {
      const challenge = randomBytes(32).toString('base64url');
      const expiresAt = services.clock.now() + LASTS;
      await putChallenge(services.table, challenge, CEREMONY, { expiresAt }, toTtl(expiresAt));
      return { ceremony: challenge, options: { challenge } };
    },
    async finish({ ceremony: challenge }, response) {
      const { table, clock } = services;
      const [stored, { credential, verified }] = await Promise.all([
        find(table, challenge),
        readAndVerify(services, caller, challenge, response),
      ]);
      if (!stored || stored.expiresAt <= clock.now()) throw new Error('The challenge is unknown or was used.');
      const update = updateOfCredential(caller, credential, verified, response, clock.now());
      const [isAccepted, user] = await Promise.all([
        accept(table, challenge, update),
        readUser(table, caller.rpRef, credential.userId, 'eventual'),
      ]);
      if (!isAccepted) throw new Error('The response was refused.');
      return { user, credential };
    },
  }),
});

/** Reads the credential with the same call as the service, and verifies the response. */
async function readAndVerify(
  { table }: CeremonyServices,
  caller: RpServer,
  challenge: string,
  response: AuthenticationResponse,
) {
  const { rpRef, rp } = caller;
  const { credentials } = await readHandleContent(table, rpRef, response.response.userHandle ?? '', 'eventual');
  const credential = credentials.find(({ credentialId }) => credentialId === response.id);
  if (!credential) throw new Error('The user has no such credential.');
  const { accepted, refusal } = await verifyAuthentication(
    relyingPartyOf(caller, response.response),
    { challenge, userVerification: rp.settings.userVerification },
    { id: response.id, publicKey: credential.publicKey },
    response,
  );
  if (refusal) throw new Error(`The response was refused: ${refusal.reason}`);
  return { credential, verified: accepted };
}

function updateOfCredential(
  { rpRef }: RpServer,
  { credentialId }: WholeCredential,
  { signCount, backedUp }: Authentication,
  { response }: AuthenticationResponse,
  now: number,
) {
  return {
    Key: credentialKey(rpRef, response.userHandle ?? '', credentialId),
    ...updateOf({
      set: ['signCount = :signCount', 'backedUp = :backedUp', 'lastUsedAt = :now'],
      conditions: [
        exists,
        isUnset('disabled'),
        isUnset('userDisabled'),
        signCount === 0 ? 'signCount = :signCount' : 'signCount < :signCount',
      ],
      values: { ':signCount': signCount, ':backedUp': backedUp, ':now': now },
    }),
  };
}

/** The challenge is read, and deleted in one transaction with the update of the credential. */
export const inTransaction = storedChallenge('usual: challenge deleted in a transaction with the update', {
  find: async (table, challenge) => {
    const key = challengeKey(challenge, CEREMONY.kind);
    return (await readItem<Challenge>(table, key, 'eventual')) ?? readItem<Challenge>(table, key, 'strong');
  },
  accept: async (table, challenge, Update) =>
    (await transact(table, { challenge: useChallenge(challenge, CEREMONY), credential: { Update } })) === undefined,
});

/** A conditional delete returns the challenge, and an update of the credential follows. */
export const byDelete = storedChallenge('better usual: challenge deleted, then an update', {
  find: async ({ client, name: TableName }, challenge) => {
    const Key = challengeKey(challenge, CEREMONY.kind);
    try {
      const deleted = await client.send(
        new DeleteCommand({ TableName, Key, ConditionExpression: exists, ReturnValues: 'ALL_OLD' }),
      );
      return deleted.Attributes as Challenge;
    } catch (error) {
      if (isConditionFailed(error)) return undefined;
      throw error;
    }
  },
  accept: async (table, _, update) => (await updateOrFail(table, update)).updated !== undefined,
});
