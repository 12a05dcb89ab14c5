import { Badge, Group, Stack, Text } from '@mantine/core';
import type { CustomerView } from '../../client/types.gen.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';

const texts = {
  en: {
    mau: (month: string) => `MAU in ${month}`,
    inProgress: 'In progress',
    ends: (time: string) => `The month ends on ${time}.`,
  },
  ja: {
    mau: (month: string) => `${month}のMAU`,
    inProgress: '集計中',
    ends: (time: string) => `この月は ${time} に終わります。`,
  },
} satisfies Texts<object>;

/** Shows the MAU of this month so far, whichever type of license the customer has. */
export function ThisMonth({ view: { license, month } }: { readonly view: CustomerView }) {
  const text = useText(texts);
  const format = useFormat();
  return (
    <Stack gap={0}>
      <Text size="sm">{text.mau(format.month(month.month))}</Text>
      <Group gap="sm">
        <Text component="strong" fz="2.5rem" fw={700} lh={1.2}>
          {format.number(license.mauThisMonth)}
        </Text>
        <Badge variant="default" tt="none">
          {text.inProgress}
        </Badge>
      </Group>
      <Text size="sm">{text.ends(format.dateTime(month.endsAt, month.timeZone))}</Text>
    </Stack>
  );
}
