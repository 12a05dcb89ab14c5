import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Clock } from '../../../functions/domain/time.ts';
import type { AwsCall, AwsReply, Front } from './aws/front.ts';
import type { FunctionDefinition } from './functions/definition.ts';
import type { Outcome } from './functions/messages.ts';
import { linesIn, type LogLine } from './log.ts';
import type { Release } from './release.ts';

/** The services of AWS that may invoke functions. */
type Invoker = 'apigateway.amazonaws.com' | 'events.amazonaws.com' | 'sns.amazonaws.com';

export interface Invocations {
  /** Returns the function with a name or an ARN, also the ARN of a version. Throws if there is none. */
  readonly find: (nameOrArn: string) => FunctionDefinition;
  /** Invokes a function and waits for the result. */
  readonly invoke: (definition: FunctionDefinition, event: unknown, requestId?: string) => Promise<Outcome>;
  /**
   * Invokes a function asynchronously: after a failure, Lambda invokes it up to twice more, as the function's
   * template says, and then sends the event to its dead-letter queue (AWS, "How Lambda handles errors and retries with
   * asynchronous invocation"). Returns the outcome of the last attempt. The pauses between the attempts are left out.
   */
  readonly invokeAsync: (definition: FunctionDefinition, event: unknown) => Promise<Outcome>;
  /** Returns why a service of AWS may not invoke a function, or undefined if it may. */
  readonly obstacle: (invoker: Invoker, functionArn: string, source: string) => string | undefined;
}

/** The settings of asynchronous invocations. Only the number of attempts matters here, because no time passes. */
const eventInvokeProperties = z.strictObject({
  FunctionName: z.string(),
  Qualifier: z.literal('$LATEST'),
  MaximumEventAgeInSeconds: z.int().optional(),
  MaximumRetryAttempts: z.int().min(0).max(2).default(2),
});
const RETRIES = 2;

/**
 * Creates the invocations of the functions of a release, for one cloud. During an invocation, `call` answers the calls
 * of AWS that the function makes. `onLog` receives the lines of the functions' logs, and `sendToQueue` sends a failed
 * event to a queue.
 */
export function createInvocations(
  { assembly, functions, poolOf, rights }: Release,
  {
    front,
    clock,
    call,
    onLog,
    sendToQueue,
  }: {
    readonly front: Front;
    readonly clock: Clock;
    readonly call: (caller: FunctionDefinition, call: AwsCall) => Promise<AwsReply>;
    readonly onLog: (line: LogLine) => void;
    readonly sendToQueue: (caller: FunctionDefinition, queueArn: string, event: unknown) => void;
  },
): Invocations {
  const cloud = {};
  const retries = new Map(
    assembly.ofType('AWS::Lambda::EventInvokeConfig').map(({ properties }) => {
      const { FunctionName, MaximumRetryAttempts } = eventInvokeProperties.parse(properties);
      return [FunctionName, MaximumRetryAttempts];
    }),
  );

  async function invoke(
    definition: FunctionDefinition,
    event: unknown,
    requestId: string = randomUUID(),
  ): Promise<Outcome> {
    const { name, arn, memory, timeout, logGroup } = definition;
    const context = {
      awsRequestId: requestId,
      functionName: name,
      invokedFunctionArn: arn,
      memoryLimitInMB: String(memory),
      logGroupName: logGroup,
      logStreamName: 'stream',
    };
    const outcome = await poolOf(definition).run(
      { event, context, now: clock.now(), lasts: timeout },
      {
        cloud,
        log: (text) => {
          linesIn(text).forEach(onLog);
        },
        bind: (accessKey) => front.bind(accessKey, (made) => call(definition, made)),
      },
    );
    // Lambda writes the error of a failed invocation to the function's log.
    if ('error' in outcome)
      onLog({ level: 'error', message: 'Invoke Error', fields: { function: name, ...outcome.error } });
    return outcome;
  }

  const find = (nameOrArn: string) => {
    const found = functions.find(
      ({ name, arn }) => nameOrArn === name || nameOrArn === arn || nameOrArn.startsWith(`${arn}:`),
    );
    if (!found) throw new Error(`There is no function ${nameOrArn}.`);
    return found;
  };
  return {
    find,
    invoke,
    async invokeAsync(definition, event) {
      const attempts = 1 + (retries.get(definition.name) ?? RETRIES);
      for (let attempt = 1; ; attempt += 1) {
        const outcome = await invoke(definition, event);
        if (!('error' in outcome)) return outcome;
        if (attempt < attempts) continue;
        if (definition.deadLetters !== undefined) sendToQueue(definition, definition.deadLetters, event);
        return outcome;
      }
    },
    obstacle: (invoker, functionArn, source) => {
      const { allowed, reason } = rights.ofService(invoker, functionArn, {
        action: 'lambda:InvokeFunction',
        resource: functionArn,
        context: { 'aws:SourceArn': source, 'aws:SourceAccount': assembly.place.account },
      });
      return allowed ? undefined : `${invoker} may not invoke the function: ${reason}`;
    },
  };
}
