import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { steps } from '../../bin/restore/steps.ts';
import { openDamagedStage, type DamagedStage } from './damaged-stage.ts';
import { streamArnOf } from './fake-arns.ts';
import { newOperator, serviceWith } from './operator.ts';

const MINUTE = 60_000;
let stage: DamagedStage;
beforeEach(async () => {
  stage = await openDamagedStage();
});
afterEach(() => stage.stop());

/** Calls `then` after the second pass over the closing records. */
function afterSecondPass(then: () => Promise<unknown>): void {
  const { surroundings } = stage.operator;
  const { reapply } = surroundings;
  let passes = 0;
  Object.assign(surroundings, {
    reapply: async (...given: Parameters<typeof reapply>) => {
      const result = await reapply(...given);
      passes += 1;
      if (passes === 2) await then();
      return result;
    },
  });
}

describe('if the service used its own table again after the restore began, the restore stops', () => {
  it('while the service runs', async () => {
    const { cloud, operator, target } = stage;
    await operator.runUntil('Let the suspended service use the restored table');
    cloud.deploy(await serviceWith({}));
    const message = await operator.runToError();
    expect(message).toMatch('Delete this table, and repeat the command:');
    const commands = [...message.matchAll(/aws dynamodb (\S+ ?\S*) --table-name (\S+)/g)];
    expect(commands.map(([, command, table]) => [command, table])).toEqual([
      ['update-continuous-backups', target],
      ['update-table', target],
      ['wait table-exists', target],
      ['delete-table', target],
    ]);
  });

  it('when the service has been suspended again, and discarded a customer meanwhile', async () => {
    await stage.operator.runUntil('Let the suspended service use the restored table');
    stage.cloud.deploy(await serviceWith({}));
    await stage.discard('cus_meanwhile');
    stage.cloud.deploy(await serviceWith({ suspended: true }));
    expect(await stage.operator.runToError()).toMatch('Delete this table, and repeat the command:');
  });

  it('when the service has been suspended again with the restored table, and discarded a customer meanwhile', async () => {
    await stage.operator.runUntil('Let the suspended service use the restored table');
    stage.cloud.deploy(await serviceWith({}));
    await stage.discard('cus_meanwhile');
    await stage.operator.obey();
    expect(await stage.operator.runToError()).toMatch('it has discarded customers');
  });

  it('when the service discards a customer after the second pass over the closing records', async () => {
    await stage.operator.runUntil('Stop the service');
    await stage.operator.obey();
    afterSecondPass(() => stage.discard('cus_meanwhile'));
    expect(await stage.operator.runToError()).toMatch('it has discarded customers');
  });

  it('when the service starts after the second pass, so that the closing records are not marked as reapplied', async () => {
    const { cloud, operator, target } = stage;
    await operator.runUntil('Stop the service');
    await operator.obey();
    const running = await serviceWith({});
    afterSecondPass(() => {
      cloud.deploy(running);
      return Promise.resolve();
    });
    expect(await operator.runToError()).toMatch('The service is not suspended.');
    expect([...(cloud.tags.get(target)?.keys() ?? [])]).toEqual(['stage']);
  });

  it('when the service starts while DynamoDB restores the table', async () => {
    await stage.operator.runUntil('Stop the service');
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
    expect(await stage.operator.runToError()).toMatch('Delete this table, and repeat the command:');
    expect(stage.operator.log.join('\n')).not.toContain('now done Discard again');
  });
});

