import { useQuery } from '@tanstack/react-query';
import { listPlansOptions } from '../client/@tanstack/react-query.gen.ts';

/** Reads the plans, and whom to write to about them: the service's configuration, which only a deployment changes. */
export const usePlans = () => useQuery({ ...listPlansOptions(), staleTime: Infinity });
