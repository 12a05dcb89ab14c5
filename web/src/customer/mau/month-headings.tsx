import { Table, Text } from '@mantine/core';
import { useText, type Texts } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';

const texts = {
  en: { inProgress: 'in progress' },
  ja: { inProgress: '集計中' },
} satisfies Texts<object>;

/** The headings of a table with a column for each month, the current month first. `months` ends with this month. */
export function MonthHeadings({ months }: { readonly months: readonly string[] }) {
  const text = useText(texts);
  const format = useFormat();
  return months.toReversed().map((month) => (
    <Table.Th key={month} ta="right" style={{ whiteSpace: 'nowrap' }}>
      {format.month(month)}
      {month === months.at(-1) && (
        <Text component="span" display="block" size="xs" fs="italic">
          {text.inProgress}
        </Text>
      )}
    </Table.Th>
  ));
}