describe('a restored table that has served is not deleted if another table serves', () => {
  const settings = [{}, { suspended: true }];

  it.each(settings)('the restore says how to let it serve again: %j', async (setting) => {
    const { cloud, operator, target, table } = stage;
    await operator.runUntil('Let pages delete unknown passkeys again');
    cloud.deploy(await serviceWith(setting));
    const message = await operator.runToError();
    expect(message).toMatch(`Only ${target} contains the changes since then, so do not delete it.`);
    expect(message).toMatch(`Changes in ${table} will be lost.`);
    expect(message).toMatch(`  restoredTable: '${streamArnOf(target)}',`);
    expect(message).not.toMatch('delete-table');
  });

  it.each(settings)('no other restore can begin: %j', async (setting) => {
    const { cloud, clock, operator, target } = stage;
    await operator.runUntil('Let pages delete unknown passkeys again');
    cloud.deploy(await serviceWith(setting));
    const other = newOperator(cloud, clock, { at: new Date('2026-11-03T22:00:00Z') });
    const message = await other.runToError();
    expect(message).toMatch(`Only ${target} contains the changes since then, so do not delete it.`);
    expect(message).not.toMatch('delete-table');
  });

  it('the restore asks whether it has served, if the command was not repeated after the start', async () => {
    const { cloud, operator, target } = stage;
    await operator.runUntil('Start the service');
    await operator.obey();
    cloud.deploy(await serviceWith({}));
    const message = await operator.runToError();
    expect(message).toMatch('If the service has run with this table, do not delete it');
    expect(message).toMatch(`(restoredTable: '${streamArnOf(target)}')`);
  });
});

it('the secret is replaced again if the service ran on its own table meanwhile, and discarded nobody', async () => {
  const { cloud, clock, operator } = stage;
  await operator.runUntil('Start the service');
  expect(cloud.secrets).toHaveLength(3);
  expect(await operator.run()).toBe('waiting');
  expect(cloud.secrets).toHaveLength(3);
  for (const settings of [{}, operator.settings()]) {
    clock.time += 5 * MINUTE;
    cloud.deploy(await serviceWith(settings));
  }
  const stoppedAt = clock.time;
  clock.time += 5 * MINUTE;
  await operator.runUntil('Start the service');
  expect(cloud.secrets.filter(({ createdAt }) => createdAt.getTime() > stoppedAt)).toHaveLength(2);
  await operator.obey();
  await operator.runUntil('Let pages delete unknown passkeys again');
  expect(cloud.secrets).toHaveLength(5);
});

it('a restore goes on if the service discards customers after it has begun to use the restored table', async () => {
  await stage.operator.runUntil('Let pages delete unknown passkeys again');
  await stage.discard('cus_later');
  await stage.operator.runUntil('Delete the former table');
});

it('a restore ignores tables of another stage, although their names begin like those of restored tables', async () => {
  await stage.cloud.createTable('fido2-server-service-production-restored-x-data-table');
  await stage.operator.runUntil('Let the suspended service use the restored table');
});

it('a restore does not begin while there is a table of another restore', async () => {
  const { cloud, clock, operator, target } = stage;
  await operator.runUntil('Let the suspended service use the restored table');
  const other = newOperator(cloud, clock, { at: new Date('2026-11-03T23:30:00Z') }, operator.settings());
  const message = await other.runToError();
  expect(message).toMatch(`There is a table ${target} of another restore, which the service does not use.`);
  expect(message).toMatch(`aws dynamodb delete-table --table-name ${target}`);
});

it('a restore does not begin if the service has started after the command has read its state', async () => {
  await stage.operator.runUntil('Stop the service');
  await stage.operator.obey();
  const begin = steps.find(({ title }) => title === 'Begin to restore the table');
  const restore = await stage.restoreOf(stage.operator, stage.target);
  stage.cloud.deploy(await serviceWith({}));
  await expect(begin?.act?.(restore)).rejects.toThrow('The service is not suspended.');
  expect(await stage.cloud.exists(stage.target)).toBe(false);
});

it.each(['AWS::Lambda::Function', 'AWS::Lambda::EventSourceMapping', 'AWS::Events::Rule'])(
  'a restore names the resource that somebody has deleted: %s',
  async (type) => {
    const id = stage.cloud.deleteByHand(type);
    expect(await stage.operator.runToError()).toContain(
      `contains the resource ${id} (${type}), but somebody has deleted it.`,
    );
  },
);
