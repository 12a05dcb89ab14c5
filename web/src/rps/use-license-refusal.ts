import { useCustomer } from '../customer/use-customer.ts';
import { useText, type Texts } from '../text/language.tsx';
import { useFormat } from '../text/use-format.ts';

const texts = {
  en: {
    expired: 'The license has expired, so you cannot register anything new.',
    notStarted: (date: string) => `You cannot register anything new until the license starts on ${date}.`,
    full: (registered: string, max: string) =>
      `You have reached the maximum of the Free license: ${registered} of ${max} ${max === '1' ? 'RP is' : 'RPs are'} registered.`,
  },
  ja: {
    expired: 'ライセンスの有効期限が切れているため、新しく登録できません。',
    notStarted: (date: string) => `ライセンスは${date}に開始します。それまでは新しく登録できません。`,
    full: (registered: string, max: string) =>
      `Freeライセンスの上限に達しています（登録済みRP：${max}件中${registered}件）。`,
  },
} satisfies Texts<object>;

/**
 * Returns the reason why the customer's license does not allow a new RP or a new API key, or null if the console knows
 * no reason. A license that has expired or has not started allows neither. A license also limits the number of RPs, but
 * not the number of API keys. The console knows this limit only for the Free license. When the person submits the form,
 * the service checks the limit of a paid license, and the whole license if the console could not read it.
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
