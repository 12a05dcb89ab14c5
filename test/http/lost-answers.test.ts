import { beforeEach, expect, it } from 'vitest';
import { deleteApiKey } from '../../functions/domain/rps/delete-api-key.ts';
import { editCustomer } from '../../functions/domain/customers/edit-customer.ts';
import { setMauAlert } from '../../functions/domain/alerts/set-mau-alert.ts';
import { readApiKey } from '../../functions/table/api-keys.ts';
import { readCustomer } from '../../functions/table/customers/customers.ts';
import { openMetering, type Metering } from '../support/metering/metering.ts';
import { anotherClient, injectFaults, timeOut } from '../support/table-faults.ts';

let metering: Metering;
let owner: Awaited<ReturnType<Metering['signUp']>>;
beforeEach(async () => {
  metering = await openMetering();
  owner = await metering.signUp();
});

/**
 * Returns services that lose DynamoDB's response to their first write. Also returns the number of lost responses.
 * DynamoDB performs the write, and the SDK sends the write again.
 */
function servicesThatLose() {
  let lost = 0;
  const table = injectFaults(anotherClient(metering.table), ({ command }) => {
    if (!/^(Put|Update|Delete|Transact)/.test(command) || lost > 0) return undefined;
    lost += 1;
    return { after: timeOut() };
  });
  return { services: { ...metering.services, table }, lost: () => lost };
}
const changes = () => metering.lines.filter(({ message }) => message === 'change').map(({ fields }) => fields);

it('an edit of the customer is stored and logged once even if the response from DynamoDB is lost', async () => {
  const { services, lost } = servicesThatLose();
  const caller = await owner.caller();
  const before = changes().length;
  expect(await editCustomer(services, caller, 1, { name: 'New Name' })).toMatchObject({
    customer: { name: 'New Name', version: 2 },
  });
  expect(lost()).toBe(1);
  expect(await readCustomer(metering.table, owner.customerId, 'strong')).toMatchObject({
    name: 'New Name',
    version: 2,
  });
  expect(changes().slice(before)).toMatchObject([
    { what: 'customer', before: { name: 'Example Corporation' }, after: { name: 'New Name' } },
  ]);
});

it('an MAU alert setting is stored and logged once even if the response from DynamoDB is lost', async () => {
  const { services, lost } = servicesThatLose();
  const setting = { enabled: true, threshold: 5 };
  const before = changes().length;
  expect(await setMauAlert(services, await owner.caller(), 1, setting)).toMatchObject({
    mauAlert: setting,
    customer: { version: 2 },
  });
  expect(lost()).toBe(1);
  expect(changes().slice(before)).toMatchObject([{ what: 'mau-alert', before: { enabled: false }, after: setting }]);
});

it('an API key is deleted, and the deletion is logged once, even if the response from DynamoDB is lost', async () => {
  const { rpRef: id, keyId } = await owner.rp();
  const { services, lost } = servicesThatLose();
  const before = changes().length;
  await deleteApiKey(services, await owner.caller(), { id, keyId });
  expect(lost()).toBe(1);
  expect(await readApiKey(metering.table, keyId, 'strong')).toBeUndefined();
  expect(changes().slice(before)).toMatchObject([{ what: 'api-key', before: { keyId }, after: null }]);
});
