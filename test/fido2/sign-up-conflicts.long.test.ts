import { beforeAll, expect, it } from 'vitest';
import { openCeremonies } from '../support/fido2/ceremony-processes.ts';
import { anotherClient, conflicting } from '../support/table-faults.ts';

let opened: Awaited<ReturnType<typeof openCeremonies>>;
beforeAll(async () => {
  opened = await openCeremonies();
});

it('sign-ups of one customer that conflict are each stored and counted, or leave nothing', async () => {
  const tables = Array.from({ length: 20 }, () => anotherClient(opened.metering.table));
  let conflicts = 0;
  conflicting(tables, 20, () => (conflicts += 1));
  const signUps = tables.map(async (table, index) => {
    const process = opened.process(table);
    const { ended } = await process.create({ userId: `user-${index}`, createUser: true });
    return process.register(ended);
  });
  const outcomes = await Promise.allSettled(signUps);
  expect(conflicts).toBeGreaterThan(0);
  const stored = outcomes.filter((outcome) => outcome.status === 'fulfilled').length;
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') expect((outcome.reason as Error).name).toBe('ConflictError');
  }
  expect(stored).toBeGreaterThan(0);
  const items = await opened.metering.dump();
  const countOf = (pk: RegExp, sk: RegExp) =>
    items.filter((item) => pk.test(String(item['pk'])) && sk.test(String(item['sk']))).length;
  expect(countOf(/^RP#/, /^USER#/)).toBe(stored);
  expect(countOf(/^HANDLE#/, /^USER$/)).toBe(stored);
  expect(countOf(/^CREDENTIAL-ID#/, /./)).toBe(stored);
  expect(countOf(/^ACTIVE#/, /./)).toBe(stored);
  const counts = items.filter(({ sk }) => /^(CUSTOMER$|RP#)/.test(String(sk)));
  expect(counts.map(({ registeredUsers }) => registeredUsers)).toEqual([stored, stored]);
});
