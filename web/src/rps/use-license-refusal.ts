import { useCustomer } from '../customer/use-customer.ts';
import { useText, type Texts } from '../text/language.tsx';
import { useFormat } from '../text/use-format.ts';

const texts = {
  en: {
    expired: 'The license has expired, so you cannot register anything new.',
    notStarted: (date: string) => `You cannot register anything new until the license starts on ${date}.`,
    full: (registered: string, max: string) =>
      `You have reached the maximum of the Free license: ${registered} of ${max} RPs are registered.`,
  },
  ja: {
    expired: 'ライセンスの有効期限が切れているため、新しく登録できません。',
    notStarted: (date: string) => `ライセンスは${date}に開始します。それまでは新しく登録できません。`,
    full: (registered: string, max: string) =>
      `Freeライセンスの上限に達しています（登録済みRP：${max}件中${registered}件）。`,
  },
} satisfies Texts<object>;

/**
 * Returns why the license refuses a new RP or API key. No license limits the number of API keys. The reason is null if
 * the license allows the registration. The reason is also null if the license could not be read: the service checks the
 * license of each request anyway.
 */
export function useLicenseRefusal(ofWhat: 'rp' | 'api-key'): {
  readonly isPending: boolean;
  readonly reason: string | null;
} {
  const text = useText(texts);
  const format = useFormat();
  const { data, isPending } = useCustomer();
  const reason = () => {
    if (!data) return null;
    const { license } = data;
    if (license.status === 'expired') return text.expired;
    if (license.status === 'not-started') return text.notStarted(format.date(license.startsAt, data.month.timeZone));
    const isFull = license.type === 'free' && license.registeredRps >= license.maxRegisteredRps;
    if (ofWhat === 'api-key' || !isFull) return null;
    return text.full(format.number(license.registeredRps), format.number(license.maxRegisteredRps));
  };
  return { isPending, reason: reason() };
}
