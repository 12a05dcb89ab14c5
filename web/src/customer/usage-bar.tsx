import { Group, Progress, Stack, Text } from '@mantine/core';
import { useId } from 'react';
import { useText, type Texts } from '../text/language.tsx';
import { useFormat } from '../text/use-format.ts';

const texts = {
  en: {
    of: (value: string, max: string) => `${value} of ${max}`,
    withPercentage: (of: string, percentage: string) => `${of} (${percentage})`,
    above: (overage: string) => `${overage} above the maximum`,
    full: 'The maximum is reached',
  },
  ja: {
    of: (value: string, max: string) => `${value} / ${max}`,
    withPercentage: (of: string, percentage: string) => `${of}（${percentage}）`,
    above: (overage: string) => `上限を ${overage} 超過`,
    full: '上限に達しています',
  },
} satisfies Texts<object>;

export interface UsageBarProps {
  readonly label: string;
  readonly value: number;
  readonly max: number;
  /** @default - none is shown */
  readonly withPercentage?: boolean;
}

/** How much of a maximum is used, as a bar and in words. Above the maximum the bar is as long as all, the rest marked. */
export function UsageBar({ label, value, max, withPercentage = false }: UsageBarProps) {
  const text = useText(texts);
  const format = useFormat();
  const id = useId();
  const of = text.of(format.number(value), format.number(max));
  const words = withPercentage ? text.withPercentage(of, format.percent(value / max)) : of;
  const note = value > max ? text.above(format.number(value - max)) : value === max ? text.full : undefined;
  const whole = Math.max(value, max);
  return (
    <Stack gap={4}>
      <Group justify="space-between" gap="xs">
        <Text size="sm" id={id}>
          {label}
        </Text>
        <Text size="sm" fw={600}>
          {words}
        </Text>
      </Group>
      <Progress.Root
        size="lg"
        role="progressbar"
        aria-labelledby={id}
        aria-valuemin={0}
        aria-valuemax={max}
        aria-valuenow={Math.min(value, max)}
        aria-valuetext={note === undefined ? words : `${words}. ${note}`}
      >
        <Progress.Section withAria={false} value={(Math.min(value, max) / whole) * 100} />
        {value > max && (
          <Progress.Section withAria={false} value={((value - max) / whole) * 100} color="orange" striped />
        )}
      </Progress.Root>
      {note !== undefined && (
        <Text size="sm" c="dimmed">
          {note}
        </Text>
      )}
    </Stack>
  );
}
