import { Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { browserSupportsWebAuthn } from '@simplewebauthn/browser';
import { useQuery } from '@tanstack/react-query';
import { listPasskeysOptions, removePasskeyMutation } from '../client/@tanstack/react-query.gen.ts';
import type { Passkey } from '../client/types.gen.ts';
import { useText } from '../text/language.tsx';
import { useFormat } from '../text/use-format.ts';
import { Block } from '../ui/block.tsx';
import { confirm } from '../ui/confirmation.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { openDialog } from '../ui/open-dialog.tsx';
import { Page } from '../ui/page/page.tsx';
import { ReasonedButton } from '../ui/reasoned-button.tsx';
import { RowActions } from '../ui/table/row-actions.tsx';
import { TextCell } from '../ui/table/text-cell.tsx';
import { WideTable } from '../ui/table/wide-table.tsx';
import { AddPasskeyForm } from './add-passkey-form.tsx';
import { RenamePasskeyForm } from './rename-passkey-form.tsx';
import { texts } from './texts.ts';
import { usePasskeysChanged } from './use-passkeys-changed.ts';

/** The maximum number of passkeys of an administrator. */
const MAX = 20;

/** Lists the passkeys of the person who is signed in. */
export default function PasskeysPage() {
  const text = useText(texts).passkeys;
  const passkeys = useQuery(listPasskeysOptions());
  const [isAdding, { open, close }] = useDisclosure();
  const reasonFor = (count: number) => {
    if (!browserSupportsWebAuthn()) return text.notSupported;
    return count >= MAX ? text.full(MAX) : null;
  };
  return (
    <Page title={text.title}>
      <Block
        title={text.yours}
        query={passkeys}
        action={({ items }) => (
          <ReasonedButton size="xs" reason={reasonFor(items.length)} onClick={open}>
            {text.add}
          </ReasonedButton>
        )}
      >
        {({ items }) => (
          <>
            <Text>{items.length === 0 ? text.empty : text.explanation}</Text>
            {items.length > 0 && <PasskeysTable passkeys={items} />}
          </>
        )}
      </Block>
      <Dialog opened={isAdding} onClose={close} title={text.add}>
        <AddPasskeyForm onDone={close} />
      </Dialog>
    </Page>
  );
}

function PasskeysTable({ passkeys }: { readonly passkeys: readonly Passkey[] }) {
  const text = useText(texts).passkeys;
  const format = useFormat();
  const passkeysChanged = usePasskeysChanged();
  return (
    <WideTable minWidth={720} name={{ 'aria-label': text.yours }}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{text.name}</Table.Th>
          <Table.Th>{text.created}</Table.Th>
          <Table.Th>{text.lastUsed}</Table.Th>
          <Table.Th ta="end">{text.actions}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {passkeys.map((passkey) => (
          <Table.Tr key={passkey.id}>
            <TextCell>{passkey.name}</TextCell>
            <Table.Td>{format.dateTime(passkey.createdAt)}</Table.Td>
            <Table.Td>{passkey.lastUsedAt === null ? text.never : format.dateTime(passkey.lastUsedAt)}</Table.Td>
            <Table.Td>
              <RowActions
                of={passkey.name}
                actions={[
                  {
                    label: text.rename,
                    onClick: () => {
                      openDialog(text.renameTitle, (close) => <RenamePasskeyForm passkey={passkey} onDone={close} />);
                    },
                  },
                  {
                    label: text.remove,
                    reason: passkeys.length === 1 ? text.last : null,
                    onClick: () => {
                      confirm(text.removeTitle(passkey.name), {
                        consequences: <Text size="sm">{text.removeConsequences}</Text>,
                        label: text.remove,
                        mutation: removePasskeyMutation(),
                        variables: { path: { id: passkey.id } },
                        says: { forbidden: text.last },
                        message: text.removed(passkey.name),
                        removes: true,
                        onSaved: passkeysChanged,
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
  );
}
