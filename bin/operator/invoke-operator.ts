import { InvokeCommand, LambdaClient, type LambdaClientConfig } from '@aws-sdk/client-lambda';
import type { input } from 'zod';
import { serviceNameOf } from '../../config/service-name.ts';
import { INVOCATION_TIMEOUT, timeOuts } from '../aws/time-outs.ts';
import { reasonOf, unanswered } from '../aws/unanswered-error.ts';
import type { operatorCommand } from '../../functions/contract/operator.ts';
import type { exportStatements } from '../../functions/domain/statements/export-statements.ts';
import type { endCustomer, listFinalStatements } from '../../functions/domain/leaving/end-customer.ts';
import type { cancelledLicenseView, setLicenseView } from '../../functions/domain/licenses/license-change.ts';
import type { setRepresentativeEmail } from '../../functions/domain/administrators/set-representative-email.ts';
import type { listFailedMails } from '../../functions/domain/operator/failed-mails.ts';
import type { listAuditForOperator } from '../../functions/domain/operator/list-audit-for-operator.ts';
import type { listCustomerLines } from '../../functions/domain/operator/list-customer-lines.ts';
import type { readOverview } from '../../functions/domain/operator/overview.ts';
import type { showCustomer, showDiscarded } from '../../functions/domain/operator/show-customer.ts';
import type { addOperator } from '../../functions/domain/operators/add-operator.ts';
import type { linkOperator } from '../../functions/domain/operators/link-operator.ts';
import type { listOperators } from '../../functions/domain/operators/list-operators.ts';
import type { removeOperator } from '../../functions/domain/operators/remove-operator.ts';
import type { OperatorAnswer } from '../../functions/events/run-operator-command.ts';
import type { Problem } from '../../functions/http/problems.ts';

export type CustomerDetails = Awaited<ReturnType<typeof showCustomer>>;
export type DiscardedCustomer = NonNullable<Awaited<ReturnType<typeof showDiscarded>>>;
/**
 * Maps the name of each command to the type of the result that the operator's Lambda function returns for the command.
 */
export interface OperatorResults {
  'list-customers': Awaited<ReturnType<typeof listCustomerLines>>;
  'read-overview': Awaited<ReturnType<typeof readOverview>>;
  'list-failed-mails': Awaited<ReturnType<typeof listFailedMails>>;
  'list-audit-entries': Awaited<ReturnType<typeof listAuditForOperator>>;
  'show-customer': CustomerDetails | DiscardedCustomer;
  'set-license': CustomerDetails & { readonly set: ReturnType<typeof setLicenseView>; readonly dryRun?: boolean };
  'cancel-license': CustomerDetails & { readonly cancelled: ReturnType<typeof cancelledLicenseView> };
  'end-customer': Awaited<ReturnType<typeof endCustomer>>;
  'list-final-statements': Awaited<ReturnType<typeof listFinalStatements>>;
  'discard-ended-customer': CustomerDetails;
  'set-representative-email': Awaited<ReturnType<typeof setRepresentativeEmail>>;
  'export-statements': Awaited<ReturnType<typeof exportStatements>>;
  'list-operators': Awaited<ReturnType<typeof listOperators>>;
  'add-operator': Awaited<ReturnType<typeof addOperator>>;
  'link-operator': Awaited<ReturnType<typeof linkOperator>>;
  'remove-operator': Awaited<ReturnType<typeof removeOperator>>;
}
type CommandName = keyof OperatorResults;
type Command<C extends CommandName> = Extract<input<typeof operatorCommand>, { command: C }>;

/**
 * The error of a failed command. `problem` is the problem that the operator's function returned. If the call did not
 * reach the operator's function, or if the function failed, `problem` explains the failure.
 */
export class OperatorError extends Error {
  readonly problem: Pick<Problem, 'title' | 'detail'> & Record<string, unknown>;
  constructor(problem: OperatorError['problem']) {
    super(problem.title);
    this.name = 'OperatorError';
    this.problem = problem;
  }
}

/** The name of the operator's function, and the settings of the client that invokes it. */
export interface Target {
  readonly functionName: string;
  readonly client: LambdaClientConfig;
  /** Returns the problem that explains why a call did not reach the operator's function. */
  readonly explain: (error: Error) => OperatorError['problem'];
}

/**
 * Returns the name of the operator's function, and the client settings, for the service that listens on a port of this
 * machine.
 */
