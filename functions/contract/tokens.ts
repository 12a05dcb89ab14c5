import * as z from 'zod';
import type { Contract } from './contract.ts';
import { givenId } from './values/values.ts';

const tokenKey = z
  .object({
    kty: z.literal('EC'),
    crv: z.literal('P-256'),
    x: z.string(),
    y: z.string(),
    use: z.literal('sig'),
    alg: z.literal('ES256'),
    kid: z.string(),
  })
  .meta({ id: 'TokenKey', description: 'A public key as a JSON Web Key (RFC 7517)' });

export const getTokenKeysContract = {
  summary:
    'Read the public keys that verify the tokens of an RP, as a JSON Web Key Set. An RP has keys from its first token on',
  params: z.strictObject({ id: givenId('rp') }),
  answer: { status: 200, description: 'The public keys', body: z.object({ keys: z.array(tokenKey) }) },
} as const satisfies Contract;
