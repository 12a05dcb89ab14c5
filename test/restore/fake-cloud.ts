import { randomUUID } from 'node:crypto';
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { openClients, type RestoreClients } from '../../bin/restore/clients.ts';
import { startEngine, type Engine } from '../../local/aws/engine.ts';
import { localClientConfig } from '../../local/open-table.ts';
import { textOf, type Called, type Calls, type Input } from './fake-calls.ts';
import { createFakeStacks } from './fake-stacks.ts';
import { createFakeTables } from './fake-tables.ts';

interface Secret {
  readonly text: string;
  readonly createdAt: Date;
}

/** The process died right after AWS had performed a call. */
export class ProcessDied extends Error {
  override readonly name = 'ProcessDied';
}

export type FakeCloud = Awaited<ReturnType<typeof startFakeCloud>>;

/**
 * Starts a fake of the AWS calls with which a backup is restored: of stacks and tables, of the stage's secret, and of
 * invocations. `clock` shows the fake's time.
 */
export async function startFakeCloud(clock: { now: () => number }, engine?: Engine) {
  const running = engine ?? (await startEngine());
  const { endpoint } = running;
  const stacks = createFakeStacks(clock);
  const tables = createFakeTables(clock, endpoint);
  const secrets: Secret[] = [{ text: randomUUID(), createdAt: new Date(clock.now()) }];
  const invocations: string[] = [];
  const called: Called[] = [];
  let invoke: (logicalId: string) => Promise<unknown> = () => Promise.resolve(null);
  let mutations = 0;
  let diesAfter = Infinity;

  const reads: Calls = {
    ...stacks.reads,
    ...tables.reads,
    ListSecretVersionIdsCommand: () => ({
      Versions: secrets.map(({ createdAt }, index) => ({
        CreatedDate: createdAt,
        VersionStages: [['AWSCURRENT'], ['AWSPREVIOUS']][secrets.length - 1 - index],
      })),
    }),
  };
  const changes: Calls = {
    ...tables.changes,
    PutSecretValueCommand: (input) => {
      secrets.push({ text: textOf(input, 'SecretString'), createdAt: new Date(clock.now()) });
      return {};
    },
    InvokeCommand: async (input) => {
      const { logicalId, properties } = stacks.functionOf(input);
      if (properties['ReservedConcurrentExecutions'] === 0) throw new Error(`${logicalId} is throttled`);
      invocations.push(logicalId);
      const result = (await invoke(logicalId)) ?? null;
      return { Payload: { transformToString: () => JSON.stringify(result) } };
    },
  };

  const clients: RestoreClients = openClients({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'fake', secretAccessKey: 'fake' },
  });
  for (const client of Object.values(clients) as { middlewareStack: CloudFormationClient['middlewareStack'] }[]) {
    client.middlewareStack.add(
      (_, { commandName = '' }) =>
        async ({ input }) => {
          const call = reads[commandName] ?? changes[commandName];
          if (!call) throw new Error(`The fake does not know ${commandName}`);
          called.push({ commandName, input: input as Input });
          const output = await call(input as Input);
          if (commandName in changes && (mutations += 1) >= diesAfter) throw new ProcessDied(commandName);
          return { output: output as never, response: {} };
        },
      { step: 'initialize', priority: 'high' },
    );
  }

  const { deploy, deleteByHand } = stacks;
  const { describe, startBackups, protect, hasBackups, backUp, exists } = tables;
  return {
    endpoint,
    config: localClientConfig(endpoint) as DynamoDBClientConfig & { random: () => number },
    /** The calls of the restore so far, without those to the items of tables. */
    called,
    clients,
    secrets,
    invocations,
    /** Sets what happens when a function is invoked. Receives the logical ID of the function. */
    onInvoke: (given: typeof invoke) => {
      invoke = given;
    },
    /** Lets the process die after a number of further calls that change something. */
    dieAfter: (calls: number) => {
      mutations = 0;
      diesAfter = calls;
    },
    ...{ deploy, deleteByHand, tables: stacks.tables },
    ...{ tags: tables.tags, delayTags: tables.delayTags, createTable: tables.create, deleteTable: tables.delete },
    ...{ describe, startBackups, protect, hasBackups, backUp, exists },
    async stop() {
      for (const client of Object.values(clients) as { destroy(): void }[]) client.destroy();
      tables.stop();
      if (!engine) await running.stop();
    },
  };
}
