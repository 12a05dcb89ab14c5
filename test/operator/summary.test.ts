import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { summaryRowsKey } from '../../functions/table/keys.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { readOverview } from '../../functions/domain/operator/overview.ts';
import { partsOf } from '../../functions/domain/operator/summary/summary-parts.ts';
import { byPosition, type SummaryRow } from '../../functions/domain/operator/summary/summary-row.ts';
import { DAY, HOUR, MINUTE } from '../../functions/domain/time.ts';
import type { Table } from '../../functions/table/engine/client.ts';
import {
  claimSummary,
  readSummaryPart,
  readSummaryPointer,
  summaryLists,
  type SummaryList,
} from '../../functions/table/operator-summary.ts';
import { openTestTable, type TestTable } from '../support/engine.ts';
import {
  addCustomers,
  addOperator,
  NOW,
  openSummaries,
  readParts,
  removeOperator,
  textOf,
} from '../support/summarized-customers.ts';
import { before, dyingAt } from '../support/table-faults.ts';

let table: Table;
let dump: TestTable['dump'];
let clock: { time: number; now: () => number };
let summarize: ReturnType<typeof openSummaries>['summarize'];
let services: ReturnType<typeof openSummaries>['services'];
beforeEach(async () => {
  ({ table, dump } = await openTestTable());
  clock = { time: NOW, now: () => clock.time };
  ({ services, summarize } = openSummaries(table, clock));
});

const namesIn = async (list: SummaryList) => (await readParts<SummaryRow>(table, list))?.flat().map(({ name }) => name);
/** Returns the items of the summary in the table, without the pointer. */
const partsInTable = async () =>
  (await dump()).filter(({ pk, sk }) => String(pk).startsWith('OPERATOR-SUMMARY#') && pk !== sk);

