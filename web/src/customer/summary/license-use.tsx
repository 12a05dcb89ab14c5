import { Badge, Stack, Text } from '@mantine/core';
import type { CustomerView } from '../../client/types.gen.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';
import { UsageBar } from '../license/usage-bar.tsx';

const texts = {
  en: {
    mau: (month: string) => `MAU in ${month} so far`,
    ofMaximum: 'Of the maximum MAU',
    users: 'Registered users',
    fee: (fee: string) => `Overage fee so far: ${fee}`,
    noFee: 'No overage fee so far',
    states: {
      within: 'Within the maximum',
      near: 'Near the maximum',
      reached: 'Maximum reached',
      above: 'Above the maximum',
    },
  },
  ja: {
    mau: (month: string) => `${month}のMAU（現時点）`,
    ofMaximum: 'MAUの上限に対する割合',
    users: '登録済みのユーザー',
    fee: (fee: string) => `超過分の料金（現時点）：${fee}`,
    noFee: '超過分の料金はありません',
    states: { within: '上限内', near: '上限に近づいています', reached: '上限に達しています', above: '上限を超過' },
  },
} satisfies Texts<object>;

/** From this share of the maximum on, the summary warns. */
const NEAR = 0.8;
const colors = { within: 'green', near: 'yellow', reached: 'red', above: 'red' } as const;

interface LicenseUseProps {
  readonly view: CustomerView;
}

/** Says how the use of the license compares with its maximum: MAU, or registered users of a Free license. */
export function LicenseUseBadge({ view: { license } }: LicenseUseProps) {
  const text = useText(texts);
  const [value, max] =
    license.type === 'free'
      ? [license.registeredUsers, license.maxRegisteredUsers]
      : [license.mauThisMonth, license.maxMau];
  const state = stateOf(value, max);
  return (
    <Badge color={colors[state]} variant="light" tt="none" size="lg">
      {text.states[state]}
    </Badge>
  );
}

function stateOf(value: number, max: number): keyof typeof colors {
  if (value > max) return 'above';
  if (value === max) return 'reached';
  return value >= NEAR * max ? 'near' : 'within';
}

/** Shows the MAU of this month, how much of the license's maximum is used, and the overage fee so far. */
export function LicenseUse({ view: { license, month } }: LicenseUseProps) {
  const text = useText(texts);
  const format = useFormat();
  return (
    <Stack gap="xs">
      <Stack gap={0}>
        <Text size="sm">{text.mau(format.month(month.month))}</Text>
        <Text component="strong" fz="2.25rem" fw={700} lh={1.2}>
          {format.number(license.mauThisMonth)}
        </Text>
      </Stack>
      {license.type === 'free' ? (
        <UsageBar label={text.users} value={license.registeredUsers} max={license.maxRegisteredUsers} />
      ) : (
        <>
          <UsageBar label={text.ofMaximum} value={license.mauThisMonth} max={license.maxMau} withPercentage />
          <Text size="sm" fw={license.overageMau > 0 ? 600 : 400}>
            {license.overageMau > 0 ? text.fee(format.money(license.overageFee)) : text.noFee}
          </Text>
        </>
      )}
    </Stack>
  );
}
