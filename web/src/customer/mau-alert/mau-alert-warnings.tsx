import { Alert, Stack, Text } from '@mantine/core';
import type { CustomerView } from '../../client/types.gen.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';

const texts = {
  en: {
    exceeded: (mau: string) => `This month’s MAU (${mau}) exceed this threshold already.`,
    told: {
      sent: 'There is an e-mail about this month and threshold already: no other one follows.',
      pending: 'The e-mail about this month and threshold follows within minutes.',
      failed:
        'The e-mail about this month and threshold could not be sent. It is tried again for 3 days from the first try on.',
      bounced:
        'The e-mail about this month and threshold came back, and no other one follows. Check the address of the representative.',
    },
    follows: 'The representative gets an e-mail within minutes, unless one went out for this threshold this month.',
    followsSaving:
      'The representative gets an e-mail within minutes of saving, unless one went out for this threshold this month.',
    aboveMaximum: (maximum: string) =>
      `The threshold is above the maximum of the license (${maximum} MAU): the overage has begun before the e-mail.`,
  },
  ja: {
    exceeded: (mau: string) => `今月のMAU（${mau}）は、すでにこのしきい値を超えています。`,
    told: {
      sent: 'この月としきい値のお知らせはすでに送信されているため、あらためて送信されることはありません。',
      pending: 'この月としきい値のお知らせは、数分以内に送信されます。',
      failed: 'この月としきい値のお知らせは、送信できませんでした。最初の送信から3日間、再送を試みます。',
      bounced:
        'この月としきい値のお知らせは届きませんでした。あらためて送信されることはありません。代表者のアドレスをご確認ください。',
    },
    follows: '今月このしきい値でお知らせしていない場合は、数分以内に代表者へメールが送信されます。',
    followsSaving: '今月このしきい値でお知らせしていない場合は、保存後数分以内に代表者へメールが送信されます。',
    aboveMaximum: (maximum: string) =>
      `しきい値がライセンスの上限（${maximum} MAU）を上回っています。メールが届く前に超過が始まります。`,
  },
} satisfies Texts<object>;

export interface MauAlertWarningsProps {
  readonly view: CustomerView;
  /** As it is set, or typed; null when it is no number. */
  readonly threshold: number | null;
  /** Whether it is set, not only typed. @default false */
  readonly isSaved?: boolean;
}

/** Says what comes of a threshold that may not be what was meant: it is exceeded already, or above the license's maximum. */
export function MauAlertWarnings({ view, threshold, isSaved = false }: MauAlertWarningsProps) {
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
  if (threshold !== null && license.type !== 'free' && threshold > license.maxMau) {
    warnings.push(text.aboveMaximum(format.number(license.maxMau)));
  }
  return (
    // Stays while there is nothing to say: what is put into it then is read out.
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
