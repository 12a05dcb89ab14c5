import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { bytesOfEnvironment, MAX_ENVIRONMENT } from '../../../../config/environment-size.ts';
import type { Assembly, Deployed } from '../assembly.ts';

/** A Lambda function as its template defines it. */
export interface FunctionDefinition {
  readonly name: string;
  readonly arn: string;
  readonly logicalId: string;
  /** The ARN of the function's role. */
  readonly role: string;
  /** The folder with the function's bundle. */
  readonly folder: string;
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  /** In milliseconds. */
  readonly timeout: number;
  /** In megabytes. */
  readonly memory: number;
  readonly logGroup: string;
  /** The ARN of the queue for events of asynchronous invocations that failed. @default - such events are lost */
  readonly deadLetters: string | undefined;
}

/** Every property that a function of the templates has. A function with another one cannot be read. */
const properties = z.strictObject({
  FunctionName: z.string().optional(),
  Architectures: z.array(z.enum(['arm64', 'x86_64'])),
  Code: z.strictObject({ S3Bucket: z.string(), S3Key: z.string().regex(/^[0-9a-f]{64}\.zip$/) }),
  DeadLetterConfig: z.strictObject({ TargetArn: z.string() }).optional(),
  Description: z.string().optional(),
  Environment: z.strictObject({ Variables: z.record(z.string().regex(/^[A-Za-z]\w+$/), z.string()) }),
  Handler: z.string(),
  LoggingConfig: z.looseObject({ LogGroup: z.string() }),
  MemorySize: z.int(),
  RecursiveLoop: z.enum(['Allow', 'Terminate']).optional(),
  ReservedConcurrentExecutions: z.int().optional(),
  Role: z.string(),
  Runtime: z.string(),
  Tags: z.unknown().optional(),
  Timeout: z.int(),
});

/**
 * Reads the Lambda functions of an assembly whose assets are in `folder`. Throws if a function needs another major
 * version of Node.js than the one that runs this process, has more environment variables than Lambda accepts, or has a
 * property that the harness does not know.
 */
export function readFunctions(assembly: Assembly, folder: string): FunctionDefinition[] {
  return assembly.ofType('AWS::Lambda::Function').map((deployed) => readFunction(deployed, folder));
}

function readFunction({ ref, logicalId, attributes, properties: given }: Deployed, assets: string): FunctionDefinition {
  const read = properties.safeParse(given);
  if (read.error) throw new Error(`Cannot read the function ${logicalId}.\n${z.prettifyError(read.error)}`);
  const { Code, Environment, Handler, LoggingConfig, MemorySize, Role, Runtime, Timeout, DeadLetterConfig } = read.data;
  const [major] = process.versions.node.split('.');
  if (Runtime !== `nodejs${major}.x`) {
    throw new Error(
      `The function ${logicalId} needs the runtime ${Runtime}, but this is Node.js ${process.versions.node}.`,
    );
  }
  const size = bytesOfEnvironment(Environment.Variables);
  if (size > MAX_ENVIRONMENT)
    throw new Error(`Lambda refuses the ${size} bytes of environment variables of ${logicalId}.`);
  const folder = join(assets, `asset.${Code.S3Key.replace(/\.zip$/, '')}`);
  if (!existsSync(folder)) throw new Error(`The bundle of ${logicalId} is not in ${assets}.`);
  return {
    name: ref,
    arn: String(attributes['Arn']),
    logicalId,
    role: Role,
    folder,
    handler: Handler,
    environment: Environment.Variables,
    timeout: Timeout * 1_000,
    memory: MemorySize,
    logGroup: LoggingConfig.LogGroup,
    deadLetters: DeadLetterConfig?.TargetArn,
  };
}
