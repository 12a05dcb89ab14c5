import { Button, Switch, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { Suspense, useState } from 'react';
import { setMauAlert } from '../../client/sdk.gen.ts';
import type { CustomerView, SetMauAlertData } from '../../client/types.gen.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { FormActions } from '../../ui/form/form-actions.tsx';
import { useFormat } from '../../text/use-format.ts';
import { Form } from '../../ui/form/form.tsx';
import { EditProblem } from '../../ui/form/edit-problem.tsx';
import { MauAlertWarnings } from './mau-alert-warnings.tsx';
import { useCustomerEdit } from '../editing/use-customer-edit.ts';
import type { Edit } from '../../ui/form/use-versioned-edit.ts';
import { Loading } from '../../ui/page/loading.tsx';
import { loadedLater } from '../../ui/page/loaded-later.ts';
import { isOffered, levelOf, linesOf, MAX_LEVELS, numberOf, typedLevel } from './typed-levels.ts';
import { useMauAlertFacts } from './use-mau-alert-facts.ts';

const MoreLevels = loadedLater(() => import('./more-levels.tsx'));

const texts = {
  en: {
    enabled: 'Send an e-mail when the MAU of a month exceeds the threshold',
    threshold: 'Threshold (MAU)',
    wholeNumber: 'Must be a whole number of at least 1.',
    tooLarge: (max: string) => `Must be at most ${max}.`,
    required: 'The alert needs a threshold.',
    more: 'More levels and recipients',
    notALevel: (line: string) => `“${line}” must be a whole number of MAU, or whole percents up to 1,000 %.`,
    tooMany: (max: string) => `Choose at most ${max} levels besides the threshold.`,
    twice: (line: string) => `“${line}” is there twice.`,
    tooManyRecipients: (max: string) => `Choose at most ${max} administrators.`,
    recipient: (name: string, email: string) => `The e-mail goes to the representative: ${name} (${email}).`,
  },
  ja: {
    enabled: '月のMAUがしきい値を超えたらメールで知らせる',
    threshold: 'しきい値（MAU）',
    wholeNumber: '1以上の整数を入力してください。',
    tooLarge: (max: string) => `${max}以下の数を入力してください。`,
    required: 'アラートには、しきい値が必要です。',
    more: 'しきい値と送信先を追加する',
    notALevel: (line: string) => `「${line}」には、MAUの数か1,000 %までの割合を整数で入力してください。`,
    tooMany: (max: string) => `追加できるしきい値は${max}個までです。`,
    twice: (line: string) => `「${line}」が重複しています。`,
    tooManyRecipients: (max: string) => `選択できる管理者は${max}人までです。`,
    recipient: (name: string, email: string) => `メールは担当者の ${name}（${email}）に送信されます。`,
  },
} satisfies Texts<object>;

/** The maximum threshold: the largest integer that every JSON parser reads exactly. */
const MAX = Number.MAX_SAFE_INTEGER;

/** The maximum number of recipients besides the representative. */
const MAX_RECIPIENTS = 10;

export interface MauAlertValues {
  readonly enabled: boolean;
  readonly threshold: string;
  /** The chosen percents of the maximum. */
  readonly percents: string[];
  /** The other levels, one in each line. */
  readonly others: string;
  readonly recipients: string[];
}

/** Edits the MAU alert. The code of this form is loaded when the dialog around the form is first opened. */
export default function MauAlertForm({ view, onDone }: { readonly view: CustomerView; readonly onDone: () => void }) {
  const text = useText(texts);
  const format = useFormat();
  const factsOf = useMauAlertFacts();
  const { mauAlert, representative } = view;
  const { levels = [], recipients = [] } = mauAlert;
  const [hasMore, setHasMore] = useState(levels.length > 0 || recipients.length > 0);
  const form = useForm<MauAlertValues>({
    initialValues: {
      enabled: mauAlert.enabled,
      threshold: mauAlert.threshold?.toString() ?? '',
      percents: levels.filter(isOffered).flatMap((level) => (level.kind === 'percent' ? [String(level.percent)] : [])),
      others: levels
        .filter((level) => !isOffered(level))
        .map(typedLevel)
        .join('\n'),
      recipients,
    },
    validate: {
      threshold: (typed, { enabled, percents, others }) => {
        const hasLevel = percents.length > 0 || linesOf(others).length > 0;
        if (typed.trim() === '') return enabled && !hasLevel ? text.required : null;
        const threshold = numberOf(typed);
        if (threshold === null) return text.wholeNumber;
        return threshold > MAX ? text.tooLarge(format.number(MAX)) : null;
      },
      others: (typed, { threshold, percents }) => {
        const lines = linesOf(typed);
        const wrong = lines.find((line) => levelOf(line) === null);
        if (wrong !== undefined) return text.notALevel(wrong);
        if (lines.length + percents.length > MAX_LEVELS) return text.tooMany(format.number(MAX_LEVELS));
        const seen = new Set([`${numberOf(threshold)}`, ...percents.map((percent) => `${percent}%`)]);
        const again = lines.find((line) => seen.size === seen.add(keyOf(line)).size);
        return again === undefined ? null : text.twice(again);
      },
      recipients: (chosen) =>
        chosen.length > MAX_RECIPIENTS ? text.tooManyRecipients(format.number(MAX_RECIPIENTS)) : null,
    },
  });
  const edit = useCustomerEdit({
    save: (set: Edit<SetMauAlertData['body']>) => setMauAlert({ ...set, throwOnError: true }),
    view,
    shows: ({ mauAlert: { enabled: isOn, threshold: from, levels: all, recipients: to } }) => [isOn, from, all, to],
    form,
    onSaved: onDone,
  });
  const { enabled, threshold } = form.values;
  return (
    <Form
      form={form}
      onSubmit={(values) => {
        edit.mutate({
          enabled: values.enabled,
          threshold: numberOf(values.threshold),
          ...(hasMore && { levels: levelsIn(values), recipients: values.recipients }),
        });
      }}
    >
      {/* This input needs `autoFocus`, because the dialog sets the focus before this form is loaded. */}
      <Switch label={text.enabled} autoFocus data-autofocus {...form.getInputProps('enabled', { type: 'checkbox' })} />
      <TextInput
        label={text.threshold}
        description={text.recipient(representative.name, representative.email)}
        inputMode="numeric"
        autoComplete="off"
        required={enabled && !hasMore}
        {...form.getInputProps('threshold')}
      />
      {hasMore ? (
        <Suspense fallback={<Loading />}>
          <MoreLevels view={view} form={form} />
        </Suspense>
      ) : (
        <Button
          variant="subtle"
          onClick={() => {
            setHasMore(true);
          }}
        >
          {text.more}
        </Button>
      )}
      {enabled && <MauAlertWarnings view={view} threshold={numberOf(threshold)} levels={levelsIn(form.values)} />}
      <EditProblem edit={edit} fields={['enabled', 'threshold', 'recipients']} present={factsOf(view)} />
      <FormActions isSaving={edit.isPending} onCancel={onDone} />
    </Form>
  );
}

/** Returns a typed level in one form, whatever spaces and digits were typed. */
function keyOf(line: string): string {
  const level = levelOf(line);
  return level?.kind === 'percent' ? `${level.percent}%` : `${level?.threshold}`;
}

/** Returns the levels that the form contains. */
const levelsIn = ({ percents, others }: MauAlertValues) => [
  ...percents.map((percent) => ({ kind: 'percent' as const, percent: Number(percent) })),
  ...linesOf(others).flatMap((line) => levelOf(line) ?? []),
];
