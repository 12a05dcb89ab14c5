import { fine, forCustomers, type Check } from '../check.ts';

/** Checks that a budget of the account tells somebody about high costs. */
export const budget: Check = {
  name: 'budget',
  async run({ aws, stage }) {
    const { Account = '' } = await aws.caller();
    const budgets = await aws.budgets(Account);
    const named = budgets.map(({ BudgetName = '', BudgetLimit: limit }) =>
      limit ? `${BudgetName} (${Number(limit.Amount)} ${limit.Unit ?? ''})` : BudgetName,
    );
    if (named.length > 0) return fine(named.join(', '));
    return forCustomers(
      stage,
      'the account has no budget, so nobody is told about high costs',
      'In the console Billing and Cost Management, choose Budgets, then Create budget.',
    );
  },
};
