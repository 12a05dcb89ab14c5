import ownPlans from '../../../config/plans.json' with { type: 'json' };
import plans from '../../support/example-plans.json' with { type: 'json' };

/** Runs `local/main.ts` with the example plans, so that the tests do not depend on the catalogue of an operator. */

(ownPlans as unknown[]).splice(0, ownPlans.length, ...plans);
await import('../../../local/main.ts');
