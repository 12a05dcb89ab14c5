import * as z from 'zod';
import type { Contract } from './contract.ts';
import { rp, rpSettings, verification } from './rp-views.ts';

const ownRp = rp
  .extend({
    settings: rpSettings,
    verification,
    wellKnown: z.object({ origins: z.array(z.string()) }).meta({
      description:
        'The content of `https://<rpId>/.well-known/webauthn`, which the RP must serve as `application/json` if it has related origins',
    }),
  })
  .meta({ id: 'OwnRp' });
export type OwnRpView = z.output<typeof ownRp>;

export const getOwnRpContract = {
  summary: 'Read the RP of the API key, with its settings. An edit of the RP may take 10 seconds to appear here',
  answer: { status: 200, description: 'The RP', body: ownRp },
} as const satisfies Contract;
