import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Stage } from '../config/stage.ts';
import { CopiesBucket, copiesBucketName, type CopiesSettings } from './constructs/copies-bucket.ts';

export interface CopiesStackProps extends StackProps {
  readonly stage: Stage;
  readonly settings: CopiesSettings;
}

/** The copies of statements and closing records, in a region of their own. */
export class CopiesStack extends Stack {
  constructor(scope: Construct, id: string, props: CopiesStackProps) {
    super(scope, id, { ...props, terminationProtection: true });
    const { stage, settings } = props;
    new CopiesBucket(this, 'Copies', { stage, settings });
    new CfnOutput(this, 'CopiesBucketName', { value: copiesBucketName(stage, settings) });
  }
}
