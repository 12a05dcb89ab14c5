import { isDeepStrictEqual } from 'node:util';
import { DeployedStacks } from '../infrastructure/deployed-stacks.ts';
import type { StackTemplate } from '../support/stack-template.ts';
import type { SynthesizedService } from '../infrastructure/synthesize.ts';
import { arnOf, streamArnOf } from './fake-arns.ts';
import { textOf, type Calls, type Input } from './fake-calls.ts';

/** A resource that CloudFormation has created from a template. */
interface Created {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  readonly id: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** The time of the last change. A deployment with the same properties does not change a resource. */
  readonly changedAt: Date;
}

/**
 * Creates a fake of the stacks, and of the functions, mappings and rules in them. Templates are deployed under
 * CloudFormation's rules for exports. `clock` shows the fake's time.
 */
export function createFakeStacks(clock: { now: () => number }) {
  const stacks = new DeployedStacks();
  const created = new Map<string, Created>();
  /** The physical IDs of resources that somebody has deleted, although their stacks contain them. */
  const deleted = new Set<string>();

  function templateOf(stack: string): StackTemplate {
    const template = stacks.templates.get(stack);
    if (!template) throw new Error(`The stack ${stack} is not deployed`);
    return template;
  }
  const physicalId = (stack: string, logicalId: string, type: string) => {
    // CloudFormation does not name secrets after their stacks.
    if (type === 'AWS::SecretsManager::Secret') {
      return `arn:aws:secretsmanager:eu-central-1:123456789012:secret:${logicalId}-a1B2c3D4e5F6-g7H8i9`;
    }
    // The local service uses these names too.
    if (type === 'AWS::DynamoDB::GlobalTable') {
      return logicalId.startsWith('ClosingRecords') ? `${stack}-table-closing-records` : `${stack}-table`;
    }
    // CloudFormation shortens both parts of a name, and adds a random part so that names differ.
    return `${stack.slice(0, 24)}-${logicalId.slice(0, 24)}-${logicalId.slice(-8)}${stack.split('-').at(-1) ?? ''}`;
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
      if (Type === 'AWS::DynamoDB::GlobalTable') return attribute === 'StreamArn' ? streamArnOf(id) : arnOf(id);
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

  const all = (type: string) => [...created.values()].filter((one) => one.type === type);
  const own = (type: string, input: Input, name: string) => {
    const found = all(type).find(({ id }) => id === textOf(input, name));
    if (!found || deleted.has(found.id)) {
      throw Object.assign(new Error(`There is no ${type} ${textOf(input, name)}`), {
        name: 'ResourceNotFoundException',
      });
    }
    return found;
  };
  const functionOf = (input: Input) => own('AWS::Lambda::Function', input, 'FunctionName');

  const reads: Calls = {
    DescribeStacksCommand: (input) => {
      const stack = textOf(input, 'StackName');
      const outputs = Object.entries(templateOf(stack).Outputs ?? {}).map(([OutputKey, { Value }]) => ({
        OutputKey,
        OutputValue: resolve(stack, Value),
      }));
      return { Stacks: [{ Outputs: outputs }] };
    },
    ListStackResourcesCommand: (input) => ({
      StackResourceSummaries: [...created.values()]
        .filter(({ stack }) => stack === input['StackName'])
        .map(({ logicalId, id, type, changedAt }) => ({
          LogicalResourceId: logicalId,
          PhysicalResourceId: id,
          ResourceType: type,
          ResourceStatus: 'CREATE_COMPLETE',
          LastUpdatedTimestamp: changedAt,
        })),
    }),
    GetFunctionConfigurationCommand: (input) => {
      const { properties, stack } = functionOf(input);
      const { Environment } = properties as { Environment?: { Variables: Record<string, unknown> } };
      const named = Object.entries(Environment?.Variables ?? {}).filter(([name]) =>
        ['TABLE_NAME', 'SIGNALS_UNKNOWN_CREDENTIALS'].includes(name),
      );
      return {
        Timeout: properties['Timeout'],
        Environment: { Variables: Object.fromEntries(named.map(([name, value]) => [name, resolve(stack, value)])) },
      };
    },
    GetFunctionConcurrencyCommand: (input) => ({
      ReservedConcurrentExecutions: functionOf(input).properties['ReservedConcurrentExecutions'],
    }),
    GetEventSourceMappingCommand: (input) => {
      const { properties, stack } = own('AWS::Lambda::EventSourceMapping', input, 'UUID');
      return {
        State: properties['Enabled'] === false ? 'Disabled' : 'Enabled',
        EventSourceArn: resolve(stack, properties['EventSourceArn']),
      };
    },
    DescribeRuleCommand: (input) => ({ State: own('AWS::Events::Rule', input, 'Name').properties['State'] }),
  };

  return {
    reads,
    functionOf,
    /** Deploys stacks in the order of `cdk deploy --all`. Throws if CloudFormation refuses a stack. */
    deploy: ({ inOrder }: Pick<SynthesizedService, 'inOrder'>) => {
      for (const { stackName, template } of inOrder) {
        stacks.update(stackName, template);
        const before = new Map(created);
        for (const [key, { stack }] of created) if (stack === stackName) created.delete(key);
        for (const [logicalId, { Type: type, Properties: properties = {} }] of Object.entries(template.Resources)) {
          const id = physicalId(stackName, logicalId, type);
          const key = `${stackName} ${logicalId}`;
          const former = before.get(key);
          const isSame = former !== undefined && isDeepStrictEqual(former.properties, properties);
          const changedAt = isSame ? former.changedAt : new Date(clock.now());
          created.set(key, { stack: stackName, logicalId, type, id, properties, changedAt });
        }
      }
    },
    /** Returns the names of the stage's own table and of the table of closing records. */
    tables: () => {
      const [table = '', closingRecords = ''] = ['SingleTable', 'ClosingRecords'].map(
        (name) => all('AWS::DynamoDB::GlobalTable').find(({ logicalId }) => logicalId.startsWith(name))?.id ?? '',
      );
      return { table, closingRecords };
    },
    /** Deletes a resource of a type, although its stack contains it. Returns its physical ID. */
    deleteByHand: (type: string) => {
      const [{ id } = { id: '' }] = all(type);
      deleted.add(id);
      return id;
    },
  };
}
