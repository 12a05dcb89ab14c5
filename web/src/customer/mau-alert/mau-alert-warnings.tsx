import { Alert, Stack, Text } from '@mantine/core';
import type { CustomerView } from '../../client/types.gen.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';
import type { Level, ShownLevel } from './typed-levels.ts';

const texts = {
  en: {
    exceeded: (mau: string) => `This month’s MAU (${mau}) already exceed this threshold.`,
    told: {
      sent: 'The e-mail about this month and threshold has been sent. We will not send a second e-mail.',
      pending: 'The e-mail about this month and threshold will be sent within minutes.',
      failed:
        'The e-mail about this month and threshold could not be sent. We keep trying for 3 days after the first try.',
      bounced:
        'The e-mail about this month and threshold was not delivered. We will not send a second e-mail. Check the address of the representative.',
    },
    follows:
      'The representative gets an e-mail within minutes, unless one was already sent for this threshold this month.',
    followsSaving:
      'After you save, the representative gets an e-mail within minutes, unless one was already sent for this threshold this month.',
    aboveMaximum: (maximum: string) =>
      `The threshold is above the maximum of the license (${maximum} MAU), so the overage starts before the e-mail is sent.`,
  },
  ja: {
    exceeded: (mau: string) => `今月のMAU（${mau}）は、すでにこのしきい値を超えています。`,
    told: {
      sent: 'この月としきい値のお知らせはすでに送信されているため、あらためて送信されることはありません。',
      pending: 'この月としきい値のお知らせは、数分以内に送信されます。',
      failed: 'この月としきい値のお知らせは、送信できませんでした。最初の送信から3日間、再送を試みます。',
      bounced:
        'この月としきい値のお知らせは届きませんでした。あらためて送信されることはありません。担当者のアドレスをご確認ください。',
    },
    follows: '今月このしきい値でお知らせしていない場合は、数分以内に担当者へメールが送信されます。',
    followsSaving: '今月このしきい値でお知らせしていない場合は、保存後数分以内に担当者へメールが送信されます。',
    aboveMaximum: (maximum: string) =>
      `しきい値がライセンスの上限（${maximum} MAU）を上回っています。メールが届く前に超過が始まります。`,
  },
} satisfies Texts<object>;

export interface MauAlertWarningsProps {
  readonly view: CustomerView;
  /** The threshold that is saved or typed, or null if the typed text is not a valid threshold. */
  readonly threshold: number | null;
  /** The further levels that are saved or typed. @default - none */
  readonly levels?: readonly (Level | ShownLevel)[] | undefined;
  /** Whether the threshold is saved, not only typed. @default false */
  readonly isSaved?: boolean;
}

/**
 * Warns about a threshold that may be a mistake, because the MAU already exceed the threshold or because the threshold
 * and all further levels are above the license's maximum.
 */
export function MauAlertWarnings({ view, threshold, levels = [], isSaved = false }: MauAlertWarningsProps) {
  const text = useText(texts);
  const format = useFormat();
  const { license, mauAlert, month } = view;
  const warnings: string[] = [];
  if (threshold !== null && license.mauThisMonth > threshold) {
    const last = mauAlert.lastNotification;
    const isTold = last?.month === month.month && last.threshold === threshold;
    const follows = isSaved ? text.follows : text.followsSaving;
    warnings.push(`${text.exceeded(format.number(license.mauThisMonth))} ${isTold ? text.told[last.status] : follows}`);
  }
  const isAbove = (level: Level | ShownLevel, maxMau: number) =>
    level.kind === 'percent' ? level.percent > 100 : level.threshold > maxMau;
  if (
    threshold !== null &&
    license.type !== 'free' &&
    threshold > license.maxMau &&
    levels.every((level) => isAbove(level, license.maxMau))
  ) {
    warnings.push(text.aboveMaximum(format.number(license.maxMau)));
  }
  return (
    // This element stays in the page even without warnings, so that screen readers announce new warnings.
    <div role="status">
      {warnings.length > 0 && (
        <Alert role="note" color="yellow">
          <Stack gap="xs">
            {warnings.map((warning) => (
              <Text key={warning} size="sm">
                {warning}
              </Text>
            ))}
          </Stack>
        </Alert>
      )}
    </div>
  );
}
