import { Anchor, Stack, Table, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'wouter';
import type { Rp } from '../client/types.gen.ts';
import { useTimeZone } from '../customer/use-customer.ts';
import { useText, type Texts } from '../text/language.tsx';
import { useFormat } from '../text/use-format.ts';
import { Failure } from '../ui/page/failure.tsx';
import { TextCell } from '../ui/table/text-cell.tsx';
import { WideTable } from '../ui/table/wide-table.tsx';
import { useMauThisMonth } from './use-rps.ts';

/** The table has a search field if the customer has at least this many RPs. */
const MANY = 10;

const texts = {
  en: {
    table: 'RPs',
    find: 'Find an RP by name or RP ID',
    none: 'No RP matches this name or RP ID.',
    name: 'Name',
    rpId: 'RP ID',
    users: 'Registered users',
    mau: 'MAU this month',
    mauOf: (month: string) => `MAU of ${month} so far`,
    registered: 'Registered',
  },
  ja: {
    table: 'RP',
    find: 'RPを名前またはRP IDで検索',
    none: '名前またはRP IDが一致するRPはありません。',
    name: '名前',
    rpId: 'RP ID',
    users: '登録済みのユーザー',
    mau: '今月のMAU',
    mauOf: (month: string) => `${month}のMAU（現時点）`,
    registered: '登録日',
  },
} satisfies Texts<object>;

/**
 * Lists the RPs, sorted by name. The MAU come from a separate request. If this request fails, the table still shows
 * everything else.
 */
export function RpsTable({ rps }: { readonly rps: readonly Rp[] }) {
  const text = useText(texts);
  const format = useFormat();
  const timeZone = useTimeZone();
  const mau = useMauThisMonth();
  const [sought, setSought] = useState('');
  const shown = rps
    .filter(({ name, rpId }) => `${name}\n${rpId}`.toLowerCase().includes(sought.trim().toLowerCase()))
    .sort((a, b) => format.compare(a.name, b.name) || format.compare(a.rpId, b.rpId));
  const mauOf = (id: string) => mau.data?.byRp.get(id);
  return (
    <Stack gap="md">
      {rps.length >= MANY && (
        <TextInput
          type="search"
          label={text.find}
          maw={400}
          value={sought}
          onChange={({ currentTarget }) => {
            setSought(currentTarget.value);
          }}
          inputWrapperOrder={['label', 'input', 'description']}
          description={<span role="status">{shown.length === 0 && text.none}</span>}
        />
      )}
      <WideTable minWidth={720} name={{ 'aria-label': text.table }}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{text.name}</Table.Th>
            <Table.Th>{text.rpId}</Table.Th>
            <Table.Th ta="end">{text.users}</Table.Th>
            <Table.Th ta="end">{mau.data ? text.mauOf(format.month(mau.data.month)) : text.mau}</Table.Th>
            <Table.Th>{text.registered}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {shown.map(({ id, name, rpId, registeredUsers, createdAt }) => (
            <Table.Tr key={id}>
              <TextCell>
                <Anchor component={Link} href={`/rps/${id}`} inherit>
                  {name}
                </Anchor>
              </TextCell>
              <TextCell>{rpId}</TextCell>
              <Table.Td ta="end">{format.number(registeredUsers)}</Table.Td>
              <Table.Td ta="end">{mauOf(id) === undefined ? '–' : format.number(mauOf(id) ?? 0)}</Table.Td>
              <Table.Td>{format.date(createdAt, timeZone)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </WideTable>
      {mau.isError && <Failure error={mau.error} onRetry={mau.refetch} />}
    </Stack>
  );
}
