import { CfnElement, type Stack } from 'aws-cdk-lib';
import { Function } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { tableDefinition } from '../../functions/table/definition.ts';
import type { SingleTable } from '../../lib/constructs/single-table.ts';
import type { Synthesized } from './synthesize.ts';

/** A deployed function. */
export interface DeployedFunction {
  /** The verb-noun that the function is named after. */
  readonly name: string;
  readonly logicalId: string;
  readonly properties: FunctionProperties;
  /** The permissions of its role, each as `action on resource`, with the names `table`, `finder`, `stream` and `log` (its own). */
  readonly rights: readonly string[];
}
export interface FunctionProperties {
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
}

/** Returns the functions of a stack, as its template describes them. */
export function deployedFunctions({ stack, template }: Synthesized<Stack>, table: SingleTable): DeployedFunction[] {
  const policies = Object.values(template.findResources('AWS::IAM::Policy'));
  return stack.node
    .findAll()
    .filter((construct) => construct instanceof Function)
    .map(({ node: { scope: construct = stack } }) => {
      const logicalId = logicalIdOf(stack, construct, 'Function');
      const role = logicalIdOf(stack, construct, 'Role');
      const names = namesOfResources(stack, table, logicalIdOf(stack, construct, 'Logs'));
      const statements = policies
        .map(({ Properties }) => Properties as { Roles: { Ref: string }[]; PolicyDocument: { Statement: Statement[] } })
        .filter(({ Roles }) => Roles.some(({ Ref }) => Ref === role))
        .flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
      const { Properties } = template.findResources('AWS::Lambda::Function')[logicalId] ?? {};
      return {
        name: verbNoun(construct),
        logicalId,
        properties: Properties as FunctionProperties,
        rights: statements.flatMap((statement) => rightsIn(statement, names)).sort(),
      };
    });
}

/** Returns the verb-noun: the ID of the construct or, if the construct is a part, of its parent. */
const verbNoun = ({ node }: IConstruct) =>
  ['Consumer', 'Check', 'Scheduled'].includes(node.id) ? (node.scope?.node.id ?? '') : node.id;

function logicalIdOf(stack: Stack, construct: IConstruct, child: string): string {
  const resource = construct.node.findChild(child).node.defaultChild;
  if (!CfnElement.isCfnElement(resource)) throw new Error(`${construct.node.path}/${child} is no resource`);
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

function rightsIn({ Effect, Action, Resource }: Statement, names: Map<string, string>): string[] {
  const resources = (Array.isArray(Resource) ? Resource : [Resource]).map((resource) => JSON.stringify(resource));
  return [Action]
    .flat()
    .flatMap((action) =>
      resources.map(
        (resource) => `${Effect === 'Allow' ? '' : `${Effect} `}${action} on ${names.get(resource) ?? resource}`,
      ),
    );
}
