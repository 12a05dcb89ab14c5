import { useQuery } from '@tanstack/react-query';
import { listPlansOptions } from '../client/@tanstack/react-query.gen.ts';

export interface PlansOptions {
  /** Whether to read them now. @default true */
  readonly enabled?: boolean;
}

/** Reads the plans, and whom to write to about them: the service's configuration, which only a deployment changes. */
export const usePlans = ({ enabled = true }: PlansOptions = {}) =>
  useQuery({ ...listPlansOptions(), staleTime: Infinity, enabled });
