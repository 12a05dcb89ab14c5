import type { Administrator } from '../client/types.gen.ts';
import type { Texts } from '../text/language.tsx';

const en = {
  title: 'Administrators',
  all: 'All administrators',
  add: 'Add an administrator',
  onlyPrivileged: 'Only privileged administrators can do this.',
  name: 'Name',
  email: 'E-mail address',
  privilege: 'Privilege',
  privileges: { administrator: 'Administrator', privileged: 'Privileged' } satisfies Privileges,
  privilegesFor: {
    administrator: 'Can view the Customer screen, register, rename and remove RPs, and create and delete API keys.',
    privileged:
      'Can do everything that an administrator can do. Can also edit the customer and its administrators, change the representative and set the MAU alert.',
  } satisfies Privileges,
  status: 'Status',
  statuses: { provisional: 'Invited', active: 'Active' } satisfies Statuses,
  invitedUntil: (date: string) => `Invited, expires on ${date}`,
  invitationExpired: 'Invitation expired',
  added: 'Added',
  you: 'You',
  representative: 'Representative',
  actions: 'Actions',

  invitation:
    'We e-mail this person a link that activates the account. The link works once, within 24 hours. The invitation expires after 7 days. If you send it again, it is valid for 7 days from then. The e-mail names neither you nor your organisation, so tell this person to expect it. An address that belongs to an account at another organisation cannot be used.',
  invite: 'Add and invite',
  invited: 'Administrator added. If the address can receive a link, the e-mail is on its way.',

  edit: 'Edit',
  editTitle: (name: string) => `Edit ${name}`,
  ownPrivilege: 'You cannot change your own privilege. Another privileged administrator can.',
  representativePrivilege: 'The representative is always privileged.',
  lowered: 'Lowering the privilege signs this person out everywhere.',

  remove: 'Remove',
  removeTitle: (name: string) => `Remove ${name}?`,
  removeConsequences: 'This person is signed out everywhere at once and can no longer sign in.',
  removed: (name: string) => `${name} removed`,
  notYourself: 'You cannot remove yourself. Another privileged administrator can.',
  notRepresentative: 'The representative cannot be removed. Change the representative first.',

  hold: (until: string) => `Recovery hold until ${until}`,
  undo: 'Undo recovery',
  undoTitle: (name: string) => `Undo the recovery of ${name}?`,
  undoConsequences:
    'A passkey was added with a recovery link. Undoing the recovery removes this passkey and signs this person out everywhere. Older passkeys keep working. First ask this person whether they added the passkey.',
  undoOwnConsequences:
    'A passkey was added to your account with a recovery link. Undoing the recovery removes this passkey and signs you out everywhere. Your older passkeys keep working.',
  undoOwn: 'To undo your own recovery, sign in with a passkey that you had before the recovery.',
  undone: (name: string) => `Recovery of ${name} undone`,
  nothingToUndo: 'There is no longer a recovery to undo.',

  activate: 'Send again',
  activateTitle: 'Send the invitation again?',
  activateConsequences: (email: string) =>
    `We send a new link to ${email}. The link works for 24 hours, and the invitation is valid for 7 days from now.`,
  activated: 'If the address can receive a link, the e-mail is on its way.',
  alreadyActive: 'This person has already activated the account.',
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
    administrator: 'カスタマー画面の閲覧、RPの登録、名前の変更、削除、APIキーの作成、削除ができます。',
    privileged:
      '管理者が行えるすべての操作に加えて、カスタマー情報と管理者の編集、担当者の変更、MAUアラートの設定ができます。',
  },
  status: '状態',
  statuses: { provisional: '招待中', active: '有効' },
  invitedUntil: (date) => `招待中（有効期限：${date}）`,
  invitationExpired: '招待の期限切れ',
  added: '追加日',
  you: '自分',
  representative: '担当者',
  actions: '操作',

  invitation:
    'このアドレスに、アカウントを有効にするリンクをメールで送信します。リンクは24時間以内に1回だけ使用できます。招待の有効期間は7日間です。再送信すると、その時点から7日間有効になります。メールにはあなたの名前や組織名は記載されませんので、招待する相手に事前にお知らせください。このアドレスがすでに別の組織のアカウントで使用されている場合は、参加できません。',
  invite: '追加して招待',
  invited: '管理者を追加しました。リンクを受け取れるアドレスの場合は、まもなくメールが届きます。',

  edit: '編集',
  editTitle: (name) => `「${name}」の編集`,
  ownPrivilege: '自分の権限は変更できません。ほかの特権管理者に依頼してください。',
  representativePrivilege: '担当者は常に特権管理者です。',
  lowered: '権限を下げると、この管理者はすべてのデバイスからサインアウトされます。',

  remove: '削除',
  removeTitle: (name) => `「${name}」を削除しますか？`,
  removeConsequences: 'この管理者はただちにすべてのデバイスからサインアウトされ、サインインできなくなります。',
  removed: (name) => `「${name}」を削除しました`,
  notYourself: '自分自身は削除できません。ほかの特権管理者に依頼してください。',
  notRepresentative: '担当者は削除できません。先に担当者を変更してください。',

  hold: (until) => `${until} までリカバリー後の制限中`,
  undo: 'リカバリーを取り消す',
  undoTitle: (name) => `「${name}」のリカバリーを取り消しますか？`,
  undoConsequences:
    'リカバリー用のリンクでパスキーが追加されました。取り消すと、このパスキーは削除され、この管理者はすべてのデバイスからサインアウトされます。以前のパスキーは引き続き使用できます。ご本人が追加したものかどうか、先に確認してください。',
  undoOwnConsequences:
    'リカバリー用のリンクで自分のアカウントにパスキーが追加されました。取り消すと、このパスキーは削除され、すべてのデバイスからサインアウトされます。以前のパスキーは引き続き使用できます。',
  undoOwn: '自分のリカバリーを取り消すには、以前から登録しているパスキーでサインインしてください。',
  undone: (name) => `「${name}」のリカバリーを取り消しました`,
  nothingToUndo: '取り消せるリカバリーはもうありません。',

  activate: '再送信',
  activateTitle: '招待メールを再送信しますか？',
  activateConsequences: (email) =>
    `新しいリンクを ${email} に送信します。リンクは24時間有効で、招待は今から7日間有効になります。`,
  activated: 'リンクを受け取れるアドレスの場合は、まもなくメールが届きます。',
  alreadyActive: 'この管理者のアカウントはすでに有効になっています。',
};

export const texts: Texts<typeof en> = { en, ja };
