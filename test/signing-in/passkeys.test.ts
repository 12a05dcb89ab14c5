import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../functions/domain/time.ts';
import { LONG } from '../support/long.ts';
import { expectProblem, passkeyService } from '../support/fido2/passkeys.ts';
import type { SignedUp, TestService } from '../support/service.ts';

let service: TestService;
let alice: SignedUp;

const { signIn, list, expectUnchanged } = passkeyService((opened) => {
  ({ service, alice } = opened);
});

describe('the passkeys of an administrator', () => {
  it('are listed only for that administrator, oldest first and with the time of their last use', async () => {
    const bob = await service.addAdministrator(alice.session, 'privileged');
    const { passkey, ...first } = await service.addPasskey(alice.session);
    await service.pass(MINUTE);
    const second = await service.addPasskey(alice.session);
    await service.pass(MINUTE);
    await service.signInByPasskey(passkey);
    expect(await list(alice.session)).toMatchObject([
      { ...first, lastUsedAt: expect.stringMatching(/Z$/) as string },
      { id: second.id, lastUsedAt: null },
    ]);
    expect(await list(bob.session)).toEqual([]);
    for (const request of [`PATCH /v1/passkeys/${first.id}`, `DELETE /v1/passkeys/${first.id}`]) {
      const answer = await service.send(request, { as: bob.session, body: { name: 'Mine' } });
      expectProblem(answer, 404, 'not-found');
    }
    expect(await list(alice.session)).toHaveLength(2);
  });

  it('can be renamed, and each renaming is logged', async () => {
    const { passkey, id } = await service.addPasskey(alice.session);
    const renamed = await service.send(`PATCH /v1/passkeys/${id}`, { as: alice.session, body: { name: ' Laptop ' } });
    expect(renamed.status).toBe(200);
    expect(renamed.body).toMatchObject({ id, name: 'Laptop', lastUsedAt: null });
    expect(await list(alice.session)).toEqual([renamed.body]);
    const { administratorId } = alice;
    expect(service.logged.filter(({ message }) => message === 'change').at(-1)?.fields).toMatchObject({
      what: 'passkey',
      before: { administratorId, id, name: 'Phone' },
      after: { administratorId, id, name: 'Laptop' },
    });
    expect((await signIn(await service.answerWith(passkey))).status).toBe(201);
  });

  it('can be removed except for the last passkey, and each removal is logged', async () => {
    const [first, second] = [await service.addPasskey(alice.session), await service.addPasskey(alice.session)];
    const remove = (id: string) => service.send(`DELETE /v1/passkeys/${id}`, { as: alice.session });
    expect((await remove(first.id)).status).toBe(204);
    const { administratorId } = alice;
    expect(service.logged.filter(({ message }) => message === 'change').at(-1)?.fields).toMatchObject({
      what: 'passkey',
      before: { administratorId, id: first.id, name: 'Phone' },
      after: null,
    });
    await expectUnchanged(async () => {
      expectProblem(await remove(first.id), 404, 'not-found');
      expectProblem(await remove(second.id), 403, 'forbidden');
    });
    expect(await list(alice.session)).toMatchObject([{ id: second.id }]);
  });

  it('are never all removed, no matter how many requests remove passkeys at the same time', async () => {
    for (let round = 0; round < (LONG ? 5 : 2); round += 1) {
      const { session } = await service.signUp();
      const added = [await service.addPasskey(session), await service.addPasskey(session)];
      if (round % 2 === 1) added.push(await service.addPasskey(session));
      const answers = await Promise.all(
        [...added, ...added].map(({ id }) => service.send(`DELETE /v1/passkeys/${id}`, { as: session })),
      );
      expect(answers.filter(({ status }) => status === 204)).toHaveLength(added.length - 1);
      expect(await list(session)).toHaveLength(1);
    }
  });
});
