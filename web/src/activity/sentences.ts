import type { AuditEntry } from '../client/types.gen.ts';
import type { Texts } from '../text/language.tsx';

/** The parts of a sentence about an entry. */
export interface Facts {
  /** The author: a person, the operator or the service. */
  readonly by: string;
  /** The name of what was changed. */
  readonly name: string;
  /** The name of the RP to which it belongs. */
  readonly rp: string;
  /** The old and the new values that changed. */
  readonly before: Values;
  readonly after: Values;
}
type Values = Readonly<Record<string, unknown>>;
type Sentences = Readonly<Record<AuditEntry['kind'], (facts: Facts) => string>>;

/** Returns a value as text. Returns an empty text for a value that is missing. */
const say = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
const PLANS: Readonly<Record<string, string>> = {
  free: 'Free',
  starter: 'Starter',
  business: 'Business',
  enterprise: 'Enterprise',
};
/** Returns the origin of a webhook's URL, and an empty text if the change did not change it. */
const originOf = ({ origin }: Values): string => say(origin);
const planOf = ({ type }: Values): string => PLANS[say(type)] ?? say(type);
/** Returns the plan of a license that was set. Older entries name it only if it changed. */
const planSet = ({ name, before, after }: Facts): string => PLANS[name] ?? (planOf(after) || planOf(before));
/** Returns which further parts of the MAU alert were set. */
const alsoSet = ({ before, after }: Facts, names: Readonly<Record<'levels' | 'recipients', string>>): string[] =>
  (['levels', 'recipients'] as const).filter((part) => part in before || part in after).map((part) => names[part]);
const alsoEn = (facts: Facts): string => {
  const parts = alsoSet(facts, { levels: 'levels', recipients: 'recipients' });
  return parts.length > 0 ? `, with other ${parts.join(' and ')}` : '';
};
const alsoJa = (facts: Facts): string => {
  const parts = alsoSet(facts, { levels: '追加のしきい値', recipients: '送信先' });
  return parts.length > 0 ? `${parts.join('と')}も変更しました。` : '';
};

/** Returns the names of the values that an edit has changed. */
function changedIn({ before, after }: Facts): readonly string[] {
  const names = after['changed'] ?? before['changed'];
  if (Array.isArray(names)) return names.map(String);
  const fields = [...Object.keys(before), ...Object.keys(after)].flatMap((field) => {
    const values = field === 'settings' ? after[field] : undefined;
    return typeof values === 'object' && values !== null ? Object.keys(values) : [field];
  });
  return [...new Set(fields)];
}

const listEn = (facts: Facts): string => (changedIn(facts).length > 0 ? ` (${changedIn(facts).join(', ')})` : '');
const listJa = (facts: Facts): string => (changedIn(facts).length > 0 ? `（${changedIn(facts).join('、')}）` : '');

const signInEn: Readonly<Record<string, string>> = {
  passkey: 'with a passkey',
  link: 'with an e-mailed link',
  'recovery-link': 'with a recovery link',
};
const signInJa: Readonly<Record<string, string>> = {
  passkey: 'パスキー',
  link: 'メールのリンク',
  'recovery-link': 'リカバリー用のリンク',
};

