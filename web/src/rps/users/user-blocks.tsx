import { Anchor, Badge, Button, Code, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useLocation } from 'wouter';
import { problemOf, slugOf } from '../../api/problem.ts';
import {
  editUserOfRpMutation,
  getUserOfRpOptions,
  removeUserOfRpMutation,
} from '../../client/@tanstack/react-query.gen.ts';
import type { User } from '../../client/types.gen.ts';
import { useTimeZone } from '../../customer/use-customer.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';
import { Block } from '../../ui/block.tsx';
import { confirm } from '../../ui/confirmation.tsx';
import { Facts } from '../../ui/facts.tsx';
import { CredentialsBlock } from './credentials-block.tsx';
import { isPathPart, useUserChanged } from './use-users.ts';

const texts = {
  en: {
    all: 'All users',
    title: (userId: string) => `User ${userId}`,
    notFound: 'This RP has no user with this ID. The user may have been removed.',
    userName: 'User name',
    displayName: 'Display name',
    attributes: 'Attributes',
    userHandle: 'User handle',
    registered: 'Registered',
    edited: 'Last edited',
    status: 'Status',
    enabledStatus: 'Enabled',
    disabledStatus: 'Disabled',
    disable: 'Disable the user',
    disableTitle: (userId: string) => `Disable the user ${userId}?`,
    disableConsequences:
      'The user can neither sign in with a passkey nor register one until you enable the user again. Sessions at the RP’s website do not end by themselves.',
    disabled: (userId: string) => `User ${userId} disabled`,
    enable: 'Enable the user',
    enableTitle: (userId: string) => `Enable the user ${userId}?`,
    enableConsequences: 'The user can sign in again with every credential that is not disabled itself.',
    enabled: (userId: string) => `User ${userId} enabled`,
    remove: 'Remove the user',
    removeTitle: (userId: string) => `Remove the user ${userId}?`,
    removeConsequences: (credentials: string) =>
      `The user, all data about the user and the user’s credentials (${credentials}) are deleted. Nobody can sign in with the passkeys afterwards, even if the RP’s server registers the same user ID again. This cannot be undone. The MAU still include the user in the months in which the user was active.`,
    removed: (userId: string) => `User ${userId} removed`,
    gone: 'The user was removed meanwhile.',
  },
  ja: {
    all: 'ユーザーの一覧',
    title: (userId: string) => `ユーザー ${userId}`,
    notFound: 'このIDのユーザーはいません。すでに削除された可能性があります。',
    userName: 'ユーザー名',
    displayName: '表示名',
    attributes: '属性',
    userHandle: 'ユーザーハンドル',
    registered: '登録日時',
    edited: '最終変更',
    status: '状態',
    enabledStatus: '有効',
    disabledStatus: '無効',
    disable: 'ユーザーを無効化',
    disableTitle: (userId: string) => `ユーザー ${userId} を無効にしますか？`,
    disableConsequences:
      '有効に戻すまで、このユーザーはパスキーでのサインインもパスキーの登録もできません。RPのサイトでサインイン中のセッションは、自動的には終了しません。',
    disabled: (userId: string) => `ユーザー ${userId} を無効にしました`,
    enable: 'ユーザーを有効化',
    enableTitle: (userId: string) => `ユーザー ${userId} を有効にしますか？`,
    enableConsequences: '無効になっていないクレデンシャルで、再びサインインできるようになります。',
    enabled: (userId: string) => `ユーザー ${userId} を有効にしました`,
    remove: 'ユーザーを削除',
    removeTitle: (userId: string) => `ユーザー ${userId} を削除しますか？`,
    removeConsequences: (credentials: string) =>
      `ユーザーとその情報、クレデンシャル（${credentials}個）がすべて削除されます。RPのサーバーが同じユーザーIDを登録し直しても、これまでのパスキーではサインインできません。この操作は取り消せません。利用のあった月のMAUには引き続き含まれます。`,
    removed: (userId: string) => `ユーザー ${userId} を削除しました`,
    gone: 'このユーザーはすでに削除されています。',
  },
} satisfies Texts<object>;

