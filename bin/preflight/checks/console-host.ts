import type { Stack } from '@aws-sdk/client-cloudformation';
import { outputOf } from '../../aws/stacks.ts';
import { findDeployed } from '../deployed-stacks.ts';
import { fine, hint, toDo, type Check, type Context, type Finding } from '../check.ts';

/**
 * Checks that the host of the origin leads to the stage's distribution and, before the first deployment, to no other
 * distribution.
 *
 * CloudFront allows a host name for one distribution of all accounts. Its API tells whether another distribution has
 * the name (`ListConflictingAliases`, `ListDomainConflicts`), but only to the owner of a distribution that has a
 * certificate for the name already. So before the first deployment, only the DNS can show a conflict, and the finding
 * is a hint at best.
 */
export const consoleHost: Check = {
  name: 'console host',
  async run(context) {
    const host = new URL(context.stage.origin).hostname;
    const stack = await findDeployed(context, 'console');
    return stack ? afterDeployment(context, host, stack) : beforeDeployment(context, host);
  },
};

async function beforeDeployment({ dns, stage }: Context, host: string): Promise<Finding> {
  if (stage.certificateArn === undefined)
    return hint(
      `the console gets a host name of CloudFront, and not ${host}`,
      'After the deployment, set origin to the output ConsoleUrl and deploy again. Or set certificateArn before.',
    );
  const [target] = await dns.cname(host);
  if (target?.endsWith('.cloudfront.net') === true)
    return toDo(
      `${host} leads to another distribution, ${target}`,
      `Remove ${host} from the alternate domain names of that distribution, and the DNS record, before you deploy.`,
    );
  return hint(
    `no CNAME record leads ${host} to another distribution`,
    'Only the deployment can show whether another distribution has the name (CNAMEAlreadyExists).',
  );
}

async function afterDeployment({ dns, stage }: Context, host: string, stack: Stack): Promise<Finding> {
  const record = outputOf(stack, 'ConsoleDnsRecord');
  if (record === undefined) {
    const url = outputOf(stack, 'ConsoleUrl');
    if (url === stage.origin) return fine(`the origin is the URL of the distribution, ${url}`);
    return toDo(
      `the origin is ${stage.origin}, and the console is at ${url ?? 'no URL'}`,
      'Set origin to this URL, or set certificateArn, and deploy again.',
    );
  }
  const [, distribution = ''] = record.split(' CNAME ');
  const targets = await dns.cname(host);
  if (targets.includes(distribution.toLowerCase())) return fine(`${host} leads to ${distribution}`);
  // An alias record of an apex has no CNAME, but the addresses of the distribution.
  const [own, wanted] = await Promise.all([dns.addresses(host), dns.addresses(distribution)]);
  if (targets.length === 0 && own.some((address) => wanted.includes(address)))
    return fine(`${host} has the addresses of ${distribution}`);
  const elsewhere = targets[0] ?? own[0];
  return toDo(
    elsewhere === undefined
      ? `${host} has no DNS record`
      : `${host} leads to ${elsewhere}, and not to the distribution`,
    `${elsewhere === undefined ? 'Add' : 'Replace the record by'}: ${record}`,
  );
}
