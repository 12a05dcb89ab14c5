import type { CustomerView } from '../../client/types.gen.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';

const texts = {
  en: { state: 'MAU alert', on: 'On', off: 'Off', threshold: 'Threshold' },
  ja: { state: 'MAUアラート', on: 'オン', off: 'オフ', threshold: 'しきい値' },
} satisfies Texts<object>;

/** Returns a function that lists the saved settings of the MAU alert, each with a label. */
export function useMauAlertFacts() {
  const text = useText(texts);
  const format = useFormat();
  return ({ mauAlert: { enabled, threshold } }: CustomerView) =>
    [
      [text.state, enabled ? text.on : text.off],
      [text.threshold, threshold === null ? null : `${format.number(threshold)} MAU`],
    ] as const;
}
