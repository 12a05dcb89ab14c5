import { Table, Text } from '@mantine/core';
import { deleteApiKeyMutation } from '../../client/@tanstack/react-query.gen.ts';
import type { ApiKey } from '../../client/types.gen.ts';
import { useTimeZone } from '../../customer/use-customer.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';
import { Block } from '../../ui/block.tsx';
import { confirm } from '../../ui/confirmation.tsx';
import { RowActions } from '../../ui/table/row-actions.tsx';
import { TextCell } from '../../ui/table/text-cell.tsx';
import { WideTable } from '../../ui/table/wide-table.tsx';
import { apiKeyTypeTexts } from './api-key-type-texts.ts';
import { CreateApiKeyButton } from './create-api-key-button.tsx';
import { useApiKeys, useApiKeysChanged } from './use-api-keys.ts';
import { LicenseRefusal } from '../license-refusal.tsx';
import { useLicenseRefusal } from '../use-license-refusal.ts';

const texts = {
  en: {
    title: 'API keys',
    empty:
      'This RP has no API key yet. The RP’s server needs an API key to call the service. Create a key and store it on the server.',
    name: 'Name',
    type: 'Type',
    begins: 'Begins with, or ID',
    created: 'Created',
    by: (name: string) => `by ${name}`,
    byUnknown: 'by a removed administrator, or unknown',
    count: (count: string, max: string) => `${count} of at most ${max} API keys`,
    lastUsed: 'Last used',
    never: 'Never',
    hourly: 'The last use is updated at most once an hour.',
    actions: 'Actions',
    delete: 'Delete',
    deleteTitle: (name: string) => `Delete the API key ${name}?`,
    consequences: 'Within 10 seconds, the service refuses servers that use this key. This cannot be undone.',
    begun:
      'Sign-ins that the RP’s server began with this key fail. To avoid this, delete it 10 minutes after its last use.',
    deleted: (name: string) => `API key ${name} deleted`,
  },
  ja: {
    title: 'APIキー',
    empty:
      'APIキーはまだありません。RPのサーバーがサービスを呼び出すために必要です。作成して、サーバーに保存してください。',
    name: '名前',
    type: '種類',
    begins: '先頭部分またはID',
    created: '作成日時',
    by: (name: string) => `作成者：${name}`,
    byUnknown: '作成者：削除済みまたは不明',
    count: (count: string, max: string) => `APIキー ${count}個（最大${max}個）`,
    lastUsed: '最終使用',
    never: '未使用',
    hourly: '最終使用の記録は、最大で1時間に1回更新されます。',
    actions: '操作',
    delete: '削除',
    deleteTitle: (name: string) => `APIキー「${name}」を削除しますか？`,
    consequences: 'このキーを使用しているサーバーは、10秒以内にアクセスできなくなります。この操作は取り消せません。',
    begun:
      'RPのサーバーがこのキーで開始したサインインは失敗します。避けるには、最後の使用から10分後に削除してください。',
    deleted: (name: string) => `APIキー「${name}」を削除しました`,
  },
} satisfies Texts<object>;

export function ApiKeysBlock({ rp }: { readonly rp: string }) {
  const text = useText(texts);
  const format = useFormat();
  const apiKeys = useApiKeys(rp);
  const { reason } = useLicenseRefusal('api-key');
  return (
    <>
      <Block title={text.title} query={apiKeys} action={() => <CreateApiKeyButton rp={rp} />}>
        {({ items, maximum }) => (
          <>
            {reason !== null && <LicenseRefusal reason={reason} />}
            {items.length === 0 ? (
              <Text>{text.empty}</Text>
            ) : (
              <>
                <Text size="sm">{text.count(format.number(items.length), format.number(maximum))}</Text>
                <ApiKeysTable rp={rp} apiKeys={items} />
              </>
            )}
          </>
        )}
      </Block>
    </>
  );
}

function ApiKeysTable({ rp, apiKeys }: { readonly rp: string; readonly apiKeys: readonly ApiKey[] }) {
  const text = useText(texts);
  const format = useFormat();
  const timeZone = useTimeZone();
  const nameOfType = useText(apiKeyTypeTexts);
  const apiKeysChanged = useApiKeysChanged(rp);
  const newestFirst = apiKeys.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
  return (
    <>
      <WideTable minWidth={960} name={{ 'aria-label': text.title }}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{text.name}</Table.Th>
            <Table.Th>{text.type}</Table.Th>
            <Table.Th>{text.begins}</Table.Th>
            <Table.Th>{text.created}</Table.Th>
            <Table.Th>{text.lastUsed}</Table.Th>
            <Table.Th ta="end">{text.actions}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {newestFirst.map(({ keyId, name, type, createdAt, createdBy, lastUsedAt }) => (
            <Table.Tr key={keyId}>
              <TextCell>{name}</TextCell>
              <Table.Td>{nameOfType[type]}</Table.Td>
              <Table.Td>
                <code>{type === 'bearer' ? keyId.replace('key_', 'fido2_') : keyId}</code>
              </Table.Td>
              <TextCell>
                {format.dateTime(createdAt, timeZone)}
                <Text size="xs">{createdBy ? text.by(createdBy.name) : text.byUnknown}</Text>
              </TextCell>
              <Table.Td>{lastUsedAt === null ? text.never : format.dateTime(lastUsedAt, timeZone)}</Table.Td>
              <Table.Td>
                <RowActions
                  of={name}
                  actions={[
                    {
                      label: text.delete,
                      onClick: () => {
                        confirm(text.deleteTitle(name), {
                          consequences: (
                            <>
                              <Text size="sm">{text.consequences}</Text>
                              <Text size="sm">{text.begun}</Text>
                            </>
                          ),
                          label: text.delete,
                          mutation: deleteApiKeyMutation(),
                          variables: { path: { id: rp, keyId } },
                          message: text.deleted(name),
                          removes: true,
                          onSaved: () => {
                            apiKeysChanged((present) => present.filter((apiKey) => apiKey.keyId !== keyId));
                          },
                        });
                      },
                    },
                  ]}
                />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </WideTable>
      <Text size="sm" c="dimmed">
        {text.hourly}
      </Text>
    </>
  );
}