export function localTarget(port: number): Target {
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    functionName: 'operator',
    client: { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } },
    explain: (error) =>
      'code' in error && error.code === 'ECONNREFUSED'
        ? {
            title: `The service does not listen on port ${port} of this machine`,
            detail:
              'Start the service with "npm start". If the service listens on another port, set PORT. For the service in AWS, add --stage.',
          }
        : {
            title: `The process that listens on port ${port} of this machine is not the service`,
            detail: `Set PORT to the service's port. (${error.message})`,
          },
  };
}

/**
 * Returns the name of the operator's function, and the client settings, for a stage in AWS. The stage is in the account
 * and region of the current credentials.
 */
export function stageTarget(stage: string): Target {
  const functionName = `${serviceNameOf(stage)}-operator`;
  const notInvoked = (detail: string) => ({ title: 'The function was not invoked', detail });
  return {
    functionName,
    client: timeOuts(INVOCATION_TIMEOUT),
    explain(error) {
      if (error.name === 'ResourceNotFoundException') {
        return notInvoked(
          `There is no function ${functionName} in this account and region. Check --stage, AWS_PROFILE and AWS_REGION.`,
        );
      }
      const { why, message, next } = unanswered(error, 'lambda:InvokeFunction', functionName);
      if (why !== 'unreachable') return notInvoked(`${capitalized(message)}. ${next}`);
      if (error.name === 'TooManyRequestsException') {
        return notInvoked(
          `Lambda refuses the call (${error.message}). If the stage is suspended, no command can run. Otherwise, run the command again in a minute.`,
        );
      }
      if (isRefusal(error)) {
        return notInvoked(
          `The call was refused (${reasonOf(error)}). Check the network and AWS_REGION, and run the command again.`,
        );
      }
      if (wasNotSent(error)) {
        return notInvoked(
          `There is no connection to Lambda (${reasonOf(error)}). Check the network and AWS_REGION, and run the command again.`,
        );
      }
      return {
        title: 'The function may have run, but its result did not arrive',
        detail: `Lambda has not answered (${reasonOf(error)}). ${checkFirst(functionName)}`,
      };
    },
  };
}

const checkFirst = (functionName: string) =>
  `Read the log of ${functionName} and check whether the command changed the customer before you try again.`;
const capitalized = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** Returns whether Lambda, or a proxy, answered that it does not forward the call (with a 4xx status). */
const isRefusal = (error: Error) => '$fault' in error && error.$fault === 'client' && '$metadata' in error;

/** Returns whether a call failed before it was sent: without the address of the endpoint, or without a connection. */
function wasNotSent(error: Error): boolean {
  // Node tries all addresses of a host. If it reaches none of them, the error contains one error for each address.
  const errors = (error instanceof AggregateError ? error.errors : [error]) as {
    readonly syscall?: unknown;
    readonly message: string;
  }[];
  return errors.every(
    ({ syscall, message }) =>
      syscall === 'getaddrinfo' || syscall === 'connect' || message.includes('did not establish a connection'),
  );
}

export interface Operator {
  /** Runs a command and returns its result. Throws `OperatorError`. */
  run<C extends CommandName>(command: Command<C>): Promise<OperatorResults[C]>;
  close(): void;
}

/** Creates a client of the operator's function. The service's log names `person` as the operator. */
export function openOperator({ functionName, client: config, explain }: Target, person: string): Operator {
  // The client does not retry, whatever AWS_MAX_ATTEMPTS says: after a lost response, a retry would run the command
  // again and log the change twice. Lambda does not retry either, because the invocation waits for the result
  // (AWS Lambda Developer Guide, "Understanding retry behavior in Lambda").
  const client = new LambdaClient({ ...config, maxAttempts: 1 });

  async function invoke(request: Command<CommandName>): Promise<OperatorAnswer> {
    try {
      const { FunctionError, Payload } = await client.send(
        new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify({ operator: person, request }) }),
      );
      if (FunctionError === undefined && Payload) return JSON.parse(Payload.transformToString()) as OperatorAnswer;
    } catch (error) {
      throw new OperatorError(explain(error as Error));
    }
    throw new OperatorError({
      title: 'The function failed',
      detail: checkFirst(functionName),
    });
  }

  return {
    async run<C extends CommandName>(command: Command<C>) {
      const answer = await invoke(command);
      if ('problem' in answer) throw new OperatorError(answer.problem);
      return answer.result as OperatorResults[C];
    },
    close() {
      client.destroy();
    },
  };
}
