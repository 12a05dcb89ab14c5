import { Alert, Stack, Text } from '@mantine/core';
import type { CustomerView } from '../../client/types.gen.ts';
import { planNames } from '../../plans/plan-names.ts';
import { OperatorContact } from '../../plans/operator-contact.tsx';
import { useText, type Texts } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';
import { useCustomer } from '../use-customer.ts';

const DAY = 24 * 60 * 60_000;
/** How long in advance the banner announces the end or the start of a license, in milliseconds. */
const SOON = 30 * DAY;

const texts = {
  en: {
    'about-to-end': {
      title: (license: string, when: string) => `The ${license} license ends on ${when}`,
      follows:
        'After the license ends, you cannot add RPs, users or API keys. Registered users can still sign in, and we still count and charge their MAU.',
      next: 'If you have not agreed on a new license yet, contact us.',
    },
    expired: {
      title: (license: string, when: string) => `The ${license} license ended on ${when}`,
      follows:
        'You cannot add RPs, users or API keys. Registered users can still sign in, and we still count and charge their MAU.',
      next: 'For a new license, contact us.',
    },
    'not-started': {
      title: (license: string, when: string) => `The ${license} license starts on ${when}`,
      follows: 'Until the license starts, you cannot add RPs, users or API keys. Registered users can still sign in, and we count their MAU.',
      next: 'To start the license earlier, contact us.',
    },
    followed: (license: string, when: string) => `The ${license} license follows on ${when}.`,
    'about-to-begin': {
      title: (license: string, when: string) => `The ${license} license starts on ${when}`,
      untilThen: (present: string) => `Until that day, the ${present} license applies.`,
    },
  },
  ja: {
    'about-to-end': {
      title: (license: string, when: string) => `${license}ライセンスは ${when} に終了します`,
      follows:
        '終了後は、RP、ユーザー、APIキーを新しく追加できません。登録済みのユーザーは引き続きサインインでき、これまでどおり集計・課金されます。',
      next: '次のライセンスをまだ取り決めていない場合は、サービスの運営者にご連絡ください。',
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
    followed: (license: string, when: string) => `${when} に${license}ライセンスが開始します。`,
    'about-to-begin': {
      title: (license: string, when: string) => `${license}ライセンスは ${when} に開始します`,
      untilThen: (present: string) => `それまでは現在の${present}ライセンスが適用されます。`,
    },
  },
} satisfies Texts<object>;

/**
 * Announces that the license ends soon, has ended or has not started, and lists the consequences. The banner also
 * announces the next license.
 */
export function LicenseBanner() {
  const text = useText(texts);
  const format = useFormat();
  const { data, dataUpdatedAt } = useCustomer();
  if (!data) return null;
  const { license, nextLicense, month } = data;
  const when = (time: string) => format.dateTime(time, month.timeZone);
  const isSoon = (time: string) => Date.parse(time) - dataUpdatedAt <= SOON;
  const present = planNames[license.type];
  const next = nextLicense && { name: planNames[nextLicense.type], begins: when(nextLicense.startsAt) };

  const notice = noticeOf(data, isSoon);
  if (notice) {
    const { title, follows, next: whatNext } = text[notice.kind];
    return (
      <Alert color={notice.kind === 'expired' ? 'red' : 'yellow'} role="status" title={title(present, when(notice.at))}>
        <Stack gap="xs">
          <Text size="sm">{follows}</Text>
          {next && <Text size="sm">{text.followed(next.name, next.begins)}</Text>}
          {!next && <Text size="sm">{whatNext}</Text>}
          {!next && <OperatorContact />}
        </Stack>
      </Alert>
    );
  }
  if (!next || !isSoon(nextLicense.startsAt)) return null;
  const { title, untilThen } = text['about-to-begin'];
  return (
    <Alert color="blue" role="status" title={title(next.name, next.begins)}>
      <Text size="sm">{untilThen(present)}</Text>
    </Alert>
  );
}

/**
 * Returns the notice about the current license. Returns undefined if the license needs no notice, for example because
 * the next license starts before the current license ends.
 */
function noticeOf(
  { license: { status, startsAt, endsAt }, nextLicense }: CustomerView,
  isSoon: (time: string) => boolean,
) {
  if (status === 'not-started') return { kind: status, at: startsAt };
  if (endsAt === null) return undefined;
  if (status === 'expired') return { kind: status, at: endsAt };
  if (nextLicense && Date.parse(nextLicense.startsAt) <= Date.parse(endsAt)) return undefined;
  return isSoon(endsAt) ? { kind: 'about-to-end' as const, at: endsAt } : undefined;
}
