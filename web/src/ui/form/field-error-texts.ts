import type { FieldErrorCode } from '../../../../functions/contract/errors/field-error-kinds.ts';
import type { FieldError } from '../../api/problem.ts';

/** The text of a field error, or a function that makes the text from the error's parameters. */
type FieldErrorText = string | ((error: FieldError) => string);

/**
 * The text of each kind of field error, keyed by language and error code. TypeScript reports an error if the text of a
 * code is missing in a language.
 */
export const fieldErrorTexts: Readonly<Record<'en' | 'ja', Readonly<Record<FieldErrorCode, FieldErrorText>>>> = {
  en: {
    required: 'Must be filled in',
    'unknown-field': 'Must not be present',
    'wrong-type': ({ expected }) => (expected === 'integer' ? 'Must be a whole number' : 'Must have another data type'),
    'unknown-value': ({ values = [] }) => `Must be one of ${values.join(', ')}`,
    'too-short': ({ min }) => (min === 1 ? 'Must not be empty' : `Must have at least ${String(min)} characters`),
    'too-long': ({ max }) => `Must have at most ${String(max)} characters`,
    'too-few': ({ min }) => (min === 1 ? 'Must not be empty' : `Must have at least ${String(min)} entries`),
    'too-many': ({ max }) => `Must have at most ${String(max)} entries`,
    'too-small': ({ min }) => `Must be at least ${String(min)}`,
    'too-large': ({ max }) => `Must be at most ${String(max)}`,
    duplicate: 'Must not be the same as an earlier entry',
    'at-least-one-required': 'Change at least one field',
    'exactly-one-required': 'Fill in exactly one field',
    'not-one-line': 'Must be one line without control characters',
    'control-characters': 'Must not have control characters',
    'not-unicode': 'Must not have broken characters',
    'not-an-email': 'Must be an e-mail address',
    'not-a-phone-number': 'Must consist of digits, letters, spaces and + - ( ) . / #',
    'not-a-domain-name': 'Must be a domain name such as shop.example.com, without "https://", port or path',
    'not-a-user-id': 'Must be 1 to 128 letters, digits and . _ ~ : @ + = -, with a letter, a digit, _ or - first',
    'not-an-id': 'Must be an ID of this service',
    'not-a-time': 'Must be a date and time with a time zone',
    'not-a-month': 'Must be a month such as 2026-11',
    'not-a-cursor': 'This page of the list no longer exists. Load the list again',
    'not-base64url': 'Must be base64url',
    'wrong-content-type': 'The service could not read the request. Try again',
    'not-json': 'The service could not read the request. Try again',
    'not-an-etag': 'The version is not valid. Load the page again',
    'email-taken': 'This e-mail address belongs to an administrator already',
    'not-an-active-administrator': 'Choose an active administrator',
    'needs-maximum-mau': 'Percents need a license with a maximum MAU',
    'not-a-webhook-url': 'Must be a URL that begins with https://, without user name, password and #',
    'not-the-customer-name': "Must be the customer's name, as it is shown",
    'no-longer-kept': ({ earliest }) => `The active users of months before ${String(earliest)} are no longer kept`,
    'public-suffix': 'Must be a domain name that you own, such as shop.example.com, not a public suffix such as com',
    'rp-id-taken': 'You have registered an RP with this RP ID already',
    'not-an-origin':
      'Must be an origin such as https://shop.example.com or https://shop.example.com:8443 (lower case, no path), or android:apk-key-hash: and 43 characters',
    'not-a-web-origin':
      'Must be an origin such as https://shop.example.com or https://shop.example.com:8443 (lower case, no path)',
    'not-https': 'Must begin with https. Only the RP ID localhost takes http://localhost with a port',
    'too-many-related-domains': ({ max }) =>
      `Browsers accept at most ${String(max)} different domain names before endings such as .com, including the RP ID. Remove some origins`,
    'not-an-aaguid': 'Must be an AAGUID such as 2fc0579f-8113-47ea-b116-bb5a8db9202a',
    'needs-trusted-attestation':
      'Require a trusted attestation too: otherwise anybody can forge the type of an authenticator',
    'rp-has-users': 'Can be switched on only before the first user is registered',
    'user-name-taken': 'Another user of the RP has this name',
    'not-the-same-id': 'The browser reported two different passkeys',
    'challenge-not-valid': 'Adding the passkey took too long. Try again',
    'passkey-not-valid': 'The passkey was not accepted. Try again',
  },
  ja: {
    required: '入力してください',
    'unknown-field': 'この項目は指定できません',
    'wrong-type': ({ expected }) => (expected === 'integer' ? '整数を入力してください' : '値の種類が正しくありません'),
    'unknown-value': ({ values = [] }) => `次のいずれかを指定してください：${values.join('、')}`,
    'too-short': ({ min }) => (min === 1 ? '入力してください' : `${String(min)}文字以上で入力してください`),
    'too-long': ({ max }) => `${String(max)}文字以内で入力してください`,
    'too-few': ({ min }) => `${String(min)}件以上指定してください`,
    'too-many': ({ max }) => `${String(max)}件以内で指定してください`,
    'too-small': ({ min }) => `${String(min)}以上の値を入力してください`,
    'too-large': ({ max }) => `${String(max)}以下の値を入力してください`,
    duplicate: '同じ値がすでに指定されています',
    'at-least-one-required': '少なくとも1つの項目を変更してください',
    'exactly-one-required': 'いずれか1つだけを指定してください',
    'not-one-line': '改行や制御文字は使用できません',
    'control-characters': '制御文字は使用できません',
    'not-unicode': '使用できない文字が含まれています',
    'not-an-email': 'メールアドレスを入力してください',
    'not-a-phone-number': '数字、英字、空白、+ - ( ) . / # のみ使用できます',
    'not-a-domain-name': 'shop.example.com のようなドメイン名を、「https://」、ポート、パスなしで入力してください',
    'not-a-user-id': '英数字と . _ ~ : @ + = - の1～128文字で、先頭は英数字、_、- のいずれかで入力してください',
    'not-an-id': 'このサービスのIDを指定してください',
    'not-a-time': '日時をタイムゾーン付きで指定してください',
    'not-a-month': '2026-11 のような年月を指定してください',
    'not-a-cursor': 'このページは表示できません。一覧を再読み込みしてください',
    'not-base64url': 'base64url形式で指定してください',
    'wrong-content-type': 'リクエストが正しく送信されませんでした。もう一度お試しください',
    'not-json': 'リクエストが正しく送信されませんでした。もう一度お試しください',
    'not-an-etag': 'バージョンが正しくありません。ページを再読み込みしてください',
    'email-taken': 'このメールアドレスは、すでに管理者として登録されています',
    'not-an-active-administrator': '有効な管理者を選択してください',
    'needs-maximum-mau': '割合で指定できるのは、MAUの上限があるライセンスのみです',
    'not-a-webhook-url': 'https:// で始まり、ユーザー名、パスワード、# を含まないURLを入力してください',
    'not-the-customer-name': '表示されている名称と同じ文字を入力してください',
    'no-longer-kept': ({ earliest }) =>
      `${String(earliest)} より前の月のアクティブユーザーの記録は、保存期間が終了しています`,
    'public-suffix':
      'com のような公開サフィックスは使用できません。shop.example.com のような、お客様のドメイン名を入力してください',
    'rp-id-taken': 'このRP IDのRPはすでに登録されています',
    'not-an-origin':
      'https://shop.example.com や https://shop.example.com:8443 のようなオリジン（小文字、パスなし）か、android:apk-key-hash: と43文字を入力してください',
    'not-a-web-origin':
      'https://shop.example.com や https://shop.example.com:8443 のようなオリジン（小文字、パスなし）を入力してください',
    'not-https':
      'https で始まるオリジンを入力してください。http://localhost とポートは、RP IDが localhost の場合のみ使用できます',
    'too-many-related-domains': ({ max }) =>
      `ブラウザーが受け付けるのは、.com などの前の名前がRP IDを含めて${String(max)}種類までです。オリジンを減らしてください`,
    'not-an-aaguid': '2fc0579f-8113-47ea-b116-bb5a8db9202a のようなAAGUIDを入力してください',
    'needs-trusted-attestation':
      '信頼できるアテステーションも必須にしてください。必須にしないと、認証器の種類を偽ることができます',
    'rp-has-users': '最初のユーザーを登録する前にのみ有効にできます',
    'user-name-taken': 'このRPの別のユーザーがこの名前を使用しています',
    'not-the-same-id': 'ブラウザーから異なる2つのパスキーが返されました',
    'challenge-not-valid': 'パスキーの追加の有効期限が切れました。もう一度お試しください',
    'passkey-not-valid': 'パスキーを確認できませんでした。もう一度お試しください',
  },
};

/**
 * Returns the text of a field error. A service that is newer than this console may send a code for which this console
 * has no text. For such a code, the function returns the English text from the service.
 */
export function textOfFieldError(texts: Readonly<Partial<Record<string, FieldErrorText>>>, error: FieldError): string {
  const text = Object.hasOwn(texts, error.code) ? texts[error.code] : undefined;
  return (typeof text === 'function' ? text(error) : text) ?? error.detail;
}
