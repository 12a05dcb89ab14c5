import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  ProjectionType,
  StreamViewType,
  TableV2,
  type ITableV2,
} from 'aws-cdk-lib/aws-dynamodb';
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
  /**
   * The ARN of the stream of a restored table, which serves instead of the stage's own table.
   * @default - the stage's own table serves
   */
  readonly restoredTable?: string | undefined;
  /**
   * Whether the stack contains the stage's own table although a restored table serves. Without a restored table, the
   * stack always contains it. @default true
   */
  readonly keepsOwnTable?: boolean | undefined;
}

/**
 * The table for all data of the service, as defined in `functions/table/definition.ts`: the stage's own table, or the
 * table that was restored from a backup.
 */
export class SingleTable extends Construct {
  /** The table that serves. The templates of other stacks name a restored table by literal ARNs. */
  readonly table: ITableV2;

  constructor(scope: Construct, id: string, props: SingleTableProps) {
    super(scope, id);
    const { restoredTable, keepsOwnTable = true } = props;
    const own = restoredTable === undefined || keepsOwnTable ? this.createTable(props) : undefined;
    if (own) keepExports(own);
    const restored =
      restoredTable === undefined
        ? undefined
        : TableV2.fromTableAttributes(this, 'Restored', {
            tableArn: restoredTable.slice(0, restoredTable.indexOf('/stream/')),
            tableStreamArn: restoredTable,
          });
    const serving = restored ?? own;
    if (!serving) throw new Error('There is neither a restored table nor a table of the stage.');
    this.table = serving;
  }

  private createTable(props: SingleTableProps): TableV2 {
    const { partitionKey, sortKey, timeToLive, finder, streamView } = tableDefinition;
    const maximum = props.maximum && {
      maxReadRequestUnits: props.maximum.readUnits,
      maxWriteRequestUnits: props.maximum.writeUnits,
    };
    return new TableV2(this, 'Table', {
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

/**
 * Exports the name and the ARNs of a table, under the names that the CDK gives to exports for other stacks. A restored
 * table takes away the last use of these exports in the templates, but the deployed stacks still import them.
 * CloudFormation refuses to remove an export that a stack imports, and the CDK deploys the data stack first.
 */
function keepExports(table: TableV2): void {
  const stack = Stack.of(table);
  for (const value of [table.tableName, table.tableArn, table.tableStreamArn]) stack.exportValue(value);
}

const string = (name: string) => ({ name, type: AttributeType.STRING });
