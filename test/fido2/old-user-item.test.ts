import { expect, it } from 'vitest';
import { registerUsers } from '../../functions/domain/users/register-users.ts';
import { readUser } from '../../functions/table/users/users.ts';
import { openCeremonies } from '../support/fido2/ceremony-processes.ts';
import { anotherClient, readingOldUser } from '../support/table-faults.ts';

it('a sign-in signals all credentials, although a replica still has the user as registered without a credential', async () => {
  const { metering, caller, process } = await openCeremonies();
  await registerUsers(metering.services, caller, { users: [{ userId: 'user-1' }] });
  const old = await readUser(metering.table, caller.rpRef, 'user-1', 'strong');
  const { passkey, ended } = await process().create({ userId: 'user-1' });
  const { credential } = await process().register(ended);

  const behind = process(readingOldUser(anotherClient(metering.table), old));
  const { signals } = await behind.signIn({ ...(await behind.use(passkey)), signals: true });

  expect(signals.allAcceptedCredentials?.allAcceptedCredentialIds).toEqual([credential.id]);
});
