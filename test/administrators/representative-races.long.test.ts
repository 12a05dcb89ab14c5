import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAdministratorsContract } from '../../functions/contract/administrators.ts';
import { LONG } from '../support/long.ts';
import { startTestService, type Person, type SignedUp, type TestService } from '../support/service.ts';

let service: TestService;
/** The representative of a new customer. */
let alice: SignedUp;
/** A privileged administrator of this customer. */
let paula: Person;
beforeAll(async () => {
  service = await startTestService();
  alice = await service.signUp();
  paula = await service.addAdministrator(alice.session, 'privileged');
});
afterAll(() => service.stop());

const edit = (by: Person, whom: Person, body: object) =>
  service.send(`PATCH /v1/administrators/${whom.administratorId}`, { as: by.session, body });
const remove = (by: Person, whom: Person) =>
  service.send(`DELETE /v1/administrators/${whom.administratorId}`, { as: by.session });
const versionOf = async () =>
  (await service.send('GET /v1/customer', { as: alice.session })).headers.get('etag') ?? 'none';
const makeRepresentative = async (by: Person, whom: Person) =>
  service.send('PUT /v1/customer/representative', {
    as: by.session,
    headers: { 'if-match': await versionOf() },
    body: { administratorId: whom.administratorId },
  });
async function listed() {
  const list = await service.send('GET /v1/administrators', { as: alice.session });
  return list.read(listAdministratorsContract.answer.body).items;
}
const find = async (whom: Person) => (await listed()).find(({ id }) => id === whom.administratorId);

describe('a customer whose representative changes', () => {
  const ROUNDS = LONG ? 100 : 8;

  it('always has an active representative, even if a simultaneous request removes the chosen administrator', async () => {
    const outcomes = new Set<string>();
    for (let round = 0; round < ROUNDS; round += 1) {
      const carol = await service.addAdministrator(alice.session, 'administrator');
      const [changed, removed] = await race(
        round,
        () => makeRepresentative(alice, carol),
        () => remove(paula, carol),
      );
      const outcome = `change ${changed.status}, removal ${removed.status}`;
      outcomes.add(outcome);
      expect(['change 200, removal 403', 'change 400, removal 204']).toContain(outcome);
      const representatives = (await listed()).filter(({ representative }) => representative);
      expect(representatives).toMatchObject([{ status: 'active', privilege: 'privileged' }]);
      expect(representatives[0]?.id).toBe(changed.status === 200 ? carol.administratorId : alice.administratorId);
      if (changed.status === 200) {
        await makeRepresentative(alice, alice);
        await remove(alice, carol);
      }
    }
    expect([...outcomes].sort()).toEqual(['change 200, removal 403', 'change 400, removal 204']);
  });

  it('always has a privileged representative, even if a simultaneous request lowers the privilege of the chosen person', async () => {
    const carol = await service.addAdministrator(alice.session, 'privileged');
    for (let round = 0; round < ROUNDS; round += 1) {
      const [changed, lowered] = await race(
        round,
        () => makeRepresentative(alice, carol),
        () => edit(paula, carol, { privilege: 'administrator' }),
      );
      expect(changed.status).toBe(200);
      expect([200, 403]).toContain(lowered.status);
      expect(await find(carol)).toMatchObject({ representative: true, privilege: 'privileged' });
      await makeRepresentative(alice, alice);
      await edit(alice, carol, { privilege: 'privileged' });
    }
  });

  /**
   * Runs two requests at almost the same time, and returns their responses. In even rounds `one` starts a little before
   * `other`; in odd rounds `other` starts a little before `one`.
   */
  async function race<T>(round: number, one: () => Promise<T>, other: () => Promise<T>): Promise<[T, T]> {
    const etag = versionOf(); // `late` waits for this response, and responses take different times
    const late = async (run: () => Promise<T>) => {
      await etag;
      await new Promise((resolve) => setTimeout(resolve, round % 7));
      return run();
    };
    return Promise.all(round % 2 === 0 ? [one(), late(other)] : [late(one), other()]);
  }
});
