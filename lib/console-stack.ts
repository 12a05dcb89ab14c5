import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Stage } from '../config/stage.ts';
import { ConsoleDistribution } from './constructs/console-distribution.ts';
import { ConsoleFiles } from './constructs/console-files.ts';
import type { EdgeSecrets } from './constructs/edge-secrets.ts';
import type { HttpApi } from './constructs/http-api.ts';

export interface ConsoleStackProps extends StackProps {
  readonly stage: Stage;
  readonly httpApi: HttpApi;
  readonly edgeSecrets: EdgeSecrets;
  /** The path of the folder that contains the built console. */
  readonly folder: string;
}

/** The web console that administrators open in their browsers, with the API at the same origin. */
export class ConsoleStack extends Stack {
  constructor(scope: Construct, id: string, props: ConsoleStackProps) {
    super(scope, id, props);
    const { stage, httpApi, edgeSecrets, folder } = props;
    const { hostname } = new URL(stage.origin);
    const { certificateArn, webAclArn } = stage;
    const { bucket } = new ConsoleFiles(this, 'Files', { folder });
    const { distribution } = new ConsoleDistribution(this, 'Console', {
      comment: stage.serviceName,
      bucket,
      httpApi,
      edgeSecret: edgeSecrets.sent,
      webAclArn,
      ...(certificateArn !== undefined && { domain: { name: hostname, certificateArn } }),
    });
    if (certificateArn === undefined) {
      new CfnOutput(this, 'ConsoleUrl', {
        value: `https://${distribution.domainName}`,
        description: `To open the console at this URL, set the URL as the "origin" of the stage. The current origin is ${stage.origin}`,
      });
    } else {
      new CfnOutput(this, 'ConsoleUrl', { value: stage.origin });
      new CfnOutput(this, 'ConsoleDnsRecord', {
        value: `${hostname} CNAME ${distribution.domainName}`,
        description: `Add this record to the DNS of ${hostname}`,
      });
    }
  }
}
