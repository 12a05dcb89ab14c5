import { beforeEach, describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../functions/domain/time.ts';
import { build } from '../../functions/events/fix-time-zone.ts';
import { openTable, type Table } from '../../functions/table/engine/client.ts';
import { storeOnce } from '../../functions/table/settings.ts';
import { localClientConfig } from '../../local/open-table.ts';
import { openTestTable } from '../support/engine.ts';
import { startFaultyEngine, type Refusal } from '../support/faulty-engine.ts';

const denied = {
  __type: 'com.amazon.coral.service#AccessDeniedException',
  Message: 'not authorized to perform: PutItem',
};

describe('fix-time-zone, while IAM has not applied the rights of its role yet,', () => {
  let table: Table;
  let now: number;
  let pauses: number[];
  beforeEach(async () => {
    ({ table } = await openTestTable());
    now = Date.parse('2026-12-01T00:00:00Z');
    pauses = [];
  });
  /** Runs the function in `timeZone` against an engine that refuses each call for which `fault` returns a refusal. */
  const run = async (fault: () => Refusal | undefined, timeZone = 'Asia/Tokyo') => {
    const engine = await startFaultyEngine();
    engine.fault = fault;
    const clock = { now: () => now };
    const pause = (milliseconds: number) => {
      pauses.push(milliseconds);
      now += milliseconds;
      return Promise.resolve();
    };
    try {
      await build({ table: openTable(table.name, localClientConfig(engine.endpoint)), clock, pause }, timeZone)();
    } finally {
      await engine.stop();
    }
  };
  const stored = () => storeOnce(table, 'time-zone', 'nothing was stored');

  it('tries again after pauses until the write is allowed, and stores the time zone', async () => {
    const begun = now;
    await run(() => (now < begun + 20 * SECOND ? { status: 400, body: denied } : undefined));

    expect(pauses).toEqual([5, 5, 5, 5].map((seconds) => seconds * SECOND));
    expect(await stored()).toBe('Asia/Tokyo');
  });

  it('tries for a minute, then fails with an error that says what to do, and has stored nothing', async () => {
    const begun = now;
    const failed = run(() => ({ status: 400, body: denied }));

    await expect(failed).rejects.toThrow('no access to the table after a minute. Deploy again.');
    await expect(failed).rejects.toMatchObject({ cause: { name: 'AccessDeniedException' } });
    expect(now - begun).toBe(MINUTE);
    expect(await stored()).toBe('nothing was stored');
  });

  it('fails at once for any other error', async () => {
    const body = { __type: 'com.amazon.coral.service#ValidationException', Message: 'wrong' };

    await expect(run(() => ({ status: 400, body }))).rejects.toMatchObject({ name: 'ValidationException' });
    expect(pauses).toEqual([]);
  });

  it('fails at once if the time zone differs from the stored time zone', async () => {
    await run(() => undefined);

    await expect(run(() => undefined, 'UTC')).rejects.toThrow('counts its months in the time zone Asia/Tokyo');
    expect(pauses).toEqual([]);
  });
});
