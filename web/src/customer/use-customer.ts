import { useQuery } from '@tanstack/react-query';
import { getCustomerOptions } from '../client/@tanstack/react-query.gen.ts';

/** Reads the data of the customer, which several blocks of the Customer screen share. */
export const useCustomer = () => useQuery(getCustomerOptions());

/**
 * Returns the service's time zone, in which the console shows times that belong to months and licenses. Returns
 * undefined until the data of the customer is loaded.
 */
export const useTimeZone = (): string | undefined => useCustomer().data?.month.timeZone;
