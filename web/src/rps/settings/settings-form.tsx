import { useForm } from '@mantine/form';
import { fieldErrorsOf } from '../../api/problem.ts';
import type { RpDetails } from '../../client/types.gen.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { EditProblem } from '../../ui/form/edit-problem.tsx';
import { FormActions } from '../../ui/form/form-actions.tsx';
import { Form } from '../../ui/form/form.tsx';
import { SettingInput } from './setting-input.tsx';
import { settingTexts } from './setting-texts.ts';
import { editOf, fieldAt, valuesOf, type SettingName, type SettingValues } from './setting-values.ts';
import { useRpEdit } from './use-rp-edit.ts';
import { useShownSetting } from './use-shown-setting.ts';

const texts = {
  en: {
    saved: 'Saved. The settings are in force in at most 10 seconds.',
    wholeNumber: 'Must be a whole number.',
    wrongEntry: (entry: string, error: string) => `${entry}: ${error}`,
  },
  ja: {
    saved: '保存しました。設定は10秒以内に反映されます。',
    wholeNumber: '整数を入力してください。',
    wrongEntry: (entry: string, error: string) => `${entry}：${error}`,
  },
} satisfies Texts<object>;

export interface SettingsFormProps {
  readonly rp: RpDetails;
  /** The settings that the form shows, in their order. */
  readonly settings: readonly SettingName[];
  readonly onDone: () => void;
}

/** Edits some settings of an RP. Sends only the settings that the person changed. */
export function SettingsForm({ rp, settings, onDone }: SettingsFormProps) {
  const text = useText(texts);
  const explained = useText(settingTexts).settings;
  const shown = useShownSetting();
  const form = useForm<SettingValues>({
    initialValues: valuesOf(rp.settings),
    validate: {
      timeoutSeconds: (typed) => (/^\d+$/.test(typed.normalize('NFKC').trim()) ? null : text.wholeNumber),
    },
  });
  const changed = () => settings.filter((name) => form.isDirty(name));
  const edit = useRpEdit({
    view: rp,
    shows: ({ settings: present }) => settings.map((name) => valuesOf(present)[name]),
    // Fields that the person did not change show the values that another person saved.
    onConflict: ({ settings: now }) => {
      const present = valuesOf(now);
      const typed = form.getValues();
      form.setValues({ ...present, ...Object.fromEntries(changed().map((name) => [name, typed[name]])) });
      form.resetDirty(present);
    },
    form: {
      setErrors: (errors) => {
        const found = Object.entries(errors).map(([path, error]) => {
          const { name, entry } = fieldAt(path, form.getValues());
          return [name, entry === undefined ? error : text.wrongEntry(entry, error)] as const;
        });
        // If several entries of a list are wrong, the field shows the error of the first one.
        form.setErrors(Object.fromEntries(found.reverse()));
      },
    },
    message: text.saved,
    onSaved: onDone,
  });
  const errorPaths = Object.keys(fieldErrorsOf(edit.error)).filter((path) =>
    (settings as readonly string[]).includes(fieldAt(path, form.values).name),
  );
  return (
    <Form
      form={form}
      onSubmit={(values) => {
        const names = changed();
        if (names.length === 0) onDone();
        else edit.mutate({ settings: editOf(names, values) });
      }}
    >
      {settings.map((name) => (
        <SettingInput key={name} name={name} form={form} isFirst={name === settings[0]} />
      ))}
      <EditProblem
        edit={edit}
        fields={errorPaths}
        present={settings.map((name) => [explained[name][0], shown(name, edit.seen)])}
      />
      <FormActions isSaving={edit.isPending} onCancel={onDone} />
    </Form>
  );
}
