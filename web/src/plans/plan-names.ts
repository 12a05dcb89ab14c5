import type { Plan } from '../client/types.gen.ts';

/** What the license types are called, in every language: names stay. */
export const planNames: Readonly<Record<Plan['type'], string>> = {
  free: 'Free',
  starter: 'Starter',
  business: 'Business',
  enterprise: 'Enterprise',
};
