import { statementsOf, type Statement } from './statements.ts';
import type { StackTemplate } from '../../support/stack-template.ts';
import { listOf } from './list-of.ts';

/** The policies of a template's role. */
export interface TemplateRole {
  readonly logicalId: string;
  /** Decide who may assume the role. */
  readonly trust: readonly Statement[];
  /** Decide what the role may do. */
  readonly statements: readonly Statement[];
}

/** The documents and names that a template does not contain, but its roles need. */
export interface RoleSources {
  /**
   * Returns the name of the role with a logical ID, as references to the role are resolved. @default - the ID itself
   */
  readonly nameOf?: (logicalId: string) => string;
  /** Policy documents by the ARN of the managed policy. @default - `managedPolicies` */
  readonly managedPolicies?: Readonly<Record<string, unknown>>;
}

/**
 * The documents of AWS's managed policies that the CDK gives to the roles of its own functions (AWS, "AWS Managed
 * Policy Reference Guide").
 */
export const managedPolicies: Readonly<Record<string, unknown>> = {
  'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole': {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '*' },
    ],
  },
};

interface InlinePolicy {
  readonly PolicyName: string;
  readonly PolicyDocument: unknown;
}

/**
 * Returns the roles of a template whose intrinsic functions are resolved, by logical ID. A role has the statements of
 * its own policies, of the resources `AWS::IAM::Policy` that name it, and of its managed policies. Throws if the
 * template contains another resource of IAM, a role with a permissions boundary, a policy for something that is not a
 * role of this template, or a managed policy whose document is not known.
 */
export function rolesIn(template: StackTemplate, sources: RoleSources = {}): ReadonlyMap<string, TemplateRole> {
  const { nameOf = (logicalId: string) => logicalId, managedPolicies: managed = managedPolicies } = sources;
  const resources = Object.entries(template.Resources).filter(([, { Type }]) => Type.startsWith('AWS::IAM::'));
  const roles = new Map<string, { trust: Statement[]; statements: Statement[] }>();

  for (const [logicalId, { Type, Properties = {} }] of resources) {
    if (Type !== 'AWS::IAM::Role') continue;
    const { AssumeRolePolicyDocument, Policies = [], ManagedPolicyArns = [], PermissionsBoundary } = Properties;
    if (PermissionsBoundary !== undefined)
      throw new Error(`The permissions boundary of ${logicalId} is not implemented.`);
    roles.set(logicalId, {
      trust: trustOf(logicalId, AssumeRolePolicyDocument),
      statements: [
        ...(Policies as InlinePolicy[]).flatMap(({ PolicyName, PolicyDocument }) =>
          statementsOf(`${logicalId}/${PolicyName}`, PolicyDocument),
        ),
        ...(ManagedPolicyArns as unknown[]).flatMap((arn) => {
          if (typeof arn !== 'string' || managed[arn] === undefined) {
            throw new Error(`The managed policy ${JSON.stringify(arn)} of ${logicalId} is not known.`);
          }
          return statementsOf(arn, managed[arn]);
        }),
      ],
    });
  }

  const byName = new Map([...roles].map(([logicalId, role]) => [nameOf(logicalId), role]));
  for (const [logicalId, { Type, Properties = {} }] of resources) {
    if (Type === 'AWS::IAM::Role') continue;
    if (Type !== 'AWS::IAM::Policy') throw new Error(`The resource ${logicalId} of type ${Type} is not implemented.`);
    if (Properties['Users'] ?? Properties['Groups']) throw new Error(`${logicalId} is not only for roles.`);
    for (const name of listOf(Properties['Roles'])) {
      const role = byName.get(String(name));
      if (!role)
        throw new Error(`${logicalId} is for the role ${JSON.stringify(name)}, which the template does not have.`);
      role.statements.push(...statementsOf(logicalId, Properties['PolicyDocument']));
    }
  }
  return new Map([...roles].map(([logicalId, role]) => [logicalId, { logicalId, ...role }]));
}

/** Returns the statements of a trust policy. It names no resource, because its resource is the role. */
function trustOf(logicalId: string, document: unknown): Statement[] {
  const { Statement: statements, ...rest } = document as { Statement: object | object[] };
  return statementsOf(`the trust policy of ${logicalId}`, {
    ...rest,
    Statement: [statements].flat().map((statement) => ({ ...statement, Resource: '*' })),
  });
}
