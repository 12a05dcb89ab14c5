import { Badge, Button, Group, List, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import {
  editCredentialOfRpMutation,
  listCredentialsOfRpOptions,
  removeCredentialOfRpMutation,
} from '../../client/@tanstack/react-query.gen.ts';
import type { Credential } from '../../client/types.gen.ts';
import { useTimeZone } from '../../customer/use-customer.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';
import { Block } from '../../ui/block.tsx';
import { confirm } from '../../ui/confirmation.tsx';
import { Facts } from '../../ui/facts.tsx';
import { openDialog } from '../../ui/open-dialog.tsx';
import { useActionName } from '../../ui/use-action-name.ts';
import { RenameCredentialForm } from './rename-credential-form.tsx';
import { useCredentialsChanged } from './use-credentials-changed.ts';

const texts = {
  en: {
    title: 'Credentials',
    empty: 'The user has no credential, so the user cannot sign in with a passkey.',
    authenticator: 'Authenticator',
    unknown: 'Unknown',
    lastUsed: 'Last used',
    never: 'Never',
    created: 'Registered',
    backedUp: 'Backed up',
    yes: 'Yes',
    no: 'No',
    notYet: 'No, but possible',
    unsaid: 'Unknown',
    discoverable: 'Sign-in without a user name',
    userVerified: 'User verified',
    transports: 'Transports',
    disabledStatus: 'Disabled',
    rename: 'Rename',
    renameTitle: 'Rename the credential',
    disable: 'Disable',
    disableTitle: (name: string) => `Disable the credential ${name}?`,
    disableConsequences:
      'Nobody can sign in with this credential until you enable it again. The user’s other credentials still work.',
    disableLast: 'It is the user’s only enabled credential, so the user cannot sign in with a passkey any more.',
    disabled: (name: string) => `Credential ${name} disabled`,
    enable: 'Enable',
    enableTitle: (name: string) => `Enable the credential ${name}?`,
    enableConsequences: 'The user can sign in with this credential again, unless the user is disabled.',
    enabled: (name: string) => `Credential ${name} enabled`,
    remove: 'Remove',
    removeTitle: (name: string) => `Remove the credential ${name}?`,
    removeConsequences:
      'Nobody can sign in with this credential afterwards. The passkey can stay on the user’s device, where it no longer works. This cannot be undone.',
    removed: (name: string) => `Credential ${name} removed`,
    gone: 'The credential was removed meanwhile.',
  },
  ja: {
    title: 'クレデンシャル',
    empty: 'クレデンシャルがないため、このユーザーはパスキーでサインインできません。',
    authenticator: '認証器',
    unknown: '不明',
    lastUsed: '最終使用',
    never: '未使用',
    created: '登録日時',
    backedUp: 'バックアップ',
    yes: 'あり',
    no: 'なし',
    notYet: 'なし（バックアップ可能）',
    unsaid: '不明',
    discoverable: 'ユーザー名なしのサインイン',
    userVerified: 'ユーザー検証',
    transports: '接続方法',
    disabledStatus: '無効',
    rename: '名前を変更',
    renameTitle: 'クレデンシャルの名前の変更',
    disable: '無効化',
    disableTitle: (name: string) => `クレデンシャル「${name}」を無効にしますか？`,
    disableConsequences:
      '有効に戻すまで、このクレデンシャルではサインインできません。ほかのクレデンシャルは引き続き使用できます。',
    disableLast: '有効なクレデンシャルはこれだけのため、このユーザーはパスキーでサインインできなくなります。',
    disabled: (name: string) => `クレデンシャル「${name}」を無効にしました`,
    enable: '有効化',
    enableTitle: (name: string) => `クレデンシャル「${name}」を有効にしますか？`,
    enableConsequences: 'ユーザーが無効でなければ、このクレデンシャルで再びサインインできるようになります。',
    enabled: (name: string) => `クレデンシャル「${name}」を有効にしました`,
    remove: '削除',
    removeTitle: (name: string) => `クレデンシャル「${name}」を削除しますか？`,
    removeConsequences:
      'このクレデンシャルではサインインできなくなります。パスキーがユーザーのデバイスに残っても、使用できません。この操作は取り消せません。',
    removed: (name: string) => `クレデンシャル「${name}」を削除しました`,
    gone: 'このクレデンシャルはすでに削除されています。',
  },
} satisfies Texts<object>;

export interface CredentialsBlockProps {
  /** The ID of the RP. */
  readonly rp: string;
  readonly userId: string;
}

/** Shows the credentials of a user: at most 20. */
export function CredentialsBlock({ rp, userId }: CredentialsBlockProps) {
  const text = useText(texts);
  const credentials = useQuery(listCredentialsOfRpOptions({ path: { id: rp, userId } }));
  return (
    <Block title={text.title} query={credentials}>
      {({ items }) =>
        items.length === 0 ? (
          <Text>{text.empty}</Text>
        ) : (
          <SimpleGrid component="ul" cols={{ base: 1, md: 2 }} m={0} p={0} style={{ listStyle: 'none' }}>
            {items.map((credential) => (
              <CredentialCard
                key={credential.id}
                rp={rp}
                userId={userId}
                credential={credential}
                isOnlyEnabled={!items.some(({ id, disabled }) => id !== credential.id && !disabled)}
              />
            ))}
          </SimpleGrid>
        )
      }
    </Block>
  );
}

interface CredentialCardProps extends CredentialsBlockProps {
  readonly credential: Credential;
  /** Whether the user has no other credential that is enabled. */
  readonly isOnlyEnabled: boolean;
}

function CredentialCard({ rp, userId, credential, isOnlyEnabled }: CredentialCardProps) {
  const text = useText(texts);
  const format = useFormat();
  const timeZone = useTimeZone();
  const { name, authenticator, lastUsedAt, createdAt, backedUp, backupEligible, transports, disabled } = credential;
  const notBackedUp = backupEligible === true ? text.notYet : text.no;
  const discoverable = credential.discoverable === null ? text.unsaid : yesOrNo(credential.discoverable);
  function yesOrNo(does: boolean) {
    return does ? text.yes : text.no;
  }
  return (
    <Paper component="li" withBorder p="md">
      <Stack gap="sm" h="100%" justify="space-between">
        <Stack gap="sm">
          <Group gap="xs">
            <Title order={3} size="h5">
              {name}
            </Title>
            {disabled && (
              <Badge color="red" variant="outline">
                {text.disabledStatus}
              </Badge>
            )}
          </Group>
          <Facts
            facts={[
              [text.authenticator, authenticator?.name ?? authenticator?.aaguid ?? text.unknown],
              [text.lastUsed, lastUsedAt === null ? text.never : format.dateTime(lastUsedAt, timeZone)],
              [text.created, format.dateTime(createdAt, timeZone)],
              [text.backedUp, backedUp ? text.yes : notBackedUp],
              [text.discoverable, discoverable],
              [text.userVerified, yesOrNo(credential.userVerified)],
              [text.transports, transports.length === 0 ? null : transports.join(', ')],
            ]}
          />
        </Stack>
        <CredentialActions rp={rp} userId={userId} credential={credential} isOnlyEnabled={isOnlyEnabled} />
      </Stack>
    </Paper>
  );
}

function CredentialActions({ rp, userId, credential, isOnlyEnabled }: CredentialCardProps) {
  const text = useText(texts);
  const nameOf = useActionName();
  const user = { id: rp, userId };
  const credentialsChanged = useCredentialsChanged(user);
  const { id, name, disabled } = credential;
  const path = { ...user, credentialId: id };
  // The problem is `not-found` if the user was removed together with the credential.
  const says = { 'credential-unknown': text.gone, 'not-found': text.gone };
  const edited = (saved: Credential) =>
    credentialsChanged((all) => all.map((present) => (present.id === id ? saved : present)));
  const rename = {
    label: text.rename,
    onClick: () => {
      openDialog(text.renameTitle, (close) => (
        <RenameCredentialForm path={path} credential={credential} says={says} onDone={close} onSaved={edited} />
      ));
    },
  };
  const disable = {
    label: text.disable,
    onClick: () => {
      confirm(text.disableTitle(name), {
        consequences: (
          <List size="sm">
            <List.Item>{text.disableConsequences}</List.Item>
            {isOnlyEnabled && <List.Item>{text.disableLast}</List.Item>}
          </List>
        ),
        label: text.disable,
        mutation: editCredentialOfRpMutation(),
        variables: { path, body: { disabled: true } },
        says,
        message: text.disabled(name),
        onSaved: edited,
      });
    },
  };
  const enable = {
    label: text.enable,
    onClick: () => {
      confirm(text.enableTitle(name), {
        consequences: <Text size="sm">{text.enableConsequences}</Text>,
        label: text.enable,
        color: 'blue',
        mutation: editCredentialOfRpMutation(),
        variables: { path, body: { disabled: false } },
        says,
        message: text.enabled(name),
        onSaved: edited,
      });
    },
  };
  const remove = {
    label: text.remove,
    onClick: () => {
      confirm(text.removeTitle(name), {
        consequences: <Text size="sm">{text.removeConsequences}</Text>,
        label: text.remove,
        mutation: removeCredentialOfRpMutation(),
        variables: { path },
        says,
        message: text.removed(name),
        removes: true,
        onSaved: () => credentialsChanged((all) => all.filter((present) => present.id !== id)),
      });
    },
  };
  return (
    <Group gap="xs" justify="flex-end">
      {/* "Enable" replaces "Disable" in the same button, so that the button keeps the focus. */}
      {[rename, disabled ? enable : disable, remove].map(({ label, onClick }, index) => (
        <Button key={index} size="xs" variant="default" aria-label={nameOf(label, name)} onClick={onClick}>
          {label}
        </Button>
      ))}
    </Group>
  );
}
