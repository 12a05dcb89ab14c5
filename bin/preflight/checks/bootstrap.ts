import { outputOf } from '../../aws/stacks.ts';
import { otherRegionOf, partsOf } from '../deployed-stacks.ts';
import { fine, hint, toDo, type Check, type Context, type Finding } from '../check.ts';

const STACK = 'CDKToolkit';
/** The version that the CDK's default stack synthesizer needs (`MIN_BOOTSTRAP_STACK_VERSION` in aws-cdk-lib). */
const NEEDED = 6;

/**
 * Checks that `cdk bootstrap` ran in the account, in each region with a stack of the stage, with a version that the CDK
 * accepts.
 */
export const bootstrap: Check = {
  name: 'CDK bootstrap',
  async run(context) {
    const regions = new Set(partsOf(context.stage).map((part) => otherRegionOf(context, part)));
    const findings = await Promise.all([...regions].map((otherRegion) => findingIn(otherRegion, context)));
    const first = ['to do', 'hint'].flatMap((state) => findings.filter((one) => one.state === state))[0];
    return first ?? fine([...new Set(findings.map(({ found }) => found))].join(' and '));
  },
};

async function findingIn(otherRegion: string | undefined, { aws, region: own }: Context): Promise<Finding> {
  const stack = await aws.stack(STACK, otherRegion);
  const region = otherRegion ?? own;
  const next = `npx cdk bootstrap aws://${(await aws.caller()).Account ?? '<account>'}/${region}`;
  if (!stack) return toDo(`${region} has no stack ${STACK}`, next);
  const { StackStatus = 'unknown' } = stack;
  if (StackStatus.endsWith('_IN_PROGRESS')) return hint(`the stack ${STACK} is in the state ${StackStatus}`, 'Wait.');
  if (!/^(CREATE|UPDATE|UPDATE_ROLLBACK|IMPORT)_COMPLETE$/.test(StackStatus))
    return toDo(`the stack ${STACK} is in the state ${StackStatus}`, `Delete the stack ${STACK}, then run: ${next}`);
  const version = Number(outputOf(stack, 'BootstrapVersion'));
  if (!(version >= NEEDED))
    return toDo(`the bootstrap stack has the version ${version || 'unknown'}, and the CDK needs ${NEEDED}`, next);
  return fine(`version ${version}`);
}
