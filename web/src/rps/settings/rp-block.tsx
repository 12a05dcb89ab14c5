import { Button, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDisclosure } from '@mantine/hooks';
import type { UseQueryResult } from '@tanstack/react-query';
import type { RpDetails } from '../../client/types.gen.ts';
import { useTimeZone } from '../../customer/use-customer.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';
import { Block } from '../../ui/block.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { EditProblem } from '../../ui/form/edit-problem.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Failure } from '../../ui/page/failure.tsx';
import { FormActions } from '../../ui/form/form-actions.tsx';
import { Form } from '../../ui/form/form.tsx';
import { useRpEdit } from './use-rp-edit.ts';
import { useMauThisMonth, useRpChanged } from '../use-rps.ts';

const texts = {
  en: {
    title: 'RP information',
    rename: 'Rename',
    renameTitle: 'Rename the RP',
    name: 'Name',
    rpId: 'RP ID',
    users: 'Registered users',
    mau: 'MAU this month',
    mauOf: (month: string) => `MAU of ${month} so far`,
    registered: 'Registered',
  },
  ja: {
    title: 'RP情報',
    rename: '名前を変更',
    renameTitle: 'RPの名前の変更',
    name: '名前',
    rpId: 'RP ID',
    users: '登録済みのユーザー',
    mau: '今月のMAU',
    mauOf: (month: string) => `${month}のMAU（現時点）`,
    registered: '登録日時',
  },
} satisfies Texts<object>;

export function RpBlock({ rp: query }: { readonly rp: UseQueryResult<RpDetails, unknown> }) {
  const text = useText(texts);
  const format = useFormat();
  const timeZone = useTimeZone();
  const mau = useMauThisMonth();
  const [isRenaming, { open, close }] = useDisclosure();
  return (
    <Block
      title={text.title}
      query={query}
      action={() => (
        <Button size="xs" variant="default" onClick={open}>
          {text.rename}
        </Button>
      )}
    >
      {(rp) => {
        const users = mau.data?.byRp.get(rp.id);
        return (
          <>
            <Facts
              facts={[
                [text.name, rp.name],
                [text.rpId, rp.rpId],
                [text.users, format.number(rp.registeredUsers)],
                [
                  mau.data ? text.mauOf(format.month(mau.data.month)) : text.mau,
                  users === undefined ? null : format.number(users),
                ],
                [text.registered, format.dateTime(rp.createdAt, timeZone)],
              ]}
            />
            {mau.isError && <Failure error={mau.error} onRetry={mau.refetch} />}
            <Dialog opened={isRenaming} onClose={close} title={text.renameTitle}>
              <RenameForm rp={rp} onDone={close} />
            </Dialog>
          </>
        );
      }}
    </Block>
  );
}

function RenameForm({ rp, onDone }: { readonly rp: RpDetails; readonly onDone: () => void }) {
  const text = useText(texts);
  const rpChanged = useRpChanged();
  const form = useForm({ initialValues: { name: rp.name } });
  const rename = useRpEdit({
    view: rp,
    shows: ({ name }) => name,
    form,
    onSaved: async (renamed) => {
      onDone();
      await rpChanged(renamed);
    },
  });
  return (
    <Form
      form={form}
      onSubmit={(body) => {
        rename.mutate(body);
      }}
    >
      <TextInput label={text.name} required maxLength={200} data-autofocus {...form.getInputProps('name')} />
      <EditProblem edit={rename} fields={['name']} present={[[text.name, rename.seen.name]]} />
      <FormActions isSaving={rename.isPending} onCancel={onDone} />
    </Form>
  );
}
