import {
  DescribeStacksCommand,
  paginateListStackResources,
  type CloudFormationClient,
  type Stack,
  type StackResourceSummary,
} from '@aws-sdk/client-cloudformation';
import { allOf } from './all-of.ts';

/** Returns a stack, or undefined if there is no such stack in the account and region of the client. */
export async function findStack(client: CloudFormationClient, name: string): Promise<Stack | undefined> {
  try {
    return (await client.send(new DescribeStacksCommand({ StackName: name }))).Stacks?.[0];
  } catch (error) {
    // CloudFormation has no error of its own for a stack that does not exist.
    if (error instanceof Error && error.name === 'ValidationError' && error.message.includes('does not exist'))
      return undefined;
    throw error;
  }
}

/** Returns the resources of a stack, without those that CloudFormation has deleted. */
export async function resourcesOf(client: CloudFormationClient, stack: string): Promise<StackResourceSummary[]> {
  const pages = paginateListStackResources({ client }, { StackName: stack });
  const resources = await allOf(pages, ({ StackResourceSummaries }) => StackResourceSummaries);
  return resources.filter(({ ResourceStatus }) => ResourceStatus !== 'DELETE_COMPLETE');
}

/** Returns an output of a stack by its name, or undefined if the stack has no such output. */
export const outputOf = ({ Outputs = [] }: Stack, name: string): string | undefined =>
  Outputs.find(({ OutputKey }) => OutputKey === name)?.OutputValue;
