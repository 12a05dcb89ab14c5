import { outputOf } from '../../aws/stacks.ts';
import { findDeployed, stackNameOf } from '../deployed-stacks.ts';
import { fine, hint, toDo, type Check } from '../check.ts';

/** Checks that nobody can delete the table of a stage with customers by mistake. */
export const tableProtection: Check = {
  name: 'table',
  async run(context) {
    const { aws, stage, region } = context;
    const stack = await findDeployed(context, 'data');
    if (!stage.retained) return hint('not protected against deletion, because the stage is not retained');
    if (!stack) return hint('the deployment creates the table');
    const name = outputOf(stack, 'TableName') ?? '';
    const table = await aws.table(name);
    if (!table) return toDo(`there is no table ${name}`, 'See "Restoring a backup" in docs/runbook.md.');
    if (table.DeletionProtectionEnabled !== true)
      return toDo(
        `${name} is not protected against deletion`,
        `aws dynamodb update-table --region ${region} --table-name ${name} --deletion-protection-enabled`,
      );
    if (stack.EnableTerminationProtection !== true)
      return toDo(
        `the stack ${stackNameOf(context, 'data')} is not protected against deletion`,
        `aws cloudformation update-termination-protection --region ${region} --stack-name ${stackNameOf(context, 'data')} --enable-termination-protection`,
      );
    return fine(`${name} and its stack are protected against deletion`);
  },
};
