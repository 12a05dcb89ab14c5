import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { listPasskeysContract } from '../../../functions/contract/passkeys.ts';
import { getSessionContract } from '../../../functions/contract/sessions.ts';
import { startTestService, type Answer, type SignedUp, type TestService } from '../service.ts';

/**
 * Expects that an answer is a problem. If `pointer` is given, the problem must contain exactly one field error, with
 * this JSON Pointer to the field.
 */
export function expectProblem(answer: Answer, status: number, problem: string, pointer?: string) {
  expect({ status: answer.status, body: answer.body }).toMatchObject({
    status,
    body: { type: `/problems/${problem}`, ...(pointer !== undefined && { errors: [{ pointer }] }) },
  });
}

/**
 * Starts one service for all tests of a file, and sets its clock to 2 November 2026, 08:00 UTC. Signs up a new Alice,
 * the representative of a new customer, before each test, and passes the service and Alice to `use`. Returns functions
 * that use passkeys and sessions.
 */
export function passkeyService(
  use: (opened: { service: TestService; alice: SignedUp }) => void,
  options: Parameters<typeof startTestService>[0] = {},
) {
  let service: TestService;
  let alice: SignedUp;
  beforeAll(async () => {
    service = await startTestService(options);
    await service.setClock('2026-11-02T08:00:00Z');
  });
  afterAll(() => service.stop());
  beforeEach(async () => {
    alice = await service.signUp();
    use({ service, alice });
  });

  const send: TestService['send'] = (...args) => service.send(...args);
  const add = (as: string, passkey: unknown, name = 'Phone') =>
    send('POST /v1/passkeys', { as, body: { name, passkey } });
  const signIn = (passkey: unknown) => send('POST /v1/sessions', { body: { passkey } });
  const list = async (as: string) =>
    (await send('GET /v1/passkeys', { as })).read(listPasskeysContract.answer.body).items;
  const current = async (as: string) =>
    (await send('GET /v1/sessions/current', { as })).read(getSessionContract.answer.body);
  const statusOf = async (as: string) => (await send('GET /v1/customer', { as })).status;

  /**
   * Returns the items of Alice's customer and the challenges of all sign-ins. Items of other customers are left out,
   * because the service may still be discarding them.
   */
  async function ownItems() {
    await send('GET /_local/mail'); // this request waits until the table contains no e-mail
    const items = await service.dump();
    return items.filter(
      (item) => item['ceremony'] === 'authentication' || JSON.stringify(item).includes(alice.customerId),
    );
  }

  /** Expects that a request changes none of the items that `ownItems` returns. */
  async function expectUnchanged(request: () => Promise<void>) {
    const before = await ownItems();
    expect(before.length).toBeGreaterThan(3);
    await request();
    expect(await ownItems()).toEqual(before);
  }

  return { add, signIn, list, current, statusOf, expectUnchanged };
}