const en: Sentences = {
  'session-begun': ({ by, after }) => `${by} signed in ${signInEn[say(after['method'])] ?? ''}`.trimEnd() + '.',
  'session-ended': ({ by }) => `${by} signed out.`,
  'sessions-ended': ({ by }) => `${by} ended all of their sessions.`,
  'passkey-added': ({ by, name }) => `${by} added the passkey “${name}”.`,
  'passkey-renamed': ({ by, name, before }) => `${by} renamed the passkey “${say(before['name'])}” to “${name}”.`,
  'passkey-removed': ({ by, name }) => `${by} removed the passkey “${name}”.`,
  'recovery-undone': ({ by, name }) => `${by} undid the recovery of ${name}.`,
  'customer-activated': ({ by }) => `${by} confirmed their e-mail address and activated the customer.`,
  'customer-edited': (facts) => `${facts.by} edited the customer information${listEn(facts)}.`,
  'customer-unsubscribed': ({ by }) => `${by} ended the use of the service.`,
  'unsubscription-requested': ({ by }) => `${by} unsubscribed the customer.`,
  'unsubscription-cancelled': ({ by }) => `${by} cancelled the unsubscription.`,
  'representative-changed': ({ by, name }) => `${by} made ${name} the representative.`,
  'mau-alert-set': (facts) => {
    const { by, before, after } = facts;
    if (after['enabled'] === false) return `${by} switched the MAU alert off${alsoEn(facts)}.`;
    const threshold = say(after['threshold'] ?? before['threshold']);
    return after['enabled'] === true
      ? `${by} switched the MAU alert on${threshold && ` at ${threshold} MAU`}${alsoEn(facts)}.`
      : `${by} set the MAU alert${threshold && ` to ${threshold} MAU`}${alsoEn(facts)}.`;
  },
  'webhook-set': ({ by, after }) => `${by} set the URL of the webhook${originOf(after) && ` to ${originOf(after)}`}.`,
  'webhook-secret-rotated': ({ by }) => `${by} rotated the secret of the webhook.`,
  'webhook-tested': ({ by }) => `${by} sent a test event to the webhook.`,
  'webhook-removed': ({ by }) => `${by} removed the webhook.`,
  'administrator-added': ({ by, name }) => `${by} invited ${name}.`,
  'administrator-invited': ({ by, name }) => `${by} sent ${name} the activation link again.`,
  'administrator-activated': ({ by }) => `${by} accepted the invitation and signed in.`,
  'administrator-edited': ({ by, name, before, after }) => {
    if (after['privilege'] === 'privileged') return `${by} made ${name} a privileged administrator.`;
    if (after['privilege'] === 'administrator') return `${by} withdrew the privilege of ${name}.`;
    return before['name'] === undefined
      ? `${by} edited ${name}.`
      : `${by} changed the name of ${say(before['name'])} to ${name}.`;
  },
  'administrator-removed': ({ by, name }) => `${by} removed the administrator ${name}.`,
  'email-changed': ({ by, name, before, after }) =>
    `${by} changed the e-mail address of ${name} from ${say(before['email'])} to ${say(after['email'])}.`,
  'mail-settings-set': ({ by }) => `${by} changed which e-mails they get and in which language.`,
  'rp-registered': ({ by, name, after }) => `${by} registered the RP “${name}” (${say(after['rpId'])}).`,
  'rp-edited': (facts) => `${facts.by} edited the RP “${facts.name}”${listEn(facts)}.`,
  'rp-verified': ({ by, name }) => `${by} verified the domain of the RP “${name}”.`,
  'rp-removed': ({ by, name, before }) => `${by} removed the RP “${name}” (${say(before['rpId'])}).`,
  'api-key-created': ({ by, name, rp }) => `${by} created the API key “${name}” of the RP “${rp}”.`,
  'api-key-deleted': ({ by, name, rp }) => `${by} deleted the API key “${name}” of the RP “${rp}”.`,
  'user-edited': (facts) => `${facts.by} edited the user ${facts.name} of the RP “${facts.rp}”${listEn(facts)}.`,
  'user-removed': ({ by, name, rp }) => `${by} removed the user ${name} of the RP “${rp}”.`,
  'credential-edited': (facts) =>
    `${facts.by} edited a credential (${facts.name}) of a user of the RP “${facts.rp}”${listEn(facts)}.`,
  'credential-removed': ({ by, name, rp }) => `${by} removed a credential (${name}) of a user of the RP “${rp}”.`,
  'license-set': (facts) => `${facts.by} set the license${planSet(facts) && ` ${planSet(facts)}`}.`,
  'license-cancelled': ({ by, before }) => `${by} cancelled the upcoming license ${planOf(before)}.`,
  'statements-exported': ({ by }) => `${by} downloaded the statements.`,
  'mau-exported': ({ by }) => `${by} downloaded the MAU.`,
  'active-users-exported': ({ by, after }) => `${by} downloaded the active users of ${say(after['month'])}.`,
  'activity-exported': ({ by }) => `${by} downloaded this activity.`,
};

