import type { Context } from './conditions.ts';
import type { Statement } from './statements.ts';
import { isLike, isResource } from './wildcards.ts';

/** A call to AWS that a policy allows or not. */
export interface Request {
  /** The action, such as `sqs:SendMessage`. */
  readonly action: string;
  /** The ARN of the resource, or `*` if the action has no resource. */
  readonly resource: string;
  /** The condition keys that AWS knows of the call. */
  readonly context: Context;
  /** The caller: the ARN of a role, or a service of AWS. @default - the role whose statements are given */
  readonly principal?: { readonly role: string } | { readonly service: string };
}

/** Whether a call is allowed, and the statement that decided, or the statements that nearly did. */
export interface Decision {
  readonly allowed: boolean;
  readonly reason: string;
}

/**
 * Decides whether statements allow a call, as AWS does within one account: a statement that denies wins, and without a
 * statement that allows, the call is denied (AWS, "Policy evaluation logic"). The statements are those of the caller's
 * role and those of the resource's policy together, of which one must allow the call. Throws if a statement applies
 * to some principals but the request does not name its own, and if a condition without a set operator meets several
 * values.
 */
export function decide(statements: readonly Statement[], request: Request): Decision {
  const { action, resource } = request;
  const call = `${action} on ${resource}`;
  const concerned = statements.filter((statement) => concerns(statement, request));
  const unfulfilled = (statement: Statement) => statement.conditions.filter(({ holds }) => !holds(request.context));
  const applying = concerned.filter((statement) => unfulfilled(statement).length === 0);

  const denying = applying.find(({ effect }) => effect === 'Deny');
  if (denying) return { allowed: false, reason: `${denying.name} denies ${call}` };
  const allowing = applying.find(({ effect }) => effect === 'Allow');
  if (allowing) return { allowed: true, reason: `${allowing.name} allows ${call}` };
  const nearly = concerned
    .filter(({ effect }) => effect === 'Allow')
    .map((statement) => `${statement.name}, has an unfulfilled condition: ${namesOf(unfulfilled(statement))}`);
  return { allowed: false, reason: [`no statement allows ${call}`, ...nearly].join('; ') };
}

const namesOf = (conditions: Statement['conditions']) => conditions.map(({ name }) => name).join(', ');

/** Returns whether a statement is about the action, the resource and the caller of a request. */
function concerns(statement: Statement, { action, resource, principal }: Request): boolean {
  const { actions, otherActions, resources, otherResources, principals } = statement;
  // IAM ignores the case of actions.
  const isAction = (pattern: string) => isLike(action.toLowerCase(), pattern.toLowerCase());
  const hasAction = actions?.some(isAction) ?? !otherActions?.some(isAction);
  const named = (pattern: string) => isResource(resource, pattern);
  const hasResource = resources?.some(named) ?? !otherResources?.some(named);
  return hasAction && hasResource && isPrincipal(statement.name, principals, principal);
}

function isPrincipal(name: string, principals: Statement['principals'], principal: Request['principal']): boolean {
  if (principals === undefined || principals === 'everybody') return true;
  if (principal === undefined) throw new Error(`${name} has principals, but the request does not name its own.`);
  return 'role' in principal
    ? principals.roles.includes(principal.role)
    : principals.services.includes(principal.service);
}