export interface UserBlocksProps {
  /** The ID of the RP. */
  readonly rp: string;
  readonly userId: string;
  /** The address of the list of users. */
  readonly list: string;
}

/** Shows a user of an RP with the user's credentials. */
export function UserBlocks({ rp, userId, list }: UserBlocksProps) {
  const text = useText(texts);
  const user = useQuery({ ...getUserOfRpOptions({ path: { id: rp, userId } }), enabled: isPathPart(userId) });
  const isMissing =
    !isPathPart(userId) || (user.isError && ['not-found', 'validation'].includes(slugOf(problemOf(user.error))));
  const toList = (
    <Group>
      <Anchor component={Link} href={list}>
        {text.all}
      </Anchor>
    </Group>
  );
  if (isMissing) {
    return (
      <>
        {toList}
        <Text role="status">{text.notFound}</Text>
      </>
    );
  }
  return (
    <>
      {toList}
      <UserBlock rp={rp} userId={userId} list={list} user={user} />
      <CredentialsBlock rp={rp} userId={userId} />
    </>
  );
}

function UserBlock({
  rp,
  userId,
  list,
  user: query,
}: UserBlocksProps & { readonly user: Parameters<typeof Block<User>>[0]['query'] }) {
  const text = useText(texts);
  const format = useFormat();
  const timeZone = useTimeZone();
  return (
    <Block title={text.title(userId)} query={query}>
      {(user) => (
        <>
          <Facts
            facts={[
              [
                text.status,
                user.disabled ? (
                  <Badge color="red" variant="outline">
                    {text.disabledStatus}
                  </Badge>
                ) : (
                  text.enabledStatus
                ),
              ],
              [text.userName, user.userName],
              [text.displayName, user.displayName],
              [text.attributes, user.attributes && <Code block>{JSON.stringify(user.attributes, null, 2)}</Code>],
              [text.userHandle, user.userHandle && <code>{user.userHandle}</code>],
              [text.registered, format.dateTime(user.registeredAt, timeZone)],
              [text.edited, format.dateTime(user.updatedAt, timeZone)],
            ]}
          />
          <UserActions rp={rp} user={user} list={list} />
        </>
      )}
    </Block>
  );
}

function UserActions({ rp, user, list }: Omit<UserBlocksProps, 'userId'> & { readonly user: User }) {
  const text = useText(texts);
  const format = useFormat();
  const userChanged = useUserChanged(rp);
  const [, navigate] = useLocation();
  const { userId, disabled, credentials } = user;
  const path = { id: rp, userId };
  const says = { 'not-found': text.gone };
  const disable = () => {
    confirm(text.disableTitle(userId), {
      consequences: <Text size="sm">{text.disableConsequences}</Text>,
      label: text.disable,
      mutation: editUserOfRpMutation(),
      variables: { path, body: { disabled: true } },
      says,
      message: text.disabled(userId),
      onSaved: userChanged.edited,
    });
  };
  const enable = () => {
    confirm(text.enableTitle(userId), {
      consequences: <Text size="sm">{text.enableConsequences}</Text>,
      label: text.enable,
      color: 'blue',
      mutation: editUserOfRpMutation(),
      variables: { path, body: { disabled: false } },
      says,
      message: text.enabled(userId),
      onSaved: userChanged.edited,
    });
  };
  const remove = () => {
    confirm(text.removeTitle(userId), {
      consequences: <Text size="sm">{text.removeConsequences(format.number(credentials.total))}</Text>,
      label: text.remove,
      mutation: removeUserOfRpMutation(),
      variables: { path },
      says,
      message: text.removed(userId),
      onSaved: () => {
        navigate(list);
        return userChanged.removed(user);
      },
    });
  };
  return (
    <Group gap="xs">
      <Button size="xs" variant="default" onClick={disabled ? enable : disable}>
        {disabled ? text.enable : text.disable}
      </Button>
      <Button size="xs" variant="outline" color="red" onClick={remove}>
        {text.remove}
      </Button>
    </Group>
  );
}
