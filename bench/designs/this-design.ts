import { reportOperations, withSeenUsers } from '../../functions/domain/metering/report-operations.ts';
import type { Design } from './design.ts';

/** The service's own code. */
export const thisDesign: Design = {
  name: 'this design',
  counting: 'aggregator',
  startProcess(services) {
    const warm = withSeenUsers(services);
    return async (caller, { userId, occurredAt }) => {
      const operations = [{ userId, type: 'authentication' as const }];
      const [result] = await reportOperations(warm, caller, { operations }, occurredAt);
      if (!result || result.status === 'rejected') throw new Error(`An operation was rejected: ${result?.reason}.`);
      return result.status;
    };
  },
};
