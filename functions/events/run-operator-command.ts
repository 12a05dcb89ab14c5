import type { Context } from 'aws-lambda';
import { operatorRequest } from '../contract/operator.ts';
import { runOperatorCommand } from '../domain/operator/run-operator-command.ts';
import type { PlanServices } from '../domain/licenses/plans.ts';
import type { CalendarServices } from '../domain/services.ts';
import { onLambda, servicesFromEnvironment, withCalendar, withPlans } from '../environment.ts';
import { problemOf, type Problem } from '../http/problems.ts';
import { parse } from '../http/validate.ts';
import { withRequest } from '../with-request.ts';

/**
 * The response to the operator's command-line tool: the result of the command, or the problem that made the command
 * fail.
 */
export type OperatorAnswer = { readonly result: unknown } | { readonly problem: Problem };

/**
 * Creates the Lambda function that runs operator commands. This Lambda function has no HTTP route; IAM decides who may
 * invoke the function.
 */
export function build(services: CalendarServices & PlanServices) {
  return async (event: unknown, context: Pick<Context, 'awsRequestId'>): Promise<OperatorAnswer> => {
    const own = withRequest(services, 'run-operator-command', context.awsRequestId);
    try {
      const { operator, request } = parse(operatorRequest, event);
      return { result: await runOperatorCommand(own, operator, request) };
    } catch (error) {
      const problem = problemOf(error, own.requestId);
      if (problem.status >= 500) own.log.error('operator command failed', { error });
      return { problem };
    }
  };
}

export const handler = onLambda(() => build(withCalendar(withPlans(servicesFromEnvironment()))));
