import type { FakeAccount, FakeAnswer } from '../support/fake-aws.ts';
import { absent, healthyAccount, IDENTITY, noStack, REGION, stackOf, type FakeDns } from './accounts.ts';

/** How an account, its DNS and the settings of the stage differ from the healthy ones. */
export interface Deviation {
  readonly account?: FakeAccount;
  readonly dns?: FakeDns;
  readonly settings?: object;
  /** Whether the stage is not deployed yet. */
  readonly isFresh?: boolean;
}

/** The service of the stage `production`, with which the names of its stacks begin. */
export const SERVICE = 'fido2-server-service-production';
export const withCopies = { copies: { region: 'eu-west-1', lockDays: 3_650 } };

/** The answers about stacks of an account that is bootstrapped, but in which the stage is not deployed. */
export const undeployed: FakeAccount = {
  DescribeStacks: ({ StackName = '' }) =>
    StackName === 'CDKToolkit' ? stackOf(StackName, 'CREATE_COMPLETE', { BootstrapVersion: '30' }) : noStack(StackName),
};
/** Returns the answers about stacks of the healthy account, with another answer about one of them. */
export const withStack = (
  name: string,
  state: string,
  outputs: Readonly<Record<string, string>> = {},
  more: object = {},
): FakeAccount => ({
  DescribeStacks: (input) =>
    input['StackName'] === name
      ? stackOf(name, state, outputs, more)
      : (healthyAccount['DescribeStacks']?.(input) ?? noStack(name)),
});
/** Returns an account whose answer about a stack in another region than that of the stage is `answer`. */
export const elsewhere = (name: string, answer: FakeAnswer): FakeAccount => ({
  DescribeStacks: (input) =>
    input['StackName'] === name && input['region'] !== REGION
      ? answer
      : (healthyAccount['DescribeStacks']?.(input) ?? noStack('')),
});
export const concurrency = (ConcurrentExecutions: number, UnreservedConcurrentExecutions = ConcurrentExecutions) => ({
  GetAccountSettings: () => ({ AccountLimit: { ConcurrentExecutions, UnreservedConcurrentExecutions } }),
});
export const identity = (more: object): FakeAccount => ({ GetEmailIdentity: () => ({ ...IDENTITY, ...more }) });
export const noIdentity: FakeAccount = { GetEmailIdentity: () => absent('NotFoundException') };
