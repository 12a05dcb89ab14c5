import { useSearchParams } from 'wouter';

/** The numbers of months that a request for the MAU can cover. */
export const periods = ['3', '6', '12'] as const;
export type Period = (typeof periods)[number];

/**
 * Stores in the URL how many months the graph shows, for example `?months=6`. A person who opens a copy of this URL
 * sees the same period.
 */
export function usePeriod(): [Period, (period: Period) => void] {
  const [params, setParams] = useSearchParams();
  const period = periods.find((known) => known === params.get('months')) ?? '3';
  const setPeriod = (months: Period) => {
    setParams((present) => ({ ...Object.fromEntries(present), months }), { replace: true });
  };
  return [period, setPeriod];
}
