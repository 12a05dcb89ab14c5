import { outputOf } from '../../aws/stacks.ts';
import { fine, hint, toDo, type Check, type Context, type Finding } from '../check.ts';
import { otherRegionOf, partsOf, stackNameOf } from '../deployed-stacks.ts';

const deploy = ({ stage }: Context) => `npx cdk deploy --all -c stage=${stage.name}`;

/**
 * Checks that every stack of the stage is deployed, that no deployment has failed or is running, and that all stacks
 * run the same commit.
 */
export const stacks: Check = {
  name: 'stacks',
  async run(context) {
    const all = partsOf(context.stage).map((part) => ({
      name: stackNameOf(context, part),
      otherRegion: otherRegionOf(context, part),
    }));
    const found = await Promise.all(all.map(({ name, otherRegion }) => context.aws.stack(name, otherRegion)));
    const states = all.flatMap((one, index) => {
      const stack = found[index];
      const state = stack?.StackStatus;
      return stack && state ? [{ ...one, state, commit: outputOf(stack, 'Commit') ?? 'unknown' }] : [];
    });
    const failed = states.flatMap((one) => adviceFor(one, context) ?? []);
    if (failed[0]) return failed[0];
    const running = states.find(({ state }) => state.endsWith('_IN_PROGRESS'));
    if (running) return hint(`${running.name} is in the state ${running.state}`, 'Wait until the deployment ends.');
    if (states.length === 0) return hint('no stack is deployed yet', deploy(context));
    const missing = all.map(({ name }) => name).filter((name) => !states.some((one) => one.name === name));
    if (missing.length > 0) return toDo(`not deployed: ${missing.join(', ')}`, deploy(context));
    const commits = Map.groupBy(states, ({ commit }) => commit);
    if (commits.size === 1)
      return fine(`all ${all.length} stacks are deployed, from commit ${[...commits.keys()].join()}`);
    const deployed = [...commits].map(([commit, of]) => `${commit} (${of.map(({ name }) => name).join(', ')})`);
    return hint(`the stacks are deployed from different commits: ${deployed.join('; ')}`, deploy(context));
  },
};

/** Returns the finding about a stack whose last deployment has failed, or undefined about any other stack. */
function adviceFor(
  {
    name,
    otherRegion,
    state,
  }: { readonly name: string; readonly otherRegion: string | undefined; readonly state: string },
  context: Context,
): Finding | undefined {
  const found = `${name} is in the state ${state}`;
  const command = (verb: string) =>
    `aws cloudformation ${verb} --region ${otherRegion ?? context.region} --stack-name ${name}`;
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
