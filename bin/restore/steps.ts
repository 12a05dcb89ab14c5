import { deploymentSteps } from './deployment-steps.ts';
import { finishingSteps } from './finishing-steps.ts';
import type { Step } from './step.ts';
import { tableSteps } from './table-steps.ts';

/** All steps of a restore, in their order. */
export const steps: readonly Step[] = [...tableSteps, ...deploymentSteps, ...finishingSteps];
