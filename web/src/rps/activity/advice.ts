import type { RefusedCeremony } from '../../client/types.gen.ts';
import { useText, type Texts } from '../../text/language.tsx';

/** The advice about a refusal, by the code of the problem, and by the step for refusals whose step says more. */
const texts = {
  en: {
    codes: {
      validation: 'Correct the field that the detail names, and send the request again.',
      'payload-too-large': 'Send a smaller body. Shorten names and attributes.',
      'not-found':
        'Check the user ID. A registration of a user who does not exist yet needs createUser: true. Otherwise, the user was removed.',
      'already-exists': 'The user ID, handle or name is taken. Offer a sign-in instead, or choose another one.',
      'license-not-active': 'The license is not active, so there can be no new users. Contact the operator.',
      'license-limit-reached': 'Remove users that nobody needs, or ask the operator for a larger license.',
      'rp-not-verified': 'Publish the DNS record of the RP, and verify the domain.',
      'ceremony-invalid':
        'Send the ceremony back unchanged, to the same RP and kind of ceremony, with the same context. If your server began it, check its clock, and that its API key is right and was not deleted.',
      'ceremony-expired': 'The response came too late. Request new options, and call the browser again.',
      'ceremony-used':
        'If your server lost the response, repeat requests with an Idempotency-Key. Otherwise, somebody may have copied it: sign nobody in.',
      'no-credential':
        'The user has no passkey that could be used now. Offer another way to sign in, then a registration.',
      'credential-unknown':
        'The passkey was removed here, or belongs to another user. Pass signals.unknownCredential to the page, so that the browser stops offering it. On localhost, do not: other programs share it.',
      'credential-disabled': 'Enable the credential if that is right, or let the user sign in with another passkey.',
      'credential-exists': 'The passkey is registered already. Let the user sign in with it.',
      'too-many-credentials': 'The user has as many passkeys as possible. Let the user remove one first.',
      'user-disabled': 'Enable the user if that is right. Show the user only that the sign-in failed.',
      'origin-not-allowed':
        'If the page is yours, add its origin to the settings of the RP. If not, somebody may be imitating your site.',
      'user-verification-required':
        'Ask the user to unlock the device with a PIN, fingerprint or face, or do not require user verification.',
      'authenticator-not-allowed':
        'Let the user choose another authenticator, or change the allowed authenticators in the settings.',
      'attestation-not-trusted':
        'Let the user choose a certified authenticator, or do not require a trusted attestation in the settings.',
      'sign-count-not-increased':
        'Begin again once. If it happens again, the authenticator may have been cloned: disable the credential.',
      'sign-in-refused':
        'Nothing to correct: the ceremony conceals why it failed. Tell the user only that the sign-in failed.',
      'response-invalid': 'Send the result of toJSON() from the page unchanged.',
    },
    steps: {
      type: 'The response is from the other kind of ceremony. Call create for registrations, and get for sign-ins.',
      challenge: 'The response belongs to another ceremony. Store each ceremony under its challenge in the session.',
      'cross-origin': 'The page ran in a frame of another origin. If that is right, add topOrigins in the settings.',
      'top-origin': 'Another page embeds yours. If that is right, add its origin to topOrigins in the settings.',
      'rp-id-hash': 'The page used another RP ID. Pass the options on unchanged.',
      'allow-credentials': 'The user chose a passkey that the options do not list. Pass the options on unchanged.',
      'user-handle': 'The user handle is missing or of another user. Send the response of the browser unchanged.',
      'user-presence': 'The authenticator did not ask the user. Let the user choose another authenticator.',
      'backup-state': 'The authenticator is faulty. Let the user choose another one.',
      'backup-eligibility': 'The authenticator changed how it stores the passkey. Let the user register a new one.',
      algorithm: 'The authenticator made a key that is not accepted. Let the user choose another authenticator.',
      'public-key': 'The authenticator made a key that is not accepted. Let the user choose another authenticator.',
      'credential-id': 'The response names another credential. Send the response of the browser unchanged.',
      extensions: 'Remove the extensions appid and appidExclude: they are for old U2F keys.',
      attestation: 'The attestation is not valid or unknown. Let the user choose another authenticator.',
      signature: 'The signature is wrong. Somebody may have forged the response: do not sign the user in.',
    },
    other: 'Open the explanation of the problem.',
  },
  ja: {
    codes: {
      validation: '詳細に示された項目を修正して、もう一度送信してください。',
      'payload-too-large': '本文を小さくしてください。名前や属性を短くします。',
      'not-found':
        'ユーザーIDを確認してください。まだ存在しないユーザーの登録には createUser: true が必要です。ユーザーが削除された可能性もあります。',
      'already-exists':
        'ユーザーID、ハンドルまたは名前は使用済みです。サインインを案内するか、別の値を選んでください。',
      'license-not-active': 'ライセンスが有効でないため、新しいユーザーを登録できません。運営者に連絡してください。',
      'license-limit-reached': '不要なユーザーを削除するか、運営者にライセンスの変更を依頼してください。',
      'rp-not-verified': 'RPのDNSレコードを公開し、ドメインを検証してください。',
      'ceremony-invalid':
        'ceremony は、開始時と同じRP・種類・context で、変更せずに送り返してください。自社のサーバーで開始した場合は、サーバーの時計と、APIキーが正しく、削除されていないことを確認してください。',
      'ceremony-expired': '応答が遅すぎました。新しいオプションを取得して、ブラウザーを呼び出し直してください。',
      'ceremony-used':
        'サーバーが応答を受け取れなかった場合は、Idempotency-Key を付けて再送します。それ以外は応答が複製されたおそれがあるため、サインインさせないでください。',
      'no-credential': '使用できるパスキーがありません。別の方法でサインインした後に、登録を案内してください。',
      'credential-unknown':
        'パスキーは削除されたか、別のユーザーのものです。signals.unknownCredential をページに渡すと、ブラウザーは表示しなくなります。localhost は他のプログラムと共有されるため、渡さないでください。',
      'credential-disabled':
        '問題がなければクレデンシャルを有効にするか、別のパスキーでのサインインを案内してください。',
      'credential-exists': 'このパスキーは登録済みです。サインインを案内してください。',
      'too-many-credentials': 'パスキーの数が上限に達しています。先に1つ削除するよう案内してください。',
      'user-disabled': '問題がなければユーザーを有効にしてください。本人にはサインインできなかったことだけを伝えます。',
      'origin-not-allowed':
        '自社のページであれば、RPの設定にオリジンを追加してください。そうでなければ、偽のページの可能性があります。',
      'user-verification-required':
        'PIN、指紋または顔で端末のロックを解除するよう案内するか、ユーザー検証の要求をやめてください。',
      'authenticator-not-allowed': '別の認証器を選ぶよう案内するか、設定で許可する認証器を変更してください。',
      'attestation-not-trusted':
        '認定済みの認証器を選ぶよう案内するか、設定で信頼できるアテステーションの要求をやめてください。',
      'sign-count-not-increased':
        '一度やり直してください。繰り返す場合は、認証器が複製されたおそれがあるため、クレデンシャルを無効にしてください。',
      'sign-in-refused':
        '修正は不要です。失敗の理由は隠されています。本人にはサインインできなかったことだけを伝えます。',
      'response-invalid': 'ページの toJSON() の結果を変更せずに送信してください。',
    },
    steps: {
      type: '別の種類の応答です。登録では create、サインインでは get を呼び出してください。',
      challenge: '別の開始に対する応答です。ceremony をチャレンジごとにセッションに保存してください。',
      'cross-origin':
        '別のオリジンのフレーム内で実行されました。意図したものであれば、設定の topOrigins に追加してください。',
      'top-origin':
        '別のページに埋め込まれています。意図したものであれば、設定の topOrigins にオリジンを追加してください。',
      'rp-id-hash': 'ページが別のRP IDを使用しました。オプションを変更せずに渡してください。',
      'allow-credentials': 'オプションにないパスキーが選ばれました。オプションを変更せずに渡してください。',
      'user-handle': 'ユーザーハンドルがないか、別のユーザーのものです。ブラウザーの応答を変更せずに送信してください。',
      'user-presence': '認証器が本人の操作を確認しませんでした。別の認証器を選ぶよう案内してください。',
      'backup-state': '認証器に問題があります。別の認証器を選ぶよう案内してください。',
      'backup-eligibility': 'パスキーの保存方法が変わりました。新しいパスキーの登録を案内してください。',
      algorithm: '受け付けられない鍵が作成されました。別の認証器を選ぶよう案内してください。',
      'public-key': '受け付けられない鍵が作成されました。別の認証器を選ぶよう案内してください。',
      'credential-id': '別のクレデンシャルの応答です。ブラウザーの応答を変更せずに送信してください。',
      extensions: '拡張 appid と appidExclude を取り除いてください。古いU2Fキー用のものです。',
      attestation: 'アテステーションが無効か不明です。別の認証器を選ぶよう案内してください。',
      signature: '署名が正しくありません。応答が偽造されたおそれがあるため、サインインさせないでください。',
    },
    other: '問題の説明を開いてください。',
  },
} satisfies Texts<object>;

/** Returns a function that returns the advice about a refusal in the current language. */
export function useAdvice(): (refusal: Pick<RefusedCeremony, 'code' | 'step'>) => string {
  const text = useText(texts);
  const [codes, steps]: Readonly<Record<string, string>>[] = [text.codes, text.steps];
  return ({ code, step }) => steps?.[step ?? ''] ?? codes?.[code] ?? text.other;
}
