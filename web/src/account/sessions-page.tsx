import { Badge, Button, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { allPages } from '../api/all-pages.ts';
import { deleteSessionsMutation, listSessionsQueryKey } from '../client/@tanstack/react-query.gen.ts';
import { listSessions } from '../client/sdk.gen.ts';
import type { Session } from '../client/types.gen.ts';
import { useSessionEnded } from '../session/use-session.ts';
import { useText } from '../text/language.tsx';
import { useFormat } from '../text/use-format.ts';
import { Block } from '../ui/block.tsx';
import { confirm } from '../ui/confirmation.tsx';
import { Page } from '../ui/page/page.tsx';
import { TextCell } from '../ui/table/text-cell.tsx';
import { WideTable } from '../ui/table/wide-table.tsx';
import { texts } from './texts.ts';

/** Lists the sessions of the person who is signed in, and lets the person end all of them. */
export default function SessionsPage() {
  const text = useText(texts).sessions;
  const sessionEnded = useSessionEnded();
  const [, navigate] = useLocation();
  const sessions = useQuery({
    queryKey: [...listSessionsQueryKey(), 'all'],
    queryFn: ({ signal }) => allPages((query) => listSessions({ query, signal, throwOnError: true })),
  });
  const signOutEverywhere = () => {
    confirm(text.signOutTitle, {
      consequences: <Text size="sm">{text.consequences}</Text>,
      label: text.signOutEverywhere,
      mutation: deleteSessionsMutation(),
      variables: {},
      message: text.signedOut,
      onSaved: () => {
        navigate('/sign-in');
        sessionEnded();
      },
    });
  };
  return (
    <Page title={text.title}>
      <Block
        title={text.yours}
        query={sessions}
        action={() => (
          <Button size="xs" variant="outline" color="red" onClick={signOutEverywhere}>
            {text.signOutEverywhere}
          </Button>
        )}
      >
        {(items) => (
          <>
            <Text>{text.explanation}</Text>
            <SessionsTable sessions={items} />
          </>
        )}
      </Block>
    </Page>
  );
}

/** Shows the sessions, the latest sign-in first. */
function SessionsTable({ sessions }: { readonly sessions: readonly Session[] }) {
  const text = useText(texts).sessions;
  const format = useFormat();
  const latestFirst = sessions.toSorted((a, b) => Date.parse(b.signedInAt) - Date.parse(a.signedInAt));
  return (
    <WideTable minWidth={820} name={{ 'aria-label': text.yours }}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{text.method}</Table.Th>
          <Table.Th>{text.ipAddress}</Table.Th>
          <Table.Th>{text.signedInAt}</Table.Th>
          <Table.Th>{text.lastUsedAt}</Table.Th>
          <Table.Th>{text.expiresAt}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {latestFirst.map(({ id, method, passkeyName = '', current, ipAddress, ...times }) => (
          <Table.Tr key={id}>
            <TextCell>
              {method === 'passkey' ? text.methods.passkey(passkeyName) : text.methods[method]}{' '}
              {current && <Badge variant="default">{text.current}</Badge>}
            </TextCell>
            <TextCell>{ipAddress}</TextCell>
            <Table.Td>{format.dateTime(times.signedInAt)}</Table.Td>
            <Table.Td>{format.dateTime(times.lastUsedAt)}</Table.Td>
            <Table.Td>{format.dateTime(times.expiresAt)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  );
}
