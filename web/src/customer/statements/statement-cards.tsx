import { Box, Group, Paper, Stack, Title } from '@mantine/core';
import { useId, useState } from 'react';
import type { Statement } from '../../client/types.gen.ts';
import { planNames } from '../../plans/plan-names.ts';
import { useText } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';
import { Cards } from '../../ui/table/cards.tsx';
import { FactsOfCard } from '../../ui/table/facts-of-card.tsx';
import { RpsButton, RpsOfStatement } from './rps-of-statement.tsx';
import { texts } from './texts.ts';

/** Shows one card for each month, with the MAU and the fee first. */
export function StatementCards({ statements }: { readonly statements: readonly Statement[] }) {
  const text = useText(texts);
  return (
    <Cards name={text.statements}>
      {statements.map((statement) => (
        <StatementCard key={statement.month} statement={statement} />
      ))}
    </Cards>
  );
}

function StatementCard({ statement }: { readonly statement: Statement }) {
  const text = useText(texts);
  const format = useFormat();
  const id = useId();
  const [isOpen, setIsOpen] = useState(false);
  const { month, license, mau, measured, maxMau, overageMau, overageFee, closedAt, timeZone } = statement;
  const facts: [name: string, value: string, weight?: number][] = [
    [text.mau, format.number(mau), 700],
    [text.fee, overageFee ? format.money(overageFee) : '–', 700],
  ];
  if (maxMau !== null) {
    facts.push([text.maximum, format.number(maxMau)], [text.overage, format.number(overageMau)]);
  }
  if (measured > 0) {
    facts.push([text.measured, format.number(measured)], [text.reported, format.number(mau - measured)]);
  }
  facts.push([text.license, planNames[license.type]], [text.closedAt, format.dateTime(closedAt, timeZone)]);
  return (
    <Paper component="li" withBorder p="sm">
      <Stack gap="xs">
        <Group justify="space-between">
          <Title order={3} size="h5">
            {format.month(month)}
          </Title>
          <RpsButton statement={statement} isOpen={isOpen} setIsOpen={setIsOpen} controls={id} />
        </Group>
        <FactsOfCard facts={facts} />
        <Box id={id} hidden={!isOpen} style={{ overflowX: 'auto' }}>
          {isOpen && <RpsOfStatement statement={statement} hasMeasured={measured > 0} />}
        </Box>
      </Stack>
    </Paper>
  );
}
