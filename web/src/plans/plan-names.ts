import type { Plan } from '../client/types.gen.ts';

/** The names of the license types. The names are the same in every language. */
export const planNames: Readonly<Record<Plan['type'], string>> = {
  free: 'Free',
  starter: 'Starter',
  business: 'Business',
  enterprise: 'Enterprise',
};
