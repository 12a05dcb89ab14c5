import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readDeployment } from '../../bin/restore/deployment.ts';
import { RestoreError } from '../../bin/restore/restore-error.ts';
import { steps } from '../../bin/restore/steps.ts';
import type { SynthesizedService } from '../infrastructure/synthesize.ts';
import { openDamagedStage, type DamagedStage } from './damaged-stage.ts';
import { streamArnOf } from './fake-arns.ts';
import { newOperator, serviceWith } from './operator.ts';

let stage: DamagedStage;
beforeEach(async () => {
  stage = await openDamagedStage();
});
afterEach(() => stage.stop());

/** Runs the restore, and does what it asks for, until it asks for the step `title`. */
async function runUntil(title: string, operator = stage.operator): Promise<void> {
  for (let run = 0; run < 10; run += 1) {
    expect(await operator.run()).toBe('waiting');
    if (operator.log.findLast((line) => line.startsWith('you '))?.includes(title)) return;
    await operator.obey();
  }
  throw new Error(`The restore does not ask for ${title}`);
}
const error = async (operator = stage.operator) => {
  const failed = await operator.run().catch((thrown: unknown) => thrown);
  expect(failed).toBeInstanceOf(RestoreError);
  return (failed as RestoreError).message;
};

describe('if the service used its own table again after the restore began, the restore stops', () => {
  it('while the service runs', async () => {
    await runUntil('Let the suspended service use the restored table');
    stage.cloud.deploy(await serviceWith({}));
    expect(await error()).toMatch(`Delete this table, and begin again:`);
    expect(await error()).toMatch(`aws dynamodb delete-table --table-name ${stage.target}`);
  });

  it('when the service has been suspended again, and discarded a customer meanwhile', async () => {
    await runUntil('Let the suspended service use the restored table');
    stage.cloud.deploy(await serviceWith({}));
    await stage.discard('cus_meanwhile');
    stage.cloud.deploy(await serviceWith({ suspended: true }));
    expect(await error()).toMatch(`Delete this table, and begin again:`);
  });

  it('when the service had used the restored table before', async () => {
    await runUntil('Let pages delete unknown passkeys again');
    stage.cloud.deploy(await serviceWith({ suspended: true }));
    expect(await error()).toMatch(`Only ${stage.target} contains the changes of that time.`);
    expect(await error()).toMatch(`Delete this table, and begin again:`);
  });

  it('when the service starts while DynamoDB restores the table', async () => {
    await runUntil('Stop the service');
    await stage.operator.obey();
    const { surroundings } = stage.operator;
    const { wait } = surroundings;
    let looks = 0;
    Object.assign(surroundings, {
      wait: async (milliseconds: number) => {
        looks += 1;
        if (looks === 3) stage.cloud.deploy(await serviceWith({}));
        await wait(milliseconds);
      },
    });
    expect(await error()).toMatch(`Delete this table, and begin again:`);
    expect(stage.operator.log.join('\n')).not.toContain('now done Discard again');
  });
});

it('a restore goes on if the service discards customers after it has begun to use the restored table', async () => {
  await runUntil('Let pages delete unknown passkeys again');
  await stage.discard('cus_later');
  await runUntil('Delete the former table');
});

it('a restore does not begin if the service has started after the command has read its state', async () => {
  await runUntil('Stop the service');
  await stage.operator.obey();
  const begin = steps.find(({ title }) => title === 'Begin to restore the table');
  const restore = await restoreOf(stage.operator, stage.target);
  stage.cloud.deploy(await serviceWith({}));
  await expect(begin?.act?.(restore)).rejects.toThrow('The service is not suspended.');
  expect(await stage.cloud.exists(stage.target)).toBe(false);
});

it.each(['AWS::Lambda::Function', 'AWS::Lambda::EventSourceMapping', 'AWS::Events::Rule'])(
  'a restore names the resource that somebody has deleted: %s',
  async (type) => {
    const id = stage.cloud.deleteByHand(type);
    expect(await error()).toContain(`contains the resource ${id} (${type}), but somebody has deleted it.`);
  },
);

describe('the former table is not deleted', () => {
  const second = 'fido2-server-service-production-restored-20261113t230000z';
  /** Restores a backup of the restored table, so that the former table is in no stack, up to the deletion. */
  async function prepare() {
    const { cloud, clock, target } = stage;
    await runUntil('Let pages delete unknown passkeys again');
    clock.time = Date.parse('2026-11-13T23:00:00Z');
    await cloud.backUp(target);
    clock.time = Date.parse('2026-11-15T08:00:00Z');
    const operator = newOperator(cloud, clock, { at: new Date('2026-11-13T23:00:00Z') }, stage.operator.settings());
    await runUntil('Delete the former table', operator);
    const restore = await restoreOf(operator, second);
    return { operator, restore, settings: operator.settings() };
  }
  const act = steps.find(({ title }) => title === 'Delete the former table')?.act;

  it('if one stack uses it, although the command has read another state before', async () => {
    const { restore, settings } = await prepare();
    const { inOrder } = await serviceWith({ ...settings, restoredTable: streamArnOf(stage.target) });
    stage.cloud.deploy({ inOrder: inOrder.filter(({ stackName }) => stackName.endsWith('-api')) });
    await expect(act?.(restore)).rejects.toThrow('Not every function and stream consumer uses');
    expect(await stage.cloud.exists(stage.target)).toBe(true);
    expect(stage.cloud.hasBackups(stage.target)).toBe(true);
  });

  it('before DynamoDB has changed its settings', async () => {
    const { operator } = await prepare();
    await operator.obey();
    expect(await operator.run()).toBe('complete');
    expect(await stage.cloud.exists(stage.target)).toBe(false);
    expect(await stage.cloud.exists(second)).toBe(true);
  });

  it('if one stream consumer reads its stream', async () => {
    const { restore, operator } = await prepare();
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

/** Returns a restore with the state that the command reads now. */
async function restoreOf({ surroundings }: DamagedStage['operator'], target: string) {
  const serviceName = 'fido2-server-service-production';
  const deployment = await readDeployment(surroundings.clients, serviceName);
  return { stage: 'production', at: new Date(), ...surroundings, serviceName, target, deployment };
}
