import { DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readAdministrator } from '../../functions/table/administrators.ts';
import { openTable, type Table } from '../../functions/table/engine/client.ts';
import { administratorKey } from '../../functions/table/keys.ts';
import { localClientConfig } from '../../local/open-table.ts';
import { engineEndpoint } from '../support/engine.ts';
import { startFaultyEngine, type Call, type FaultyEngine } from '../support/faulty-engine.ts';
import { callRoute, guarded, makeThings } from '../support/route-calls.ts';
import { startTestService, type SignedUp, type TestService } from '../support/service.ts';

let engine: FaultyEngine;
let service: TestService;
let table: Table;
let made: Awaited<ReturnType<typeof makeThings>>;
/** The representative of a customer with the Free license. This representative may unsubscribe the customer. */
let free: SignedUp;
/** The representative of a customer in the grace period after unsubscribing. This representative may cancel. */
let leaving: SignedUp;

beforeAll(async () => {
  engine = await startFaultyEngine();
  service = await startTestService({ endpoint: engine.endpoint, verifiesDomains: true });
  table = openTable(service.tableName, localClientConfig(await engineEndpoint()));
  made = await makeThings(service);
  // The routes that change a webhook need one.
  const url = 'https://127.0.0.1:9/first';
  await service.send('PUT /v1/customer/webhook', { as: made.alice.session, body: { url } });
  free = await service.signUp();
  leaving = await service.signUp();
  const body = { confirmation: 'Example Corporation' };
  await service.send('POST /v1/customer/unsubscription', { as: leaving.session, body });
});
afterEach(() => {
  engine.fault = () => undefined;
});
afterAll(async () => {
  table.client.destroy();
  await service.stop();
  await engine.stop();
});

/**
 * The routes that write items but do not change any data of the customer. `delete-session` ends only the session of the
 * caller. `request-passkey-options` stores a challenge, and a caller without rights cannot use the challenge.
 */
const harmless: readonly string[] = ['delete-session', 'request-passkey-options'];
const writing = guarded.bySession.filter(({ name, method }) => method !== 'GET' && !harmless.includes(name));

const isWrite = ({ operation, input }: Call) =>
  /^(Put|Update|Delete|TransactWrite)/.test(operation) && !JSON.stringify(input['Key'] ?? {}).includes('SESSION#');

/** Waits until the table contains no unsent e-mail. Returns all items of the table. */
async function settledDump() {
  await service.send('GET /_local/mail');
  return service.dump();
}

const keyOf = ({ customerId, administratorId }: SignedUp) => administratorKey(customerId, administratorId);
/** Each function revokes an administrator's rights by writing directly to the table. */
const ways: Record<string, (person: SignedUp) => Promise<unknown>> = {
  'loses rights': (person) =>
    table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: keyOf(person),
        UpdateExpression: 'ADD sessionGeneration :one',
        ExpressionAttributeValues: { ':one': 1 },
      }),
    ),
  'is removed': (person) => table.client.send(new DeleteCommand({ TableName: table.name, Key: keyOf(person) })),
};

describe.each(Object.entries(ways))('an administrator who %s between authentication and the write', (_, take) => {
  it.each(writing.map((route) => [route.name, route] as const))(
    'gets a 401 response from the route %s, and the route writes nothing',
    async (name, route) => {
      const caller = { 'unsubscribe-customer': free, 'cancel-unsubscription': leaving }[name as string] ?? made.alice;
      const { customerId, administratorId } = caller;
      const administrator = await readAdministrator(table, customerId, administratorId, 'strong');
      const before = await settledDump();
      let isTaken = false;
      engine.fault = async (call) => {
        if (!isWrite(call) || isTaken) return undefined;
        isTaken = true;
        await take(caller);
        return undefined;
      };

      const answer = await callRoute(service, route, made.things, caller.session);

      engine.fault = () => undefined;
      await table.client.send(new PutCommand({ TableName: table.name, Item: { ...keyOf(caller), ...administrator } }));
      expect({ isTaken, status: answer.status, body: answer.body }).toMatchObject({
        isTaken: true,
        status: 401,
        body: { type: '/problems/unauthenticated' },
      });
      expect(await settledDump()).toEqual(before);
    },
  );
});

it('the tests with revoked rights cover at least 16 routes', () => {
  expect(writing.length).toBeGreaterThanOrEqual(16);
});
