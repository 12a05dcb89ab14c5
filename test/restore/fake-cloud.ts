import { randomUUID } from 'node:crypto';
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ResourceInUseException,
  TableNotFoundException,
  UpdateTableCommand,
  type DynamoDBClientConfig,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateScan, PutCommand } from '@aws-sdk/lib-dynamodb';
import { openClients, type RestoreClients } from '../../bin/restore/clients.ts';
import { createTableInput } from '../../functions/table/definition.ts';
import { startEngine, type Engine } from '../../local/aws/engine.ts';
import { localClientConfig } from '../../local/open-table.ts';
import { DeployedStacks, type DeployedTemplate } from '../infrastructure/deployed-stacks.ts';
import type { SynthesizedService } from '../infrastructure/synthesize.ts';

const ARN = 'arn:aws:dynamodb:eu-central-1:123456789012:table/';
const MINUTE = 60_000;
/** How long DynamoDB takes to restore a table, and to change a setting of a table, in milliseconds. */
const RESTORING = 40 * MINUTE;
const UPDATING = 20_000;

/** A function, a mapping or a rule that CloudFormation has created from a template. */
interface Created {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  readonly id: string;
  readonly properties: Readonly<Record<string, unknown>>;
}
interface Secret {
  readonly text: string;
  readonly createdAt: Date;
}
type Input = Readonly<Record<string, unknown>>;
type Call = (input: Input) => unknown;

/** The process died right after AWS had performed a call. */
export class ProcessDied extends Error {
  override readonly name = 'ProcessDied';
}

export type FakeCloud = Awaited<ReturnType<typeof startFakeCloud>>;

/**
 * Starts a fake of the AWS calls with which a backup is restored. Stacks come from the synthesized templates, under
 * CloudFormation's rules for exports. The tables are tables of a real engine. The engine has no backups, so the fake
 * copies the items of a table when a test says so, and restores the copy. `clock` shows the fake's time.
 */
