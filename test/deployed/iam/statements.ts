import * as z from 'zod';
import { conditionsOf, type Condition } from './conditions.ts';

/**
 * A statement of a policy of IAM or of a resource. Only `statementsOf` creates statements, so all of them are checked.
 */
export interface Statement {
  /** Where the statement stands, for messages: the policy's name and the statement's position or ID. */
  readonly name: string;
  readonly effect: 'Allow' | 'Deny';
  /** Patterns of actions. @default - the statement excludes actions */
  readonly actions?: readonly string[];
  /** The patterns of the element `NotAction`. @default - the statement names actions */
  readonly otherActions?: readonly string[];
  /** Patterns of resources. @default - the statement excludes resources */
  readonly resources?: readonly string[];
  /** The patterns of the element `NotResource`. @default - the statement names resources */
  readonly otherResources?: readonly string[];
  /** Everybody to whom the statement applies. @default - the owner of the policy, which is the policy of a role */
  readonly principals?: Principals;
  readonly conditions: readonly Condition[];
}

/** The element `Principal` of the policy of a resource. `everybody` includes all roles and all services of AWS. */
export type Principals = 'everybody' | { readonly roles: readonly string[]; readonly services: readonly string[] };

/** Reads a list of values. A policy may contain a single value in the place of a list. */
const list = <T extends z.ZodType>(value: T) =>
  z.preprocess((values) => (Array.isArray(values) ? values : [values]) as unknown, z.array(value).min(1));
const action = z.string().regex(/^(\*|[a-z0-9-]+:[\w*?]+)$/i, 'is not a pattern of actions');
/** A resource, which AWS names by an ARN with six components, or `*`. IAM would complete shorter ARNs. */
const resource = z
  .string()
  .regex(/^(\*|arn(:[^:]*){4}:.+)$/, 'is not an ARN')
  .refine((pattern) => !pattern.includes('${'), 'has a policy variable, which is not implemented');
/** IAM reads an account, or the root of an account, as everybody in it to whom a policy of IAM allows the call. */
const role = z.union([
  z.literal('*'),
  z.string().regex(/^arn:[\w-]+:iam::\d{12}:role\/[^*?]+$/, 'is not the ARN of a role, which is not implemented'),
]);
const principal = z.union([
  z.literal('*').transform((): Principals => 'everybody'),
  z
    .strictObject({ AWS: list(role).default([]), Service: list(z.string().regex(/^[a-z0-9.-]+$/)).default([]) })
    .transform(({ AWS, Service }): Principals => (AWS.includes('*') ? 'everybody' : { roles: AWS, services: Service })),
]);
const condition = z.record(
  z.string(),
  z.record(z.string(), list(z.union([z.string(), z.boolean().transform((value) => String(value))]))),
);
const statement = z
  .strictObject({
    Sid: z.string().optional(),
    Effect: z.enum(['Allow', 'Deny']),
    Action: list(action).optional(),
    NotAction: list(action).optional(),
    Resource: list(resource).optional(),
    NotResource: list(resource).optional(),
    Principal: principal.optional(),
    Condition: condition.default({}),
  })
  .refine(({ Action, NotAction }) => (Action === undefined) !== (NotAction === undefined), 'needs one list of actions')
  .refine(
    ({ Resource, NotResource }) => (Resource === undefined) !== (NotResource === undefined),
    'needs one list of resources',
  );
const policy = z.strictObject({ Version: z.literal('2012-10-17'), Statement: list(statement) });

/**
 * Returns the statements of a policy document. `name` is the name of the policy in messages. Throws if the document
 * contains an element, a condition or a form of value that is not implemented here, such as an intrinsic function of
 * CloudFormation or a policy variable, so that no statement is read as something else than AWS reads.
 */
export function statementsOf(name: string, document: unknown): Statement[] {
  const { data, error } = policy.safeParse(document);
  if (error) throw new Error(`Cannot read the policy ${name}.\n${z.prettifyError(error)}`);
  return data.Statement.map((read, position): Statement => ({
    name: `${name}, statement ${read.Sid ?? position + 1}`,
    effect: read.Effect,
    ...(read.Action && { actions: read.Action }),
    ...(read.NotAction && { otherActions: read.NotAction }),
    ...(read.Resource && { resources: read.Resource }),
    ...(read.NotResource && { otherResources: read.NotResource }),
    ...(read.Principal && { principals: read.Principal }),
    conditions: conditionsOf(read.Condition),
  }));
}
