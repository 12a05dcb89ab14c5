import { expect, it } from 'vitest';
import { LONG } from '../support/long.ts';
import { openDamagedStage } from './damaged-stage.ts';
import { ProcessDied } from './fake-cloud.ts';

const DAY = 24 * 60 * 60_000;
/** More runs than a restore needs, even if the process dies once. */
const RUNS = 12;

/**
 * Restores a backup. The process dies after `diesAfter` calls that change something, and once with `onReapply`.
 * DynamoDB lists a changed tag after `tagDelay` milliseconds.
 */
async function restore({ diesAfter = Infinity, onReapply = false, tagDelay = 0 }) {
  const { cloud, clock, table, target, operator, stop } = await openDamagedStage();
  try {
    let isReapplied = false;
    const { reapply } = operator.surroundings;
    Object.assign(operator.surroundings, {
      reapply: async (...given: Parameters<typeof reapply>) => {
        const report = await reapply(...given);
        if (onReapply && !isReapplied) {
          isReapplied = true;
          throw new ProcessDied('reapply');
        }
        return report;
      },
    });
    cloud.dieAfter(diesAfter);
    cloud.delayTags(tagDelay);
    let deaths = 0;
    let outcome: string | undefined;
    for (let run = 0; run < RUNS && outcome !== 'complete'; run += 1) {
      try {
        outcome = await operator.run();
        if (outcome === 'waiting') await operator.obey();
        clock.time += DAY;
      } catch (error) {
        if (!(error instanceof ProcessDied)) throw error;
        deaths += 1;
        cloud.dieAfter(Infinity);
      }
    }
    const { TableStatus, StreamSpecification, DeletionProtectionEnabled, RestoreSummary } =
      await cloud.describe(target);
    return {
      deaths,
      end: {
        outcome,
        settings: operator.settings(),
        table: { TableStatus, StreamSpecification, DeletionProtectionEnabled, RestoreSummary },
        tags: [...(cloud.tags.get(target)?.keys() ?? [])].sort(),
        hasBackups: cloud.hasBackups(target),
        former: { exists: await cloud.exists(table), hasBackups: cloud.hasBackups(table) },
        hasNewSecrets: cloud.secrets.length >= 3,
        invoked: [...new Set(cloud.invocations)].sort(),
      },
    };
  } finally {
    await stop();
  }
}

it('a restore has the same end, whenever its process dies and is started again', { timeout: 600_000 }, async () => {
  const undisturbed = await restore({});
  expect(undisturbed).toMatchObject({
    deaths: 0,
    end: {
      outcome: 'complete',
      settings: {
        restoredTable: expect.stringContaining('-restored-20261103t230000z') as string,
        keepsOwnTable: false,
      },
      table: { TableStatus: 'ACTIVE', DeletionProtectionEnabled: true },
      hasBackups: true,
      former: { exists: false, hasBackups: false },
      hasNewSecrets: true,
    },
  });
  expect(undisturbed.end.invoked).toHaveLength(4);
  expect((await restore({ onReapply: true })).end).toEqual(undisturbed.end);
  expect((await restore({ tagDelay: 25_000 })).end).toEqual(undisturbed.end);
  let deaths = 0;
  for (let diesAfter = 1; ; diesAfter += LONG ? 1 : 4) {
    const disturbed = await restore({ diesAfter });
    expect(disturbed.end).toEqual(undisturbed.end);
    if (disturbed.deaths === 0) break;
    deaths += 1;
  }
  // The restore makes that many calls that change something.
  expect(deaths).toBeGreaterThan(LONG ? 15 : 3);
});
