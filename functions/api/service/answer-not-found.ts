import * as z from 'zod';
import type { Contract } from '../../contract/contract.ts';
import { NotFoundError } from '../../domain/errors.ts';
import { endpoint } from '../../http/endpoint.ts';

const contract = {
  summary: 'Refuse every request that matches no other route',
  query: z.looseObject({}),
  answer: { status: 204, description: 'Never' },
} as const satisfies Contract;
export const build = endpoint('answer-not-found', contract, () => {
  throw new NotFoundError('No route has this method and path.');
});
