import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { closingRecordsDefinition } from '../../functions/table/definition.ts';

export interface ClosingRecordsProps {
  /** Whether the table survives the deletion of its stack and is protected from deletion by mistake. */
  readonly retained: boolean;
}

/**
 * The table of closing records. A closing record is the record that the service keeps of a customer that unsubscribed.
 * Closing records are not in the main table, so that restoring a backup of the main table does not remove them. After
 * the main table is restored, the closing records name the customers whose data must be discarded again.
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

  /** Allows the grantee to read all closing records. */
  allowReading({ grantPrincipal }: IGrantable): void {
    grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['dynamodb:Query'], resources: [this.table.tableArn] }),
    );
  }

  /** Allows the grantee to write closing records, but not to read or delete them. */
  allowKeeping({ grantPrincipal }: IGrantable): void {
    grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['dynamodb:PutItem'], resources: [this.table.tableArn] }),
    );
  }
}
