import { InvokeCommand, LambdaClient, type LambdaClientConfig } from '@aws-sdk/client-lambda';
import type { input } from 'zod';
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
/** What comes of each command. */
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

/** Why nothing came of a command: the function's problem, or one like it where the function was not reached. */
export class OperatorError extends Error {
  readonly problem: Pick<Problem, 'title' | 'detail'> & Record<string, unknown>;
  constructor(problem: OperatorError['problem']) {
    super(problem.title);
    this.name = 'OperatorError';
    this.problem = problem;
  }
}

/** Where the operator's function is. */
export interface Target {
  readonly functionName: string;
  readonly client: LambdaClientConfig;
  /** Gives what to tell the operator about a call that did not get there. */
  readonly explain: (error: Error) => OperatorError['problem'];
}

/** Gives the function of the service that runs on this machine. */
export function localTarget(port: number): Target {
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    functionName: 'operator',
    client: { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } },
    explain: (error) =>
      'code' in error && error.code === 'ECONNREFUSED'
        ? {
            title: `The service does not run at port ${port} of this machine`,
            detail:
              'Start it with "npm start". If it runs at another port, set PORT; for the service in AWS, name --stage.',
          }
        : {
            title: `What listens at port ${port} of this machine did not answer as the service does`,
            detail: `Set PORT to the service's port. (${error.message})`,
          },
  };
}

/** Gives the function of a stage in AWS, in the account and region of the credentials in use. */
export function stageTarget(stage: string): Target {
  const functionName = `fido2-server-service-${stage}-operator`;
  const hints: Readonly<Record<string, string>> = {
    ResourceNotFoundException: `There is no function ${functionName} in this account and region: check --stage, AWS_PROFILE and AWS_REGION.`,
    AccessDeniedException: `These credentials may not invoke ${functionName}: allow lambda:InvokeFunction.`,
    CredentialsProviderError: 'Give AWS credentials, such as AWS_PROFILE=operator.',
    ExpiredTokenException: 'Renew the AWS credentials.',
  };
  return {
    functionName,
    client: {},
    explain: (error) => ({
      title: 'The function was not invoked',
      detail:
        hints[error.name] ??
        (error.message === 'Region is missing' ? 'Name the region, such as AWS_REGION=us-east-1.' : error.message),
    }),
  };
}

export interface Operator {
  /** Has a command run, and gives what came of it. Throws `OperatorError`. */
  run<C extends CommandName>(command: Command<C>): Promise<OperatorResults[C]>;
  close(): void;
}

/** Opens the operator's function for a person, whose name goes to the service's log. */
export function openOperator({ functionName, client: config, explain }: Target, person: string): Operator {
  // One attempt: a command that was run and not answered would be run, and logged as a change, twice.
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
      detail: `Look at the log of ${functionName}, then at the customer, before doing the same again.`,
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
