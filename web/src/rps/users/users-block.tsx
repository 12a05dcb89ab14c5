import { Anchor, Badge, Table, Text } from '@mantine/core';
import { Link } from 'wouter';
import type { User } from '../../client/types.gen.ts';
import { useTimeZone } from '../../customer/use-customer.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';
import { Block } from '../../ui/block.tsx';
import { SearchForm, type SearchFormProps } from '../../ui/form/search-form.tsx';
import { TextCell } from '../../ui/table/text-cell.tsx';
import { MoreButton } from '../../ui/table/more-button.tsx';
import { WideTable } from '../../ui/table/wide-table.tsx';
import type { RpTabProps } from '../rp-tabs.tsx';
import { useUsers } from './use-users.ts';

const texts = {
  en: {
    title: 'Users',
    find: 'Find a user by user ID or user name',
    exactly: 'Enter the whole ID or name. Names are not case-sensitive.',
    search: 'Find',
    all: 'Show all users',
    registered: (users: string) => `Registered users: ${users}`,
    empty: 'No user is registered yet. Users appear here after they sign up.',
    none: 'No user of this RP has this ID or name.',
    found: (users: string) => `Users found: ${users}`,
    userId: 'User ID',
    userName: 'User name',
    displayName: 'Display name',
    credentials: 'Credentials',
    enabledOf: (enabled: string, total: string) => `${enabled} of ${total} enabled`,
    registeredAt: 'Registered',
    status: 'Status',
    enabled: 'Enabled',
    disabled: 'Disabled',
    more: 'Show more users',
  },
  ja: {
    title: 'ユーザー',
    find: 'ユーザーIDまたはユーザー名で検索',
    exactly: 'IDまたは名前の全体を入力してください。名前の大文字と小文字は区別しません。',
    search: '検索',
    all: 'すべてのユーザーを表示',
    registered: (users: string) => `登録済みのユーザー：${users}人`,
    empty: '登録済みのユーザーはまだいません。ユーザーが登録すると、ここに表示されます。',
    none: 'このIDまたは名前のユーザーはいません。',
    found: (users: string) => `見つかったユーザー：${users}人`,
    userId: 'ユーザーID',
    userName: 'ユーザー名',
    displayName: '表示名',
    credentials: 'クレデンシャル',
    enabledOf: (enabled: string, total: string) => `${total}個中${enabled}個が有効`,
    registeredAt: '登録日',
    status: '状態',
    enabled: '有効',
    disabled: '無効',
    more: 'さらに表示',
  },
} satisfies Texts<object>;

/** The text that the person looks for is a user ID or a user name. */
export interface UsersBlockProps extends RpTabProps, Pick<SearchFormProps, 'sought' | 'onFind'> {
  /** Returns the address of a user. */
  readonly addressOf: (userId: string) => string;
}

/** Lists the users of an RP, or those with the sought ID or name. */
export function UsersBlock({ id, rp, sought, onFind, addressOf }: UsersBlockProps) {
  const text = useText(texts);
  const format = useFormat();
  const users = useUsers(id, sought);
  const says = ({ length }: readonly User[]) => {
    if (sought === '') {
      return length === 0 ? text.empty : rp.data && text.registered(format.number(rp.data.registeredUsers));
    }
    if (length === 0) return text.none;
    return !users.hasNextPage && text.found(format.number(length));
  };
  return (
    <>
      <SearchForm
        maxLength={200}
        label={text.find}
        description={text.exactly}
        search={text.search}
        all={text.all}
        sought={sought}
        onFind={onFind}
      />
      <Block title={text.title} query={users}>
        {(all) => (
          <>
            <Text role="status">{says(all)}</Text>
            {all.length > 0 && <UsersTable users={all} addressOf={addressOf} />}
            <MoreButton query={users} label={text.more} />
          </>
        )}
      </Block>
    </>
  );
}

/** Keeps short cells on one line: otherwise, Japanese text breaks after each character if names need the space. */
const oneLine = { whiteSpace: 'nowrap' } as const;

function UsersTable({ users, addressOf }: { readonly users: readonly User[] } & Pick<UsersBlockProps, 'addressOf'>) {
  const text = useText(texts);
  const format = useFormat();
  const timeZone = useTimeZone();
  return (
    <WideTable minWidth={860} name={{ 'aria-label': text.title }}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{text.userId}</Table.Th>
          <Table.Th>{text.userName}</Table.Th>
          <Table.Th>{text.displayName}</Table.Th>
          <Table.Th style={oneLine}>{text.credentials}</Table.Th>
          <Table.Th style={oneLine}>{text.registeredAt}</Table.Th>
          <Table.Th style={oneLine}>{text.status}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {users.map(({ userId, userName, displayName, credentials, registeredAt, disabled }) => (
          <Table.Tr key={userId}>
            <TextCell>
              <Anchor component={Link} href={addressOf(userId)} inherit>
                {userId}
              </Anchor>
            </TextCell>
            <TextCell>{userName}</TextCell>
            <TextCell>{displayName ?? '–'}</TextCell>
            <Table.Td style={oneLine}>
              {text.enabledOf(format.number(credentials.enabled), format.number(credentials.total))}
            </Table.Td>
            <Table.Td style={oneLine}>{format.date(registeredAt, timeZone)}</Table.Td>
            <Table.Td style={oneLine}>
              {disabled ? (
                <Badge color="red" variant="outline" miw="max-content">
                  {text.disabled}
                </Badge>
              ) : (
                text.enabled
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  );
}
