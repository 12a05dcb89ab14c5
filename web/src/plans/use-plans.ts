import { useQuery } from '@tanstack/react-query';
import { listPlansOptions } from '../client/@tanstack/react-query.gen.ts';

/** Reads the plans and the operator's e-mail address. They never go stale, because only a deployment changes them. */
export const usePlans = () => useQuery({ ...listPlansOptions(), staleTime: Infinity });
