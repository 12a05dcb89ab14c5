import { outputOf } from '../deployed-stacks.ts';
import { fine, hint, toDo, type Check } from '../check.ts';

const STACK = 'CDKToolkit';
/** The version that the CDK's default stack synthesizer needs (`MIN_BOOTSTRAP_STACK_VERSION` in aws-cdk-lib). */
const NEEDED = 6;

/** Checks that `cdk bootstrap` ran in the account and region, with a version that the CDK accepts. */
export const bootstrap: Check = {
  name: 'CDK bootstrap',
  async run({ aws, region }) {
    const stack = await aws.stack(STACK);
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
  },
};
