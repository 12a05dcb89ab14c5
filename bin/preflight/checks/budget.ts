import { findDeployed } from '../deployed-stacks.ts';
import { fine, forCustomers, hint, type Check } from '../check.ts';

/** Checks that the account has a budget, with which AWS warns somebody about high costs. */
export const budget: Check = {
  name: 'budget',
  async run(context) {
    const { aws, stage } = context;
    const { Account = '' } = await aws.caller();
    const budgets = await aws.budgets(Account);
    const named = budgets.map(({ BudgetName = '', BudgetLimit: limit }) =>
      limit ? `${BudgetName} (${Number(limit.Amount)} ${limit.Unit ?? ''})` : BudgetName,
    );
    if (named.length > 0) return fine(named.join(', '));
    if (stage.monthlyBudget !== undefined && !(await findDeployed(context, 'operations')))
      return hint('the deployment creates the budget');
    return forCustomers(
      stage,
      'the account has no budget, so AWS warns nobody about high costs',
      'In the console Billing and Cost Management, choose Budgets, then Create budget.',
    );
  },
};
