import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { takeLinkPlace } from '../../functions/table/signing-in/link-limits.ts';
import type { Table } from '../../functions/table/engine/client.ts';
import { openTestTable } from '../support/engine.ts';
import { anotherClient } from '../support/table-faults.ts';

const HOUR = 60 * 60 * 1_000;
const NOW = Date.parse('2026-11-22T09:00:00Z');

let table: Table;
beforeAll(async () => {
  ({ table } = await openTestTable());
});

let to: string;
beforeEach(() => {
  to = `${randomUUID()}@example.com`;
});
const take = (mailId: string, now = NOW, on = table) => takeLinkPlace(on, { to, mailId }, now, 5, HOUR);

it('the link limit allows exactly 5 of 20 concurrent requests for a link to one address', async () => {
  const clients = [table, anotherClient(table), anotherClient(table), anotherClient(table)];
  const taken = await Promise.all(
    Array.from({ length: 20 }, (_, index) => take(`mail_${index}`, NOW + index, clients[index % clients.length])),
  );
  expect(taken.filter((place) => place)).toHaveLength(5);
});

it('the link limit allows a retry of an e-mail that was already counted, even when the limit is reached', async () => {
  for (const mail of ['a', 'b', 'c', 'd', 'e']) expect(await take(mail)).toBe(true);
  expect(await take('f', NOW + 1)).toBe(false);
  expect(await take('c', NOW + 2)).toBe(true);
  expect(await take('f', NOW + 3)).toBe(false);
});

it('the link limit counts each link for one hour', async () => {
  for (let minute = 0; minute < 5; minute += 1) expect(await take(`mail_${minute}`, NOW + minute * 60_000)).toBe(true);
  expect(await take('late', NOW + HOUR - 1)).toBe(false);
  expect(await take('late', NOW + HOUR)).toBe(true);
  expect(await take('later', NOW + HOUR + 59_999)).toBe(false);
  expect(await take('later', NOW + HOUR + 60_000)).toBe(true);
});

it('the link limit counts links to different addresses separately', async () => {
  for (const mail of ['a', 'b', 'c', 'd', 'e']) await take(mail);
  to = `other-${to}`;
  expect(await take('a')).toBe(true);
});
