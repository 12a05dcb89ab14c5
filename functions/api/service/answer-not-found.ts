import * as z from 'zod';
import type { Contract } from '../../contract/contract.ts';
import { noSuchRoute } from '../../domain/refusals.ts';
import { endpoint } from '../../http/endpoint.ts';

const contract = {
  summary: 'Refuse every request that matches no other route',
  query: z.looseObject({}),
  answer: { status: 204, description: 'Never' },
} as const satisfies Contract;
export const build = endpoint('answer-not-found', contract, () => {
  throw noSuchRoute();
});
