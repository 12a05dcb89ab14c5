import type { Stack } from '@aws-sdk/client-cloudformation';
import type { Stage } from '../../config/stage.ts';
import type { Context } from './check.ts';

/** The last part of each stack's name, in the order in which `bin/app.ts` composes the stacks. */
export const stackParts = ['data', 'metering', 'copies', 'api', 'console', 'operations'] as const;
export type StackPart = (typeof stackParts)[number];

/** The states of a stack that was never created completely, so that its resources do not exist or are deleted. */
const NEVER_CREATED: readonly (string | undefined)[] = ['REVIEW_IN_PROGRESS', 'CREATE_IN_PROGRESS', 'CREATE_FAILED'];
const isCreated = ({ StackStatus: state }: Stack) =>
  !NEVER_CREATED.includes(state) && !/^(ROLLBACK|DELETE)_/.test(state ?? '');

/** Returns the parts of the names of a stage's stacks. Only a stage with the setting `copies` has a stack for them. */
export const partsOf = ({ copies }: Pick<Stage, 'copies'>): readonly StackPart[] =>
  stackParts.filter((part) => part !== 'copies' || copies !== undefined);

/**
 * Returns the region of a stack if it is another one than the region of the stage. The setting `copies` names the
 * region of the stack for the copies.
 */
export function otherRegionOf({ stage, region }: Pick<Context, 'stage' | 'region'>, part: StackPart) {
  return part === 'copies' && stage.copies?.region !== region ? stage.copies?.region : undefined;
}

export const stackNameOf = ({ stage }: Pick<Context, 'stage'>, part: StackPart) => `${stage.serviceName}-${part}`;

/** Returns a stack of the stage, or undefined if the stack was never deployed completely. */
export async function findDeployed(context: Context, part: StackPart): Promise<Stack | undefined> {
  const stack = await context.aws.stack(stackNameOf(context, part), otherRegionOf(context, part));
  return stack && isCreated(stack) ? stack : undefined;
}
