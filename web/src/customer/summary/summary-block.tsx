import { Box } from '@mantine/core';
import { useIdle } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { getCustomerOptions, getMauOptions } from '../../client/@tanstack/react-query.gen.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { Block } from '../../ui/block.tsx';
import { usePeriod } from '../mau/use-period.ts';
import { Forecast } from './forecast.tsx';
import { PlanAndAlert } from './plan-and-alert.tsx';
import { LicenseUse, LicenseUseBadge } from './license-use.tsx';
import classes from './summary.module.css';

const texts = { en: { title: 'Summary' }, ja: { title: '概要' } } satisfies Texts<object>;

/** How often an open tab reads the numbers again, in milliseconds. */
const MINUTE = 60_000;
/** After this time without a key or a movement of the pointer, in milliseconds, the tab stops reading them. */
const UNUSED = 15 * MINUTE;

/**
 * Answers first what people open the Customer screen for: how much of the license is used, what it costs so far, and
 * how the month will end. The blocks below contain the details. Reads the numbers again once a minute while the tab is
 * seen.
 */
export function SummaryBlock() {
  const text = useText(texts);
  const [months] = usePeriod();
  // Other blocks show the data of the same two requests, and so follow too. TanStack Query sends no request while the
  // tab is hidden. A request counts as a use of the session, so it must not keep a session alive that nobody uses.
  const refetchInterval = useIdle(UNUSED, { initialState: false }) ? false : MINUTE;
  useQuery({ ...getMauOptions({ query: { months } }), refetchInterval });
  const customer = useQuery({ ...getCustomerOptions(), refetchInterval });
  return (
    <Block title={text.title} query={customer} action={(view) => <LicenseUseBadge view={view} />}>
      {(view) => (
        <Box className={classes['columns']}>
          <LicenseUse view={view} />
          <Forecast view={view} />
          <PlanAndAlert view={view} />
        </Box>
      )}
    </Block>
  );
}
