import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useLocation } from 'wouter';
import { registerRpMutation } from '../client/@tanstack/react-query.gen.ts';
import { isBlank } from '../../../functions/contract/values/texts.ts';
import { useText, type Texts } from '../text/language.tsx';
import { FormActions } from '../ui/form/form-actions.tsx';
import { FormProblem } from '../ui/form/form-problem.tsx';
import { Form } from '../ui/form/form.tsx';
import { useSave } from '../ui/form/use-save.ts';
import { useRpChanged } from './use-rps.ts';

const texts = {
  en: {
    rpId: 'RP ID',
    rpIdFor:
      'The domain name where your users sign in, such as shop.example.com. Passkeys are bound to the domain name, so you cannot change it later.',
    name: 'Name (optional)',
    nameFor: 'By default, the RP ID. Shown in this console. Registration options also send it to browsers, as rp.name.',
    register: 'Register',
    registered: 'RP registered. Now create an API key for the RP’s server.',
    tooMany: 'You cannot register more RPs this month. Removed RPs count too.',
  },
  ja: {
    rpId: 'RP ID',
    rpIdFor:
      'ユーザーがサインインするドメイン名です（例：shop.example.com）。パスキーはこのドメイン名に結び付けられるため、あとから変更できません。',
    name: '名前（任意）',
    nameFor:
      '入力しない場合は、RP IDと同じ名前になります。このコンソールに表示されます。登録オプションの rp.name として、ブラウザーにも送信されます。',
    register: '登録',
    registered: 'RPを登録しました。続けて、サーバー用のAPIキーを作成してください。',
    tooMany: '今月登録できるRPの数の上限に達しました（削除したRPも含みます）。',
  },
} satisfies Texts<object>;

/** The maximum length of a name, in characters. */
const NAME_LENGTH = 200;

export function RegisterRpForm({ onDone }: { readonly onDone: () => void }) {
  const text = useText(texts);
  const rpChanged = useRpChanged();
  const [, navigate] = useLocation();
  const form = useForm({ initialValues: { rpId: '', name: '' } });
  const register = useSave(registerRpMutation(), {
    form,
    message: text.registered,
    onSaved: async (rp) => {
      onDone();
      navigate(`/rps/${rp.id}`);
      await rpChanged(rp);
    },
  });
  return (
    <Form
      form={form}
      onSubmit={({ rpId, name }) => {
        register.mutate({ body: { rpId, name: isBlank(name) ? rpId.slice(0, NAME_LENGTH) : name } });
      }}
    >
      <TextInput
        label={text.rpId}
        description={text.rpIdFor}
        required
        maxLength={253}
        inputMode="url"
        autoCapitalize="none"
        spellCheck={false}
        data-autofocus
        {...form.getInputProps('rpId')}
      />
      <TextInput label={text.name} description={text.nameFor} maxLength={NAME_LENGTH} {...form.getInputProps('name')} />
      {/* Every administrator may register RPs, so the problem `forbidden` can only mean that the customer has registered
          too many RPs in this month. */}
      <FormProblem error={register.error} fields={Object.keys(form.values)} says={{ forbidden: text.tooMany }} />
      <FormActions isSaving={register.isPending} onCancel={onDone} label={text.register} />
    </Form>
  );
}
