import { Badge, Group, Table, Text } from '@mantine/core';
import { useState } from 'react';
import {
  removeAdministratorMutation,
  sendActivationLinkMutation,
  undoRecoveryMutation,
} from '../client/@tanstack/react-query.gen.ts';
import type { Administrator } from '../client/types.gen.ts';
import { useSession } from '../session/use-session.ts';
import { useText } from '../text/language.tsx';
import { useFormat } from '../text/use-format.ts';
import { confirm } from '../ui/confirmation.tsx';
import { openDialog } from '../ui/open-dialog.tsx';
import { RowActions } from '../ui/table/row-actions.tsx';
import { TextCell } from '../ui/table/text-cell.tsx';
import { WideTable } from '../ui/table/wide-table.tsx';
import { EditAdministratorForm } from './edit-administrator-form.tsx';
import { texts } from './texts.ts';
import { useAdministratorsChanged } from './use-administrators-changed.ts';

export interface AdministratorsTableProps {
  readonly administrators: readonly Administrator[];
  /** The administrator who is signed in. */
  readonly me: Administrator;
}

/**
 * Lists the administrators, sorted by name, with the actions for each administrator. A disabled action shows why it is
 * disabled.
 */
export function AdministratorsTable({ administrators, me }: AdministratorsTableProps) {
  const text = useText(texts);
  const format = useFormat();
  const byName = administrators.toSorted((a, b) => format.compare(a.name, b.name) || format.compare(a.email, b.email));
  return (
    <WideTable minWidth={880} name={{ 'aria-label': text.all }}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{text.name}</Table.Th>
          <Table.Th>{text.email}</Table.Th>
          <Table.Th>{text.privilege}</Table.Th>
          <Table.Th>{text.status}</Table.Th>
          <Table.Th>{text.added}</Table.Th>
          <Table.Th ta="end">{text.actions}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {byName.map((administrator) => (
          <AdministratorRow key={administrator.id} administrator={administrator} me={me} />
        ))}
      </Table.Tbody>
    </WideTable>
  );
}

function AdministratorRow({
  administrator,
  me,
}: {
  readonly administrator: Administrator;
  readonly me: Administrator;
}) {
  const text = useText(texts);
  const format = useFormat();
  const { name, email, privilege, representative, createdAt, recoveryHoldUntil } = administrator;
  const isMe = administrator.id === me.id;
  return (
    <Table.Tr>
      <TextCell>
        {name}
        <Group gap={4}>
          {representative && <Badge variant="default">{text.representative}</Badge>}
          {isMe && <Badge variant="default">{text.you}</Badge>}
        </Group>
        {recoveryHoldUntil !== null && <Text size="sm">{text.hold(format.dateTime(recoveryHoldUntil))}</Text>}
      </TextCell>
      <TextCell>{email}</TextCell>
      <Table.Td>{text.privileges[privilege]}</Table.Td>
      <Table.Td>
        <Status administrator={administrator} />
      </Table.Td>
      <Table.Td>{format.date(createdAt)}</Table.Td>
      <Table.Td>
        <Actions administrator={administrator} me={me} />
      </Table.Td>
    </Table.Tr>
  );
}

/** Shows whether the administrator is active or invited, and when the invitation expires or that it has expired. */
function Status({ administrator: { status, invitationExpiresAt } }: { readonly administrator: Administrator }) {
  const text = useText(texts);
  const format = useFormat();
  const [openedAt] = useState(Date.now);
  if (invitationExpiresAt === null) return text.statuses[status];
  return Date.parse(invitationExpiresAt) <= openedAt
    ? text.invitationExpired
    : text.invitedUntil(format.date(invitationExpiresAt));
}

function Actions({ administrator, me }: { readonly administrator: Administrator; readonly me: Administrator }) {
  const text = useText(texts);
  const administratorsChanged = useAdministratorsChanged();
  const byOlderPasskey = useSession().data?.byOlderPasskey;
  const { id, name, email, status, representative, recoveryHoldUntil } = administrator;
  const reason = me.privilege === 'privileged' ? null : text.onlyPrivileged;
  const removalReason = () => {
    if (reason !== null) return reason;
    if (representative) return text.notRepresentative;
    return isMe ? text.notYourself : null;
  };
  const isMe = id === me.id;
  const variables = { path: { id } };
  const sendAgain = {
    label: text.activate,
    reason,
    onClick: () => {
      confirm(text.activateTitle, {
        consequences: <Text size="sm">{text.activateConsequences(email)}</Text>,
        label: text.activate,
        color: 'blue',
        mutation: sendActivationLinkMutation(),
        variables,
        says: { 'already-exists': text.alreadyActive },
        message: text.activated,
        onSaved: administratorsChanged,
      });
    },
  };
  const edit = {
    label: text.edit,
    reason,
    onClick: () => {
      openDialog(text.editTitle(name), (close) => (
        <EditAdministratorForm administrator={administrator} isMe={isMe} onDone={close} />
      ));
    },
  };
  const remove = {
    label: text.remove,
    reason: removalReason(),
    onClick: () => {
      confirm(text.removeTitle(name), {
        consequences: <Text size="sm">{text.removeConsequences}</Text>,
        label: text.remove,
        mutation: removeAdministratorMutation(),
        variables,
        message: text.removed(name),
        removes: true,
        onSaved: administratorsChanged,
      });
    },
  };
  const undo = {
    label: text.undo,
    reason: reason ?? (isMe && byOlderPasskey === false ? text.undoOwn : null),
    onClick: () => {
      confirm(text.undoTitle(name), {
        consequences: <Text size="sm">{isMe ? text.undoOwnConsequences : text.undoConsequences}</Text>,
        label: text.undo,
        mutation: undoRecoveryMutation(),
        variables,
        says: { forbidden: text.undoOwn, 'not-found': text.nothingToUndo },
        message: text.undone(name),
        // If the person undid their own recovery, this session has ended, and the console shows the sign-in page.
        onSaved: administratorsChanged,
      });
    },
  };
  const actions = [
    ...(recoveryHoldUntil === null ? [] : [undo]),
    ...(status === 'provisional' ? [sendAgain] : []),
    edit,
    remove,
  ];
  return <RowActions of={name} actions={actions} />;
}
