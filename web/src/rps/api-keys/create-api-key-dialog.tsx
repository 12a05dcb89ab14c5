import { Anchor, NativeSelect, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useUnsavedInput } from '../../api/unsaved-input.ts';
import { createApiKeyMutation } from '../../client/@tanstack/react-query.gen.ts';
import type { ApiKey, CreatedFssKey } from '../../client/types.gen.ts';
import { Reauthentication } from '../../session/reauthentication.tsx';
import { useText, type Texts } from '../../text/language.tsx';
import { Copied } from '../../ui/copied.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FormActions } from '../../ui/form/form-actions.tsx';
import { FormProblem } from '../../ui/form/form-problem.tsx';
import { Form } from '../../ui/form/form.tsx';
import { useSave } from '../../ui/form/use-save.ts';
import { ShownOnce } from '../../ui/shown-once.tsx';
import { apiKeyTypeTexts } from './api-key-type-texts.ts';
import { useApiKeysChanged } from './use-api-keys.ts';

const texts = {
  en: {
    title: 'Create an API key',
    name: 'Name',
    nameFor: 'The purpose of the key',
    production: 'Production',
    type: 'Type',
    typeFor: 'Choose Bearer, unless the RP’s server uses an SDK with the FSS format.',
    create: 'Create',
    createdTitle: 'API key created',
    unseen: 'An API key was created but not shown. Delete this key and create another one.',
    onceTitle: 'Copy the key now',
    once: 'The key is shown only once. Store it with the other secrets of the RP’s server. Anybody who has the key can act for the RP.',
    apiKey: 'API key',
    apiAuthId: 'API auth ID',
    secretKey: 'Secret key',
    fssFor: (type: string, endpoint: string) =>
      `Set these values, the type “${type}” and the endpoint ${endpoint} in the SDK.`,
    copyApiAuthId: 'Copy the API auth ID',
    copySecretKey: 'Copy the secret key',
    example: 'Try the key: the command shows the RP.',
    api: 'API reference',
    copyKey: 'Copy the API key',
    copyExample: 'Copy the example',
  },
  ja: {
    title: 'APIキーの作成',
    name: '名前',
    nameFor: 'キーの用途',
    production: '本番環境',
    type: '種類',
    typeFor: 'RPのサーバーがFSS形式のSDKを使用する場合を除き、Bearerを選択してください。',
    create: '作成',
    createdTitle: 'APIキーを作成しました',
    unseen: 'APIキーは作成されましたが、表示されませんでした。削除して、新しいキーを作成してください。',
    onceTitle: '今すぐキーをコピーしてください',
    once: 'キーが表示されるのは今回だけです。RPのサーバーで機密情報を管理している場所に保存してください。このキーを知っていれば、誰でもRPとして操作できます。',
    apiKey: 'APIキー',
    apiAuthId: 'API認証ID',
    secretKey: 'シークレットキー',
    fssFor: (type: string, endpoint: string) =>
      `これらの値と種類「${type}」、エンドポイント ${endpoint} をSDKに設定してください。`,
    copyApiAuthId: 'API認証IDをコピー',
    copySecretKey: 'シークレットキーをコピー',
    example: '動作確認：RPの情報を表示するコマンド',
    api: 'APIリファレンス',
    copyKey: 'APIキーをコピー',
    copyExample: 'コマンドをコピー',
  },
} satisfies Texts<object>;

export interface CreateApiKeyDialogProps {
  /** The ID of the RP. */
  readonly rp: string;
  /** The text that is shown if the RP reached its maximum number of API keys while the dialog was open. */
  readonly tooMany: string;
  readonly isOpened: boolean;
  readonly onClose: () => void;
}

/**
 * Asks for a name and a type, then shows the API key once. While the dialog shows the key, only "Done" closes the
 * dialog. After the dialog is closed, nobody can see the key again.
 */
export function CreateApiKeyDialog({ rp, tooMany, isOpened, onClose }: CreateApiKeyDialogProps) {
  const text = useText(texts);
  const nameOfType = useText(apiKeyTypeTexts);
  const apiKeysChanged = useApiKeysChanged(rp);
  const form = useForm({ initialValues: { name: text.production, type: 'bearer' as ApiKey['type'] } });
  const create = useSave(
    { ...createApiKeyMutation(), gcTime: 0 },
    {
      form,
      message: null,
      unseen: text.unseen,
      onSaved: ({ keyId, name, type, createdAt, createdBy, lastUsedAt }) => {
        apiKeysChanged((present) => [...present, { keyId, name, type, createdAt, createdBy, lastUsedAt }]);
      },
    },
  );
  const isShown = create.data !== undefined;
  useUnsavedInput(isShown);
  return (
    <Dialog
      opened={isOpened}
      onClose={onClose}
      title={isShown ? text.createdTitle : text.title}
      size={isShown ? 'lg' : 'md'}
      {...(isShown && { closeOnClickOutside: false, closeOnEscape: false, withCloseButton: false })}
      onExitTransitionEnd={() => {
        create.reset();
        form.reset();
      }}
    >
      {create.data ? (
        <ShownOnce title={text.onceTitle} warning={text.once} onDone={onClose}>
          {create.data.type === 'bearer' ? <BearerKey apiKey={create.data.apiKey} /> : <FssKey created={create.data} />}
        </ShownOnce>
      ) : (
        <Form
          form={form}
          onSubmit={(body) => {
            create.mutate({ path: { id: rp }, body });
          }}
        >
          <TextInput
            label={text.name}
            description={text.nameFor}
            required
            maxLength={200}
            data-autofocus
            {...form.getInputProps('name')}
          />
          <NativeSelect
            label={text.type}
            description={text.typeFor}
            data={Object.entries(nameOfType).map(([value, label]) => ({ value, label }))}
            {...form.getInputProps('type')}
          />
          {/* Every administrator may create API keys, so the problem `forbidden` can only mean that the RP already has the
              maximum number of API keys. */}
          <Reauthentication mutation={create}>
            <FormProblem error={create.error} fields={['name', 'type']} says={{ forbidden: tooMany }} />
          </Reauthentication>
          <FormActions isSaving={create.isPending} onCancel={onClose} label={text.create} />
        </Form>
      )}
    </Dialog>
  );
}

function BearerKey({ apiKey }: { readonly apiKey: string }) {
  const text = useText(texts);
  return (
    <>
      <Copied label={text.apiKey} value={apiKey} copy={text.copyKey} autoFocus />
      <Copied label={text.example} value={exampleWith(apiKey)} copy={text.copyExample} />
      <Anchor href="/reference" target="_blank" size="sm">
        {text.api}
      </Anchor>
    </>
  );
}

/** Shows a key of a type for the FSS format. The endpoint has the same origin as the console. */
function FssKey({ created }: { readonly created: CreatedFssKey }) {
  const text = useText(texts);
  const nameOfType = useText(apiKeyTypeTexts);
  return (
    <>
      <Text size="sm">{text.fssFor(nameOfType[created.type], `${location.origin}/api`)}</Text>
      <Copied label={text.apiAuthId} value={created.apiAuthId} copy={text.copyApiAuthId} autoFocus />
      <Copied label={text.secretKey} value={created.secretKey} copy={text.copySecretKey} />
    </>
  );
}

/** Returns a command that reads the RP of an API key. The API has the same origin as the console. */
const exampleWith = (apiKey: string): string => `curl ${location.origin}/v1/rp -H 'Authorization: Bearer ${apiKey}'`;
