import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, ProjectionType, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { tableDefinition } from '../../functions/table/definition.ts';
import { statementsOf, type TableRights } from '../../functions/table/role-statements.ts';

export interface SingleTableProps {
  /** Whether the table survives the deletion of its stack and is protected from deletion by mistake. */
  readonly retained: boolean;
  /**
   * The maximum numbers of read and write units that the table, and each of its indexes, uses per second.
   * @default - the quotas of the AWS account
   */
  readonly maximum?: { readonly readUnits: number; readonly writeUnits: number } | undefined;
}

/** The table for all data of the service, as defined in `functions/table/definition.ts`. */
export class SingleTable extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string, props: SingleTableProps) {
    super(scope, id);
    const { partitionKey, sortKey, timeToLive, finder, streamView } = tableDefinition;
    const maximum = props.maximum && {
      maxReadRequestUnits: props.maximum.readUnits,
      maxWriteRequestUnits: props.maximum.writeUnits,
    };
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
          // The template does not pass the table's maxima on to an index, although the CDK's documentation says so.
          ...maximum,
        },
      ],
      dynamoStream: StreamViewType[streamView],
      billing: Billing.onDemand(maximum),
      // DynamoDB keeps point-in-time backups for at most 35 days. The console and the e-mails tell customers that
      // backups are kept for 35 days.
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: 35 },
      deletionProtection: props.retained,
      removalPolicy: props.retained ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }

  /**
   * Grants a role its rights to the items of the table and of the table's GSI (the finder). Each right applies only to
   * items with one kind of partition key, for example the sessions.
   */
  allow({ grantPrincipal }: IGrantable, rights: TableRights): void {
    const { tableArn } = this.table;
    const arns = { table: tableArn, finder: `${tableArn}/index/${tableDefinition.finder.indexName}` };
    for (const { resource, actions, leadingKeys } of statementsOf(rights)) {
      grantPrincipal.addToPrincipalPolicy(
        new PolicyStatement({
          actions: actions.map((action) => `dynamodb:${action}`),
          resources: [arns[resource]],
          conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': leadingKeys } },
        }),
      );
    }
  }
}

const string = (name: string) => ({ name, type: AttributeType.STRING });
