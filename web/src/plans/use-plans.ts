import { useQuery } from '@tanstack/react-query';
import { listPlansOptions } from '../client/@tanstack/react-query.gen.ts';

export interface PlansOptions {
  /** Whether to read the plans now. @default true */
  readonly enabled?: boolean;
}

/** Reads the plans and the operator's e-mail address. They never go stale, because only a deployment changes them. */
export const usePlans = ({ enabled = true }: PlansOptions = {}) =>
  useQuery({ ...listPlansOptions(), staleTime: Infinity, enabled });
