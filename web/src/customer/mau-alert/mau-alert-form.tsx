import { Switch, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
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
import { useMauAlertFacts } from './use-mau-alert-facts.ts';

const texts = {
  en: {
    enabled: 'Send an e-mail when the MAU of a month exceeds the threshold',
    threshold: 'Threshold (MAU)',
    wholeNumber: 'Must be a whole number of at least 1.',
    tooLarge: (max: string) => `Must be at most ${max}.`,
    required: 'The alert needs a threshold.',
    recipient: (name: string, email: string) => `The e-mail goes to the representative: ${name} (${email}).`,
  },
  ja: {
    enabled: '月のMAUがしきい値を超えたらメールで知らせる',
    threshold: 'しきい値（MAU）',
    wholeNumber: '1以上の整数を入力してください。',
    tooLarge: (max: string) => `${max}以下の数を入力してください。`,
    required: 'アラートには、しきい値が必要です。',
    recipient: (name: string, email: string) => `メールは担当者の ${name}（${email}）に送信されます。`,
  },
} satisfies Texts<object>;

/** The maximum threshold: the largest integer that every JSON parser reads exactly. */
const MAX = Number.MAX_SAFE_INTEGER;

/** Edits the MAU alert. The code of this form is loaded when the dialog around the form is first opened. */
export default function MauAlertForm({ view, onDone }: { readonly view: CustomerView; readonly onDone: () => void }) {
  const text = useText(texts);
  const format = useFormat();
  const factsOf = useMauAlertFacts();
  const { mauAlert, representative } = view;
  const form = useForm({
    initialValues: { enabled: mauAlert.enabled, threshold: mauAlert.threshold?.toString() ?? '' },
    validate: {
      threshold: (typed, { enabled }) => {
        if (typed.trim() === '') return enabled ? text.required : null;
        const threshold = thresholdOf(typed);
        if (threshold === null) return text.wholeNumber;
        return threshold > MAX ? text.tooLarge(format.number(MAX)) : null;
      },
    },
  });
  const edit = useCustomerEdit({
    save: (set: Edit<SetMauAlertData['body']>) => setMauAlert({ ...set, throwOnError: true }),
    view,
    shows: ({ mauAlert: { enabled: isOn, threshold: from } }) => [isOn, from],
    form,
    onSaved: onDone,
  });
  const { enabled, threshold } = form.values;
  return (
    <Form
      form={form}
      onSubmit={(values) => {
        edit.mutate({ enabled: values.enabled, threshold: thresholdOf(values.threshold) });
      }}
    >
      {/* This input needs `autoFocus`, because the dialog sets the focus before this form is loaded. */}
      <Switch label={text.enabled} autoFocus data-autofocus {...form.getInputProps('enabled', { type: 'checkbox' })} />
      <TextInput
        label={text.threshold}
        description={text.recipient(representative.name, representative.email)}
        inputMode="numeric"
        autoComplete="off"
        required={enabled}
        {...form.getInputProps('threshold')}
      />
      {enabled && <MauAlertWarnings view={view} threshold={thresholdOf(threshold)} />}
      <EditProblem edit={edit} fields={['enabled', 'threshold']} present={factsOf(view)} />
      <FormActions isSaving={edit.isPending} onCancel={onDone} />
    </Form>
  );
}

/**
 * Parses a typed threshold, with ASCII or full-width digits and optional commas between thousands. Returns null if the
 * text is not a positive integer.
 */
function thresholdOf(typed: string): number | null {
  const digits = typed.normalize('NFKC').trim();
  if (!/^(\d+|\d{1,3}(,\d{3})+)$/.test(digits)) return null;
  const threshold = Number(digits.replaceAll(',', ''));
  return threshold >= 1 ? threshold : null;
}
