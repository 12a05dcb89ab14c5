import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { Construct } from 'constructs';

export interface BudgetProps {
  readonly serviceName: string;
  /** The budget for a month, in US dollars. */
  readonly dollars: number;
  /** The e-mail address that receives the notifications. */
  readonly operator: string;
}

/**
 * The monthly budget of the AWS account. AWS Budgets sends the operator an e-mail when the costs of the month reach 80
 * % of the budget, and when AWS expects them to reach 100 %. The budget includes the costs of everything in the
 * account, because AWS can tell the costs of a stage apart only after the operator has activated a tag for cost
 * allocation. A budget that only notifies is free.
 */
export class Budget extends Construct {
  constructor(scope: Construct, id: string, { serviceName, dollars, operator }: BudgetProps) {
    super(scope, id);
    const notify = (notificationType: 'ACTUAL' | 'FORECASTED', threshold: number) => ({
      notification: {
        notificationType,
        threshold,
        thresholdType: 'PERCENTAGE',
        comparisonOperator: 'GREATER_THAN',
      },
      subscribers: [{ subscriptionType: 'EMAIL', address: operator }],
    });
    new CfnBudget(this, 'Budget', {
      budget: {
        budgetName: `${serviceName}-monthly`,
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: dollars, unit: 'USD' },
      },
      notificationsWithSubscribers: [notify('ACTUAL', 80), notify('FORECASTED', 100)],
    });
  }
}