const ja: Sentences = {
  'session-begun': ({ by, after }) => `${by}が${signInJa[say(after['method'])] ?? ''}でサインインしました。`,
  'session-ended': ({ by }) => `${by}がサインアウトしました。`,
  'sessions-ended': ({ by }) => `${by}が自分のすべてのセッションを終了しました。`,
  'passkey-added': ({ by, name }) => `${by}がパスキー「${name}」を追加しました。`,
  'passkey-renamed': ({ by, name, before }) =>
    `${by}がパスキーの名前を「${say(before['name'])}」から「${name}」に変更しました。`,
  'passkey-removed': ({ by, name }) => `${by}がパスキー「${name}」を削除しました。`,
  'recovery-undone': ({ by, name }) => `${by}が${name}さんのリカバリーを取り消しました。`,
  'customer-activated': ({ by }) => `${by}がメールアドレスを確認し、カスタマーを有効にしました。`,
  'customer-edited': (facts) => `${facts.by}がカスタマー情報を編集しました${listJa(facts)}。`,
  'customer-unsubscribed': ({ by }) => `${by}がサービスの利用を終了しました。`,
  'unsubscription-requested': ({ by }) => `${by}が解約の手続きを行いました。`,
  'unsubscription-cancelled': ({ by }) => `${by}が解約を取り消しました。`,
  'representative-changed': ({ by, name }) => `${by}が担当者を${name}さんに変更しました。`,
  'mau-alert-set': (facts) => {
    const { by, before, after } = facts;
    if (after['enabled'] === false) return `${by}がMAUアラートをオフにしました。${alsoJa(facts)}`;
    const threshold = say(after['threshold'] ?? before['threshold']);
    if (!threshold && alsoJa(facts)) return `${by}がMAUアラートの${alsoJa(facts).replace('も変更', 'を変更')}`;
    return after['enabled'] === true
      ? `${by}がMAUアラートをオンにしました${threshold && `（しきい値：${threshold}）`}。${alsoJa(facts)}`
      : `${by}がMAUアラートのしきい値を${threshold && `${threshold}に`}変更しました。`;
  },
  'webhook-set': ({ by, after }) => `${by}がWebhookのURLを${originOf(after) && `${originOf(after)}に`}設定しました。`,
  'webhook-secret-rotated': ({ by }) => `${by}がWebhookのシークレットを更新しました。`,
  'webhook-tested': ({ by }) => `${by}がWebhookにテストイベントを送信しました。`,
  'webhook-removed': ({ by }) => `${by}がWebhookを削除しました。`,
  'administrator-added': ({ by, name }) => `${by}が${name}さんを招待しました。`,
  'administrator-invited': ({ by, name }) => `${by}が${name}さんに招待メールを再送信しました。`,
  'administrator-activated': ({ by }) => `${by}が招待を受け、サインインしました。`,
  'administrator-edited': ({ by, name, before, after }) => {
    if (after['privilege'] === 'privileged') return `${by}が${name}さんを特権管理者にしました。`;
    if (after['privilege'] === 'administrator') return `${by}が${name}さんを一般の管理者にしました。`;
    return before['name'] === undefined
      ? `${by}が${name}さんの情報を編集しました。`
      : `${by}が管理者の名前を${say(before['name'])}から${name}に変更しました。`;
  },
  'administrator-removed': ({ by, name }) => `${by}が管理者の${name}さんを削除しました。`,
  'email-changed': ({ by, name, before, after }) =>
    `${by}が${name}さんのメールアドレスを${say(before['email'])}から${say(after['email'])}に変更しました。`,
  'mail-settings-set': ({ by }) => `${by}が受け取るメールの種類と言語を変更しました。`,
  'rp-registered': ({ by, name, after }) => `${by}がRP「${name}」（${say(after['rpId'])}）を登録しました。`,
  'rp-edited': (facts) => `${facts.by}がRP「${facts.name}」を編集しました${listJa(facts)}。`,
  'rp-verified': ({ by, name }) => `${by}がRP「${name}」のドメインを確認しました。`,
  'rp-removed': ({ by, name, before }) => `${by}がRP「${name}」（${say(before['rpId'])}）を削除しました。`,
  'api-key-created': ({ by, name, rp }) => `${by}がRP「${rp}」のAPIキー「${name}」を作成しました。`,
  'api-key-deleted': ({ by, name, rp }) => `${by}がRP「${rp}」のAPIキー「${name}」を削除しました。`,
  'user-edited': (facts) => `${facts.by}がRP「${facts.rp}」のユーザー ${facts.name} を編集しました${listJa(facts)}。`,
  'user-removed': ({ by, name, rp }) => `${by}がRP「${rp}」のユーザー ${name} を削除しました。`,
  'credential-edited': (facts) =>
    `${facts.by}がRP「${facts.rp}」のユーザーのクレデンシャル（${facts.name}）を編集しました${listJa(facts)}。`,
  'credential-removed': ({ by, name, rp }) => `${by}がRP「${rp}」のユーザーのクレデンシャル（${name}）を削除しました。`,
  'license-set': (facts) => `${facts.by}が${planSet(facts)}ライセンスを設定しました。`,
  'license-cancelled': ({ by, before }) => `${by}が開始前の${planOf(before)}ライセンスを取り消しました。`,
  'statements-exported': ({ by }) => `${by}が明細をダウンロードしました。`,
  'mau-exported': ({ by }) => `${by}がMAUをダウンロードしました。`,
  'active-users-exported': ({ by, after }) =>
    `${by}が${say(after['month'])}のアクティブユーザーをダウンロードしました。`,
  'activity-exported': ({ by }) => `${by}がこのアクティビティをダウンロードしました。`,
};

/** The sentences about the kinds of entries. */
export const sentences = { en, ja } satisfies Texts<Sentences>;
