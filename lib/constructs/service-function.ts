import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AssetHashType, DockerImage, Duration, Validations } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function, Runtime, type RecursiveLoop } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Stage } from '../../config/stage.ts';
import { lambdaFunctions, type LambdaFunctionName } from '../../functions/lambda-functions.ts';
import { bundleOf } from './bundles.ts';
import { ServiceLogs } from './service-logs.ts';
import type { SingleTable } from './single-table.ts';

/** The longest that Lambda allows. */
export const LONGEST_TIMEOUT = Duration.minutes(15);

export interface ServiceFunctionProps {
  /** Its name in `functions/lambda-functions.ts`, which says what it may do with the table. */
  readonly name: LambdaFunctionName;
  readonly stage: Stage;
  readonly table: SingleTable;
  /** @default - only what every function is told */
  readonly environment?: Record<string, string>;
  /** @default - 10 seconds, under the 30 that API Gateway waits and the discarding queue delays its messages */
  readonly timeout?: Duration;
  /** In MB; CPU comes with it, a core with 1,769. @default 512 */
  readonly memorySize?: number;
  /** @default - a name made by CloudFormation */
  readonly functionName?: string;
  /** Takes the events of asynchronous invocations that failed for good. @default - it is never invoked asynchronously */
  readonly deadLetterQueue?: IQueue;
  /** Where the function logs. @default - to a group of its own */
  readonly logGroup?: ILogGroup;
  /** @default - Lambda ends a chain of messages that the function causes itself, after 16 */
  readonly recursiveLoop?: RecursiveLoop;
}

/** A Lambda function with what all functions of the service have in common, and a role of its own. */
export class ServiceFunction extends Construct {
  readonly function: Function;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    super(scope, id);
    const {
      name,
      stage,
      table,
      environment,
      timeout = Duration.seconds(10),
      memorySize = 512,
      logGroup = new ServiceLogs(this, 'Logs'),
      ...options
    } = props;
    // Not the role that the CDK makes by itself: its managed policy lets a function write to every log group there is.
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    table.allow(role, lambdaFunctions[name]);

    this.function = new Function(this, 'Function', {
      ...options,
      code: codeOf(name),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      // CPU comes with memory: 0.3 of a core here. A function takes 75 MB once it is loaded, and mostly waits for the table;
      // half of this would do, but take twice as long for TLS and JSON, most of all at a cold start.
      memorySize,
      timeout,
      logGroup,
      role,
      environment: {
        TABLE_NAME: table.table.tableName,
        PLANS: JSON.stringify(stage.plans),
        TIME_ZONE: stage.timeZone,
        CONSOLE_URL: stage.origin,
        // A dimension of every metric: it keeps the stages of an account apart.
        POWERTOOLS_SERVICE_NAME: stage.serviceName,
        POWERTOOLS_METRICS_NAMESPACE: 'Fido2ServerService',
        ...environment,
      },
    });
    this.acknowledge(props);
  }

  private acknowledge({ deadLetterQueue }: ServiceFunctionProps): void {
    Validations.of(this).acknowledge({
      id: 'Serverless::Serverless-LambdaTracing',
      reason:
        'HTTP APIs do not trace, so that a trace would hold only what the metrics and the log already say. At the default 5 % it would cost $0.25 a million requests.',
    });
    if (deadLetterQueue) return;
    Validations.of(this).acknowledge({
      id: 'Serverless::Serverless-LambdaDLQ',
      reason:
        'Never invoked asynchronously. Whoever invokes it (API Gateway, an event source mapping with a queue of its own for failures, a deployment, the operator) is told of a failure.',
    });
  }
}

/** The code of a function's bundle, which is made only when the CDK is to bundle the function's stack. */
function codeOf(name: LambdaFunctionName): Code {
  return Code.fromAsset(join(import.meta.dirname, '../../functions'), {
    // A function is deployed again when its bundle changes, and not with every other file.
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('none: bundled by esbuild in this process'),
      // Without it, the CDK would take all functions for one: it keeps the assets that it made by what is said here.
      command: [name],
      local: {
        tryBundle(outputDirectory) {
          writeFileSync(join(outputDirectory, 'index.mjs'), bundleOf(name));
          return true;
        },
      },
    },
  });
}
