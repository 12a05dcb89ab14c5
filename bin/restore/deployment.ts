import { DescribeRuleCommand } from '@aws-sdk/client-eventbridge';
import {
  GetEventSourceMappingCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { findStack, outputOf, resourcesOf } from '../aws/stacks.ts';
import { unlessAbsent } from '../aws/unless-absent.ts';
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
  /** The time at which CloudFormation last created or changed the function, in epoch milliseconds. */
  readonly changedAt: number;
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
  /** The name of the stage's own table; undefined if the data stack does not contain it any more. */
  readonly ownTable: string | undefined;
  /** The name of the table of closing records. */
  readonly closingRecords: string;
  readonly stageSecret: string;
}

/** The function that a deployment invokes. It runs even while the stage is suspended. */
const DEPLOYMENT_CHECK = 'fixtimezone';

/**
 * Reads the functions, event source mappings, rules and tables of a stage's stacks. Only reads. Throws `RestoreError`
 * if the stage is not deployed in the account and region of the clients, or if somebody has deleted a resource of a
 * stack.
 */
export async function readDeployment(clients: RestoreClients, serviceName: string): Promise<Deployment> {
  const data = await readStack(clients, `${serviceName}-data`);
  const metering = await readStack(clients, `${serviceName}-metering`);
  const api = await readStack(clients, `${serviceName}-api`);
  const resources = [...metering.resources, ...api.resources];
  const of = (type: string) => resources.filter((resource) => resource.type === type);
  const functions: RunningFunction[] = [];
  for (const resource of of('AWS::Lambda::Function')) {
    const running = await readFunction(clients, resource);
    if (running) functions.push(running);
  }
  const closingRecords = data.output('ClosingRecordsTableName');
  return {
    functions,
    mappings: await Promise.all(of('AWS::Lambda::EventSourceMapping').map((one) => readMapping(clients, one))),
    rules: await Promise.all(of('AWS::Events::Rule').map((one) => readRule(clients, one))),
    ownTable: data.resources.find(({ type, id }) => type === 'AWS::DynamoDB::GlobalTable' && id !== closingRecords)?.id,
    closingRecords,
    stageSecret: data.output('StageSecretArn'),
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
      `The functions use ${tables.length} tables (${tables.join(', ')}), because a deployment stopped halfway. Deploy all stacks again.`,
    );
  }
  return table;
}

async function readFunction({ lambda }: RestoreClients, resource: StackResource): Promise<RunningFunction | undefined> {
  const { id: name, logicalId, changedAt } = resource;
  const asked = lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
  const { Environment, Timeout = 0 } = await existing(resource, asked);
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
    changedAt,
  };
}

async function readMapping({ lambda }: RestoreClients, resource: StackResource): Promise<Switch & { source: string }> {
  const { id } = resource;
  const asked = lambda.send(new GetEventSourceMappingCommand({ UUID: id }));
  const { State, EventSourceArn = '' } = await existing(resource, asked);
  return { id, source: EventSourceArn, isOn: State === 'Enabled', isOff: State === 'Disabled' };
}

async function readRule({ events }: RestoreClients, resource: StackResource): Promise<Switch> {
  const { id } = resource;
  const { State } = await existing(resource, events.send(new DescribeRuleCommand({ Name: id })));
  return { id, isOn: State === 'ENABLED', isOff: State === 'DISABLED' };
}

/**
 * A resource of a stack. `id` is its physical ID, and `changedAt` the time of its last change in epoch milliseconds.
 */
interface StackResource {
  readonly stack: string;
  readonly type: string;
  readonly logicalId: string;
  readonly id: string;
  readonly changedAt: number;
}

/** Returns the resources and the outputs of a stack. Throws `RestoreError` if there is no such stack. */
async function readStack({ cloudformation }: RestoreClients, name: string) {
  const stack = await findStack(cloudformation, name);
  if (!stack) {
    throw new RestoreError(
      `There is no stack ${name} in this account and region. Check --stage, AWS_PROFILE and AWS_REGION.`,
    );
  }
  const listed = await resourcesOf(cloudformation, name);
  const resources: StackResource[] = listed.map(
    ({ ResourceType = '', LogicalResourceId = '', PhysicalResourceId = '', LastUpdatedTimestamp }) => ({
      stack: name,
      type: ResourceType,
      logicalId: LogicalResourceId,
      id: PhysicalResourceId,
      changedAt: LastUpdatedTimestamp?.getTime() ?? 0,
    }),
  );
  return {
    resources,
    output: (output: string): string => {
      const value = outputOf(stack, output);
      if (value !== undefined) return value;
      throw new RestoreError(`The stack ${name} has no output ${output}. Deploy all stacks first.`);
    },
  };
}

/** Returns the answer about a resource of a stack. Throws `RestoreError` if somebody has deleted the resource. */
async function existing<Answer>({ stack, type, id }: StackResource, asked: Promise<Answer>): Promise<Answer> {
  const answer = await unlessAbsent('ResourceNotFoundException', asked);
  if (answer !== undefined) return answer;
  throw new RestoreError(
    `The stack ${stack} contains the resource ${id} (${type}), but somebody has deleted it. Create it again: remove it from the templates, deploy, add it, and deploy.`,
  );
}
