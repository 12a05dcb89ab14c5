import * as z from 'zod';
import type { Contract } from './contract.ts';
import { givenId, time } from './values/values.ts';

const refusal = z
  .object({
    at: time,
    kind: z.enum(['registration', 'authentication']),
    code: z.string().meta({
      description: 'The slug of the problem with which the service responded. `/problems/{code}` explains it',
      examples: ['origin-not-allowed'],
    }),
    step: z
      .string()
      .nullable()
      .meta({
        description: 'The step of the verification that refused the response of the authenticator',
        examples: ['origin'],
      }),
    detail: z.string().meta({ description: 'The reason in English, at most 300 characters' }),
    keyId: z.string().meta({ description: 'The API key of the request' }),
    requestId: z.string().meta({ description: 'The request ID, which the response of the service contained' }),
  })
  .meta({ id: 'RefusedCeremony' });
export type RefusalView = z.output<typeof refusal>;

export const getActivityContract = {
  summary:
    'List the refused ceremonies of an RP. The list contains at most 100 of the last 7 days, newest first. Of many refusals at the same time, it contains only some',
  params: z.strictObject({ id: givenId('rp') }),
  answer: {
    status: 200,
    description:
      'The refused ceremonies, without anything that identifies a user. For a moment, the list may lack the latest',
    body: z.object({ items: z.array(refusal) }),
  },
} as const satisfies Contract;
