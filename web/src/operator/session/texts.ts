import type { Texts } from '../../text/language.tsx';

const en = {
  signIn: {
    title: 'Sign in as an operator',
    ended: 'Your session has ended. Sign in again.',
    registered: 'Your passkey is registered. Sign in with it now.',
    which: 'Choose the passkey whose name ends with “(operator)”.',
    withPasskey: 'Sign in with a passkey',
    refused: 'The passkey was not accepted.',
    newLink: 'To register a new passkey, you need a new link. Somebody who may run the command line creates it:',
    removed: 'If you were removed, somebody who may run the command line can add you again with “operators add”.',
  },
  register: {
    title: 'Register your passkey',
    explanation:
      'With this passkey, you can read the data of all customers. Your device stores the passkey, and asks for your face, your fingerprint or the device’s PIN.',
    once: 'The link works once, and only within an hour of its creation.',
    register: 'Register a passkey',
    refused: 'The passkey was not accepted. Try again.',
    linkRefused: 'The link is invalid, expired, replaced or already used.',
    noLink: 'This page needs the complete link that the command line printed.',
    newLink: 'This command creates a new link:',
    toSignIn: 'Sign in with your passkey',
  },
  command: 'Command',
  copy: 'Copy the command',
};

const ja: typeof en = {
  signIn: {
    title: '運営者としてサインイン',
    ended: 'セッションが終了しました。もう一度サインインしてください。',
    registered: 'パスキーを登録しました。続けて、このパスキーでサインインしてください。',
    which: '名前の末尾が「(operator)」のパスキーを選んでください。',
    withPasskey: 'パスキーでサインイン',
    refused: 'パスキーを確認できませんでした。',
    newLink:
      '新しいパスキーを登録するには、新しいリンクが必要です。コマンドラインを実行できる人が次のコマンドで作成します。',
    removed: '運営者から外された場合は、コマンドラインを実行できる人が「operators add」で再び追加できます。',
  },
  register: {
    title: 'パスキーの登録',
    explanation:
      'このパスキーでサインインすると、すべてのカスタマーのデータを閲覧できます。パスキーはデバイスに保存され、顔、指紋、またはPINで確認します。',
    once: 'リンクは、作成から1時間以内に1回だけ使用できます。',
    register: 'パスキーを登録',
    refused: 'パスキーを登録できませんでした。もう一度お試しください。',
    linkRefused: 'このリンクは使用済みか、有効期限が切れているか、無効になっています。',
    noLink: 'このページを開くには、コマンドラインに表示されたリンク全体が必要です。',
    newLink: '新しいリンクは次のコマンドで作成できます。',
    toSignIn: 'パスキーでサインイン',
  },
  command: 'コマンド',
  copy: 'コマンドをコピー',
};

export const texts: Texts<typeof en> = { en, ja };
