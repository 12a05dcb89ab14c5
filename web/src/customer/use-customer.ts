import { useQuery } from '@tanstack/react-query';
import { getCustomerOptions } from '../client/@tanstack/react-query.gen.ts';

/** Reads the Customer view, which several blocks share. */
export const useCustomer = () => useQuery(getCustomerOptions());

/**
 * Returns the service's time zone, in which the console shows times that belong to months and licenses. Undefined until
 * the Customer view is loaded.
 */
export const useTimeZone = (): string | undefined => useCustomer().data?.month.timeZone;
