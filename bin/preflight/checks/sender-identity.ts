import { stackNameOf } from '../deployed-stacks.ts';
import { fine, hint, toDo, type Check, type Context } from '../check.ts';

/** Returns the domain of the stage's sender. */
export const senderDomain = ({ stage }: Pick<Context, 'stage'>) => stage.sender.slice(stage.sender.indexOf('@') + 1);

/**
 * Checks that the SES identity of the sender's domain exists exactly if the stage does not create it, and that it may
 * send. CloudFormation cannot create an identity that exists already, so the first deployment would fail.
 */
export const senderIdentity: Check = {
  name: 'sender identity',
  async run(context) {
    const { aws, stage, region } = context;
    const domain = senderDomain(context);
    const [identity, stack] = await Promise.all([aws.identity(domain), aws.stack(stackNameOf(context, 'metering'))]);
    const creates = stage.senderIdentity === 'create';
    const isOwn = stack !== undefined && (await isResourceOf(context, domain));
    const create = `aws sesv2 create-email-identity --region ${region} --email-identity ${domain}`;
    if (!identity) {
      if (!creates) return toDo(`SES has no identity ${domain}, and senderIdentity is "existing"`, create);
      if (!isOwn) return fine(`the deployment creates the identity ${domain}`);
      return toDo(`the identity ${domain} of this stage was deleted`, `${create}, then deploy again.`);
    }
    if (creates && !isOwn)
      return toDo(
        `the identity ${domain} exists already, so the deployment cannot create it`,
        'Set senderIdentity of the stage to "existing" in config/stages.ts.',
      );
    if (!creates && isOwn)
      return toDo(
        `the identity ${domain} belongs to the stack ${stackNameOf(context, 'metering')}, and a deployment would delete it`,
        'Set senderIdentity of the stage to "create" in config/stages.ts.',
      );
    if (identity.VerifiedForSendingStatus !== true)
      return stack
        ? toDo(`SES has not verified ${domain}, and sends nothing`, 'Add the DNS records of "DKIM".')
        : hint(`SES has not verified ${domain} yet`, 'Add the DNS records of "DKIM".');
    return fine(`SES sends e-mails from ${domain}`);
  },
};

/** Returns whether the stage's own stack created the identity. */
async function isResourceOf(context: Context, domain: string): Promise<boolean> {
  const resources = await context.aws.stackResources(stackNameOf(context, 'metering'));
  return resources.some(
    ({ ResourceType, PhysicalResourceId }) =>
      ResourceType === 'AWS::SES::EmailIdentity' && PhysicalResourceId === domain,
  );
}
