import { useDisclosure } from '@mantine/hooks';
import { useText, type Texts } from '../../text/language.tsx';
import { ReasonedButton } from '../../ui/reasoned-button.tsx';
import { useLicenseRefusal } from '../use-license-refusal.ts';
import { CreateApiKeyDialog } from './create-api-key-dialog.tsx';
import { useApiKeys } from './use-api-keys.ts';

const texts = {
  en: {
    create: 'Create an API key',
    full: (max: number) => `An RP has at most ${max} API keys. Delete one first.`,
  },
  ja: {
    create: 'APIキーを作成',
    full: (max: number) => `APIキーはRPごとに${max}個までです。先に1つ削除してください。`,
  },
} satisfies Texts<object>;

/**
 * Shows the button that creates an API key of an RP, and the dialog that it opens. The button is disabled, and says why,
 * if the license does not allow another key or if the RP has the maximum number of keys.
 */
export function CreateApiKeyButton({ rp }: { readonly rp: string }) {
  const text = useText(texts);
  const { data: apiKeys, isPending: isReading } = useApiKeys(rp);
  const { isPending, reason } = useLicenseRefusal('api-key');
  const [isCreating, { open, close }] = useDisclosure();
  const isFull = apiKeys !== undefined && apiKeys.items.length >= apiKeys.maximum;
  return (
    <>
      <ReasonedButton
        size="xs"
        loading={isPending || isReading}
        reason={reason ?? (isFull ? text.full(apiKeys.maximum) : null)}
        onClick={open}
      >
        {text.create}
      </ReasonedButton>
      <CreateApiKeyDialog rp={rp} tooMany={text.full(apiKeys?.maximum ?? 0)} isOpened={isCreating} onClose={close} />
    </>
  );
}
