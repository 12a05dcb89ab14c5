import { fine, hint, toDo, type Check, type Context, type Finding } from '../check.ts';
import { stackNameOf, stackParts } from '../deployed-stacks.ts';

const deploy = ({ stage }: Context) => `npx cdk deploy --all -c stage=${stage.name}`;

/** Checks that every stack of the stage is deployed, and that no deployment has failed or is running. */
export const stacks: Check = {
  name: 'stacks',
  async run(context) {
    const names = stackParts.map((part) => stackNameOf(context, part));
    const found = await Promise.all(names.map((name) => context.aws.stack(name)));
    const states = names.flatMap((name, index) => {
      const { StackStatus: state } = found[index] ?? {};
      return state === undefined ? [] : [{ name, state }];
    });
    const failed = states.flatMap(({ name, state }) => adviceFor(name, state, context) ?? []);
    if (failed[0]) return failed[0];
    const running = states.find(({ state }) => state.endsWith('_IN_PROGRESS'));
    if (running) return hint(`${running.name} is in the state ${running.state}`, 'Wait until the deployment ends.');
    if (states.length === 0) return hint('no stack is deployed yet', deploy(context));
    const missing = names.filter((name) => !states.some((one) => one.name === name));
    if (missing.length > 0) return toDo(`not deployed: ${missing.join(', ')}`, deploy(context));
    return fine(`all ${names.length} stacks are deployed`);
  },
};

/** Returns the finding about a stack whose last deployment has failed, or undefined about any other stack. */
function adviceFor(name: string, state: string, context: Context): Finding | undefined {
  const found = `${name} is in the state ${state}`;
  const command = (verb: string) => `aws cloudformation ${verb} --region ${context.region} --stack-name ${name}`;
  const because = `The reason is in: ${command('describe-stack-events')}.`;
  switch (state) {
    case 'ROLLBACK_COMPLETE':
    case 'ROLLBACK_FAILED':
    case 'CREATE_FAILED':
      return toDo(found, `${because} Then run ${command('delete-stack')} and deploy again.`);
    case 'UPDATE_ROLLBACK_FAILED':
      return toDo(found, `${because} Then run ${command('continue-update-rollback')} and deploy again.`);
    case 'UPDATE_FAILED':
    case 'DELETE_FAILED':
    case 'UPDATE_ROLLBACK_COMPLETE':
    case 'IMPORT_ROLLBACK_COMPLETE':
    case 'IMPORT_ROLLBACK_FAILED':
      return toDo(found, `${because} Then deploy again: ${deploy(context)}`);
    default:
      return undefined;
  }
}
