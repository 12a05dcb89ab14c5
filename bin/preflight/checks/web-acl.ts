import { fine, hint, toDo, type Check } from '../check.ts';

/** Checks that the web ACL belongs to the account, and that no entrance to the API passes by the web ACL. */
export const webAcl: Check = {
  name: 'web ACL',
  async run({ aws, stage }) {
    const { webAclArn: arn, onlyThroughCloudFront: refused } = stage;
    // Without a web ACL, `onlyThroughCloudFront` has a use too: it refuses a flood of requests to the API's own URL.
    if (arn === undefined) return fine('the stage has no web ACL');
    const { Account: account } = await aws.caller();
    if (account !== undefined && !arn.includes(`:${account}:`))
      return toDo(
        `webAclArn names a web ACL outside of account ${account}`,
        'Set webAclArn to the ARN of a web ACL of this account, or remove it.',
      );
    if (refused === 'none')
      return hint(
        "requests to the API's own URL pass by the web ACL",
        `Set onlyThroughCloudFront to 'anonymous' or 'all', as README says under "A web ACL".`,
      );
    return fine(`the API's own URL refuses ${refused} requests`);
  },
};
