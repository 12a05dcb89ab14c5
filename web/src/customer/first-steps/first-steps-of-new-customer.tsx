import { useQuery } from '@tanstack/react-query';
import { Suspense } from 'react';
import { getMauOptions } from '../../client/@tanstack/react-query.gen.ts';
import { loadedLater } from '../../ui/page/loaded-later.ts';
import { usePeriod } from '../mau/use-period.ts';
import { useCustomer } from '../use-customer.ts';

const FirstSteps = loadedLater(() => import('./first-steps.tsx'));

/** Shows the first steps in the month in which the customer signed up, and as long as no user has been active. */
export function FirstStepsOfNewCustomer() {
  const [months] = usePeriod();
  const { data: view } = useCustomer();
  const { data: mau } = useQuery(getMauOptions({ query: { months } }));
  if (!view || !mau) return null;
  const isNew = mau.signedUpIn === mau.currentMonth || mau.total.every((users) => users === 0);
  if (!isNew) return null;
  return (
    <Suspense fallback={null}>
      <FirstSteps view={view} mau={mau} />
    </Suspense>
  );
}
