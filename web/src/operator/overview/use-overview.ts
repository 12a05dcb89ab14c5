import { useQuery } from '@tanstack/react-query';
import { getOperatorOverviewOptions } from '../../client/@tanstack/react-query.gen.ts';

/** Reads the overview of all customers in the latest summary. */
export const useOverview = () => useQuery(getOperatorOverviewOptions());

/** Returns the service's time zone. Undefined until the overview is loaded, and before the first summary. */
export const useServiceTimeZone = (): string | undefined => useOverview().data?.overview?.timeZone;
