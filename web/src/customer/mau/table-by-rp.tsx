import { Badge, Button, Checkbox, Group, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { memo, useId, useState } from 'react';
import type { MauView } from '../../client/types.gen.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';
import { WideTable } from '../../ui/table/wide-table.tsx';
import classes from './table-by-rp.module.css';
import { LineSign, MAX_LINES, type LineStyle } from './line-style.tsx';
import { mauOfRp, totalMau, type MauWithGaps } from './gaps.ts';
import { MonthHeadings } from './month-headings.tsx';
import { byMau, type useLines } from './use-lines.ts';

const texts = {
  en: {
    title: 'MAU by RP and month',
    explanation: 'Select an RP to show its line in the graph.',
    full: (count: string) => `The graph shows at most ${count} RPs at once. Clear another one first.`,
    find: 'Find an RP',
    rp: 'RP',
    total: 'Total',
    measured: 'Measured here',
    reported: 'Reported by RPs',
    sources:
      '“Measured here”: the user’s first registration or sign-in of the month ran through this service. The RPs reported the other users. Both count and cost the same.',
    removed: 'Removed',
    otherRemoved: 'Other removed RPs',
    shown: (some: string, all: string) => `${some} of ${all} RPs`,
    more: 'Show more',
  },
  ja: {
    title: 'RP別・月別のMAU',
    explanation: 'チェックを付けたRPの線がグラフに表示されます。',
    full: (count: string) => `同時に表示できるRPの線は${count}本までです。先にほかのRPのチェックを外してください。`,
    find: 'RPを検索',
    rp: 'RP',
    total: '合計',
    measured: '本サービスで計測',
    reported: 'RPからの報告',
    sources:
      'その月の最初の操作を本サービスで行ったユーザーを「本サービスで計測」に数えます。計測・報告のどちらもMAUに含まれ、料金は同じです。',
    removed: '削除済み',
    otherRemoved: 'その他の削除済みRP',
    shown: (some: string, all: string) => `${all}件中${some}件のRP`,
    more: 'さらに表示',
  },
} satisfies Texts<object>;

/**
 * How many RPs the table shows at first, and how many more RPs each click on the button below the table adds. The RPs
 * with the most MAU come first.
 */
const FIRST_ROWS = 10;
const MORE_ROWS = 50;

export interface TableByRpProps {
  readonly mau: MauView;
  readonly lines: ReturnType<typeof useLines>;
}

/**
 * Shows the MAU numbers of the graph as a table, with a row for each RP. Each row also shows the style of the RP's line
 * in the graph, and can show or hide this line. The newest month comes first, so that it is visible on a narrow screen.
 * If a user was measured in one of the months, two rows say how many users of the total were measured and reported.
 */
export function TableByRp({ mau: view, lines }: TableByRpProps) {
  const { months, rps, otherRemovedRps, measuredTotal } = view;
  const sum = totalMau(view);
  /** Returns numbers of the months in which the total is not a gap. */
  const ofSum = (part: (users: number, index: number) => number) =>
    sum.map((users, index) => (users === null ? null : part(users, index)));
  const measured = ofSum((_, index) => measuredTotal[index] ?? 0);
  const text = useText(texts);
  const format = useFormat();
  const titleId = useId();
  const [sought, setSought] = useState('');
  const [limit, setLimit] = useState(FIRST_ROWS);
  const hasMeasured = measuredTotal.some((users) => users > 0);
  const found = byMau(rps).filter(({ name, rpId }) => folded(`${name}\n${rpId}`).includes(folded(sought)));
  const rows = found.filter(({ id }, rank) => rank < limit || lines.wasOn(id));
  return (
    <Stack gap="xs">
      <Title order={3} size="h6" id={titleId}>
        {text.title}
      </Title>
      <Text size="sm">{text.explanation}</Text>
      {hasMeasured && <Text size="sm">{text.sources}</Text>}
      {lines.isFull && (
        <Text size="sm" role="status">
          {text.full(format.number(MAX_LINES))}
        </Text>
      )}
      {rps.length > FIRST_ROWS && (
        <TextInput
          label={text.find}
          type="search"
          maw={320}
          value={sought}
          onChange={({ currentTarget }) => {
            setSought(currentTarget.value);
          }}
        />
      )}
      <WideTable
        minWidth={150 + 76 * months.length}
        name={{ 'aria-labelledby': titleId }}
        verticalSpacing={6}
        horizontalSpacing="xs"
        fz="sm"
        className={classes['table'] ?? ''}
      >
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{text.rp}</Table.Th>
            <MonthHeadings months={months} />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          <Table.Tr fw={700}>
            <Table.Th scope="row">{text.total}</Table.Th>
            <Numbers mau={sum} />
          </Table.Tr>
          {hasMeasured && (
            <>
              <PartOfTotal name={text.measured} mau={measured} />
              <PartOfTotal name={text.reported} mau={ofSum((users, index) => users - (measuredTotal[index] ?? 0))} />
            </>
          )}
          {rows.map((rp) => (
            <RpRow
              months={months}
              key={rp.id}
              rp={rp}
              style={lines.styleOf(rp.id)}
              isDisabled={lines.isFull && !lines.styleOf(rp.id)}
              onToggle={lines.toggle}
            />
          ))}
          {otherRemovedRps && (
            <Table.Tr>
              <Table.Th scope="row" fw={400}>
                {text.otherRemoved}
              </Table.Th>
              <Numbers mau={otherRemovedRps} />
            </Table.Tr>
          )}
        </Table.Tbody>
      </WideTable>
      {rps.length > FIRST_ROWS && (
        <Group>
          <Text size="sm" role="status">
            {text.shown(format.number(rows.length), format.number(rps.length))}
          </Text>
          {rows.length < found.length && (
            <Button
              size="xs"
              variant="default"
              onClick={() => {
                setLimit(limit + MORE_ROWS);
              }}
            >
              {text.more}
            </Button>
          )}
        </Group>
      )}
    </Stack>
  );
}

interface RpRowProps {
  readonly months: readonly string[];
  readonly rp: MauView['rps'][number];
  /** The style of the RP's line, or undefined if the RP has no line. */
  readonly style: LineStyle | undefined;
  readonly isDisabled: boolean;
  readonly onToggle: (id: string) => void;
}

const RpRow = memo(function RpRow({ months, rp, style, isDisabled, onToggle }: RpRowProps) {
  const text = useText(texts);
  const { id, name, rpId, removed } = rp;
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400}>
        <Checkbox
          size="sm"
          checked={style !== undefined}
          disabled={isDisabled}
          onChange={() => {
            onToggle(id);
          }}
          label={
            <Group component="span" gap={6} wrap="nowrap" align="start">
              {style && <LineSign {...style} />}
              <span>
                {name}{' '}
                {removed && (
                  <Badge component="span" size="sm" variant="default" tt="none">
                    {text.removed}
                  </Badge>
                )}
                <Text component="span" size="xs" display="block">
                  {rpId}
                </Text>
              </span>
            </Group>
          }
        />
      </Table.Th>
      <Numbers mau={mauOfRp(months, rp)} />
    </Table.Tr>
  );
});

/** Shows a row with the part of the total that was counted in one of the two ways: measured or reported. */
function PartOfTotal({ name, mau }: { readonly name: string; readonly mau: MauWithGaps }) {
  return (
    <Table.Tr fz="xs">
      <Table.Th scope="row" fw={400} pl="lg">
        {name}
      </Table.Th>
      <Numbers mau={mau} />
    </Table.Tr>
  );
}

/** Shows a table cell for each month, newest month first. Each cell contains the MAU of its month. */
function Numbers({ mau }: { readonly mau: MauWithGaps }) {
  const format = useFormat();
  return mau.toReversed().map((users, index) => (
    <Table.Td key={index} ta="right">
      {users === null ? '–' : format.number(users)}
    </Table.Td>
  ));
}

/** Returns the text with lower-case, half-width letters, so that a search ignores the case and the width of letters. */
const folded = (text: string) => text.normalize('NFKC').toLowerCase();
