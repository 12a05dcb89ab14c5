import { Paper, Text } from '@mantine/core';
import { useFormat } from '../../text/use-format.ts';
import { LineSign, type LineStyle } from './line-style.tsx';
import classes from './month-tooltip.module.css';

export interface MonthTooltipProps {
  /** The formatted month. */
  readonly month: string;
  readonly isInProgress: boolean;
  /** The lines that the graph shows, each with its MAU in this month. */
  readonly mau: readonly (LineStyle & { readonly id: string; readonly name: string; readonly mau: number | null })[];
  /** The levels that the graph shows, each with its value in this month. */
  readonly levels: readonly { readonly id: string; readonly label: string; readonly mau: number | null }[];
}

/** Shows the MAU of the month that the pointer or the keyboard selects in the graph. */
export function MonthTooltip({ month, isInProgress, mau: lines, levels }: MonthTooltipProps) {
  const format = useFormat();
  return (
    <Paper withBorder shadow="md" p="xs" className={classes['box'] ?? ''}>
      <Text size="sm" fw={500}>
        {month}
      </Text>
      <div className={classes['lines']}>
        {lines.map(({ id, name, mau, color, marker }) => (
          <div key={id} className={classes['line']}>
            <LineSign color={color} marker={marker} isHollow={isInProgress} />
            <div className={classes['name']}>{name}</div>
            <div>{mau === null ? '–' : format.number(mau)}</div>
          </div>
        ))}
        {levels.map(({ id, label, mau }) => (
          <div key={id} className={classes['line']}>
            <span />
            <div className={classes['name']}>{label}</div>
            <div>{mau === null ? '–' : format.number(mau)}</div>
          </div>
        ))}
      </div>
    </Paper>
  );
}
