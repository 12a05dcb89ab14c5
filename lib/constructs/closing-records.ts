import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { closingRecordsDefinition } from '../../functions/table/definition.ts';

export interface ClosingRecordsProps {
  /** Whether the table outlives its stack and cannot be deleted by mistake. */
  readonly retained: boolean;
}

/**
 * The closing records of customers that unsubscribed, apart from the table that they are discarded from: when a backup of
 * that one is restored, they say who must be discarded again.
 */
export class ClosingRecords extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string, props: ClosingRecordsProps) {
    super(scope, id);
    const { partitionKey, sortKey } = closingRecordsDefinition;
    this.table = new TableV2(this, 'Table', {
      partitionKey: { name: partitionKey, type: AttributeType.STRING },
      sortKey: { name: sortKey, type: AttributeType.STRING },
      billing: Billing.onDemand(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: props.retained,
      removalPolicy: props.retained ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }

  /** Lets somebody keep records here, and neither read nor delete any. */
  allowKeeping({ grantPrincipal }: IGrantable): void {
    grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['dynamodb:PutItem'], resources: [this.table.tableArn] }),
    );
  }
}
