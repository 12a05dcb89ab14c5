import { Alert, Stack, Text } from '@mantine/core';
import type { CustomerView } from '../client/types.gen.ts';
import { planNames } from '../plans/plan-names.ts';
import { useText, type Texts } from '../text/language.tsx';
import { useFormat } from '../text/use-format.ts';
import { useCustomer } from './use-customer.ts';

const DAY = 24 * 60 * 60_000;
/** How long before its end a license is "about to end". */
const SOON = 30 * DAY;

const texts = {
  en: {
    'about-to-end': {
      title: (license: string, when: string) => `The ${license} license ends on ${when}`,
      follows:
        'From then on, new RPs, users and API keys are refused. Your registered users go on signing in, and are counted and charged as before.',
      next: 'If no license is agreed on that follows it, contact the operator of the service.',
    },
    expired: {
      title: (license: string, when: string) => `The ${license} license ended on ${when}`,
      follows:
        'New RPs, users and API keys are refused. Your registered users go on signing in, and are counted and charged as before.',
      next: 'For a new license, contact the operator of the service.',
    },
    'not-started': {
      title: (license: string, when: string) => `The ${license} license begins on ${when}`,
      follows:
        'Until then, new RPs, users and API keys are refused. Your registered users go on signing in and are counted.',
      next: 'To have it begin earlier, contact the operator of the service.',
    },
  },
  ja: {
    'about-to-end': {
      title: (license: string, when: string) => `${license}ライセンスは ${when} に終了します`,
      follows:
        '終了後は、RP、ユーザー、APIキーを新しく追加できません。登録済みのユーザーは引き続きサインインでき、これまでどおり集計・課金されます。',
      next: '後続のライセンスをまだ取り決めていない場合は、サービスの運営者にご連絡ください。',
    },
    expired: {
      title: (license: string, when: string) => `${license}ライセンスは ${when} に終了しました`,
      follows:
        'RP、ユーザー、APIキーを新しく追加することはできません。登録済みのユーザーは引き続きサインインでき、これまでどおり集計・課金されます。',
      next: '新しいライセンスについては、サービスの運営者にご連絡ください。',
    },
    'not-started': {
      title: (license: string, when: string) => `${license}ライセンスは ${when} に開始します`,
      follows:
        '開始までは、RP、ユーザー、APIキーを新しく追加できません。登録済みのユーザーは引き続きサインインでき、集計されます。',
      next: '開始を早めたい場合は、サービスの運営者にご連絡ください。',
    },
  },
} satisfies Texts<object>;

/** Says, above all else, that the license is about to end, has ended or has not begun, and what follows from it. */
export function LicenseBanner() {
  const text = useText(texts);
  const format = useFormat();
  const { data, dataUpdatedAt } = useCustomer();
  const notice = data && noticeOf(data.license, dataUpdatedAt);
  if (!notice) return null;
  const { title, follows, next } = text[notice.kind];
  return (
    <Alert
      color={notice.kind === 'expired' ? 'red' : 'yellow'}
      role="status"
      title={title(planNames[data.license.type], format.dateTime(notice.at, data.month.timeZone))}
    >
      <Stack gap="xs">
        <Text size="sm">{follows}</Text>
        <Text size="sm">{next}</Text>
      </Stack>
    </Alert>
  );
}

/** Gives what is to be said of a license that was read at `now`; nothing while all is well. */
function noticeOf({ status, startsAt, endsAt }: CustomerView['license'], now: number) {
  if (status === 'not-started') return { kind: status, at: startsAt };
  if (endsAt === null) return undefined;
  if (status === 'expired') return { kind: status, at: endsAt };
  return Date.parse(endsAt) - now <= SOON ? { kind: 'about-to-end' as const, at: endsAt } : undefined;
}
