import { CfnElement, type Stack } from 'aws-cdk-lib';
import { Function } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { tableDefinition } from '../../functions/table/definition.ts';
import { leadingKeysOf, type PartitionKind } from '../../functions/table/keys.ts';
import type { TableAction, TableRights } from '../../functions/table/role-statements.ts';
import type { SingleTable } from '../../lib/constructs/single-table.ts';
import type { Synthesized } from './synthesize.ts';

/** A Lambda function in the CloudFormation template of a stack. */
export interface DeployedFunction {
  /** The name of the function in `functions/lambda-functions.ts`. */
  readonly name: string;
  readonly logicalId: string;
  readonly properties: FunctionProperties;
  /**
   * The rights of the function's role, each as `action on resource`. The table, its index, its stream and the
   * function's log group appear as `table`, `finder`, `stream` and `log`. If a right applies only to some partition
   * keys, the list contains `action on resource for pattern` for each pattern of partition keys.
   */
  readonly rights: readonly string[];
}
interface FunctionProperties {
  readonly Runtime: string;
  readonly Architectures: readonly string[];
  readonly MemorySize: number;
  readonly Timeout: number;
  readonly FunctionName?: string;
  readonly LoggingConfig: { readonly LogGroup: { readonly Ref: string } };
  readonly Environment: { readonly Variables: Readonly<Record<string, unknown>> };
}
interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: { readonly 'ForAllValues:StringLike'?: { readonly 'dynamodb:LeadingKeys'?: readonly string[] } };
}

/** Returns the rights to the table that a function must have, in the same format as `DeployedFunction.rights`. */
export function tableRightsOf({ table, finder = [] }: TableRights): string[] {
  return [
    ...(Object.entries(table) as [PartitionKind, readonly TableAction[]][]).flatMap(([kind, actions]) =>
      actions.map((action) => `dynamodb:${action} on table for ${leadingKeysOf(kind)}`),
    ),
    ...finder.map((kind) => `dynamodb:Query on finder for ${leadingKeysOf(kind)}`),
  ].sort();
}

/** Returns the functions of a stack. The properties and rights come from the CloudFormation template of the stack. */
export function deployedFunctions({ stack, template }: Synthesized<Stack>, table: SingleTable): DeployedFunction[] {
  const policies = Object.values(template.findResources('AWS::IAM::Policy'));
  return stack.node
    .findAll()
    .filter((construct) => construct instanceof Function)
    .map(({ node: { scope: construct = stack } }) => {
      const logicalId = logicalIdOf(stack, construct, 'Function');
      const role = logicalIdOf(stack, construct, 'Role');
      const { Properties } = template.findResources('AWS::Lambda::Function')[logicalId] ?? {};
      const properties = Properties as FunctionProperties;
      const names = namesOfResources(stack, table, properties.LoggingConfig.LogGroup.Ref);
      const statements = policies
        .map(({ Properties }) => Properties as { Roles: { Ref: string }[]; PolicyDocument: { Statement: Statement[] } })
        .filter(({ Roles }) => Roles.some(({ Ref }) => Ref === role))
        .flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
      return {
        name: nameOf(construct),
        logicalId,
        properties,
        rights: statements.flatMap((statement) => rightsIn(statement, names)).sort(),
      };
    });
}

/**
 * Returns the name of a function: the ID of its construct, or the ID of the parent construct if the constructs of
 * several functions have the same ID, such as `Consumer`.
 */
const nameOf = ({ node }: IConstruct) =>
  ['Consumer', 'Check', 'Scheduled'].includes(node.id) ? (node.scope?.node.id ?? '') : node.id;

function logicalIdOf(stack: Stack, construct: IConstruct, child: string): string {
  const resource = construct.node.findChild(child).node.defaultChild;
  if (!CfnElement.isCfnElement(resource)) throw new Error(`${construct.node.path}/${child} is not a resource`);
  return stack.resolve(resource.logicalId) as string;
}

function namesOfResources(stack: Stack, { table }: SingleTable, logs: string): Map<string, string> {
  const named: [unknown, string][] = [
    [table.tableArn, 'table'],
    [`${table.tableArn}/index/${tableDefinition.finder.indexName}`, 'finder'],
    [table.tableStreamArn, 'stream'],
    [{ 'Fn::GetAtt': [logs, 'Arn'] }, 'log'],
  ];
  return new Map(named.map(([resource, name]) => [JSON.stringify(stack.resolve(resource)), name]));
}

function rightsIn({ Effect, Action, Resource, Condition }: Statement, names: Map<string, string>): string[] {
  const resources = (Array.isArray(Resource) ? Resource : [Resource]).map((resource) => JSON.stringify(resource));
  const leadingKeys = Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'];
  const limits = leadingKeys?.map((pattern) => ` for ${pattern}`) ?? [''];
  return [Action]
    .flat()
    .flatMap((action) =>
      resources.flatMap((resource) =>
        limits.map(
          (limit) => `${Effect === 'Allow' ? '' : `${Effect} `}${action} on ${names.get(resource) ?? resource}${limit}`,
        ),
      ),
    );
}
