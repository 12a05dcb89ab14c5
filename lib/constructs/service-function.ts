import { join } from 'node:path';
import { AssetHashType, DockerImage, Duration, Validations } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  Code,
  Function,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  type RecursiveLoop,
} from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Stage } from '../../config/stage.ts';
import { lambdaFunctions, type LambdaFunctionName } from '../../functions/lambda-functions.ts';
import { writeBundle } from './bundles.ts';
import { ServiceLogs } from './service-logs.ts';
import type { SingleTable } from './single-table.ts';

/** The longest time-out that Lambda allows. */
export const LONGEST_TIMEOUT = Duration.minutes(15);

export interface ServiceFunctionProps {
  /** The name of the function in `functions/lambda-functions.ts`, which lists the function's rights to the table. */
  readonly name: LambdaFunctionName;
  readonly stage: Stage;
  readonly table: SingleTable;
  /** @default - only the environment variables that every function has */
  readonly environment?: Record<string, string>;
  /**
   * @default - 10 seconds. An invocation must end before API Gateway stops waiting for the response. It must also end
   * before the discarding queue, the queue of the worker that discards data, delivers a message that the invocation
   * sends with the delay `AFTER_THE_REQUEST`. Both times are 30 seconds.
   */
  readonly timeout?: Duration;
  /** The memory in MB. Lambda assigns CPU in proportion to memory, with a full core at 1,769 MB. @default 512 */
  readonly memorySize?: number;
  /** @default - CloudFormation creates a name */
  readonly functionName?: string;
  /**
   * The queue that receives the events of asynchronous invocations that failed after all retries. @default - none: the
   * function is never invoked asynchronously, or a schedule invokes it
   */
  readonly deadLetterQueue?: IQueue;
  /**
   * How often, and until which age of the event, Lambda repeats a failed invocation by a schedule.
   * @default - no schedule invokes the function
   */
  readonly repeats?: { readonly retryAttempts: number; readonly maxEventAge: Duration };
  /** The log group of the function. @default - the function has its own log group */
  readonly logGroup?: ILogGroup;
  /**
   * Whether the function may send messages that invoke the same function again. @default - Lambda stops such a loop
   * after 16 messages
   */
  readonly recursiveLoop?: RecursiveLoop;
  /**
   * Whether Lambda invokes the function even while the stage is suspended. A deployment invokes such a function.
   * @default false
   */
  readonly runsWhileSuspended?: boolean;
}

/** A Lambda function with its own role and the settings that all functions of the service share. */
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
      repeats,
      runsWhileSuspended = false,
      ...options
    } = props;
    // Replaces the role that the CDK would create, because the managed policy of that role lets a function write to
    // every log group.
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    table.allow(role, lambdaFunctions[name]);

    this.function = new Function(this, 'Function', {
      ...options,
      ...repeats,
      code: codeOf(name),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      // A function with 512 MB gets 0.3 of a CPU core. A function uses only 75 MB and mostly waits for the table. But
      // with 256 MB, the CPU work for TLS and JSON would take twice as long. The difference would matter most at a cold
      // start.
      memorySize,
      timeout,
      // Without reserved concurrency, Lambda refuses every invocation, no matter who invokes the function.
      ...(stage.suspended && !runsWhileSuspended && { reservedConcurrentExecutions: 0 }),
      logGroup,
      // At the level WARN, Lambda writes no line about an invocation that succeeds. These three lines would be a third
      // of the bytes of a request's log. Lines about failed invocations remain.
      loggingFormat: LoggingFormat.JSON,
      systemLogLevelV2: SystemLogLevel.WARN,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      role,
      environment: {
        TABLE_NAME: table.table.tableName,
        PLANS: JSON.stringify(stage.plans),
        TIME_ZONE: stage.timeZone,
        CONSOLE_URL: stage.origin,
        // Every metric has a dimension with this value, which distinguishes the stages in an account.
        POWERTOOLS_SERVICE_NAME: stage.serviceName,
        POWERTOOLS_METRICS_NAMESPACE: 'Fido2ServerService',
        ...environment,
      },
    });
    this.acknowledge(props);
  }

  private acknowledge({ deadLetterQueue, repeats }: ServiceFunctionProps): void {
    Validations.of(this).acknowledge({
      id: 'Serverless::Serverless-LambdaTracing',
      reason:
        'HTTP APIs of API Gateway do not support tracing, so a trace would show no more than the metrics and the log. With the default of 5 % of requests, tracing would cost $0.25 for a million requests.',
    });
    if (deadLetterQueue) return;
    if (repeats) {
      const reason = 'The next run of the schedule does the work of a failed run. An alarm watches that runs end.';
      Validations.of(this).acknowledge(
        { id: 'Serverless::Serverless-LambdaDLQ', reason },
        { id: 'Serverless::Serverless-LambdaAsyncFailureDestination', reason },
      );
      return;
    }
    Validations.of(this).acknowledge({
      id: 'Serverless::Serverless-LambdaDLQ',
      reason:
        'The function is never invoked asynchronously. The caller of the function receives every failure: API Gateway, an event source mapping with its own queue for failures, a deployment, or the operator.',
    });
  }
}

/**
 * Returns the code of a function. The CDK creates the function's bundle only if the CDK command includes the function's
 * stack.
 */
function codeOf(name: LambdaFunctionName): Code {
  return Code.fromAsset(join(import.meta.dirname, '../../functions'), {
    // With this hash, the CDK deploys a function again only when the function's bundle changes, not when any other file
    // changes.
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('none: bundled by esbuild in this process'),
      // The key of the CDK's asset cache contains these options. Without the name, the CDK would use the bundle of one
      // function for all functions.
      command: [name],
      local: {
        tryBundle(outputDirectory) {
          writeBundle(name, outputDirectory);
          return true;
        },
      },
    },
  });
}
