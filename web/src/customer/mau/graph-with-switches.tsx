import { Checkbox, Group, Stack } from '@mantine/core';
import { useState } from 'react';
import type { CustomerView, MauView } from '../../client/types.gen.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';
import { mauOfRp, totalMau, type MauWithGaps } from './gaps.ts';
import { Graph, type LevelStyle } from './graph.tsx';
import { totalStyle } from './line-style.tsx';
import type { useLines } from './use-lines.ts';
import { useRpName } from './use-rp-name.ts';

const texts = {
  en: {
    total: 'Total',
    maximum: "Maximum of the month's license",
    expected: 'Expected at the end of the month',
    threshold: 'Alert threshold',
    lines: 'Lines other than RPs',
  },
  ja: {
    total: '合計',
    maximum: '各月のライセンスの上限',
    expected: '月末の見込み',
    threshold: 'アラートのしきい値',
    lines: 'RP以外の線',
  },
} satisfies Texts<object>;

const levelStyles = {
  maximum: { color: 'var(--mantine-color-red-7)', dashes: '10 4' },
  threshold: { color: 'var(--mantine-color-dark-2)', dashes: '3 3' },
} satisfies Record<string, LevelStyle>;

export interface GraphWithSwitchesProps {
  /** The height of the graph, in pixels. */
  readonly height: number;
  readonly mau: MauView;
  readonly view: CustomerView;
  readonly lines: ReturnType<typeof useLines>;
}

/** Shows the graph, with checkboxes for the lines that do not belong to an RP: total, maximum and threshold. */
export function GraphWithSwitches({ height, mau, view: { mauAlert }, lines }: GraphWithSwitchesProps) {
  const text = useText(texts);
  const format = useFormat();
  const nameOf = useRpName();
  const [hidden, setHidden] = useState<readonly string[]>([]);
  const threshold = mauAlert.enabled ? mauAlert.threshold : null;
  const levels = [
    { id: 'maximum' as const, mau: mau.maxMaus },
    { id: 'threshold' as const, mau: mau.months.map(() => threshold) },
  ].flatMap((level) =>
    level.mau.every((value) => value === null) ? [] : [{ ...level, label: text[level.id], ...levelStyles[level.id] }],
  );
  const ofRps = mau.rps.flatMap((rp) => {
    const style = lines.styleOf(rp.id);
    return style ? [{ id: rp.id, name: nameOf(rp), mau: mauOfRp(mau.months, rp), isBold: false, ...style }] : [];
  });
  // The graph draws the line of the total first, and thicker than the other lines. If there is only one RP, the RP's
  // line has the same values as the line of the total, which stays visible behind the RP's line.
  const total = { id: 'total', name: text.total, mau: totalMau(mau), isBold: true, ...totalStyle };
  /** Returns the label of a line. A level has its value in the current month. */
  const labelOf = ({ label, mau: values }: { readonly label: string; readonly mau: MauWithGaps }) => {
    const now = values.at(-1) ?? null;
    return now === null ? label : `${label}: ${format.number(now)}`;
  };
  const isShown = ({ id }: { readonly id: string }) => !hidden.includes(id);
  return (
    <Stack gap="xs">
      <Graph
        height={height}
        months={mau.months}
        lines={[total, ...ofRps].filter(isShown)}
        expected={isShown(total) && mau.expectedMau ? { name: text.expected, mau: mau.expectedMau.mau } : null}
        levels={levels.filter(isShown)}
      />
      <Group role="group" aria-label={text.lines} gap="lg">
        {[{ ...totalStyle, id: 'total', label: text.total, mau: [], dashes: '' }, ...levels].map((line) => (
          <Checkbox
            key={line.id}
            size="sm"
            checked={isShown(line)}
            onChange={() => {
              setHidden(isShown(line) ? [...hidden, line.id] : hidden.filter((id) => id !== line.id));
            }}
            label={
              <Group gap={6} wrap="nowrap" component="span">
                <LineSample color={line.color} dashes={line.dashes} />
                {labelOf(line)}
              </Group>
            }
          />
        ))}
      </Group>
    </Stack>
  );
}

function LineSample({ color, dashes }: LevelStyle) {
  return (
    <svg width={24} height={12} aria-hidden>
      <line x1={0} x2={24} y1={6} y2={6} stroke={color} strokeWidth={2.5} strokeDasharray={dashes} />
    </svg>
  );
}
