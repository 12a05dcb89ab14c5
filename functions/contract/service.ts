import * as z from 'zod';
import type { Contract } from './contract.ts';
import { listOf } from './values/pages.ts';

const maximum = z.int().positive().nullable();
export const plan = z
  .object({
    type: z.enum(['free', 'starter', 'business', 'enterprise']),
    forWhom: z.string(),
    maxRegisteredRps: z.int().positive(),
    maxRegisteredUsers: maximum,
    maxMau: maximum,
    overageFeePerMau: z.object({ amount: z.string(), currency: z.string() }).nullable(),
  })
  .meta({ id: 'Plan' });
export type Plan = z.output<typeof plan>;

export const listPlansContract = {
  summary: 'Read the plan catalogue and the e-mail address for questions about a plan',
  answer: {
    status: 200,
    description: 'Every plan',
    body: listOf(plan).extend({
      contact: z
        .string()
        .meta({ description: "The operator's e-mail address, for changing the plan or cancelling a paid plan" }),
    }),
  },
} as const satisfies Contract;

export const getHealthContract = {
  summary: 'Check whether the service is running',
  answer: { status: 200, description: 'The service is running', body: z.object({ status: z.literal('ok') }) },
} as const satisfies Contract;

export const getOpenapiContract = {
  summary: 'Read this document',
  answer: { status: 200, description: 'OpenAPI 3.1', body: z.custom<object>().meta({ override: { type: 'object' } }) },
} as const satisfies Contract;
