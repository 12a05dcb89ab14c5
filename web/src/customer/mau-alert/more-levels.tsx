import { Checkbox, Stack, Text, Textarea } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useAllAdministrators } from '../../administrators/use-all-administrators.ts';
import type { CustomerView } from '../../client/types.gen.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';
import { Failure } from '../../ui/page/failure.tsx';
import { Loading } from '../../ui/page/loading.tsx';
import type { MauAlertValues } from './mau-alert-form.tsx';
import { OFFERED } from './typed-levels.ts';

const texts = {
  en: {
    percents: 'Levels in percents of the maximum',
    percentsAre: 'Each level sends one e-mail a month when the MAU exceeds it.',
    needsMaximum: 'Percents need a license with a maximum MAU.',
    percent: (percent: string) => `${percent} of the maximum`,
    percentIs: (percent: string, threshold: string) => `${percent} of the maximum (${threshold} MAU)`,
    others: 'Other levels',
    othersAre: 'One per line: a number of MAU such as 9,000, or percents such as 120 %.',
    recipients: 'Send to other administrators too',
    recipientsAre: 'Each of them gets the same e-mails as the representative. A removed administrator gets none.',
    nobody: 'There is no other active administrator.',
  },
  ja: {
    percents: '上限に対する割合のしきい値',
    percentsAre: 'MAUがしきい値を超えると、しきい値ごとに月1回メールでお知らせします。',
    needsMaximum: '割合で指定できるのは、MAUの上限があるライセンスのみです。',
    percent: (percent: string) => `上限の${percent}`,
    percentIs: (percent: string, threshold: string) => `上限の${percent}（${threshold} MAU）`,
    others: 'その他のしきい値',
    othersAre: '1行に1つ、9,000 のようなMAUの数か、120 % のような割合を入力してください。',
    recipients: 'ほかの管理者にも送信する',
    recipientsAre: '選択した管理者に、担当者と同じメールが届きます。削除された管理者には届きません。',
    nobody: 'ほかに有効な管理者がいません。',
  },
} satisfies Texts<object>;

interface MoreLevelsProps {
  readonly view: CustomerView;
  readonly form: UseFormReturnType<MauAlertValues>;
}

/** Edits the further levels of the MAU alert and its other recipients. The code is loaded when a person asks for it. */
export default function MoreLevels({ view, form }: MoreLevelsProps) {
  const text = useText(texts);
  const format = useFormat();
  const maximum = view.license.type === 'free' ? null : view.license.maxMau;
  const hasPercents = maximum !== null || view.nextLicense !== undefined || form.values.percents.length > 0;
  return (
    <Stack>
      <Checkbox.Group
        label={text.percents}
        description={hasPercents ? text.percentsAre : text.needsMaximum}
        {...form.getInputProps('percents')}
      >
        <Stack gap="xs" mt="xs">
          {OFFERED.map((percent) => (
            <Checkbox
              key={percent}
              value={String(percent)}
              disabled={!hasPercents}
              label={
                maximum === null
                  ? text.percent(format.percent(percent / 100))
                  : text.percentIs(format.percent(percent / 100), format.number(Math.floor((maximum * percent) / 100)))
              }
            />
          ))}
        </Stack>
      </Checkbox.Group>
      <Textarea
        label={text.others}
        description={text.othersAre}
        autosize
        minRows={2}
        {...form.getInputProps('others')}
      />
      <Recipients view={view} form={form} />
    </Stack>
  );
}

function Recipients({ view, form }: MoreLevelsProps) {
  const text = useText(texts);
  const { data, error, isError, refetch } = useAllAdministrators();
  if (!data) return isError ? <Failure error={error} onRetry={refetch} /> : <Loading />;
  const choices = data.filter(({ id, status }) => status === 'active' && id !== view.representative.administratorId);
  if (choices.length === 0) return <Text size="sm">{text.nobody}</Text>;
  return (
    <Checkbox.Group label={text.recipients} description={text.recipientsAre} {...form.getInputProps('recipients')}>
      <Stack gap="xs" mt="xs">
        {choices.map(({ id, name, email }) => (
          <Checkbox key={id} value={id} label={name} description={email} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
