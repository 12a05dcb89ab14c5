import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { readDeployment } from '../../bin/restore/deployment.ts';
import { putClosingRecord, keepClosingRecord } from '../../functions/table/closing-records.ts';
import { createClosingRecordsTableInput, createTableInput } from '../../functions/table/definition.ts';
import { openTable } from '../../functions/table/engine/client.ts';
import { transact } from '../../functions/table/engine/transaction.ts';
import { startEngine } from '../../local/aws/engine.ts';
import { localClientConfig } from '../../local/open-table.ts';
import { startFakeCloud } from './fake-cloud.ts';
import { newOperator, serviceWith } from './operator.ts';

/** The time of the backup that the operator restores. */
const BACKED_UP_AT = '2026-11-03T23:00:00Z';

export type DamagedStage = Awaited<ReturnType<typeof openDamagedStage>>;

/**
 * Deploys the stage `production`, backs its table up, and returns it a day later, with an operator who is about to
 * restore the backup. `target` is the name of the restored table.
 */
export async function openDamagedStage() {
  const engine = await startEngine();
  const clock = { time: Date.parse('2026-11-01T08:00:00Z') };
  const cloud = await startFakeCloud({ now: () => clock.time }, engine);
  cloud.deploy(await serviceWith({}));
  const { table, closingRecords } = cloud.tables();
  const client = new DynamoDBClient(localClientConfig(engine.endpoint));
  await client.send(new CreateTableCommand({ ...createTableInput(table), DeletionProtectionEnabled: true }));
  await client.send(new CreateTableCommand(createClosingRecordsTableInput(closingRecords)));
  const items = openTable(table, localClientConfig(engine.endpoint));
  const records = openTable(closingRecords, localClientConfig(engine.endpoint));
  await transact(items, {
    record: putClosingRecord({ customerId: 'cus_gone', unsubscribedAt: 1, discardedAt: 2, discarded: {} }),
  });
  cloud.startBackups(table);
  cloud.tags.set(table, new Map([['stage', 'production']]));
  clock.time = Date.parse(BACKED_UP_AT);
  await cloud.backUp(table);
  clock.time = Date.parse('2026-11-05T08:00:00Z');
  return {
    cloud,
    clock,
    table,
    target: 'fido2-server-service-production-restored-20261103t230000z',
    operator: newOperator(cloud, clock, { at: new Date(BACKED_UP_AT) }),
    /** Stores the closing record of a customer that the running service has discarded. */
    discard: (customerId: string) =>
      keepClosingRecord(records, { customerId, unsubscribedAt: clock.time, discardedAt: clock.time, discarded: {} }),
    /** Returns a restore with the state that the command reads now. */
    restoreOf: async ({ surroundings }: ReturnType<typeof newOperator>, target: string) => {
      const serviceName = 'fido2-server-service-production';
      const deployment = await readDeployment(surroundings.clients, serviceName);
      return { stage: 'production', at: new Date(), ...surroundings, serviceName, target, deployment };
    },
    stop: async () => {
      client.destroy();
      items.client.destroy();
      records.client.destroy();
      await cloud.stop();
      await engine.stop();
    },
  };
}
