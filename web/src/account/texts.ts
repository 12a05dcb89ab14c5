import type { Texts } from '../text/language.tsx';

const en = {
  passkeys: {
    title: 'Passkeys',
    yours: 'Your passkeys',
    explanation:
      'You sign in with any of these. Keep one on each device that you use, so that you can still sign in when one is lost.',
    empty: 'You have no passkey yet. Add one: from then on you sign in without an e-mailed link.',
    add: 'Add a passkey',
    addExplanation: 'Your browser asks where to keep the passkey: on this device, a phone nearby or a security key.',
    register: 'Add',
    added: 'The passkey is added',
    refused: 'The passkey was not accepted. Try again.',
    notSupported: 'This browser has no passkeys. Open the console in another one to add a passkey.',
    full: (max: number) => `You may have at most ${max} passkeys. Remove one that you do not use any more first.`,
    name: 'Name',
    nameFor: 'So that you can tell your passkeys apart',
    created: 'Created',
    lastUsed: 'Last used',
    never: 'Never',
    actions: 'Actions',
    rename: 'Rename',
    renameTitle: 'Rename the passkey',
    remove: 'Remove',
    removeTitle: (name: string) => `Remove the passkey ${name}?`,
    removeConsequences:
      'You cannot sign in with it any more. It may still be offered by your device: delete it there too.',
    removed: (name: string) => `The passkey ${name} is removed`,
    last: 'This is your last passkey. Add another one before you remove it.',
  },
  email: {
    title: 'E-mail address',
    change: 'Change your e-mail address',
    present: 'Present address',
    follows: 'What happens:',
    steps: [
      'A link goes to the new address. It works once, for 24 hours.',
      'When you open it, the new address takes the place of the present one, which is told about it.',
      'Until then nothing changes. Your passkeys stay as they are.',
    ],
    wanted: 'New e-mail address',
    send: 'Send the link',
    same: 'This is your present address.',
    sentTitle: 'Look into your mailbox',
    sent: (email: string) =>
      `If ${email} can get a link, an e-mail with it is on its way. An address that an administrator has already gets none, and at most 5 links an hour are sent to one address.`,
  },
  confirmEmail: {
    title: 'Confirm your e-mail address',
    explanation:
      'You opened the link that was sent to your new e-mail address. Confirm it: it then takes the place of the old one, which is told about it.',
    confirm: 'Confirm this address',
    confirmedTitle: 'Your e-mail address is changed',
    confirmed: (email: string) => `It is ${email} from now on.`,
    refused: 'The link is not valid, was used already or has expired. Change the address again to get another one.',
    taken: 'The address belongs to an administrator by now. Choose another one.',
    noLink: 'Open this page by the link in the e-mail. If it is lost, change the address again in the console.',
    toConsole: 'Open the console',
  },
};

const ja: typeof en = {
  passkeys: {
    title: 'パスキー',
    yours: '登録済みのパスキー',
    explanation:
      'いずれのパスキーでもサインインできます。デバイスを紛失した場合に備えて、お使いのデバイスごとに登録してください。',
    empty: 'パスキーはまだありません。追加すると、メールのリンクを使わずにサインインできます。',
    add: 'パスキーを追加',
    addExplanation:
      'パスキーの保存先（このデバイス、近くのスマートフォン、セキュリティキー）をブラウザーが確認します。',
    register: '追加',
    added: 'パスキーを追加しました',
    refused: 'パスキーは受け付けられませんでした。もう一度お試しください。',
    notSupported:
      'このブラウザーはパスキーに対応していません。追加するには別のブラウザーでコンソールを開いてください。',
    full: (max) => `登録できるパスキーは${max}個までです。先に、使用していないパスキーを削除してください。`,
    name: '名前',
    nameFor: 'パスキーを区別するための名前です',
    created: '作成日時',
    lastUsed: '最終使用',
    never: '未使用',
    actions: '操作',
    rename: '名前を変更',
    renameTitle: 'パスキーの名前の変更',
    remove: '削除',
    removeTitle: (name) => `パスキー「${name}」を削除しますか？`,
    removeConsequences:
      'このパスキーではサインインできなくなります。デバイスに残っている場合は、デバイスからも削除してください。',
    removed: (name) => `パスキー「${name}」を削除しました`,
    last: '最後のパスキーです。削除する前に、別のパスキーを追加してください。',
  },
  email: {
    title: 'メールアドレス',
    change: 'メールアドレスの変更',
    present: '現在のアドレス',
    follows: '変更の流れ：',
    steps: [
      '新しいアドレスにリンクが送信されます。リンクは1回のみ、24時間有効です。',
      'リンクを開くと新しいアドレスに切り替わり、現在のアドレスに通知されます。',
      'それまでは何も変わりません。パスキーはそのまま使用できます。',
    ],
    wanted: '新しいメールアドレス',
    send: 'リンクを送信',
    same: '現在のアドレスと同じです。',
    sentTitle: 'メールをご確認ください',
    sent: (email) =>
      `${email} がリンクを受け取れるアドレスの場合は、まもなくメールが届きます。すでに管理者が使用しているアドレスには送信されません。1つのアドレスに送信されるリンクは1時間に5件までです。`,
  },
  confirmEmail: {
    title: 'メールアドレスの確認',
    explanation:
      '新しいメールアドレスに送信したリンクからアクセスしています。確認すると新しいアドレスに切り替わり、これまでのアドレスに通知されます。',
    confirm: 'このアドレスを確認',
    confirmedTitle: 'メールアドレスを変更しました',
    confirmed: (email) => `今後のメールアドレスは ${email} です。`,
    refused:
      'リンクが無効か、すでに使用されたか、有効期限が切れています。もう一度アドレスの変更を行うと、新しいリンクが送信されます。',
    taken: 'このアドレスはすでに管理者が使用しています。別のアドレスを選んでください。',
    noLink:
      'メールに記載されたリンクからこのページを開いてください。リンクを紛失した場合は、コンソールでもう一度アドレスの変更を行ってください。',
    toConsole: 'コンソールを開く',
  },
};

export const texts: Texts<typeof en> = { en, ja };
