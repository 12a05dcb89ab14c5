import type { CustomerView } from '../../client/types.gen.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';

const texts = {
  en: { state: 'MAU alert', on: 'On', off: 'Off', threshold: 'Threshold', levels: 'More levels' },
  ja: { state: 'MAUアラート', on: 'オン', off: 'オフ', threshold: 'しきい値', levels: '追加のしきい値' },
} satisfies Texts<object>;

/** Returns a function that lists the saved settings of the MAU alert, each with a label. */
export function useMauAlertFacts() {
  const text = useText(texts);
  const format = useFormat();
  const inWords = (level: NonNullable<CustomerView['mauAlert']['levels']>[number]) => {
    const mau = level.threshold === null ? '–' : `${format.number(level.threshold)} MAU`;
    return level.kind === 'percent' ? `${format.percent(level.percent / 100)} (${mau})` : mau;
  };
  return ({ mauAlert: { enabled, threshold, levels } }: CustomerView): (readonly [string, string | null])[] => [
    [text.state, enabled ? text.on : text.off],
    [text.threshold, threshold === null ? null : `${format.number(threshold)} MAU`],
    ...(levels ? [[text.levels, levels.map(inWords).join('\n')] as const] : []),
  ];
}
