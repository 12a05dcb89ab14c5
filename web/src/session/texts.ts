import type { Texts } from '../text/language.tsx';

const en = {
  signOut: 'Sign out',
  signIn: {
    title: 'Sign in',
    ended: 'Your session has ended. Sign in again.',
    withPasskey: 'Sign in with a passkey',
    refused: 'The passkey was not accepted. Try again, or request a link.',
    or: 'First time here, or lost your passkey?',
    email: 'E-mail address',
    linkFor: 'We e-mail you a link that lets you register a passkey.',
    sendLink: 'Send a link',
    linkSent: (limit: string) => `If this address can receive a link, the e-mail is on its way. ${limit}`,
    noAccount: 'Not a customer yet?',
    signUp: 'Sign up',
  },
  link: {
    title: 'Sign in with a link',
    explanation: 'You opened a link that we sent to your e-mail address. The link works once.',
    signIn: 'Continue',
    refused: 'The link is invalid, expired or already used.',
    elsewhere:
      'Your e-mail address belongs to your account at another organisation. Change the address of that account, or ask to be invited at another address.',
    another: 'Request another link',
  },
  addPasskey: {
    title: 'Register a passkey',
    explanation: 'From now on, you sign in with a passkey, without a password and without an e-mail.',
    recoveryTitle: 'Register a new passkey',
    recovery:
      'You already have a passkey, but you opened a link. To continue, register a new passkey within 15 minutes. We then notify you and the privileged administrators by e-mail, and block some actions for 24 hours.',
    reasons: [
      'Your device stores the passkey, and asks for your face, your fingerprint or the device’s PIN.',
      'The passkey works only on this website, so nobody can trick you into giving it away.',
    ],
    notSupported: 'This browser does not support passkeys. Open the console in another browser to register one.',
    name: 'Name of the passkey',
    nameFor: 'Helps you tell your passkeys apart',
    firstName: 'My passkey',
    register: 'Register a passkey',
    refused: 'The passkey was not accepted. Try again.',
    signedInAs: (name: string, email: string) => `You are signed in as ${name} (${email}).`,
    signInInstead: 'Sign in with an existing passkey',
    later: 'Not now',
  },
  signUp: {
    title: 'Sign up',
    explanation: 'You start with the Free plan, which has no end date.',
    customerName: 'Name of your organisation',
    address: 'Postal address (optional)',
    phoneNumber: 'Phone number (optional)',
    yourName: 'Your name',
    yourNameFor: 'You become the representative. You can choose another representative later.',
    email: 'Your e-mail address',
    signUp: 'Sign up',
    sentTitle: 'Check your inbox',
    sent: (email: string) =>
      `If ${email} can receive a link, the e-mail is on its way. The link works for 24 hours. If your organisation is closing its previous account, you can sign up again after it is closed.`,
    nothing: 'No e-mail after a few minutes? Look in the spam folder too.',
    sendAgain: 'Send the link again',
    sentAgain: (limit: string) => `If this address can receive a link, another e-mail is on its way. ${limit}`,
    haveAccount: 'Already a customer?',
    toSignIn: 'Sign in',
  },
};

const ja: typeof en = {
  signOut: 'サインアウト',
  signIn: {
    title: 'サインイン',
    ended: 'セッションが終了しました。もう一度サインインしてください。',
    withPasskey: 'パスキーでサインイン',
    refused: 'パスキーを確認できませんでした。もう一度お試しいただくか、リンクを送信してください。',
    or: 'はじめてサインインする方、パスキーをなくした方',
    email: 'メールアドレス',
    linkFor: 'このアドレスにリンクを送信します。リンクからパスキーを登録できます。',
    sendLink: 'リンクを送信',
    linkSent: (limit) => `リンクを受け取れるアドレスの場合は、まもなくメールが届きます。${limit}`,
    noAccount: 'はじめてご利用の方',
    signUp: '新規登録',
  },
  link: {
    title: 'リンクでサインイン',
    explanation: 'メールアドレスに送信したリンクからアクセスしています。このリンクは1回だけ使用できます。',
    signIn: '続ける',
    refused: 'このリンクは使用済みか、有効期限が切れているか、無効になっています。',
    elsewhere:
      'このメールアドレスは、別の組織のアカウントで使用されています。そのアカウントのメールアドレスを変更するか、別のアドレスへの招待を依頼してください。',
    another: '別のリンクを送信する',
  },
  addPasskey: {
    title: 'パスキーの登録',
    explanation: '次回からは、パスワードもメールも使わずに、パスキーでサインインします。',
    recoveryTitle: '新しいパスキーの登録',
    recovery:
      'すでにパスキーをお持ちですが、リンクからアクセスしています。続けるには15分以内に新しいパスキーを登録してください。登録後、ご本人と特権管理者にメールでお知らせします。また、登録から24時間は一部の操作が制限されます。',
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
    refused: 'パスキーを登録できませんでした。もう一度お試しください。',
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
    yourNameFor: '担当者として登録されます。あとで変更できます。',
    email: 'メールアドレス',
    signUp: '登録する',
    sentTitle: 'メールをご確認ください',
    sent: (email) =>
      `${email} がリンクを受け取れるアドレスであれば、まもなくメールが届きます。リンクは24時間有効です。以前のアカウントを解約中の場合は、解約が完了してからもう一度ご登録ください。`,
    nothing: '数分待ってもメールが届かない場合は、迷惑メールフォルダーもご確認ください。',
    sendAgain: 'リンクをもう一度送信',
    sentAgain: (limit) => `リンクを受け取れるアドレスであれば、まもなくもう1通メールが届きます。${limit}`,
    haveAccount: 'すでにご登録済みの方',
    toSignIn: 'サインイン',
  },
};

export const texts: Texts<typeof en> = { en, ja };
