import { Anchor, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useEffect } from 'react';
import { useUnsavedInput } from '../../../api/unsaved-input.ts';
import { rotateWebhookSecretMutation, setWebhookMutation } from '../../../client/@tanstack/react-query.gen.ts';
import type { SetWebhookResponse, Webhook } from '../../../client/types.gen.ts';
import { Reauthentication } from '../../../session/reauthentication.tsx';
import { useText, type Texts } from '../../../text/language.tsx';
import { Copied } from '../../../ui/copied.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { FormActions } from '../../../ui/form/form-actions.tsx';
import { FormProblem } from '../../../ui/form/form-problem.tsx';
import { Form } from '../../../ui/form/form.tsx';
import { useSave } from '../../../ui/form/use-save.ts';
import { ShownOnce } from '../../../ui/shown-once.tsx';

const texts = {
  en: {
    titles: { set: 'Set the URL of the webhook', change: 'Change the URL of the webhook', rotate: 'Rotate the secret' },
    url: 'URL',
    urlFor: 'It begins with https://. The service follows no redirects and connects only to public addresses.',
    rotates: 'The service creates another secret and shows it once. For 24 hours, it signs events with both secrets.',
    rotate: 'Rotate',
    createdTitle: 'Secret of the webhook',
    onceTitle: 'Copy the secret now',
    once: 'The secret is shown only once. Store it with the other secrets of your server, which verifies the events with it.',
    secret: 'Secret',
    copy: 'Copy the secret',
    unseen: 'A secret was created but not shown. Rotate the secret of the webhook.',
    standard: 'How a receiver verifies events (Standard Webhooks)',
  },
  ja: {
    titles: { set: 'WebhookのURLの設定', change: 'WebhookのURLの変更', rotate: 'シークレットの更新' },
    url: 'URL',
    urlFor: 'https:// で始まるURLを入力してください。リダイレクトには従わず、公開されたアドレスにのみ接続します。',
    rotates: '新しいシークレットを作成し、一度だけ表示します。24時間は、両方のシークレットでイベントに署名します。',
    rotate: '更新',
    createdTitle: 'Webhookのシークレット',
    onceTitle: '今すぐシークレットをコピーしてください',
    once: 'シークレットが表示されるのは今回だけです。サーバーで機密情報を管理している場所に保存し、イベントの検証に使用してください。',
    secret: 'シークレット',
    copy: 'シークレットをコピー',
    unseen: 'シークレットは作成されましたが、表示されませんでした。Webhookのシークレットを更新してください。',
    standard: '受信側での検証方法（Standard Webhooks）',
  },
} satisfies Texts<object>;

/** The task of the dialog: to set the first URL, to change the URL, or to rotate the secret. */
export type WebhookTask = 'set' | 'change' | 'rotate';

export interface WebhookDialogProps {
  /** Null while the dialog is closed. */
  readonly task: WebhookTask | null;
  /** The URL of the webhook now, and an empty text if there is none. */
  readonly url: string;
  readonly onChanged: (webhook: Webhook) => void;
  readonly onClose: () => void;
}

/**
 * Sets the URL of the webhook or rotates its secret, and then shows a new secret once. While the dialog shows the
 * secret, only "Done" closes the dialog. After the dialog is closed, nobody can see the secret again.
 */
export function WebhookDialog({ task, url, onChanged, onClose }: WebhookDialogProps) {
  const text = useText(texts);
  const form = useForm({ initialValues: { url } });
  const onSaved = ({ webhook, secret }: SetWebhookResponse) => {
    onChanged(webhook);
    if (secret === null) onClose();
  };
  const set = useSave(
    { ...setWebhookMutation(), gcTime: 0 },
    { form, onSaved, message: null, ...(task === 'set' && { unseen: text.unseen }) },
  );
  const rotate = useSave(
    { ...rotateWebhookSecretMutation(), gcTime: 0 },
    { onSaved, message: null, unseen: text.unseen },
  );
  const secret = (task === 'rotate' ? rotate : set).data?.secret ?? null;
  const { setInitialValues, reset } = form;
  useEffect(() => {
    if (task === null) return;
    setInitialValues({ url });
    reset();
    // The form keeps what the person types while the webhook is read again.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [task]);
  useUnsavedInput(secret !== null);
  return (
    <Dialog
      opened={task !== null}
      onClose={onClose}
      title={secret === null ? text.titles[task ?? 'set'] : text.createdTitle}
      size={secret === null ? 'md' : 'lg'}
      {...(secret !== null && { closeOnClickOutside: false, closeOnEscape: false, withCloseButton: false })}
      onExitTransitionEnd={() => {
        set.reset();
        rotate.reset();
      }}
    >
      {secret !== null ? (
        <ShownSecret secret={secret} onDone={onClose} />
      ) : task === 'rotate' ? (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            rotate.mutate({});
          }}
        >
          <Stack gap="sm">
            <Text size="sm">{text.rotates}</Text>
            <Reauthentication mutation={rotate}>
              <FormProblem error={rotate.error} fields={[]} />
            </Reauthentication>
            <FormActions isSaving={rotate.isPending} onCancel={onClose} label={text.rotate} />
          </Stack>
        </form>
      ) : (
        <Form
          form={form}
          onSubmit={(body) => {
            set.mutate({ body });
          }}
        >
          <TextInput
            label={text.url}
            description={text.urlFor}
            type="url"
            required
            autoComplete="off"
            maxLength={2_000}
            data-autofocus
            {...form.getInputProps('url')}
          />
          <Reauthentication mutation={set}>
            <FormProblem error={set.error} fields={['url']} />
          </Reauthentication>
          <FormActions isSaving={set.isPending} onCancel={onClose} />
        </Form>
      )}
    </Dialog>
  );
}

function ShownSecret({ secret, onDone }: { readonly secret: string; readonly onDone: () => void }) {
  const text = useText(texts);
  return (
    <ShownOnce title={text.onceTitle} warning={text.once} onDone={onDone}>
      <Copied label={text.secret} value={secret} copy={text.copy} autoFocus />
      <Anchor href="https://www.standardwebhooks.com/" target="_blank" rel="noreferrer" size="sm">
        {text.standard}
      </Anchor>
    </ShownOnce>
  );
}
