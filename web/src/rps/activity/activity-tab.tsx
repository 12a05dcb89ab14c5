import { Anchor, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getActivityOptions } from '../../client/@tanstack/react-query.gen.ts';
import type { RefusedCeremony } from '../../client/types.gen.ts';
import { useTimeZone } from '../../customer/use-customer.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { Block } from '../../ui/block.tsx';
import { TextCell } from '../../ui/table/text-cell.tsx';
import { WideTable } from '../../ui/table/wide-table.tsx';
import { useApiKeys } from '../api-keys/use-api-keys.ts';
import type { RpTabProps } from '../rp-tabs.tsx';
import { useAdvice } from './advice.ts';

const texts = {
  en: {
    title: 'Refused ceremonies',
    refresh: 'Refresh',
    explanation:
      'The latest 100 registrations and sign-ins that the service refused in the last 7 days. Of several refusals within a second, the list may contain only one. Requests with a wrong API key are not listed. The list contains nothing that identifies a user.',
    empty: 'No registration and no sign-in was refused in the last 7 days.',
    ceremony: 'Ceremony',
    registration: 'Registration',
    authentication: 'Sign-in',
    problem: 'Problem',
    step: (step: string) => `Step: ${step}`,
    advice: 'Next step',
    request: 'API key and request ID',
  },
  ja: {
    title: '拒否された登録とサインイン',
    refresh: '更新',
    explanation:
      '直近7日間に拒否された登録とサインインです（最新の100件まで）。1秒以内に複数回拒否された場合は、1件だけ表示されることがあります。APIキーが誤っているリクエストは表示されません。ユーザーを特定する情報は含まれません。',
    empty: '直近7日間に拒否された登録・サインインはありません。',
    ceremony: '種類と日時',
    registration: '登録',
    authentication: 'サインイン',
    problem: '問題',
    step: (step: string) => `段階：${step}`,
    advice: '対処方法',
    request: 'APIキーとリクエストID',
  },
} satisfies Texts<object>;

/** Shows the last refusals of the RP's ceremonies, each with what the RP's developer can do. */
export default function ActivityTab({ id }: RpTabProps) {
  const text = useText(texts);
  const activity = useQuery(getActivityOptions({ path: { id } }));
  return (
    <Block
      title={text.title}
      query={activity}
      action={() => (
        <ActionButton
          size="xs"
          variant="default"
          loading={activity.isFetching}
          onClick={() => {
            void activity.refetch();
          }}
        >
          {text.refresh}
        </ActionButton>
      )}
    >
      {({ items }) => (
        <>
          <Text size="sm">{text.explanation}</Text>
          {items.length === 0 ? <Text>{text.empty}</Text> : <RefusalsTable rp={id} refusals={items} />}
        </>
      )}
    </Block>
  );
}

function RefusalsTable({ rp, refusals }: { readonly rp: string; readonly refusals: readonly RefusedCeremony[] }) {
  const text = useText(texts);
  const format = useFormat();
  const timeZone = useTimeZone();
  const adviceOn = useAdvice();
  const nameOf = new Map(useApiKeys(rp).data?.items.map(({ keyId, name }) => [keyId, name]));
  return (
    <WideTable minWidth={820} name={{ 'aria-label': text.title }} verticalSpacing="sm">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{text.ceremony}</Table.Th>
          <Table.Th>{text.problem}</Table.Th>
          <Table.Th>{text.advice}</Table.Th>
          <Table.Th>{text.request}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {refusals.map(({ at, kind, code, step, detail, keyId, requestId }) => (
          <Table.Tr key={requestId} style={{ verticalAlign: 'top' }}>
            <Table.Td style={{ minWidth: '7.5rem' }}>
              <Text size="sm">{text[kind]}</Text>
              <Text size="xs">{format.dateTime(at, timeZone)}</Text>
            </Table.Td>
            <Table.Td>
              <Anchor href={`/problems/${code}`} target="_blank" size="sm" ff="monospace">
                {code}
              </Anchor>
              {step !== null && <Text size="xs">{text.step(step)}</Text>}
            </Table.Td>
            <Table.Td style={{ minWidth: '20rem' }}>
              <Text size="sm">{adviceOn({ code, step })}</Text>
              <Text size="xs" c="dimmed" lang="en" style={{ overflowWrap: 'anywhere' }}>
                {detail}
              </Text>
            </Table.Td>
            <TextCell>
              <Text size="sm">{nameOf.get(keyId) ?? keyId}</Text>
              <Text size="xs" ff="monospace">
                {requestId}
              </Text>
            </TextCell>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  );
}
