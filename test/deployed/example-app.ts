import { exampleStages, replaceStages } from '../support/example-stages.ts';

/** Runs `bin/app.ts` with the example stages, so that the tests do not depend on the settings of an operator. */

replaceStages(exampleStages);
await import('../../bin/app.ts');
