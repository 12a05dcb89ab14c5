import type { Texts } from '../text/language.tsx';

const en = {
  signOut: 'Sign out',
  signIn: {
    title: 'Sign in',
    ended: 'Your session has ended. Sign in again.',
    withPasskey: 'Sign in with a passkey',
    refused: 'The passkey was not accepted. Try again, or have a link sent.',
    or: 'First time, or passkey lost?',
    email: 'E-mail address',
    linkFor: 'We send a link to the address. It opens the registration of a passkey.',
    sendLink: 'Send a link',
    linkSent:
      'If the address can get a link, an e-mail with it is on its way. At most 5 links an hour are sent to one address.',
    noAccount: 'Not a customer yet?',
    signUp: 'Sign up',
  },
  link: {
    title: 'Sign in by link',
    explanation: 'You opened a link that was sent to your e-mail address. It works once.',
    signIn: 'Continue',
    refused: 'The link was used already, has expired or is not valid any more.',
    another: 'Have another link sent',
  },
  addPasskey: {
    title: 'Register a passkey',
    explanation: 'From now on you sign in with a passkey, without a password and without an e-mail.',
    recoveryTitle: 'Register a new passkey',
    recovery:
      'You have passkeys and came by a link. To go on, register a new passkey, within 15 minutes. You and the representative are told about it by e-mail.',
    reasons: [
      'Your device keeps it, and asks for your face, your finger or its PIN.',
      'It only works on this website: nobody can trick you into giving it away.',
    ],
    notSupported: 'This browser has no passkeys. Open the console in another one to register a passkey.',
    name: 'Name of the passkey',
    nameFor: 'So that you can tell your passkeys apart',
    firstName: 'My passkey',
    register: 'Register a passkey',
    refused: 'The passkey was not accepted. Try again.',
    signedInAs: (name: string, email: string) => `You are signed in as ${name} (${email}).`,
    signInInstead: 'Sign in with a passkey that I have',
    later: 'Not now',
  },
  signUp: {
    title: 'Sign up',
    explanation: 'You begin with the Free plan, which has no end date.',
    customerName: 'Name of your organisation',
    address: 'Postal address (optional)',
    phoneNumber: 'Phone number (optional)',
    yourName: 'Your name',
    yourNameFor: 'You become the representative; this can be changed later.',
    email: 'Your e-mail address',
    signUp: 'Sign up',
    sentTitle: 'Look into your mailbox',
    sent: (email: string) =>
      `If ${email} can get a link, an e-mail with it is on its way. It works for 24 hours. An address gets none while its customer is being unsubscribed.`,
    haveAccount: 'A customer already?',
    toSignIn: 'Sign in',
  },
};

const ja: typeof en = {
  signOut: 'サインアウト',
  signIn: {
    title: 'サインイン',
    ended: 'セッションが終了しました。もう一度サインインしてください。',
    withPasskey: 'パスキーでサインイン',
    refused: 'このパスキーは受け付けられませんでした。もう一度お試しいただくか、リンクを送信してください。',
    or: 'はじめての方、パスキーをなくした方',
    email: 'メールアドレス',
    linkFor: 'このアドレスにリンクを送信します。リンクからパスキーを登録できます。',
    sendLink: 'リンクを送信',
    linkSent:
      'リンクを受け取れるアドレスの場合は、まもなくメールが届きます。1つのアドレスに送信されるリンクは1時間に5件までです。',
    noAccount: 'まだお客様でない方',
    signUp: '新規登録',
  },
  link: {
    title: 'リンクでサインイン',
    explanation: 'メールアドレスに送信したリンクからアクセスしています。このリンクは1回だけ使用できます。',
    signIn: '続ける',
    refused: 'このリンクは使用済みか、有効期限が切れているか、無効になっています。',
    another: '別のリンクを送信する',
  },
  addPasskey: {
    title: 'パスキーの登録',
    explanation: '次回からは、パスワードもメールも使わずに、パスキーでサインインします。',
    recoveryTitle: '新しいパスキーの登録',
    recovery:
      'すでにパスキーをお持ちですが、リンクからアクセスしています。続けるには15分以内に新しいパスキーを登録してください。登録したことは、ご本人と代表者にメールで通知されます。',
    reasons: [
      'パスキーはデバイスに保存され、顔、指紋、またはPINで確認します。',
      'このサイトでしか使えないため、だまし取られることがありません。',
    ],
    notSupported:
      'このブラウザーはパスキーに対応していません。登録するには別のブラウザーでコンソールを開いてください。',
    name: 'パスキーの名前',
    nameFor: 'パスキーを区別するための名前です',
    firstName: '自分のパスキー',
    register: 'パスキーを登録',
    refused: 'パスキーは受け付けられませんでした。もう一度お試しください。',
    signedInAs: (name, email) => `${name} さん（${email}）としてサインインしています。`,
    signInInstead: '手元のパスキーでサインイン',
    later: 'あとで',
  },
  signUp: {
    title: '新規登録',
    explanation: '終了日のないFreeプランから始まります。',
    customerName: '組織名',
    address: '住所（任意）',
    phoneNumber: '電話番号（任意）',
    yourName: 'お名前',
    yourNameFor: '代表者になります。あとで変更できます。',
    email: 'メールアドレス',
    signUp: '登録する',
    sentTitle: 'メールをご確認ください',
    sent: (email) =>
      `${email} がリンクを受け取れるアドレスであれば、まもなくメールが届きます。リンクは24時間有効です。解約の処理が終わるまでは、同じアドレスには届きません。`,
    haveAccount: 'すでにお客様の方',
    toSignIn: 'サインイン',
  },
};

export const texts: Texts<typeof en> = { en, ja };
