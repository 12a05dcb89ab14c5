import type { Administrator } from '../client/types.gen.ts';
import type { Texts } from '../text/language.tsx';

const en = {
  title: 'Administrators',
  all: 'All administrators',
  add: 'Add an administrator',
  onlyPrivileged: 'Only privileged administrators may do this.',
  name: 'Name',
  email: 'E-mail address',
  privilege: 'Privilege',
  privileges: { administrator: 'Administrator', privileged: 'Privileged' } satisfies Privileges,
  privilegesFor: {
    administrator: 'Looks at the Customer screen, and registers, renames and removes RPs and their API keys.',
    privileged: 'May also edit the customer and its administrators, change the representative and set the MAU alert.',
  } satisfies Privileges,
  status: 'Status',
  statuses: { provisional: 'Invited', active: 'Active' } satisfies Statuses,
  added: 'Added',
  you: 'You',
  representative: 'Representative',
  actions: 'Actions',

  invitation:
    'An e-mail with a link goes to the address. The link activates the account; it works once, for 24 hours. After 7 days the invitation lapses; sending it again makes it 7 days more.',
  invite: 'Add and invite',
  invited: 'Added. The invitation is on its way.',

  edit: 'Edit',
  editTitle: (name: string) => `Edit ${name}`,
  ownPrivilege: 'Nobody changes their own privilege: another privileged administrator can.',
  representativePrivilege: 'The representative is always privileged.',
  lowered: 'Lowering the privilege signs this person out everywhere.',

  remove: 'Remove',
  removeTitle: (name: string) => `Remove ${name}?`,
  removeConsequences: 'This person is signed out everywhere at once and cannot sign in any more.',
  removed: (name: string) => `${name} is removed`,
  notYourself: 'Nobody removes themselves: another privileged administrator can.',
  notRepresentative: 'The representative cannot be removed. Change the representative first.',

  activate: 'Send again',
  activateTitle: 'Send the activation again?',
  activateConsequences: (email: string) =>
    `Another link goes to ${email}. It works for 24 hours. At most 5 links an hour are sent to one address.`,
  activated: 'If the address can get a link, an e-mail with it is on its way.',
  alreadyActive: 'This person has activated the account already.',
};

type Privileges = Record<Administrator['privilege'], string>;
type Statuses = Record<Administrator['status'], string>;

const ja: typeof en = {
  title: '管理者',
  all: '管理者の一覧',
  add: '管理者を追加',
  onlyPrivileged: 'この操作を行えるのは特権管理者のみです。',
  name: '名前',
  email: 'メールアドレス',
  privilege: '権限',
  privileges: { administrator: '管理者', privileged: '特権管理者' },
  privilegesFor: {
    administrator: 'お客様情報の画面の閲覧と、RPおよびAPIキーの登録、変更、削除ができます。',
    privileged: 'さらに、お客様情報と管理者の編集、代表者の変更、MAUアラートの設定ができます。',
  },
  status: '状態',
  statuses: { provisional: '招待中', active: '有効' },
  added: '追加日',
  you: '自分',
  representative: '代表者',
  actions: '操作',

  invitation:
    'このアドレスにリンクを記載したメールを送信します。リンクを開くとアカウントが有効になります。リンクは1回のみ、24時間有効です。招待は7日間有効です。再送信すると、さらに7日間有効になります。',
  invite: '追加して招待',
  invited: '追加しました。招待メールが送信されます。',

  edit: '編集',
  editTitle: (name) => `「${name}」の編集`,
  ownPrivilege: '自分の権限は変更できません。他の特権管理者が変更できます。',
  representativePrivilege: '代表者は常に特権管理者です。',
  lowered: '権限を下げると、このユーザーはすべてのデバイスからサインアウトされます。',

  remove: '削除',
  removeTitle: (name) => `「${name}」を削除しますか？`,
  removeConsequences: 'このユーザーは直ちにすべてのデバイスからサインアウトされ、サインインできなくなります。',
  removed: (name) => `「${name}」を削除しました`,
  notYourself: '自分自身は削除できません。他の特権管理者が削除できます。',
  notRepresentative: '代表者は削除できません。先に代表者を変更してください。',

  activate: '再送信',
  activateTitle: '招待メールを再送信しますか？',
  activateConsequences: (email) =>
    `新しいリンクを ${email} に送信します。リンクは24時間有効です。1つのアドレスに送信されるリンクは1時間に5件までです。`,
  activated: 'リンクを受け取れるアドレスの場合は、まもなくメールが届きます。',
  alreadyActive: 'このユーザーのアカウントはすでに有効になっています。',
};

export const texts: Texts<typeof en> = { en, ja };
