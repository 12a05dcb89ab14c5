import { fine, toDo, type Check } from '../check.ts';
import { UnansweredError } from '../../aws/unanswered-error.ts';

/** Checks that AWS accepts the credentials, and names the account and the region that the other checks are about. */
export const credentials: Check = {
  name: 'credentials',
  async run({ aws, region }) {
    try {
      const { Account = 'unknown', Arn = 'unknown' } = await aws.caller();
      return fine(`account ${Account}, region ${region}, as ${Arn}`);
    } catch (error) {
      if (!(error instanceof UnansweredError) || error.why !== 'credentials') throw error;
      return toDo(error.message, error.next);
    }
  },
};
