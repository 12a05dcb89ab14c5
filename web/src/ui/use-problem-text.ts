import { slugOf, type Problem } from '../api/problem.ts';
import { useText, type Texts } from '../text/language.tsx';

/** What is said of a problem. Those that are not here say what the service says, in English. */
const texts: Texts<Readonly<Record<string, string | ((problem: Problem) => string)>>> = {
  en: {
    unreachable: 'The service did not answer. Check your connection.',
    unexpected: 'The service answered something unexpected. Try again, or load the page anew.',
    unauthenticated: 'Your session has ended. Sign in again.',
    forbidden: 'You may not do this.',
    'version-conflict': 'Someone else changed this meanwhile.',
    // Only RPs are registered in the console; users are by RPs' servers.
    'license-limit-reached': ({ max, current }) =>
      `The license allows at most ${String(max)} registered RPs; there are ${String(current)}.`,
    unavailable: 'The service is busy at the moment. Try again shortly.',
    internal: 'Something went wrong in the service.',
    'reauthentication-required': 'Sign in again first.',
  },
  ja: {
    unreachable: 'サービスから応答がありません。接続を確認してください。',
    unexpected: 'サービスから想定外の応答がありました。もう一度お試しいただくか、ページを再読み込みしてください。',
    unauthenticated: 'セッションが終了しました。もう一度サインインしてください。',
    forbidden: 'この操作を行う権限がありません。',
    'not-found': '見つかりません。',
    validation: '入力内容に誤りがあります。',
    'already-exists': '同じものがすでに存在します。',
    'version-conflict': '他のユーザーが先に変更しました。',
    'license-not-active': 'ライセンスが有効ではありません。',
    'license-limit-reached': ({ max, current }) =>
      `ライセンスで登録できるRPは${String(max)}件までです。現在${String(current)}件が登録されています。`,
    'contact-required': 'サービスの運営者へのご連絡が必要です。',
    'confirmation-mismatch': '入力された名前が一致しません。',
    'reauthentication-required': 'もう一度サインインしてください。',
    unavailable: 'サービスが混み合っています。しばらくしてからもう一度お試しください。',
    internal: 'サービスで問題が発生しました。',
  },
};

/** Gives what to say of a problem in the present language. */
export function useProblemText(): (problem: Problem) => string {
  const known = useText(texts);
  return (problem) => {
    const text = known[slugOf(problem)];
    return (typeof text === 'function' ? text(problem) : text) ?? problem.detail ?? problem.title;
  };
}