describe('the summary of all customers', () => {
  it('is not stored while there is no operator, and is removed after the last operator', async () => {
    await addCustomers(table, [{ name: 'Example' }]);
    expect(await summarize()).toEqual({ outcome: 'not-needed' });
    expect((await dump()).filter(({ pk }) => String(pk).startsWith('OPERATOR'))).toEqual([]);

    await addOperator(table);
    expect(await summarize()).toMatchObject({ outcome: 'stored', customers: 1 });
    expect(await namesIn('name')).toEqual(['Example']);

    await removeOperator(table);
    clock.time += HOUR;
    expect(await summarize()).toEqual({ outcome: 'not-needed' });
    expect((await dump()).filter(({ pk }) => String(pk).startsWith('OPERATOR'))).toEqual([]);
    expect(await readParts(table, 'name')).toBeUndefined();
  });

  it('is not read in part while a run removes it: a missing part is not taken for the one before it', async () => {
    await addOperator(table);
    await addCustomers(
      table,
      Array.from({ length: 120 }, (_, index) => ({ name: `Customer ${1_000 + index}` })),
    );
    await summarize();
    const { slot = 'a', summarizedAt = 0 } = (await readSummaryPointer(table, 'strong')) ?? {};
    const of = { slot, summarizedAt, list: 'name' } as const;
    const { next: middle = '' } = (await readSummaryPart<SummaryRow>(table, of, '')) ?? {};
    expect(await readSummaryPart(table, of, middle)).toMatchObject({ position: middle });
    await table.client.send(new DeleteCommand({ TableName: table.name, Key: summaryRowsKey(slot, 'name', middle) }));
    expect(await readSummaryPart(table, of, middle)).toBeUndefined();
  });

  it('is stored without any customer', async () => {
    await addOperator(table);
    expect(await summarize()).toMatchObject({ outcome: 'stored', customers: 0 });
    for (const list of summaryLists) expect(await readParts(table, list)).toEqual([[]]);
  });

  it('contains each list in its order, and leaves out customers whose data is discarded', async () => {
    await addOperator(table);
    const request = { requestedAt: NOW, requestedBy: 'adm_1' };
    await addCustomers(table, [
      { name: 'beta', mau: 3, createdAt: NOW - 3 * DAY, endsAt: NOW + 20 * DAY },
      { name: 'Alpha', mau: 12, createdAt: NOW - 2 * DAY, endsAt: NOW + 40 * DAY },
      { name: 'ＡＬＰＨＡ 2', mau: 30, createdAt: NOW - DAY },
      { name: '株式会社', createdAt: NOW - 5 * DAY, endsAt: NOW - DAY },
      {
        ...{ name: 'Leaving', mau: 1, createdAt: NOW - 4 * DAY },
        unsubscriptionRequest: { ...request, effectiveAt: NOW + DAY },
      },
      {
        ...{ name: 'Gone', mau: 99, createdAt: NOW, status: 'unsubscribing', endsAt: NOW + DAY },
        unsubscription: { startedAt: NOW - 1, by: 'representative', discards: true },
        representative: { undeliverable: true },
      },
    ]);
    await summarize();

    const lists = Object.fromEntries(
      await Promise.all(summaryLists.map(async (list) => [list, await namesIn(list)] as const)),
    );
    expect(lists).toEqual({
      name: ['Alpha', 'ＡＬＰＨＡ 2', 'beta', 'Leaving', '株式会社'],
      mau: ['ＡＬＰＨＡ 2', 'Alpha', 'beta', 'Leaving', '株式会社'],
      fee: ['ＡＬＰＨＡ 2', 'Alpha', '株式会社', 'Leaving', 'beta'],
      ends: ['株式会社', 'beta', 'Alpha'],
      'signed-up': ['ＡＬＰＨＡ 2', 'Alpha', 'beta', 'Leaving', '株式会社'],
      'over-maximum': ['ＡＬＰＨＡ 2', 'Alpha'],
      expiring: ['beta'],
      leaving: ['Leaving'],
      'failed-mails': [],
    });
    expect((await partsInTable()).map(textOf).join()).not.toContain('Gone');
    expect((await readSummaryPointer(table, 'strong'))?.overview).toMatchObject({ customers: 6, overMaximum: 2 });
  });

  it('contains the row and the failed e-mails that the operator’s commands show, and the same overview', async () => {
    await addOperator(table);
    const failed = { month: '2026-11', threshold: 5, status: 'bounced', at: NOW - DAY } as const;
    const [first, second] = await addCustomers(table, [
      {
        ...{ name: 'Example', mau: 12, createdAt: NOW - 100 * DAY, endsAt: NOW + DAY },
        mauAlert: { enabled: true, threshold: 5, lastNotification: failed },
      },
      { name: 'Other', representative: { undeliverable: true, email: 'lost@example.com' } },
    ]);
    await summarize();

    expect((await readParts(table, 'name'))?.[0]?.[0]).toEqual({
      ...{ customerId: first, name: 'Example', state: 'active', license: 'starter' },
      ...{ licenseEndsAt: '2026-11-26T00:00:00Z', expiresAt: '2026-11-26T00:00:00Z' },
      ...{ mauThisMonth: 12, maxMau: 10, overageFee: { amount: '0.16', currency: 'USD' } },
      representative: { name: 'Alice', email: `${first ?? ''}@example.com` },
      createdAt: '2026-08-17T00:00:00Z',
    });
    expect((await readParts(table, 'failed-mails'))?.flat()).toMatchObject([
      { customerId: first, kind: 'mau-alert', status: 'bounced', at: '2026-11-24T00:00:00Z' },
      { customerId: second, kind: 'any', status: 'undeliverable', address: 'lost@example.com', at: null },
    ]);
    const { nextCursor, ...overview } = await readOverview(services, undefined);
    expect(nextCursor).toBeNull();
    expect((await readSummaryPointer(table, 'strong'))?.overview).toEqual(overview);
  });

  it('replaces the former summary as a whole, and leaves none of its rows', async () => {
    await addOperator(table);
    await addCustomers(
      table,
      Array.from({ length: 60 }, (_, index) => ({ name: `Customer ${index}` })),
    );
    await summarize();
    const before = await partsInTable();
    clock.time += HOUR;
    await addCustomers(table, [{ name: 'Another' }]);
    await summarize();

    expect(await namesIn('name')).toHaveLength(61);
    const after = await partsInTable();
    expect(new Set(after.map(({ summarizedAt }) => summarizedAt))).toEqual(new Set([clock.time]));
    const slots = [before, after].map((parts) => new Set(parts.map(({ pk }) => String(pk).split('#')[1])));
    expect(slots).toEqual([new Set(['a']), new Set(['b'])]);
    expect(await readSummaryPointer(table, 'strong')).not.toHaveProperty('claim');
  });

  it('contains each of many customers once in the list by name, in parts of at most 50 rows', async () => {
    await addOperator(table);
    const names = Array.from({ length: 130 }, (_, index) => `${'xyz'[index % 3] ?? ''}${'漢'.repeat(index)}`);
    await addCustomers(
      table,
      names.map((name) => ({ name })),
    );
    await summarize();

    const parts = (await readParts<SummaryRow>(table, 'name')) ?? [];
    expect(Math.max(...parts.map(({ length }) => length))).toBeLessThanOrEqual(50);
    expect(parts.flat().map(({ name }) => name)).toEqual(names.toSorted(byPosition));
  });

  it('stays as it was if a run has no time left', async () => {
    await addOperator(table);
    await addCustomers(table, [{ name: 'First' }]);
    await summarize();
    clock.time += HOUR;
    await addCustomers(table, [{ name: 'Second' }]);
    let time = 40_000;
    await expect(summarize(table, { time: () => (time -= 4_000) })).rejects.toThrow('too many customers');
    expect(await namesIn('name')).toEqual(['First']);

    clock.time += HOUR;
    await summarize();
    expect(await namesIn('name')).toEqual(['First', 'Second']);
  });
});

