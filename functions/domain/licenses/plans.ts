import * as z from 'zod';
import { plan } from '../../contract/service.ts';
import type { License } from './license.ts';

/** "1,000 RPs at most for any customer." */
export const MAX_RPS = 1_000;

const money = z.strictObject({
  amount: z.string().regex(/^\d{1,6}(\.\d{1,6})?$/, 'Must be a decimal number as text, such as "0.05"'),
  currency: z.enum(Intl.supportedValuesOf('currency'), 'Must be a currency code of ISO 4217, such as "USD"'),
});
const rps = z.int().min(1).max(MAX_RPS);
const free = z.strictObject({
  ...plan.shape,
  type: z.literal('free'),
  maxRegisteredRps: rps,
  maxRegisteredUsers: z.int().min(1),
  maxMau: z.null(),
  overageFeePerMau: z.null(),
});
const paid = <T extends 'starter' | 'business' | 'enterprise'>(type: T) =>
  z.strictObject({
    ...plan.shape,
    type: z.literal(type),
    maxRegisteredRps: rps,
    maxRegisteredUsers: z.null(),
    maxMau: z.int().min(1),
    overageFeePerMau: money,
  });
/** Reads the catalogue as it stands in the configuration: one plan a type, the cheapest first. */
export const planCatalogue = z
  .tuple([free, paid('starter'), paid('business'), paid('enterprise')])
  .transform(([freePlan, starter, business, enterprise]) => ({ free: freePlan, starter, business, enterprise }));

/** A plan for each license type: for whom, maxima, fee, currency. */
export type PlanCatalogue = z.output<typeof planCatalogue>;

/** What rules need that set licenses. */
export interface PlanServices {
  readonly plans: PlanCatalogue;
}

/** What the operator overrides for one customer. */
export interface Overrides {
  readonly maxRegisteredRps?: number | undefined;
  readonly maxRegisteredUsers?: number | undefined;
  readonly maxMau?: number | undefined;
}

/** Gives a license of a plan. `overrides` replace those maxima that the plan has. */
export function licenseFromPlan(
  plan: PlanCatalogue[keyof PlanCatalogue],
  times: Pick<License, 'startsAt' | 'endsAt' | 'setAt'>,
  overrides: Overrides = {},
): License {
  const maxRegisteredRps = overrides.maxRegisteredRps ?? plan.maxRegisteredRps;
  return plan.type === 'free'
    ? {
        type: plan.type,
        ...times,
        maxRegisteredRps,
        maxRegisteredUsers: overrides.maxRegisteredUsers ?? plan.maxRegisteredUsers,
      }
    : {
        type: plan.type,
        ...times,
        maxRegisteredRps,
        maxMau: overrides.maxMau ?? plan.maxMau,
        overageFeePerMau: plan.overageFeePerMau,
      };
}
