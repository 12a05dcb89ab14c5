import { InvokeCommand, LambdaClient, type LambdaClientConfig } from '@aws-sdk/client-lambda';
import type { input } from 'zod';
import { serviceNameOf } from '../../config/service-name.ts';
import { unanswered } from '../aws/unanswered-error.ts';
import type { operatorCommand } from '../../functions/contract/operator.ts';
import type { exportStatements } from '../../functions/domain/statements/export-statements.ts';
import type { endCustomer, listFinalStatements } from '../../functions/domain/leaving/end-customer.ts';
import type { cancelledLicenseView, setLicenseView } from '../../functions/domain/licenses/license-change.ts';
import type { setRepresentativeEmail } from '../../functions/domain/administrators/set-representative-email.ts';
import type { customerSummary, showCustomer, showDiscarded } from '../../functions/domain/operator/show-customer.ts';
import type { OperatorAnswer } from '../../functions/events/run-operator-command.ts';
import type { Problem } from '../../functions/http/problems.ts';

export type CustomerSummary = ReturnType<typeof customerSummary>;
export type CustomerDetails = Awaited<ReturnType<typeof showCustomer>>;
export type DiscardedCustomer = NonNullable<Awaited<ReturnType<typeof showDiscarded>>>;
/**
 * Maps the name of each command to the type of the result that the operator's Lambda function returns for the command.
 */
export interface OperatorResults {
  'list-customers': { readonly items: CustomerSummary[]; readonly nextCursor: string | null };
  'show-customer': CustomerDetails | DiscardedCustomer;
  'set-license': CustomerDetails & { readonly set: ReturnType<typeof setLicenseView> };
  'cancel-license': CustomerDetails & { readonly cancelled: ReturnType<typeof cancelledLicenseView> };
  'end-customer': Awaited<ReturnType<typeof endCustomer>>;
  'list-final-statements': Awaited<ReturnType<typeof listFinalStatements>>;
  'discard-ended-customer': CustomerDetails;
  'set-representative-email': Awaited<ReturnType<typeof setRepresentativeEmail>>;
  'export-statements': Awaited<ReturnType<typeof exportStatements>>;
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
  function explain(error: Error): string {
    if (error.name === 'ResourceNotFoundException') {
      return `There is no function ${functionName} in this account and region. Check --stage, AWS_PROFILE and AWS_REGION.`;
    }
    const { why, next } = unanswered(error, 'lambda:InvokeFunction', functionName);
    return why === 'unreachable' ? error.message : next;
  }
  return {
    functionName,
    client: {},
    explain: (error) => ({ title: 'The function was not invoked', detail: explain(error) }),
  };
}

export interface Operator {
  /** Runs a command and returns its result. Throws `OperatorError`. */
  run<C extends CommandName>(command: Command<C>): Promise<OperatorResults[C]>;
  close(): void;
}

/** Creates a client of the operator's function. The service's log names `person` as the operator. */
export function openOperator({ functionName, client: config, explain }: Target, person: string): Operator {
  // The client does not retry: after a lost response, a retry would run the command again and log the change twice.
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
      detail: `Read the log of ${functionName} and check whether the command changed the customer before you try again.`,
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