describe('a run that dies', () => {
  it('leaves the former or the new summary, and the next run removes what is left', async () => {
    await addOperator(table);
    await addCustomers(table, [{ name: 'First' }]);
    await summarize();
    const published: string[] = [];
    // The claim, a part of each of the nine lists, the publishing, nine deletions and the end of the claim.
    const writes = Array.from({ length: 21 }, (_, index) => index + 1);
    for (const nth of writes) {
      for (const when of ['before', 'after'] as const) {
        const former = clock.time;
        clock.time += HOUR;
        await expect(summarize(dyingAt(table, nth, when)), `${when} write ${nth}`).rejects.toThrow('dead');

        for (const list of summaryLists) expect(await readParts(table, list), list).toHaveLength(1);
        const pointer = await readSummaryPointer(table, 'strong');
        expect([former, clock.time]).toContain(pointer?.summarizedAt);
        if (pointer?.summarizedAt === clock.time) published.push(`${when} write ${nth}`);
        const oldest = Math.min(...(await partsInTable()).map((part) => Number(part['summarizedAt'])));
        expect(oldest).toBeGreaterThanOrEqual(pointer?.rowsSince ?? Infinity);

        clock.time += HOUR;
        expect(await summarize()).toMatchObject({ outcome: 'stored' });
        expect(new Set((await partsInTable()).map(({ summarizedAt }) => summarizedAt))).toEqual(new Set([clock.time]));
        expect(await readSummaryPointer(table, 'strong')).toMatchObject({ rowsSince: clock.time });
      }
    }
    expect(published).toEqual([
      'after write 11',
      ...writes.slice(11).flatMap((nth) => [`before write ${nth}`, `after write ${nth}`]),
    ]);
  });

  it('keeps its claim, also against the invocation with which Lambda repeats it, and the next run stores one', async () => {
    await addOperator(table);
    await expect(summarize(dyingAt(table, 3, 'after'), { run: 'same' })).rejects.toThrow('dead');
    clock.time += MINUTE;
    for (const run of ['other', 'same']) await expect(summarize(table, { run })).rejects.toThrow('Another run');
    clock.time += 15 * MINUTE;
    expect(await summarize(table, { run: 'next' })).toMatchObject({ outcome: 'stored' });
  });
});

describe('two runs at once', () => {
  it.each(['another event', 'the same event, delivered twice'])(
    'store one summary: the later run of %s fails',
    async (of) => {
      await addOperator(table);
      await addCustomers(table, [{ name: 'Example' }]);
      const outcomes: unknown[] = [];
      const run = of === 'another event' ? 'second' : 'first';
      const own = before(/^Put/, table, async () => {
        outcomes.push(await summarize(table, { run }).catch((error: unknown) => String(error)));
      });
      outcomes.push(await summarize(own, { run: 'first' }));
      expect(outcomes).toMatchObject([expect.stringContaining('Another run is storing'), { outcome: 'stored' }]);
      expect(await namesIn('name')).toEqual(['Example']);
    },
  );

  it('publish only the summary of the run whose claim stands', async () => {
    await addOperator(table);
    await summarize();
    const first = await readSummaryPointer(table, 'strong');
    clock.time += HOUR;
    // While the run is about to publish, its claim has ended and another run has claimed the summary.
    const late = { now: clock.time + 16 * MINUTE, until: clock.time + HOUR };
    const own = before(/^Update/, table, () => claimSummary(table, { run: 'another', ...late }), 2);
    await expect(summarize(own)).rejects.toThrow('Another run claimed the summary');
    const { claim, ...pointer } = (await readSummaryPointer(table, 'strong')) ?? {};
    expect(pointer).toEqual(first);
    expect(claim).toMatchObject({ run: 'another' });
  });
});

describe('a reader', () => {
  it('that read the pointer before a run published another summary reads this summary', async () => {
    await addOperator(table);
    await addCustomers(table, [{ name: 'First' }]);
    await summarize();
    await addCustomers(table, [{ name: 'Second' }]);
    clock.time += HOUR;
    const own = before(/^Query/, table, () => summarize());
    expect((await readParts<SummaryRow>(own, 'name'))?.flat().map(({ name }) => name)).toEqual(['First', 'Second']);
  });
});

describe('the parts of a list', () => {
  it('have at most 50 rows and 20 KB, and each names the position of the next', () => {
    const rows = Array.from({ length: 200 }, (_, index) => ({ index, text: 'x'.repeat(index * 10) }));
    const parts = partsOf(rows, ({ index }) => String(index));
    expect(parts.flatMap((part) => part.rows)).toEqual(rows);
    expect(parts.map(({ position }) => position)).toEqual(['', ...parts.flatMap(({ next }) => next ?? [])]);
    for (const part of parts) {
      expect(part.rows.length).toBeLessThanOrEqual(50);
      expect(Buffer.byteLength(JSON.stringify(part.rows))).toBeLessThanOrEqual(20_002);
    }
    expect(parts.length).toBeLessThan(25);
  });
});
