import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SoftPasskey } from '../support/fido2/authenticator.ts';
import { newTestRp, outcomes, type TestRp } from '../support/fido2/ceremonies.ts';
import { random } from '../support/random.ts';
import { startTestService, type TestService } from '../support/service.ts';

const numbers = random();
const shuffled = <T>(list: readonly T[]) => numbers.shuffle(list);
let service: TestService;
let rp: TestRp;
beforeAll(async () => {
  service = await startTestService();
  await service.setClock('2026-11-02T08:00:00Z');
  rp = await newTestRp(service);
});
afterAll(() => service.stop());

let users = 0;
let passkey: SoftPasskey;
beforeEach(async () => {
  await service.setClock('2026-11-02T09:00:00Z');
  ({ passkey } = await rp.register({ userId: `user-${(users += 1)}` }));
});

const signIn = (body: object) => rp.end('authentications', body);
const begin = async (count: number, body: Parameters<TestRp['use']>[1] = {}) => {
  const begun = [];
  for (let index = 0; index < count; index += 1) begun.push(await rp.use(passkey, body));
  return begun;
};
describe(`open ceremonies of a credential (seed ${numbers.seed})`, () => {
  it.each(['oldest first', 'newest first', 'in random order'])(
    '20, ended %s, are each accepted once',
    async (order) => {
      const bodies = inOrder(await begin(20), order);
      const answers = [];
      for (const body of bodies) answers.push(await signIn(body));
      expect(outcomes(answers)).toEqual({ '200': 20 });
      const replayed = [];
      for (const body of shuffled(bodies)) replayed.push(await signIn(body));
      expect(outcomes(replayed)).toEqual({ '409 ceremony-used': 20 });
    },
  );

  it.each(['oldest first', 'newest first', 'in random order'])(
    '100, ended %s, are never accepted twice',
    async (order) => {
      const bodies = inOrder(await begin(100), order);
      const answers = [];
      for (const body of bodies) answers.push(await signIn(body));
      // The item keeps 64 uses. After that, a ceremony that began before all of them cannot be told from a used one.
      const { '200': accepted = 0, '409 ceremony-used': refused = 0 } = outcomes(answers);
      expect(accepted + refused).toBe(100);
      expect(accepted).toBeGreaterThanOrEqual(order === 'oldest first' ? 100 : 64);
      const replayed = [];
      for (const body of shuffled(bodies)) replayed.push(await signIn(body));
      expect(outcomes(replayed)).toEqual({ '409 ceremony-used': 100 });
    },
  );

  it('16 conditional ones a day do not keep an ordinary one from being accepted', async () => {
    for (let day = 0; day < 3; day += 1) {
      const conditional = await begin(16, { mediation: 'conditional' });
      for (const body of conditional) {
        await service.pass(80 * 60_000);
        expect((await signIn(body)).status).toBe(200);
        const [ordinary = {}] = await begin(1);
        expect((await signIn(ordinary)).status).toBe(200);
      }
    }
  });
});

function inOrder<T>(begun: T[], order: string): T[] {
  if (order === 'in random order') return shuffled(begun);
  return order === 'newest first' ? begun.toReversed() : begun;
}
