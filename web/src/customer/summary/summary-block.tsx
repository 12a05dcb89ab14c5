import { Box } from '@mantine/core';
import { useText, type Texts } from '../../text/language.tsx';
import { Block } from '../../ui/block.tsx';
import { useCustomer } from '../use-customer.ts';
import { Forecast } from './forecast.tsx';
import { PlanAndAlert } from './plan-and-alert.tsx';
import { Use, UseBadge } from './use-of-license.tsx';
import classes from './summary.module.css';

const texts = { en: { title: 'Summary' }, ja: { title: '概要' } } satisfies Texts<object>;

/**
 * Answers first what people open the Customer screen for: how much of the license is used, what it costs so far, and how
 * the month will end. The blocks below contain the details.
 */
export function SummaryBlock() {
  const text = useText(texts);
  return (
    <Block title={text.title} query={useCustomer()} action={(view) => <UseBadge view={view} />}>
      {(view) => (
        <Box className={classes['columns']}>
          <Use view={view} />
          <Forecast view={view} />
          <PlanAndAlert view={view} />
        </Box>
      )}
    </Block>
  );
}
