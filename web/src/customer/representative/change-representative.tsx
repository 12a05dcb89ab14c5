import { Alert, Anchor, List, Radio, Stack, Text, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { useAllAdministrators } from '../../administrators/use-all-administrators.ts';
import { listAdministratorsQueryKey } from '../../client/@tanstack/react-query.gen.ts';
import { changeRepresentative } from '../../client/sdk.gen.ts';
import type { Administrator, CustomerView } from '../../client/types.gen.ts';
import { Reauthentication } from '../../session/reauthentication.tsx';
import { useText, type Texts } from '../../text/language.tsx';
import { Failure } from '../../ui/page/failure.tsx';
import { focus } from '../../ui/page/focus.ts';
import { FormActions } from '../../ui/form/form-actions.tsx';
import { Form } from '../../ui/form/form.tsx';
import { Loading } from '../../ui/page/loading.tsx';
import { EditProblem } from '../../ui/form/edit-problem.tsx';
import { useCustomerEdit } from '../editing/use-customer-edit.ts';
import { AskForPasskey } from './ask-for-passkey.tsx';
import type { Edit } from '../../ui/form/use-versioned-edit.ts';

const texts = {
  en: {
    choose: 'New representative',
    onlyActive: 'You can choose administrators who have opened their activation link.',
    nobody: 'There is no other active administrator',
    addFirst: 'Add an administrator first. You can choose the administrator here after the activation link was opened.',
    toAdministrators: 'Go to the administrators',
    mustChoose: 'Choose an administrator',
    noPasskey: 'No passkey yet',
    next: 'Continue',
    confirmTitle: (name: string) => `Make ${name} the representative?`,
    consequences: (oldName: string, newName: string) => [
      `${newName} gets the MAU alerts, and only ${newName} can unsubscribe.`,
      `${oldName} stays a privileged administrator.`,
      `We notify ${oldName} and ${newName} by e-mail.`,
    ],
    becomesPrivileged: (newName: string) => `${newName} becomes a privileged administrator.`,
    confirm: 'Change the representative',
    back: 'Back',
    saved: (name: string) => `${name} is now the representative`,
    name: 'Representative',
  },
  ja: {
    choose: '新しい担当者',
    onlyActive: '選択できるのは、招待メールのリンクを開いた管理者のみです。',
    nobody: 'ほかに有効な管理者がいません',
    addFirst: '先に管理者を追加してください。追加した管理者が招待メールのリンクを開くと、ここで選択できます。',
    toAdministrators: '管理者の画面へ',
    mustChoose: '管理者を選択してください',
    noPasskey: 'パスキー未登録',
    next: '次へ',
    confirmTitle: (name: string) => `${name} さんを担当者にしますか？`,
    consequences: (oldName: string, newName: string) => [
      `MAUアラートは ${newName} さんに届き、解約できるのも ${newName} さんのみになります。`,
      `${oldName} さんは引き続き特権管理者です。`,
      '両者にメールでお知らせします。',
    ],
    becomesPrivileged: (newName: string) => `${newName} さんは特権管理者になります。`,
    confirm: '担当者を変更',
    back: '戻る',
    saved: (name: string) => `${name} さんが担当者になりました`,
    name: '担当者',
  },
} satisfies Texts<object>;

interface ChangeRepresentativeProps {
  readonly view: CustomerView;
  readonly onDone: () => void;
}

/** Lets the person make another active administrator the representative. */
export default function ChangeRepresentative({ view, onDone }: ChangeRepresentativeProps) {
  const text = useText(texts);
  const { data, error, isError, refetch } = useAllAdministrators();
  if (!data) return isError ? <Failure error={error} onRetry={refetch} /> : <Loading />;
  const choices = data.filter(({ id, status }) => status === 'active' && id !== view.representative.administratorId);
  if (choices.length > 0) return <ChooseForm view={view} choices={choices} onDone={onDone} />;
  return (
    <Alert role="status" title={text.nobody}>
      <Stack gap="xs" align="start">
        <Text size="sm">{text.addFirst}</Text>
        <Anchor component={Link} href="/administrators" size="sm">
          {text.toAdministrators}
        </Anchor>
      </Stack>
    </Alert>
  );
}

interface ChooseFormProps extends ChangeRepresentativeProps {
  readonly choices: readonly Administrator[];
}

function ChooseForm({ view, choices, onDone }: ChooseFormProps) {
  const text = useText(texts);
  const queryClient = useQueryClient();
  const [isChosen, setIsChosen] = useState(false);
  const [isAnyway, setIsAnyway] = useState(false);
  const form = useForm({
    initialValues: { administratorId: '' },
    // After the form was opened, another person may have removed the chosen administrator or made this administrator
    // the representative.
    validate: { administratorId: (chosenId) => (choices.some(({ id }) => id === chosenId) ? null : text.mustChoose) },
  });
  const chosen = choices.find(({ id }) => id === form.values.administratorId);
  const edit = useCustomerEdit({
    save: (change: Edit<{ administratorId: string }>) => changeRepresentative({ ...change, throwOnError: true }),
    view,
    shows: ({ representative }) => representative.administratorId,
    form,
    message: chosen && text.saved(chosen.name),
    onSaved: async () => {
      await queryClient.invalidateQueries({ queryKey: listAdministratorsQueryKey() });
      onDone();
    },
  });
  const back = () => {
    setIsChosen(false);
    setIsAnyway(false);
  };
  if (isChosen && chosen && !chosen.hasPasskey && !isAnyway) {
    return (
      <AskForPasskey
        administrator={chosen}
        onAnyway={() => {
          setIsAnyway(true);
        }}
        onBack={back}
      />
    );
  }
  if (isChosen && chosen) {
    return (
      <Form form={form} onSubmit={edit.mutate} label={text.confirm}>
        <Title order={3} size="h5" tabIndex={-1} ref={focus} style={{ outline: 'none' }}>
          {text.confirmTitle(chosen.name)}
        </Title>
        <List size="sm" spacing="xs">
          {chosen.privilege !== 'privileged' && <List.Item>{text.becomesPrivileged(chosen.name)}</List.Item>}
          {text.consequences(view.representative.name, chosen.name).map((consequence) => (
            <List.Item key={consequence}>{consequence}</List.Item>
          ))}
        </List>
        <Reauthentication mutation={edit}>
          <EditProblem edit={edit} fields={[]} present={[[text.name, view.representative.name]]} />
        </Reauthentication>
        <FormActions isSaving={edit.isPending} cancelLabel={text.back} onCancel={back} label={text.confirm} />
      </Form>
    );
  }
  return (
    <Form
      form={form}
      onSubmit={() => {
        setIsChosen(true);
      }}
    >
      <Radio.Group label={text.choose} description={text.onlyActive} {...form.getInputProps('administratorId')}>
        <Stack gap="sm" mt="sm">
          {choices.map(({ id, name, email, hasPasskey }, index) => (
            <Radio
              key={id}
              value={id}
              label={name}
              description={hasPasskey ? email : `${email} – ${text.noPasskey}`}
              autoFocus={index === 0}
            />
          ))}
        </Stack>
      </Radio.Group>
      <FormActions isSaving={false} onCancel={onDone} label={text.next} />
    </Form>
  );
}
