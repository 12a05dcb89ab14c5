import { Text } from '@mantine/core';
import { useSearchParams } from 'wouter';
import { useText, type Texts } from '../text/language.tsx';
import { Block } from '../ui/block.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Page } from '../ui/page/page.tsx';
import { ReasonedButton } from '../ui/reasoned-button.tsx';
import { RegisterRpForm } from './register-rp-form.tsx';
import { RpsTable } from './rps-table.tsx';
import { LicenseRefusal } from './license-refusal.tsx';
import { useLicenseRefusal } from './use-license-refusal.ts';
import { useRps } from './use-rps.ts';

const texts = {
  en: {
    title: 'RPs',
    registered: 'Registered RPs',
    register: 'Register an RP',
    empty:
      'No RP is registered yet. Register the domain name where your users sign in, then create an API key for its server.',
  },
  ja: {
    title: 'RP',
    registered: '登録済みのRP',
    register: 'RPを登録',
    empty:
      '登録済みのRPはありません。ユーザーがサインインするドメイン名を登録し、そのサーバー用のAPIキーを作成してください。',
  },
} satisfies Texts<object>;

/** Lists the RPs, each with its number of registered users and its MAU of this month. */
export default function RpsPage() {
  const text = useText(texts);
  const rps = useRps();
  const { isPending, reason } = useLicenseRefusal('rp');
  // The address of the page says whether the dialog is open, so that a link can open the dialog.
  const [params, setParams] = useSearchParams();
  const open = () => {
    setParams({ register: '' });
  };
  const close = () => {
    setParams({}, { replace: true });
  };
  return (
    <Page title={text.title}>
      <Block
        title={text.registered}
        query={rps}
        action={() => (
          <ReasonedButton size="xs" loading={isPending} reason={reason} onClick={open}>
            {text.register}
          </ReasonedButton>
        )}
      >
        {(all) => (
          <>
            {reason !== null && <LicenseRefusal reason={reason} />}
            {all.length === 0 ? <Text>{text.empty}</Text> : <RpsTable rps={all} />}
          </>
        )}
      </Block>
      <Dialog opened={params.has('register')} onClose={close} title={text.register}>
        <RegisterRpForm onDone={close} />
      </Dialog>
    </Page>
  );
}
