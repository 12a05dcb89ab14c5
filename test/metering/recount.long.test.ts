import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR } from '../../functions/domain/time.ts';
import { rpMauKey, totalMauKey } from '../../functions/table/keys.ts';
import { LONG } from '../support/long.ts';
import type { Metering } from '../support/metering/metering.ts';
import { recounting } from '../support/metering/recount.ts';
import { anotherClient } from '../support/table-faults.ts';

describe('the recount of the MAU counters', () => {
  let metering: Metering;
  let customerId: string;
  let rp: string;
  const { open, record, aggregate, drift, remove, run, pass, counters, measured } = recounting((opened) => {
    ({ metering, customerId, rp } = opened);
  });

  it('eventually corrects every counter, after any sequence of drift and lost counters', async () => {
    const counter = fc.constantFrom('rp' as const, 'total' as const);
    const step = fc.oneof(
      fc.record({
        what: fc.constant('drift' as const),
        only: fc.option(counter, { nil: undefined }),
        by: fc.integer({ min: -3, max: 3 }),
        byMeasured: fc.integer({ min: -3, max: 3 }),
      }),
      fc.record({ what: fc.constant('loss' as const), of: counter }),
      fc.record({ what: fc.constant('records' as const), ofMeasured: fc.nat({ max: 3 }) }),
      fc.record({ what: fc.constantFrom('runs' as const, 'hour' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
        await open();
        const other = anotherClient(metering.table);
        let [records, recordsOfMeasured] = [0, 0];
        for (const each of steps) {
          if (each.what === 'drift') await drift(each.by, rp, each.only, each.byMeasured);
          else if (each.what === 'loss') {
            await remove(each.of === 'rp' ? rpMauKey(customerId, '2026-11', rp) : totalMauKey(customerId, '2026-11'));
          } else if (each.what === 'records') {
            await record(3, { measured: each.ofMeasured });
            await aggregate();
            records += 3;
            recordsOfMeasured += each.ofMeasured;
          } else if (each.what === 'runs') await Promise.all([run(), run({ on: other })]);
          else pass(HOUR);
        }
        // If a counter becomes correct while a recount of the counter is in progress, the recount may still change the
        // counter. The recount of the next day undoes this wrong change.
        for (const hours of [1, 1, 22, 1, 1, 1]) {
          pass(hours * HOUR);
          await run();
        }
        const [ofRp = 0, total = 0] = await counters();
        expect([ofRp, total]).toEqual([records, records]);
        expect(await measured()).toEqual([recordsOfMeasured, recordsOfMeasured]);
      }),
      { numRuns: LONG ? 50 : 3 },
    );
  });
});
