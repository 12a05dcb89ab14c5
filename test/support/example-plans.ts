import { planCatalogue } from '../../functions/domain/licenses/plans.ts';
import plans from './example-plans.json' with { type: 'json' };

/**
 * The plan catalogue with which the tests run. Tests expect its maxima and fees, so they do not depend on the catalogue
 * of an operator in `config/plans.json`.
 */
export const examplePlans = planCatalogue.parse(plans);
