import type { Context } from 'aws-lambda';
import { operatorRequest } from '../contract/operator.ts';
import { runOperatorCommand } from '../domain/operator/run-operator-command.ts';
import type { PlanServices } from '../domain/licenses/plans.ts';
import type { CalendarServices } from '../domain/services.ts';
import { onLambda, servicesFromEnvironment, withCalendar, withPlans } from '../environment.ts';
import { logFor } from '../http/log-for.ts';
import { problemOf, type Problem } from '../http/problems.ts';
import { parse } from '../http/validate.ts';

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
    const requestId = context.awsRequestId;
    const log = logFor(services.log, 'run-operator-command', requestId);
    try {
      const { operator, request } = parse(operatorRequest, event);
      return { result: await runOperatorCommand({ ...services, log, requestId }, operator, request) };
    } catch (error) {
      const problem = problemOf(error, requestId);
      if (problem.status >= 500) log.error('operator command failed', { error });
      return { problem };
    }
  };
}

export const handler = onLambda(() => build(withCalendar(withPlans(servicesFromEnvironment()))));
