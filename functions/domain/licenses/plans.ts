import * as z from 'zod';
import { plan } from '../../contract/service.ts';
import type { License } from './license.ts';

/** The maximum number of RPs that any license can allow. */
const MAX_RPS = 1_000;

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
/** Parses the catalogue from the configuration: one plan for each license type, the cheapest first. */
export const planCatalogue = z
  .tuple([free, paid('starter'), paid('business'), paid('enterprise')])
  .transform(([freePlan, starter, business, enterprise]) => ({ free: freePlan, starter, business, enterprise }));

/** The plan of each license type: the customers that the plan is for, the maxima, and the overage fee. */
export type PlanCatalogue = z.output<typeof planCatalogue>;

/** The plan catalogue, for functions that list plans or create licenses. */
export interface PlanServices {
  readonly plans: PlanCatalogue;
}

/** Maxima that the operator sets for one customer in place of the plan's maxima. */
export interface Overrides {
  readonly maxRegisteredRps?: number | undefined;
  readonly maxRegisteredUsers?: number | undefined;
  readonly maxMau?: number | undefined;
}

/**
 * Returns a license with the maxima and the overage fee of a plan. `overrides` replace the maxima of the plan. If
 * `overrides` contains a maximum that the plan does not have, the function ignores this maximum.
 */
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
