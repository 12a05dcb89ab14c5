import { DescribeStacksCommand, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { DescribeRuleCommand } from '@aws-sdk/client-eventbridge';
import {
  GetEventSourceMappingCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { RestoreError } from './restore-error.ts';
import type { RestoreClients } from './clients.ts';

/** A function of the service, as Lambda runs it now. */
export interface RunningFunction {
  /** The beginning of the logical ID is the name of the function without hyphens, such as `closemonths`. */
  readonly logicalId: string;
  readonly name: string;
  readonly table: string;
  /** Whether the function tells pages to delete unknown passkeys; undefined if the function has no such setting. */
  readonly signalsUnknownCredentials: boolean | undefined;
  /** The time-out in milliseconds. */
  readonly timeout: number;
  /** Whether Lambda refuses every invocation. */
  readonly isStopped: boolean;
}
interface Switch {
  readonly id: string;
  readonly isOn: boolean;
  readonly isOff: boolean;
}
/** The state of a stage's stacks, as AWS reports it. */
export interface Deployment {
  readonly functions: readonly RunningFunction[];
  readonly mappings: readonly (Switch & { readonly source: string })[];
  readonly rules: readonly Switch[];
  /** The names of the tables in the data stack: the table of closing records, and the stage's own table if it is kept. */
  readonly ownTables: readonly string[];
  readonly closingRecords: string;
  readonly stageSecret: string;
}

/** The function that a deployment invokes. It runs even while the stage is suspended. */
const DEPLOYMENT_CHECK = 'fixtimezone';

/**
 * Reads what the stacks of a stage run: functions, event source mappings, rules and tables. Only reads. Throws
 * `RestoreError` if the stage is not deployed in the account and region of the clients.
 */
export async function readDeployment(clients: RestoreClients, serviceName: string): Promise<Deployment> {
  const [data, metering, api] = await Promise.all(
    ['data', 'metering', 'api'].map((part) => resourcesOf(clients, `${serviceName}-${part}`)),
  );
  const resources = [...(metering ?? []), ...(api ?? [])];
  const idsOf = (type: string) => resources.filter((resource) => resource.type === type).map(({ id }) => id);
  const outputs = await outputsOf(clients, `${serviceName}-data`);
  const functions: RunningFunction[] = [];
  for (const { type, id, logicalId } of resources) {
    if (type !== 'AWS::Lambda::Function') continue;
    const running = await readFunction(clients, id, logicalId);
    if (running) functions.push(running);
  }
  return {
    functions,
    mappings: await Promise.all(idsOf('AWS::Lambda::EventSourceMapping').map((id) => readMapping(clients, id))),
    rules: await Promise.all(idsOf('AWS::Events::Rule').map((id) => readRule(clients, id))),
    ownTables: (data ?? []).filter(({ type }) => type === 'AWS::DynamoDB::GlobalTable').map(({ id }) => id),
    closingRecords: outputs('ClosingRecordsTableName'),
    stageSecret: outputs('StageSecretArn'),
  };
}

/** Returns the functions that a suspended stage does not invoke. */
export const suspendable = ({ functions }: Deployment): readonly RunningFunction[] =>
  functions.filter(({ logicalId }) => !logicalId.startsWith(DEPLOYMENT_CHECK));

/** Returns the ARNs of the streams that the stream consumers read. */
export const streamSources = ({ mappings }: Deployment): readonly string[] =>
  mappings.map(({ source }) => source).filter((source) => source.includes(':dynamodb:'));

/** Returns the table that all functions use. Throws `RestoreError` if a deployment stopped halfway. */
export function servingTable({ functions }: Deployment): string {
  const tables = [...new Set(functions.map(({ table }) => table))];
  const [table] = tables;
  if (table === undefined || tables.length > 1) {
    throw new RestoreError(
      `The functions use ${tables.length} tables (${tables.join(', ')}), because a deployment has not ended. Deploy all stacks again.`,
    );
  }
  return table;
}

async function readFunction(
  { lambda }: RestoreClients,
  name: string,
  logicalId: string,
): Promise<RunningFunction | undefined> {
  const { Environment, Timeout = 0 } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
  const { TABLE_NAME: table, SIGNALS_UNKNOWN_CREDENTIALS: signals } = Environment?.Variables ?? {};
  // The stacks also contain functions of the CDK, which do not use the table.
  if (table === undefined) return undefined;
  const { ReservedConcurrentExecutions } = await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName: name }));
  return {
    logicalId,
    name,
    table,
    signalsUnknownCredentials: signals === undefined ? undefined : signals === 'true',
    timeout: Timeout * 1_000,
    isStopped: ReservedConcurrentExecutions === 0,
  };
}

async function readMapping({ lambda }: RestoreClients, id: string): Promise<Switch & { source: string }> {
  const { State, EventSourceArn = '' } = await lambda.send(new GetEventSourceMappingCommand({ UUID: id }));
  return { id, source: EventSourceArn, isOn: State === 'Enabled', isOff: State === 'Disabled' };
}

async function readRule({ events }: RestoreClients, id: string): Promise<Switch> {
  const { State } = await events.send(new DescribeRuleCommand({ Name: id }));
  return { id, isOn: State === 'ENABLED', isOff: State === 'DISABLED' };
}

interface StackResource {
  readonly type: string;
  readonly logicalId: string;
  /** The physical ID. */
  readonly id: string;
}

async function resourcesOf({ cloudformation: client }: RestoreClients, stack: string): Promise<StackResource[]> {
  const resources: StackResource[] = [];
  for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client }, { StackName: stack })) {
    for (const { ResourceType, LogicalResourceId, PhysicalResourceId, ResourceStatus } of StackResourceSummaries) {
      if (ResourceStatus === 'DELETE_COMPLETE') continue;
      resources.push({ type: ResourceType ?? '', logicalId: LogicalResourceId ?? '', id: PhysicalResourceId ?? '' });
    }
  }
  return resources;
}

async function outputsOf({ cloudformation }: RestoreClients, stack: string): Promise<(name: string) => string> {
  const { Stacks } = await cloudformation.send(new DescribeStacksCommand({ StackName: stack }));
  return (name) => {
    const value = Stacks?.[0]?.Outputs?.find(({ OutputKey }) => OutputKey === name)?.OutputValue;
    if (value === undefined)
      throw new RestoreError(`The stack ${stack} has no output ${name}. Deploy all stacks first.`);
    return value;
  };
}
