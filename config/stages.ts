import type { StageSettings } from './stage.ts';

/**
 * The settings of each stage of the service. Deploy a stage with `-c stage=NAME`. Replace the example values before you
 * deploy. `stage.ts` explains and checks each setting.
 */
export const stages: Readonly<Record<string, StageSettings>> = {
  development: {
    origin: 'https://console.development.example.com',
    sender: 'no-reply@development.example.com',
    emailsPerSecond: 1,
    monthlyBudget: 30,
    operator: 'operator@example.com',
    contact: 'sales@example.com',
    timeZone: 'UTC',
    planCatalogue: 'config/plans.json',
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
    planCatalogue: 'config/plans.json',
    verifyDomains: true,
    retained: true,
  },
};
