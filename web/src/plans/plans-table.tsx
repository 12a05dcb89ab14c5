import { Badge, Group, Stack, Table, Text } from '@mantine/core';
import type { Plan } from '../client/types.gen.ts';
import { useText, type Texts } from '../text/language.tsx';
import { useFormat } from '../text/use-format.ts';
import { Failure } from '../ui/page/failure.tsx';
import { Loading } from '../ui/page/loading.tsx';
import { WideTable } from '../ui/table/wide-table.tsx';
import { OperatorContact } from './operator-contact.tsx';
import { planNames } from './plan-names.ts';
import { usePlans } from './use-plans.ts';

interface PlanTexts {
  readonly table: string;
  readonly plan: string;
  readonly own: string;
  readonly forWhom: string;
  readonly rps: string;
  readonly users: string;
  readonly mau: string;
  readonly fee: string;
  readonly noMaximum: string;
  readonly noFee: string;
  readonly aboveMaximum: string;
  readonly mayDiffer: string;
  readonly toChange: string;
  /**
   * The translations of the English texts in the default catalogue of plans. If the operator changes a text of the
   * catalogue, the changed text has no translation, so the console shows it untranslated.
   */
  readonly translations: Readonly<Record<string, string>>;
}

const texts: Texts<PlanTexts> = {
  en: {
    table: 'Plans',
    plan: 'Plan',
    own: 'yours',
    forWhom: 'Suitable for',
    rps: 'Maximum RPs',
    users: 'Maximum registered users',
    mau: 'MAU included',
    fee: 'Fee for each additional MAU',
    noMaximum: 'no maximum',
    noFee: 'none',
    aboveMaximum: 'Additional MAU are charged, never refused.',
    mayDiffer: 'If you have agreed on other maxima with us, the maxima of your license apply.',
    toChange: 'To change your plan, contact us.',
    translations: {},
  },
  ja: {
    table: 'プラン一覧',
    plan: 'プラン',
    own: 'ご契約中',
    forWhom: '対象',
    rps: 'RPの上限',
    users: '登録ユーザーの上限',
    mau: '含まれるMAU',
    fee: '超過1 MAUあたりの料金',
    noMaximum: '上限なし',
    noFee: 'なし',
    aboveMaximum: '含まれる数を超えたMAUは課金されますが、拒否されることはありません。',
    mayDiffer: 'サービスの運営者と別の上限を取り決めている場合は、ご契約中のライセンスの値が適用されます。',
    toChange: 'プランを変更するには、サービスの運営者にご連絡ください。',
    translations: {
      'Trying it out: one website or app with few users': 'お試し用：少人数のウェブサイトまたはアプリ1つ',
      'One product in production': '本番運用の製品1つ',
      'Several products, or one with many users': '複数の製品、またはユーザーの多い製品',
      'Large organisations': '大規模な組織',
    },
  },
};

/** Lists every plan of the catalogue with its purpose, limits and fee. */
export default function PlansTable({ own }: { readonly own?: Plan['type'] | undefined }) {
  const text = useText(texts);
  const format = useFormat();
  const { data, error, isError, refetch } = usePlans();
  if (!data) return isError ? <Failure error={error} onRetry={refetch} /> : <Loading />;
  const maximum = (value: number | null) => (value === null ? text.noMaximum : format.number(value));
  return (
    <Stack gap="sm">
      <WideTable minWidth={620} name={{ 'aria-label': text.table }}>
        <Table.Thead>
          <Table.Tr>
            {[text.plan, text.forWhom, text.rps, text.users, text.mau, text.fee].map((heading) => (
              <Table.Th key={heading}>{heading}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {data.items.map(({ type, forWhom, maxRegisteredRps, maxRegisteredUsers, maxMau, overageFeePerMau }) => (
            <Table.Tr key={type}>
              <Table.Th scope="row">
                <Group gap="xs">
                  {planNames[type]}
                  {type === own && (
                    <Badge variant="outline" miw="max-content">
                      {text.own}
                    </Badge>
                  )}
                </Group>
              </Table.Th>
              <Table.Td>{text.translations[forWhom] ?? forWhom}</Table.Td>
              <Table.Td>{format.number(maxRegisteredRps)}</Table.Td>
              <Table.Td>{maximum(maxRegisteredUsers)}</Table.Td>
              <Table.Td>{maximum(maxMau)}</Table.Td>
              <Table.Td>{overageFeePerMau ? format.money(overageFeePerMau) : text.noFee}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </WideTable>
      <Text size="sm">{text.aboveMaximum}</Text>
      <Text size="sm">{text.mayDiffer}</Text>
      <Text size="sm">{text.toChange}</Text>
      <OperatorContact />
    </Stack>
  );
}
