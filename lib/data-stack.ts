import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Stage } from '../config/stage.ts';
import { ClosingRecords } from './constructs/closing-records.ts';
import { SingleTable } from './constructs/single-table.ts';
import { StageSecret } from './constructs/stage-secret.ts';

export interface DataStackProps extends StackProps {
  readonly stage: Stage;
}

/**
 * The resources that hold data, in a stack of their own, so that a deployment of the other stacks cannot change these
 * resources.
 */
export class DataStack extends Stack {
  readonly table: SingleTable;
  readonly closingRecords: ClosingRecords;
  readonly stageSecret: StageSecret;

  constructor(scope: Construct, id: string, props: DataStackProps) {
    super(scope, id, { ...props, terminationProtection: props.stage.retained });
    this.table = new SingleTable(this, 'SingleTable', {
      retained: props.stage.retained,
      maximum: props.stage.tableMaximum,
      restoredTable: props.stage.restoredTable,
      keepsOwnTable: props.stage.keepsOwnTable,
    });
    this.closingRecords = new ClosingRecords(this, 'ClosingRecords', { retained: props.stage.retained });
    this.stageSecret = new StageSecret(this, 'StageSecret', { retained: props.stage.retained });
    new CfnOutput(this, 'TableName', { value: this.table.table.tableName });
    new CfnOutput(this, 'ClosingRecordsTableName', { value: this.closingRecords.table.tableName });
    new CfnOutput(this, 'StageSecretArn', { value: this.stageSecret.arn });
  }
}
