import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, ProjectionType, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { TableAction } from '../../functions/api/routes.ts';
import { tableDefinition } from '../../functions/table/definition.ts';

/** Actions on the table. Functions without a route may also write in batches, to delete many items at once. */
export type SingleTableAction = TableAction | 'BatchWriteItem';

export interface SingleTableProps {
  /** Whether the table survives the deletion of its stack and is protected from deletion by mistake. */
  readonly retained: boolean;
}

/** The one table, as `functions/table/definition.ts` defines it. */
export class SingleTable extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string, props: SingleTableProps) {
    super(scope, id);
    const { partitionKey, sortKey, timeToLive, finder, streamView } = tableDefinition;
    this.table = new TableV2(this, 'Table', {
      partitionKey: string(partitionKey),
      sortKey: string(sortKey),
      timeToLiveAttribute: timeToLive,
      globalSecondaryIndexes: [
        {
          indexName: finder.indexName,
          partitionKey: string(finder.partitionKey),
          sortKey: string(finder.sortKey),
          projectionType: ProjectionType[finder.projection],
        },
      ],
      dynamoStream: StreamViewType[streamView],
      billing: Billing.onDemand(),
      // The maximum of DynamoDB, and the time that the console and the e-mails promise for backups.
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: 35 },
      deletionProtection: props.retained,
      removalPolicy: props.retained ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }

  /** Allows the grantee these actions on the table and its index, and no others. */
  allow(grantee: IGrantable, actions: readonly SingleTableAction[]): void {
    const { tableArn } = this.table;
    this.allowOn(
      grantee,
      tableArn,
      actions.filter((action) => action !== 'QueryFinder'),
    );
    if (actions.includes('QueryFinder')) {
      this.allowOn(grantee, `${tableArn}/index/${tableDefinition.finder.indexName}`, ['Query']);
    }
  }

  private allowOn({ grantPrincipal }: IGrantable, resource: string, actions: readonly string[]): void {
    if (actions.length === 0) return;
    grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: actions.map((action) => `dynamodb:${action}`), resources: [resource] }),
    );
  }
}

const string = (name: string) => ({ name, type: AttributeType.STRING });
