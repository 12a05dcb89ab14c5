import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { steps } from '../../bin/restore/steps.ts';
import type { SynthesizedService } from '../infrastructure/synthesize.ts';
import { openDamagedStage, type DamagedStage } from './damaged-stage.ts';
import { streamArnOf } from './fake-arns.ts';
import { newOperator, serviceWith } from './operator.ts';

const second = 'fido2-server-service-production-restored-20261113t230000z';
let stage: DamagedStage;
beforeEach(async () => {
  stage = await openDamagedStage();
});
afterEach(() => stage.stop());

/** Restores a backup of the restored table, so that a former table is in no stack, until a former table must go. */
async function restoreAgain() {
  const { cloud, clock, target } = stage;
  await stage.operator.runUntil('Let pages delete unknown passkeys again');
  clock.time = Date.parse('2026-11-13T23:00:00Z');
  await cloud.backUp(target);
  clock.time = Date.parse('2026-11-15T08:00:00Z');
  const operator = newOperator(cloud, clock, { at: new Date('2026-11-13T23:00:00Z') }, stage.operator.settings());
  await operator.runUntil('Delete the former table');
  return { operator, restore: await stage.restoreOf(operator, second), settings: operator.settings() };
}
const act = steps.find(({ title }) => title === 'Delete the former table')?.act;

describe('after a second restore', () => {
  it("the tables of both earlier times are deleted, although the stage's own table has left its stack", async () => {
    const { cloud, table, target } = stage;
    const { operator } = await restoreAgain();
    await operator.obey();
    expect(operator.settings()).toMatchObject({ keepsOwnTable: false });
    expect(await operator.run()).toBe('waiting');
    // The stage's own table must go 35 days after the first restore.
    expect(operator.log.at(-1)).toMatch(new RegExp(`Before 2026-12-10T.* --delete-former-table ${target} ${table}$`));
    await operator.obey();
    expect(await operator.run()).toBe('complete');
    for (const former of [table, target]) {
      expect([await cloud.exists(former), cloud.hasBackups(former)]).toEqual([false, false]);
    }
    expect(await cloud.exists(second)).toBe(true);
  });

  it('the restore is not complete if only one former table may be deleted', async () => {
    const { operator } = await restoreAgain();
    await operator.obey();
    expect(await operator.run({ deleteFormerTable: [stage.target] })).toBe('waiting');
    expect(await stage.cloud.exists(stage.target)).toBe(true);
  });

  it("the restore says how to delete the stage's own table if the table between the two has been deleted", async () => {
    const { cloud, table, target } = stage;
    const { operator } = await restoreAgain();
    await cloud.deleteTable(target);
    expect(await operator.run()).toBe('waiting');
    expect(operator.log).toContain('         After this deployment, delete the table:');
    expect(operator.log.at(-1)).toMatch(`aws dynamodb delete-table --table-name ${table}`);
  });

  it('the command of the first restore says that a later restore has taken its place', async () => {
    await restoreAgain();
    expect(await stage.operator.runToError()).toBe(
      `The service uses the table ${second}, which was restored from ${stage.target}. Repeat the command with the time in the name of that table.`,
    );
  });

  it('the command of the first restore refuses to go on without the changes in the second table', async () => {
    const { cloud, operator } = stage;
    await restoreAgain();
    cloud.deploy(await serviceWith(operator.settings()));
    const message = await operator.runToError();
    expect(message).toMatch(`Only ${second} contains the changes since then, so do not delete it.`);
    expect(message).toMatch(`  restoredTable: '${streamArnOf(second)}',`);
    expect(message).not.toMatch('delete-table');
  });
});

describe('the former table is not deleted', () => {
  it('if one stack uses it, although the command has read another state before', async () => {
    const { restore, settings } = await restoreAgain();
    const { inOrder } = await serviceWith({ ...settings, restoredTable: streamArnOf(stage.target) });
    stage.cloud.deploy({ inOrder: inOrder.filter(({ stackName }) => stackName.endsWith('-api')) });
    await expect(act?.(restore)).rejects.toThrow('Not every function and stream consumer uses');
    expect(await stage.cloud.exists(stage.target)).toBe(true);
    expect(stage.cloud.hasBackups(stage.target)).toBe(true);
  });

  it('if one stream consumer reads its stream', async () => {
    const { restore, operator } = await restoreAgain();
    const { inOrder } = await serviceWith(operator.settings());
    const changed = inOrder.map(({ stackName, template }) => ({ stackName, template: oneMappingOf(template) }));
    stage.cloud.deploy({ inOrder: changed });
    await expect(act?.(restore)).rejects.toThrow('Not every function and stream consumer uses');
    expect(await stage.cloud.exists(stage.target)).toBe(true);
  });

  /** Returns a template whose first stream consumer reads the stream of the former table. */
  function oneMappingOf(template: SynthesizedService['inOrder'][number]['template']) {
    const copy = structuredClone(template);
    const mapping = Object.values(copy.Resources).find(
      ({ Properties = {} }) => Properties['EventSourceArn'] === streamArnOf(second),
    );
    if (mapping) Object.assign(mapping.Properties ?? {}, { EventSourceArn: streamArnOf(stage.target) });
    return copy;
  }
});
