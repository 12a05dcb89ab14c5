import { useSearchParams } from 'wouter';

/** For how many months the MAU can be read. */
export const periods = ['3', '6', '12'] as const;
export type Period = (typeof periods)[number];

/** Gives for how many months the MAU are shown: what the URL says, such as `?months=6`, so that a link shows the same. */
export function usePeriod(): [Period, (period: Period) => void] {
  const [params, setParams] = useSearchParams();
  const period = periods.find((known) => known === params.get('months')) ?? '3';
  const setPeriod = (months: Period) => {
    setParams((present) => ({ ...Object.fromEntries(present), months }), { replace: true });
  };
  return [period, setPeriod];
}
