import { neededConcurrency } from '../../../config/api-throttle.ts';
import { grouped } from '../../operator/layout.ts';
import { fine, forCustomers, toDo, type Check, type Context } from '../check.ts';
import { UnansweredError } from '../../aws/unanswered-error.ts';

/** The quota "Concurrent executions" of Lambda in Service Quotas. */
const QUOTA = ['lambda', 'L-B99A9384'] as const;

/**
 * Checks that the account may run as many functions at once as the throttle of the API expects. In a new account, the
 * quota may be 10. All functions of the account and region share the quota, without the executions that other functions
 * have reserved.
 */
export const lambdaConcurrency: Check = {
  name: 'Lambda concurrency',
  async run(context) {
    const { aws, stage, region } = context;
    const { ConcurrentExecutions: quota = 0, UnreservedConcurrentExecutions: free = quota } =
      (await aws.lambdaLimits()).AccountLimit ?? {};
    const limit = stage.concurrencyLimit;
    if (free >= neededConcurrency && limit !== quota)
      return toDo(
        `the quota is ${grouped(quota)} concurrent executions, and concurrencyLimit is ${grouped(limit)}`,
        `Set concurrencyLimit of the stage to ${quota} in config/stages.ts, so that its alarm rings in time, and deploy.`,
      );
    if (free >= neededConcurrency) return fine(`${grouped(free)} concurrent executions`);
    const reserved = free < quota ? ` (${grouped(quota - free)} of ${grouped(quota)} are reserved)` : '';
    const found = `${grouped(free)} concurrent executions${reserved}, and the throttle of the API expects ${grouped(neededConcurrency)}`;
    const increase = `aws service-quotas request-service-quota-increase --region ${region} --service-code ${QUOTA[0]} --quota-code ${QUOTA[1]} --desired-value ${neededConcurrency + quota - free}`;
    return forCustomers(stage, found, await nextStep(context, increase));
  },
};

/** Returns the next step: to wait for AWS's decision about an earlier request, or to request a higher quota. */
async function nextStep({ aws }: Context, increase: string): Promise<string> {
  try {
    const { RequestedQuotas = [] } = await aws.quotaRequests(...QUOTA);
    const open = RequestedQuotas.find(({ Status }) => Status === 'PENDING' || Status === 'CASE_OPENED');
    if (!open) return increase;
    const number = open.CaseId === undefined ? '' : `, case ${open.CaseId}`;
    return `Wait: AWS has not decided about the request for ${grouped(open.DesiredValue ?? 0)}${number}.`;
  } catch (error) {
    if (!(error instanceof UnansweredError)) throw error;
    return `${increase} (unless you have requested this already: ${error.message})`;
  }
}