export async function startFakeCloud(clock: { now: () => number }, engine?: Engine) {
  const running = engine ?? (await startEngine());
  const { endpoint } = running;
  const config = localClientConfig(endpoint);
  const real = new DynamoDBClient(config);
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(config));
  const stacks = new DeployedStacks();
  const created = new Map<string, Created>();
  /** The physical IDs of resources that somebody has deleted, although their stacks contain them. */
  const deleted = new Set<string>();
  const copies: { table: string; at: number; items: Record<string, unknown>[] }[] = [];
  const restores = new Map<string, { source: string; at: Date; created: number }>();
  const busyUntil = new Map<string, number>();
  const backedUp = new Map<string, number>();
  const tags = new Map<string, Map<string, string>>();
  const secrets: Secret[] = [{ text: randomUUID(), createdAt: new Date(clock.now()) }];
  const invocations: string[] = [];
  let invoke: (logicalId: string) => Promise<unknown> = () => Promise.resolve(null);
  let mutations = 0;
  let diesAfter = Infinity;

  const physicalId = (stack: string, logicalId: string, type: string) => {
    if (type === 'AWS::SecretsManager::Secret') return `arn:aws:secretsmanager:eu-central-1:123456789012:secret:stage`;
    // The local service uses these names too.
    if (type === 'AWS::DynamoDB::GlobalTable') {
      return logicalId.startsWith('ClosingRecords') ? `${stack}-table-closing-records` : `${stack}-table`;
    }
    return `${stack}-${logicalId}`.slice(-60);
  };
  /** Returns the value of an expression in a template. */
  function resolve(stack: string, value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    const [[name, argument] = ['', undefined]] = Object.entries(value) as [string, unknown][];
    const template = templateOf(stack);
    if (name === 'Ref') return physicalId(stack, String(argument), template.Resources[String(argument)]?.Type ?? '');
    if (name === 'Fn::GetAtt') {
      const [logicalId = '', attribute] = argument as string[];
      const { Type = '' } = template.Resources[logicalId] ?? {};
      const id = physicalId(stack, logicalId, Type);
      if (Type === 'AWS::DynamoDB::GlobalTable') return attribute === 'StreamArn' ? streamArnOf(id) : `${ARN}${id}`;
      return `arn:aws:${Type}:${id}`;
    }
    if (name === 'Fn::Join') {
      const [separator, parts] = argument as [string, unknown[]];
      return parts.map((part) => String(resolve(stack, part))).join(separator);
    }
    if (name === 'Fn::ImportValue') {
      for (const [exporting, { Outputs = {} }] of stacks.templates) {
        const found = Object.values(Outputs).find(({ Export }) => Export?.Name === argument);
        if (found) return resolve(exporting, found.Value);
      }
    }
    throw new Error(`The fake cannot resolve ${JSON.stringify(value)}`);
  }

  function templateOf(stack: string): DeployedTemplate {
    const template = stacks.templates.get(stack);
    if (!template) throw new Error(`The stack ${stack} is not deployed`);
    return template;
  }
  const own = (type: string, id: string) => {
    const found = [...created.values()].find((one) => one.type === type && one.id === id);
    if (!found || deleted.has(found.id)) {
      throw Object.assign(new Error(`There is no ${type} ${id}`), { name: 'ResourceNotFoundException' });
    }
    return found;
  };
  const tableOf = (name: string): Promise<TableDescription> =>
    real.send(new DescribeTableCommand({ TableName: name })).then(({ Table = {} }) => Table);

  /** Returns the description of a table as DynamoDB returns it in AWS. */
  async function describe(name: string): Promise<TableDescription> {
    const table = await tableOf(name);
    const restore = restores.get(name);
    const isRestoring = restore !== undefined && clock.now() < restore.created + RESTORING;
    const isUpdating = clock.now() < (busyUntil.get(name) ?? 0);
    return {
      ...table,
      TableArn: `${ARN}${name}`,
      TableStatus: isRestoring ? 'CREATING' : isUpdating ? 'UPDATING' : 'ACTIVE',
      ...(table.LatestStreamArn !== undefined && { LatestStreamArn: streamArnOf(name) }),
      ...(restore && {
        CreationDateTime: new Date(restore.created),
        RestoreSummary: {
          SourceTableArn: `${ARN}${restore.source}`,
          RestoreDateTime: restore.at,
          RestoreInProgress: isRestoring,
        },
      }),
    };
  }

  async function restoreTable(source: string, target: string, at: Date) {
    if (!backedUp.has(source)) throw new TableNotFoundException({ message: source, $metadata: {} });
    const copy = copies.filter((one) => one.table === source && one.at <= at.getTime()).at(-1);
    if (!copy) throw new Error(`There is no copy of ${source} at ${at.toISOString()}`);
    const { StreamSpecification, ...input } = createTableInput(target);
    await real.send(new CreateTableCommand(input));
    for (const Item of copy.items) await documents.send(new PutCommand({ TableName: target, Item }));
    restores.set(target, { source, at, created: clock.now() });
  }

  const backups = (name: string) => {
    const since = backedUp.get(name);
    return {
      ContinuousBackupsDescription: {
        PointInTimeRecoveryDescription:
          since === undefined
            ? { PointInTimeRecoveryStatus: 'DISABLED' }
            : {
                PointInTimeRecoveryStatus: 'ENABLED',
                RecoveryPeriodInDays: 35,
                EarliestRestorableDateTime: new Date(since),
                LatestRestorableDateTime: new Date(clock.now() - 5 * MINUTE),
              },
      },
    };
  };

  const textOf = (input: Input, name: string) => String(input[name]);
  const nameIn = ({ ResourceArn = '' }: Input) => String(ResourceArn).slice(ARN.length);
  /** The calls that only read. */
  const reads: Record<string, Call> = {
    DescribeTableCommand: async (input) => ({ Table: await describe(textOf(input, 'TableName')) }),
    DescribeContinuousBackupsCommand: (input) => backups(textOf(input, 'TableName')),
    ListTagsOfResourceCommand: (input) => ({
      Tags: [...(tags.get(nameIn(input)) ?? [])].map(([Key, Value]) => ({ Key, Value })),
    }),
    DescribeStacksCommand: (input) => {
      const stack = textOf(input, 'StackName');
      const { Outputs = {} } = templateOf(stack);
      return {
        Stacks: [
          {
            Outputs: Object.entries(Outputs).map(([OutputKey, { Value }]) => ({
              OutputKey,
              OutputValue: resolve(stack, Value),
            })),
          },
        ],
      };
    },
    ListStackResourcesCommand: (input) => ({
      StackResourceSummaries: [...created.values()]
        .filter(({ stack }) => stack === input['StackName'])
        .map(({ logicalId, id, type }) => ({
          LogicalResourceId: logicalId,
          PhysicalResourceId: id,
          ResourceType: type,
          ResourceStatus: 'CREATE_COMPLETE',
        })),
    }),
    GetFunctionConfigurationCommand: (input) => {
      const { properties, stack } = own('AWS::Lambda::Function', textOf(input, 'FunctionName'));
      const { Environment } = properties as { Environment?: { Variables: Record<string, unknown> } };
      const named = Object.entries(Environment?.Variables ?? {}).filter(([name]) =>
        ['TABLE_NAME', 'SIGNALS_UNKNOWN_CREDENTIALS'].includes(name),
      );
      return {
        Timeout: properties['Timeout'],
        Environment: { Variables: Object.fromEntries(named.map(([name, value]) => [name, resolve(stack, value)])) },
      };
    },
    GetFunctionConcurrencyCommand: (input) => {
      const { properties } = own('AWS::Lambda::Function', textOf(input, 'FunctionName'));
      return { ReservedConcurrentExecutions: properties['ReservedConcurrentExecutions'] };
    },
    GetEventSourceMappingCommand: (input) => {
      const { properties, stack } = own('AWS::Lambda::EventSourceMapping', textOf(input, 'UUID'));
      return {
        State: properties['Enabled'] === false ? 'Disabled' : 'Enabled',
        EventSourceArn: resolve(stack, properties['EventSourceArn']),
      };
    },
    DescribeRuleCommand: (input) => ({ State: own('AWS::Events::Rule', textOf(input, 'Name')).properties['State'] }),
    ListSecretVersionIdsCommand: () => ({
      Versions: secrets.map(({ createdAt }, index) => ({
        CreatedDate: createdAt,
        VersionStages: [['AWSCURRENT'], ['AWSPREVIOUS']][secrets.length - 1 - index],
      })),
    }),
  };
  /** The calls that change something. */
  const changes: Record<string, Call> = {
    RestoreTableToPointInTimeCommand: (input) =>
      restoreTable(
        textOf(input, 'SourceTableName'),
        textOf(input, 'TargetTableName'),
        input['RestoreDateTime'] as Date,
      ),
    UpdateContinuousBackupsCommand: (input) => {
      const { PointInTimeRecoveryEnabled } = input['PointInTimeRecoverySpecification'] as Record<string, boolean>;
      const name = textOf(input, 'TableName');
      if (PointInTimeRecoveryEnabled) backedUp.set(name, clock.now());
      else backedUp.delete(name);
      return {};
    },
    TagResourceCommand: (input) => {
      const of = tags.get(nameIn(input)) ?? new Map<string, string>();
      for (const { Key, Value } of input['Tags'] as { Key: string; Value: string }[]) of.set(Key, Value);
      tags.set(nameIn(input), of);
      return {};
    },
    PutSecretValueCommand: (input) => {
      secrets.push({ text: textOf(input, 'SecretString'), createdAt: new Date(clock.now()) });
      return {};
    },
    InvokeCommand: async (input) => {
      const { logicalId, properties } = own('AWS::Lambda::Function', textOf(input, 'FunctionName'));
      if (properties['ReservedConcurrentExecutions'] === 0) throw new Error(`${logicalId} is throttled`);
      invocations.push(logicalId);
      const result = (await invoke(logicalId)) ?? null;
      return { Payload: { transformToString: () => JSON.stringify(result) } };
    },
  };
  /** The calls of the table's settings that the engine performs. */
  const byEngine: Record<string, boolean> = {
    ListTablesCommand: false,
    DescribeTimeToLiveCommand: false,
    UpdateTimeToLiveCommand: true,
    UpdateTableCommand: true,
    DeleteTableCommand: true,
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
          const isChange = commandName in changes || byEngine[commandName] === true;
          if (isChange && commandName.endsWith('TableCommand')) await refuseIfBusy(input as Input);
          const output = call ? await call(input as Input) : await passOn(commandName, input as Input);
          if (isChange && (mutations += 1) >= diesAfter) throw new ProcessDied(commandName);
          return { output: output as never, response: {} };
        },
      { step: 'initialize', priority: 'high' },
    );
  }

  /** DynamoDB refuses to change a table while it is created or updated. */
  async function refuseIfBusy(input: Input): Promise<void> {
    const name = String(input['TableName']);
    if (!restores.has(name)) return;
    const { TableStatus = '' } = await describe(name);
    if (TableStatus !== 'ACTIVE') {
      throw new ResourceInUseException({ message: `${name} is ${TableStatus}`, $metadata: {} });
    }
  }

  async function passOn(commandName: string, input: Input): Promise<unknown> {
    if (!(commandName in byEngine)) throw new Error(`The fake does not know ${commandName}`);
    const commands = (await import('@aws-sdk/client-dynamodb')) as unknown as Record<
      string,
      new (given: Input) => never
    >;
    const Command = commands[commandName];
    if (!Command) throw new Error(`DynamoDB does not know ${commandName}`);
    const output: unknown = await real.send(new Command(input));
    if (commandName === 'UpdateTableCommand') busyUntil.set(String(input['TableName']), clock.now() + UPDATING);
    return output;
  }

  return {
    endpoint,
    config: config as DynamoDBClientConfig & { random: () => number },
    clients,
    stacks,
    secrets,
    invocations,
    tags,
    /** Sets what happens when a function is invoked. Receives the logical ID of the function. */
    onInvoke: (given: typeof invoke) => {
      invoke = given;
    },
    /** Lets the process die after a number of further calls that change something. */
    dieAfter: (calls: number) => {
      mutations = 0;
      diesAfter = calls;
    },
    /** Deploys all stacks in the order of `cdk deploy --all`. Throws if CloudFormation refuses a stack. */
    deploy({ inOrder }: Pick<SynthesizedService, 'inOrder'>) {
      for (const { stackName, template } of inOrder) {
        stacks.update(stackName, template);
        for (const [key, { stack }] of created) if (stack === stackName) created.delete(key);
        for (const [logicalId, { Type: type, Properties: properties = {} }] of Object.entries(template.Resources)) {
          const id = physicalId(stackName, logicalId, type);
          created.set(`${stackName} ${logicalId}`, { stack: stackName, logicalId, type, id, properties });
        }
      }
    },
    /** Returns the names of the stage's own table and of the table of closing records. */
    tables() {
      const [table, closingRecords] = ['SingleTable', 'ClosingRecords'].map(
        (name) =>
          [...created.values()].find(
            ({ type, logicalId }) => type === 'AWS::DynamoDB::GlobalTable' && logicalId.startsWith(name),
          )?.id ?? '',
      );
      return { table: table ?? '', closingRecords: closingRecords ?? '' };
    },
    /** Returns the properties of all resources of a type, as they are deployed now. */
    deployed: (type: string) => [...created.values()].filter((one) => one.type === type),
    /** Deletes a resource of a type, although its stack contains it. Returns its physical ID. */
    deleteByHand(type: string) {
      const { id = '' } = [...created.values()].find((one) => one.type === type) ?? {};
      deleted.add(id);
      return id;
    },
    describe,
    /** Begins the backups of a table that the service has created in the engine. */
    startBackups: (table: string) => backedUp.set(table, clock.now()),
    /** Protects a table against deletion, as its template says. */
    protect: (table: string) =>
      real.send(new UpdateTableCommand({ TableName: table, DeletionProtectionEnabled: true })),
    hasBackups: (table: string) => backedUp.has(table),
    /** Copies the items of a table. The copy is its backup of the present time. */
    async backUp(table: string) {
      const items: Record<string, unknown>[] = [];
      for await (const { Items = [] } of paginateScan({ client: documents }, { TableName: table }))
        items.push(...Items);
      copies.push({ table, at: clock.now(), items });
    },
    async exists(table: string) {
      return tableOf(table).then(
        () => true,
        () => false,
      );
    },
    async stop() {
      for (const client of Object.values(clients) as { destroy(): void }[]) client.destroy();
      real.destroy();
      documents.destroy();
      if (!engine) await running.stop();
    },
  };
}

/** Returns the ARN of the stream of a table. */
export const streamArnOf = (table: string): string => `${ARN}${table}/stream/2026-11-30T03:00:00.000`;
