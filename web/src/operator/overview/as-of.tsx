import { Alert, Text } from '@mantine/core';
import { useText, type Texts } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';
import { useServiceTimeZone } from './use-overview.ts';

const texts = {
  en: {
    none: 'The first summary is ready within an hour.',
    hourly: (time: string) => `As of ${time}. Updated at least every hour.`,
    present: (time: string) => `As of ${time}.`,
  },
  ja: {
    none: '最初の集計は1時間以内に表示されます。',
    hourly: (time: string) => `${time} 現在。1時間に1回以上更新されます。`,
    present: (time: string) => `${time} 現在。`,
  },
} satisfies Texts<object>;

export interface AsOfProps {
  /** The time to which the data belongs, or null before the first summary. */
  readonly asOf: string | null;
  /** Whether the data is not from the summary but from the moment of the request. @default false */
  readonly isPresent?: boolean;
}

/** Says to which time the data belongs. */
export function AsOf({ asOf, isPresent = false }: AsOfProps) {
  const text = useText(texts);
  const format = useFormat();
  const timeZone = useServiceTimeZone();
  if (asOf === null) return <Alert role="status">{text.none}</Alert>;
  const time = format.dateTime(asOf, timeZone);
  return (
    <Text size="sm" c="dimmed">
      {isPresent ? text.present(time) : text.hourly(time)}
    </Text>
  );
}
