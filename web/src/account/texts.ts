import type { Texts } from '../text/language.tsx';

const en = {
  passkeys: {
    title: 'Passkeys',
    yours: 'Your passkeys',
    explanation:
      'You can sign in with any of your passkeys. Add a passkey on each device that you use, so that you can still sign in if you lose a device.',
    empty: 'You have no passkey yet. Add a passkey to sign in without an e-mailed link.',
    add: 'Add a passkey',
    addExplanation:
      'Your browser asks where to save the passkey: on this device, on a phone nearby or on a security key.',
    register: 'Add',
    added: 'Passkey added',
    refused: 'The passkey was not accepted. Try again.',
    notSupported: 'This browser does not support passkeys. Open the console in another browser to add one.',
    full: (max: number) => `You can have at most ${max} passkeys. Remove one that you no longer use.`,
    name: 'Name',
    nameFor: 'Helps you tell your passkeys apart',
    created: 'Created',
    lastUsed: 'Last used',
    never: 'Never',
    actions: 'Actions',
    rename: 'Rename',
    renameTitle: 'Rename the passkey',
    remove: 'Remove',
    removeTitle: (name: string) => `Remove the passkey ${name}?`,
    removeConsequences:
      'You can no longer sign in with this passkey. Sessions that you opened with it end. Your device may still offer the passkey, so delete it from the device too.',
    removed: (name: string) => `Passkey ${name} removed`,
    last: 'This is your last passkey. Add another passkey before you remove this one.',
  },
  sessions: {
    title: 'Sessions',
    yours: 'Where you are signed in',
    explanation: 'If you do not recognise a session, sign out everywhere.',
    method: 'Signed in with',
    methods: {
      link: 'E-mailed link',
      'recovery-link': 'Recovery link',
      passkey: (name: string) => `Passkey ${name}`,
    },
    current: 'This session',
    ipAddress: 'IP address',
    signedInAt: 'Signed in',
    lastUsedAt: 'Last used',
    expiresAt: 'Ends by',
    signOutEverywhere: 'Sign out everywhere',
    signOutTitle: 'Sign out everywhere?',
    consequences:
      'All of your sessions end at once, including this one. If you have not confirmed a change of your e-mail address yet, this cancels the change.',
    signedOut: 'Signed out everywhere',
  },
  email: {
    title: 'E-mail address',
    change: 'Change your e-mail address',
    present: 'Current address',
    follows: 'How it works:',
    steps: [
      'We send a link to the new address. The link works once, within 24 hours.',
      'When you open the link, the new address replaces the current one. We notify the old address, and sessions that you opened with a link to it end.',
      'Nothing changes until you open the link. Your passkeys keep working.',
    ],
    wanted: 'New e-mail address',
    send: 'Send the link',
    same: 'This is your current address.',
    sentTitle: 'Check your inbox',
    sent: (email: string, limit: string) =>
      `If ${email} can receive a link, the e-mail is on its way. We send no link to an address that already belongs to an administrator. ${limit}`,
  },
  confirmEmail: {
    title: 'Confirm your e-mail address',
    explanation:
      'You opened the link that we sent to your new e-mail address. Confirm the address to replace the old one. We notify the old address.',
    confirm: 'Confirm this address',
    confirmedTitle: 'Your e-mail address was changed',
    confirmed: (email: string) => `Your e-mail address is now ${email}.`,
    refused: 'The link is invalid, expired or already used. Change the address again to get a new link.',
    taken: 'This address now belongs to another administrator. Choose a different one.',
    noLink:
      'Open this page from the link in the e-mail. If you lost the e-mail, change the address again in the console.',
    toConsole: 'Open the console',
  },
};

const ja: typeof en = {
  passkeys: {
    title: 'パスキー',
    yours: '登録済みのパスキー',
    explanation:
      'いずれのパスキーでもサインインできます。デバイスを紛失した場合に備えて、お使いのデバイスごとに登録してください。',
    empty: 'パスキーはまだ登録されていません。追加すると、メールのリンクを使わずにサインインできます。',
    add: 'パスキーを追加',
    addExplanation:
      'パスキーの保存先（このデバイス、近くのスマートフォン、セキュリティキー）をブラウザーが確認します。',
    register: '追加',
    added: 'パスキーを追加しました',
    refused: 'パスキーを追加できませんでした。もう一度お試しください。',
    notSupported:
      'このブラウザーはパスキーに対応していません。追加するには別のブラウザーでコンソールを開いてください。',
    full: (max) => `登録できるパスキーは${max}個までです。使用していないパスキーを削除してください。`,
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
      'このパスキーではサインインできなくなり、このパスキーで開始したセッションは終了します。デバイスに残っている場合は、デバイスからも削除してください。',
    removed: (name) => `パスキー「${name}」を削除しました`,
    last: '最後のパスキーです。削除する前に、別のパスキーを追加してください。',
  },
  sessions: {
    title: 'セッション',
    yours: 'サインイン中のセッション',
    explanation: '心当たりのないセッションがある場合は、すべてのセッションからサインアウトしてください。',
    method: 'サインイン方法',
    methods: {
      link: 'メールのリンク',
      'recovery-link': 'リカバリー用のリンク',
      passkey: (name) => `パスキー「${name}」`,
    },
    current: 'このセッション',
    ipAddress: 'IPアドレス',
    signedInAt: 'サインイン日時',
    lastUsedAt: '最終使用',
    expiresAt: '有効期限',
    signOutEverywhere: 'すべてサインアウト',
    signOutTitle: 'すべてのセッションからサインアウトしますか？',
    consequences:
      'このセッションを含むすべてのセッションがただちに終了します。確認が済んでいないメールアドレスの変更は取り消されます。',
    signedOut: 'すべてのセッションからサインアウトしました',
  },
  email: {
    title: 'メールアドレス',
    change: 'メールアドレスの変更',
    present: '現在のアドレス',
    follows: '変更の流れ：',
    steps: [
      '新しいアドレスにリンクが送信されます。リンクは1回のみ、24時間有効です。',
      'リンクを開くと新しいアドレスに切り替わり、現在のアドレスに通知されます。現在のアドレスに届いたリンクで開始したセッションは終了します。',
      'リンクを開くまでは何も変わりません。パスキーはそのまま使用できます。',
    ],
    wanted: '新しいメールアドレス',
    send: 'リンクを送信',
    same: '現在のアドレスと同じです。',
    sentTitle: 'メールをご確認ください',
    sent: (email, limit) =>
      `${email} がリンクを受け取れるアドレスの場合は、まもなくメールが届きます。すでに管理者が使用しているアドレスには送信されません。${limit}`,
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
