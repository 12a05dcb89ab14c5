import { Box } from '@mantine/core';
import { usePrefetchQuery } from '@tanstack/react-query';
import { getMauOptions } from '../../client/@tanstack/react-query.gen.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { Block } from '../../ui/block.tsx';
import { Explanation } from './explanation.tsx';
import { MonthByMonth } from './month-by-month.tsx';
import { useCustomer } from '../use-customer.ts';
import { usePeriod } from './use-period.ts';
import classes from './mau-block.module.css';

const texts = {
  en: { title: 'MAU information' },
  ja: { title: 'MAU情報' },
} satisfies Texts<object>;

/** Shows the MAU of this month and earlier months, and explains who counts as an active user. */
export function MauBlock() {
  const text = useText(texts);
  const [period] = usePeriod();
  // Requests the MAU of each month in the chosen period in parallel with the data of the customer.
  usePrefetchQuery(getMauOptions({ query: { months: period } }));
  return (
    <Block title={text.title} anchor="mau" query={useCustomer()}>
      {(view) => (
        <Box className={classes['layout']}>
          <MonthByMonth view={view} />
          <Explanation className={classes['explanation'] ?? ''} />
        </Box>
      )}
    </Block>
  );
}
