import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { meter } from '../../bench/meter.ts';
import { newMail } from '../../functions/domain/mail/new-mail.ts';
import { takeLink } from '../../functions/table/limits/link-limits.ts';
import { deleteMail, putMail } from '../../functions/table/mails.ts';
import type { Table } from '../../functions/table/engine/client.ts';
import { openTestTable } from '../support/engine.ts';
import { anotherClient } from '../support/table-faults.ts';

const MINUTE = 60 * 1_000;
const NOW = Date.parse('2026-11-22T09:00:00Z');

let table: Table;
beforeAll(async () => {
  ({ table } = await openTestTable());
});

let bucket: { of: string[]; atOnce: number; every: number };
beforeEach(() => {
  bucket = { of: ['anonymous', `${randomUUID()}@example.com`], atOnce: 3, every: 10 * MINUTE };
});
/** Stores an e-mail and returns its ID. */
async function stored(): Promise<string> {
  const [mail, ttl] = newMail({ template: 'sign-in', to: 'alice@example.com' }, NOW, undefined);
  await putMail(table, mail, ttl);
  return mail.mailId;
}
const take = async (now = NOW, mailId?: string, on = table) => takeLink(on, mailId ?? (await stored()), [bucket], now);

it('a token bucket gives exactly its 3 tokens to 20 e-mails at the same time', async () => {
  const clients = [table, anotherClient(table), anotherClient(table), anotherClient(table)];
  const taken = await Promise.all(
    Array.from({ length: 20 }, (_, index) => take(NOW + index, undefined, clients[index % clients.length])),
  );
  expect(taken.filter((outcome) => outcome === 'counted')).toHaveLength(3);
});

it('a token bucket gets one token every 10 minutes, and never holds more than 3', async () => {
  const at = async (minute: number) => take(NOW + minute * MINUTE);
  expect([await at(0), await at(0), await at(0), await at(0)]).toEqual([
    ...['counted', 'counted', 'counted', 'limit-reached'],
  ]);
  expect(await take(NOW + 10 * MINUTE - 1)).toBe('limit-reached');
  expect([await at(10), await at(10)]).toEqual(['counted', 'limit-reached']);
  expect([await at(600), await at(600), await at(600), await at(600)]).toEqual([
    ...['counted', 'counted', 'counted', 'limit-reached'],
  ]);
});

it('an e-mail takes a token once, even if two processes count it at the same time', async () => {
  const mailId = await stored();
  expect(await Promise.all([take(NOW, mailId), take(NOW, mailId, anotherClient(table))])).toEqual([
    ...['counted', 'counted'],
  ]);
  expect([await take(), await take(), await take()]).toEqual(['counted', 'counted', 'limit-reached']);
});

it('an e-mail that was deleted takes no token', async () => {
  const mailId = await stored();
  await deleteMail(table, mailId);
  expect(await take(NOW, mailId)).toBe('gone');
  expect([await take(), await take(), await take()]).toEqual(['counted', 'counted', 'counted']);
});

it('an e-mail takes no token from any bucket if one of the buckets is empty', async () => {
  const full = { ...bucket, of: ['customer', ...bucket.of] };
  for (let tokens = 0; tokens < 3; tokens += 1) await take();

  expect(await takeLink(table, await stored(), [full, bucket], NOW)).toBe('limit-reached');
  for (let tokens = 0; tokens < 3; tokens += 1)
    expect(await takeLink(table, await stored(), [full], NOW)).toBe('counted');
});

it('a token bucket is full after the clock was set back by a day', async () => {
  for (let tokens = 0; tokens < 3; tokens += 1) await take();
  expect(await take(NOW - 24 * 60 * MINUTE)).toBe('counted');
});

it('a link that three token buckets limit waits for one round of reads and one transaction', async () => {
  const buckets = ['address', 'addresses', 'customer'].map((kind) => ({ ...bucket, of: [kind, ...bucket.of] }));
  const mailId = await stored();
  const own = anotherClient(table);
  const metered = meter(own);
  expect(await takeLink(own, mailId, buckets, NOW)).toBe('counted');
  expect(metered.rounds()).toBe(2);
});
