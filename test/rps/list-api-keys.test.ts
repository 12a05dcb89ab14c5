import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listApiKeysContract, type ApiKeyView } from '../../functions/contract/rps.ts';
import { apiKeyKey } from '../../functions/table/keys.ts';
import { openTable } from '../../functions/table/engine/client.ts';
import { localClientConfig } from '../../local/open-table.ts';
import { startTestService, type SignedUp, type TestService } from '../support/service.ts';

let service: TestService;
let alice: SignedUp;
let rp: string;
beforeAll(async () => {
  service = await startTestService();
  alice = await service.signUp();
  rp = (await service.newRp(alice.session)).id;
});
afterAll(() => service.stop());

const list = async () =>
  (await service.send(`GET /v1/rps/${rp}/api-keys`, { as: alice.session })).read(listApiKeysContract.answer.body);
const creatorOf = async (keyId: string): Promise<ApiKeyView['createdBy'] | undefined> =>
  (await list()).items.find((key) => key.keyId === keyId)?.createdBy;

it('an API key names its creator as the creator is called now, until the creator is removed', async () => {
  const bob = await service.addAdministrator(alice.session, 'administrator');
  const created = await service.send(`POST /v1/rps/${rp}/api-keys`, { as: bob.session, body: { name: 'Bob’s' } });
  const { keyId, createdBy } = created.body as ApiKeyView;
  expect(createdBy).toEqual({ id: bob.administratorId, name: 'Bob Baba' });
  expect(await creatorOf(keyId)).toEqual(createdBy);
  const path = `/v1/administrators/${bob.administratorId}`;
  await service.send(`PATCH ${path}`, { as: alice.session, body: { name: 'Bob B. Baba' } });
  expect(await creatorOf(keyId)).toEqual({ id: bob.administratorId, name: 'Bob B. Baba' });
  expect((await service.send(`DELETE ${path}`, { as: alice.session })).status).toBe(204);
  expect(await creatorOf(keyId)).toBeNull();
});

it('an API key of an earlier release has no creator, and the list says how many keys an RP can have', async () => {
  const { keyId } = await service.newApiKey(alice.session, rp);
  const table = openTable(service.tableName, localClientConfig(service.endpoint));
  await table.client.send(
    new UpdateCommand({ TableName: table.name, Key: apiKeyKey(keyId), UpdateExpression: 'REMOVE createdBy' }),
  );
  table.client.destroy();
  expect(await creatorOf(keyId)).toBeNull();
  expect((await list()).maximum).toBe(25);
});
