import { Button, List, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDisclosure } from '@mantine/hooks';
import type { UseQueryResult } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { isSameName } from '../../../../functions/contract/values/texts.ts';
import { removeRpMutation } from '../../client/@tanstack/react-query.gen.ts';
import type { Rp } from '../../client/types.gen.ts';
import { Reauthentication } from '../../session/reauthentication.tsx';
import { useText, type Texts } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';
import { Block } from '../../ui/block.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FormActions } from '../../ui/form/form-actions.tsx';
import { FormProblem } from '../../ui/form/form-problem.tsx';
import { Form } from '../../ui/form/form.tsx';
import { useSave } from '../../ui/form/use-save.ts';
import { useRpChanged } from '../use-rps.ts';

const texts = {
  en: {
    title: 'Removal',
    explanation: 'Remove the RP when you no longer use it. Removing an RP also deletes its API keys and users.',
    remove: 'Remove the RP',
    removeTitle: (name: string) => `Remove ${name}?`,
    consequences: (users: string) => [
      'Within 10 seconds, the RP’s API keys stop working, and the RP’s server can no longer report anything.',
      `The RP’s registered users (${users}) are deleted. This cannot be undone.`,
      'The MAU and your bills still include the months in which the RP was active.',
      'If you register this RP ID again, it is a new RP. Users who are active at both RPs in this month count twice in the MAU.',
    ],
    confirm: (rpId: string) => `Type ${rpId} to confirm`,
    mismatch: 'This is not the RP ID.',
    removed: (name: string) => `${name} removed`,
  },
  ja: {
    title: '削除',
    explanation: 'RPを使用しなくなった場合に削除します。APIキーとユーザーも一緒に削除されます。',
    remove: 'RPを削除',
    removeTitle: (name: string) => `「${name}」を削除しますか？`,
    consequences: (users: string) => [
      'APIキーは10秒以内に使用できなくなり、このRPのサーバーからは何も報告できなくなります。',
      `登録済みのユーザー（${users}人）は削除されます。この操作は取り消せません。`,
      '利用のあった月は、MAUと請求に引き続き含まれます。',
      '同じRP IDをもう一度登録すると、新しいRPとして扱われます。今月、両方のRPで利用のあったユーザーは、MAUに2回数えられます。',
    ],
    confirm: (rpId: string) => `確認のため ${rpId} と入力してください`,
    mismatch: 'RP IDが一致しません。',
    removed: (name: string) => `「${name}」を削除しました`,
  },
} satisfies Texts<object>;

export function RemoveRpBlock({ rp: query }: { readonly rp: UseQueryResult<Rp, unknown> }) {
  const text = useText(texts);
  const [isRemoving, { open, close }] = useDisclosure();
  return (
    <Block title={text.title} query={query}>
      {(rp) => (
        <>
          <Text>{text.explanation}</Text>
          <div>
            <Button size="xs" variant="outline" color="red" onClick={open}>
              {text.remove}
            </Button>
          </div>
          <Dialog opened={isRemoving} onClose={close} title={text.removeTitle(rp.name)}>
            <RemoveForm rp={rp} onDone={close} />
          </Dialog>
        </>
      )}
    </Block>
  );
}

function RemoveForm({ rp, onDone }: { readonly rp: Rp; readonly onDone: () => void }) {
  const text = useText(texts);
  const format = useFormat();
  const rpChanged = useRpChanged();
  const [, navigate] = useLocation();
  const form = useForm({
    initialValues: { rpId: '' },
    validate: { rpId: (typed) => (isSameName(typed.toLowerCase(), rp.rpId) ? null : text.mismatch) },
  });
  const remove = useSave(removeRpMutation(), {
    message: text.removed(rp.name),
    onSaved: async () => {
      navigate('/rps');
      await rpChanged(rp);
    },
  });
  return (
    <Form
      form={form}
      onSubmit={() => {
        remove.mutate({ path: { id: rp.id } });
      }}
    >
      <List size="sm">
        {text.consequences(format.number(rp.registeredUsers)).map((consequence) => (
          <List.Item key={consequence}>{consequence}</List.Item>
        ))}
      </List>
      <TextInput
        label={text.confirm(rp.rpId)}
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        data-autofocus
        {...form.getInputProps('rpId')}
      />
      <Reauthentication mutation={remove}>
        <FormProblem error={remove.error} fields={[]} />
      </Reauthentication>
      <FormActions isSaving={remove.isPending} onCancel={onDone} label={text.remove} color="red" />
    </Form>
  );
}
