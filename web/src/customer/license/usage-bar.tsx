import { Group, Progress, Stack, Text } from '@mantine/core';
import { useId } from 'react';
import { useText, type Texts } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';

const texts = {
  en: {
    of: (value: string, max: string) => `${value} of ${max}`,
    withPercentage: (of: string, percentage: string) => `${of} (${percentage})`,
    above: (overage: string) => `${overage} above the maximum`,
    full: 'Maximum reached',
    left: (left: string) => `${left} left`,
  },
  ja: {
    of: (value: string, max: string) => `${value} / ${max}`,
    withPercentage: (of: string, percentage: string) => `${of}（${percentage}）`,
    above: (overage: string) => `上限を ${overage} 超過`,
    full: '上限に達しています',
    left: (left: string) => `上限まであと ${left}`,
  },
} satisfies Texts<object>;

/** If at least this share of the maximum is used, the bar also shows how much is left. */
const NEARLY = 0.9;

export interface UsageBarProps {
  readonly label: string;
  readonly value: number;
  readonly max: number;
  /** @default false */
  readonly withPercentage?: boolean;
}

/**
 * Shows, as a bar and in words, how much of a maximum is used. If the value is above the maximum, the whole bar
 * represents the value, and a part of the bar marks the overage.
 */
export function UsageBar({ label, value, max, withPercentage = false }: UsageBarProps) {
  const text = useText(texts);
  const format = useFormat();
  const id = useId();
  const of = text.of(format.number(value), format.number(max));
  const words = withPercentage ? text.withPercentage(of, format.percent(value / max)) : of;
  const note = () => {
    if (value > max) return text.above(format.number(value - max));
    if (value === max) return text.full;
    return value >= NEARLY * max ? text.left(format.number(max - value)) : undefined;
  };
  const noted = note();
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
        aria-valuetext={noted === undefined ? words : `${words}. ${noted}`}
      >
        <Progress.Section
          withAria={false}
          value={(Math.min(value, max) / whole) * 100}
          {...(value <= max && noted !== undefined && { color: 'orange' })}
        />
        {value > max && (
          <Progress.Section withAria={false} value={((value - max) / whole) * 100} color="orange" striped />
        )}
      </Progress.Root>
      {noted !== undefined && (
        <Text size="sm" fw={600}>
          {noted}
        </Text>
      )}
    </Stack>
  );
}
