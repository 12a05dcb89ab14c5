import type { StageSettings } from '../../config/stage.ts';
import { stages } from '../../config/stages.ts';

/**
 * The stages with which the tests run: those of `config/stages.ts` before an operator has replaced the example values.
 * Tests expect these values, so they do not depend on the settings of an operator.
 */
export const exampleStages: Readonly<Record<string, StageSettings>> = {
  development: {
    origin: 'https://console.development.example.com',
    sender: 'no-reply@development.example.com',
    emailsPerSecond: 1,
    monthlyBudget: 30,
    operator: 'operator@example.com',
    contact: 'sales@example.com',
    timeZone: 'UTC',
    planCatalogue: 'test/support/example-plans.json',
    retained: false,
  },
  production: {
    origin: 'https://console.example.com',
    certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-0000-0000-000000000000',
    sender: 'no-reply@example.com',
    emailsPerSecond: 14,
    monthlyBudget: 300,
    operator: 'operator@example.com',
    contact: 'sales@example.com',
    timeZone: 'UTC',
    planCatalogue: 'test/support/example-plans.json',
    verifyDomains: true,
    retained: true,
  },
};

/** Replaces the stages of `config/stages.ts` in this process. `bin/app.ts` then composes the stacks of these stages. */
export function replaceStages(wanted: Readonly<Record<string, StageSettings>>): void {
  for (const name of Object.keys(stages)) Reflect.deleteProperty(stages, name);
  Object.assign(stages, wanted);
}
