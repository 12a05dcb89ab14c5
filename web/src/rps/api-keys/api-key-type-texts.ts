import type { ApiKey } from '../../client/types.gen.ts';
import type { Texts } from '../../text/language.tsx';

/** The names of the types of API keys. The SDKs with the FSS format call their types by the names in parentheses. */
export const apiKeyTypeTexts = {
  en: {
    bearer: 'Bearer',
    'access-key': 'FSS: access key (AccessKeyAuth)',
    'date-signature': 'FSS: date signature (DatetimeSignAuth)',
    'nonce-signature': 'FSS: nonce signature (NonceSignAuth)',
  },
  ja: {
    bearer: 'Bearer',
    'access-key': 'FSS：アクセスキー（AccessKeyAuth）',
    'date-signature': 'FSS：日時署名（DatetimeSignAuth）',
    'nonce-signature': 'FSS：ナンス署名（NonceSignAuth）',
  },
} satisfies Texts<Record<ApiKey['type'], string>>;
