import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { editCredential } from '../../functions/domain/credentials/edit-credential.ts';
import { removeCredential } from '../../functions/domain/credentials/remove-credential.ts';
import { editUser } from '../../functions/domain/users/edit-user.ts';
import { getUser } from '../../functions/domain/users/get-user.ts';
import { removeUser } from '../../functions/domain/users/remove-user.ts';
import { coseKey, type SoftPasskey } from '../support/fido2/authenticator.ts';
import { openCeremonies, type CeremonyProcess } from '../support/fido2/ceremony-processes.ts';
import { anotherClient, before, injectFaults, transactionConflict } from '../support/table-faults.ts';

/** A user signs in before each write of another request, so that no read is ever up to date. */

type Opened = Awaited<ReturnType<typeof openCeremonies>>;
type Ended = Awaited<ReturnType<CeremonyProcess['use']>>;
let opened: Opened;
let healthy: CeremonyProcess;
let passkey: SoftPasskey;
let userId: string;
let credentialId: string;
let users = 0;
/** The sign-ins that were accepted, in their order. */
let accepted: Ended[];
beforeAll(async () => {
  opened = await openCeremonies();
  healthy = opened.process();
});
beforeEach(async () => {
  accepted = [];
  userId = `user-${(users += 1)}`;
  const created = await healthy.create({ userId, createUser: true });
  ({ passkey } = created);
  credentialId = (await healthy.register(created.ended)).credential.id;
});

const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => 'accepted',
    (error: unknown) => (error as { refusal?: string }).refusal ?? (error as Error).name,
  );
const MAX_WRITES = 12;
/** Returns the services of a process, before each write of which the user signs in. Every other write conflicts. */
function whileSigningIn() {
  const table = anotherClient(opened.metering.table);
  for (let nth = 1; nth <= MAX_WRITES; nth += 1) {
    const signIn = async () => {
      const ended = await healthy.use(passkey);
      if ((await refusal(healthy.signIn(ended))) === 'accepted') accepted.push(ended);
      if (nth === MAX_WRITES) throw new Error('The request has not succeeded.');
    };
    before(/^TransactWrite/, table, signIn, nth);
  }
  let writes = 0;
  injectFaults(table, (attempt) =>
    attempt.command.startsWith('TransactWrite') && (writes += 1) % 2 === 1
      ? { before: transactionConflict(attempt) }
      : undefined,
  );
  return { ...opened.metering.services, table };
}
const requested = () => ({ userId, credentialId });

describe('while the user signs in without a pause', () => {
  it('a credential is disabled', async () => {
    await editCredential(whileSigningIn(), opened.caller, requested(), { disabled: true });
    expect(accepted.length).toBeGreaterThan(0);
    expect(await refusal(healthy.signIn(await healthy.use(passkey)))).toBe('credential-disabled');
  });

  it('the user is disabled', async () => {
    await editUser(whileSigningIn(), opened.caller, userId, { disabled: true });
    expect(accepted.length).toBeGreaterThan(0);
    expect(await refusal(healthy.signIn(await healthy.use(passkey)))).toBe('user-disabled');
  });

  it.each<[string, () => Promise<unknown>]>([
    ['a credential', () => removeCredential(whileSigningIn(), opened.caller, requested())],
    ['the user', () => removeUser(whileSigningIn(), opened.caller, userId)],
  ])('%s is removed, and no response is accepted again after the same key was registered again', async (_, remove) => {
    await remove();
    expect(accepted.length).toBeGreaterThan(1);
    expect(await refusal(healthy.signIn(await healthy.use(passkey)))).toBe('credential-unknown');

    const exists = await refusal(getUser(opened.metering.services, opened.caller, userId));
    const again = await healthy.create(
      {
        userId,
        createUser: exists !== 'accepted',
        ...(exists !== 'accepted' && { user: { userHandle: passkey.userHandle } }),
      },
      { credentialId: passkey.credentialId, key: [...coseKey(passkey)] },
    );
    const { credential } = await healthy.register(again.ended);
    expect(credential.id).toBe(credentialId);
    for (const ended of accepted) expect(await refusal(healthy.signIn(ended))).toBe('ceremony-used');
    // The clocks of processes differ, so ceremonies that begin soon after the removal are refused too.
    opened.metering.clock.time += 16 * 60_000;
    expect(await refusal(healthy.signIn(await healthy.use(passkey)))).toBe('accepted');
  });
});
