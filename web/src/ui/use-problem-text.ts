import { slugOf, type Problem } from '../api/problem.ts';
import { useText, type Texts } from '../text/language.tsx';
import { useFormat, type Format } from '../text/use-format.ts';

/**
 * The texts of problems, keyed by the slug of the problem. For a problem without a text here, the console shows the
 * service's English text.
 */
const texts: Texts<Readonly<Record<string, string | ((problem: Problem, format: Format) => string)>>> = {
  en: {
    unreachable: 'The service did not respond. Check your connection.',
    unexpected: 'The service sent an unexpected response. Try again, or reload the page.',
    unauthenticated: 'Your session has ended. Sign in again.',
    forbidden: 'You are not allowed to do this.',
    'version-conflict': 'Someone else changed this at the same time. Try again.',
    // Actions in the console can exceed only the limits on the numbers of RPs: the maximum of registered RPs, and the
    // maximum of a month. They cannot exceed the maxima of users, because only RPs' servers register users.
    'license-limit-reached': ({ max, current, month }) =>
      month === undefined
        ? `The license allows at most ${String(max)} registered RPs, and you have ${String(current)}.`
        : `The license allows at most ${String(max)} new RPs in a month, including removed RPs. Try again next month.`,
    'too-many-requests': 'Too many requests. Try again later.',
    unavailable: 'The service is busy. Try again in a moment.',
    internal: 'Something went wrong. Try again later.',
    'reauthentication-required': 'Sign in again first.',
    'recovery-hold': ({ until = '' }, format) =>
      `A passkey was added with a recovery link. For your protection, you cannot do this until ${format.dateTime(until)}.`,
  },
  ja: {
    unreachable: 'サービスから応答がありません。接続を確認してください。',
    unexpected: 'サービスから想定外の応答がありました。もう一度お試しいただくか、ページを再読み込みしてください。',
    unauthenticated: 'セッションが終了しました。もう一度サインインしてください。',
    forbidden: 'この操作を行う権限がありません。',
    'not-found': '見つかりません。',
    validation: '入力内容に誤りがあります。',
    'already-exists': '同じものがすでに存在します。',
    'version-conflict': '別の管理者が同時に変更しました。もう一度お試しください。',
    'license-not-active': 'ライセンスが有効ではありません。',
    'license-limit-reached': ({ max, current, month }) =>
      month === undefined
        ? `ライセンスで登録できるRPは${String(max)}件までです。現在${String(current)}件が登録されています。`
        : `ライセンスで1か月に登録できるRPは、削除したRPも含めて${String(max)}件までです。来月以降にもう一度お試しください。`,
    'contact-required': 'この操作については、サービスの運営者にご連絡ください。',
    'confirmation-mismatch': '入力された名前が一致しません。',
    'reauthentication-required': 'もう一度サインインしてください。',
    'recovery-hold': ({ until = '' }, format) =>
      `リカバリー用のリンクでパスキーが追加されたため、${format.dateTime(until)} まではこの操作を行えません。`,
    'too-many-requests': 'リクエストが多すぎるため、受け付けられませんでした。時間をおいてもう一度お試しください。',
    unavailable: 'サービスが混み合っています。しばらくしてからもう一度お試しください。',
    internal: '問題が発生しました。しばらくしてからもう一度お試しください。',
  },
};

/** Returns a function that describes a problem in the current language. */
export function useProblemText(): (problem: Problem) => string {
  const known = useText(texts);
  const format = useFormat();
  return (problem) => {
    const text = known[slugOf(problem)];
    return (typeof text === 'function' ? text(problem, format) : text) ?? problem.detail ?? problem.title;
  };
}
