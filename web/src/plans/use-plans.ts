import { useQuery } from '@tanstack/react-query';
import { listPlansOptions } from '../client/@tanstack/react-query.gen.ts';

export interface PlansOptions {
  /** Whether to read the plans now. @default true */
  readonly enabled?: boolean;
}

/**
 * Reads the plans and the operator's e-mail address. The cached data never expires, because only a deployment of the
 * service changes the plans and the operator's e-mail address.
 */
export const usePlans = ({ enabled = true }: PlansOptions = {}) =>
  useQuery({ ...listPlansOptions(), staleTime: Infinity, enabled });
