import { Anchor, List, Text, ThemeIcon, VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import {
  listAdministratorsOptions,
  listApiKeysOptions,
  listRpsOptions,
} from '../../client/@tanstack/react-query.gen.ts';
import type { CustomerView, MauView } from '../../client/types.gen.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { Block } from '../../ui/block.tsx';
import { useCustomer } from '../use-customer.ts';

const texts = {
  en: {
    title: 'First steps',
    done: 'Done:',
    open: 'Open:',
    steps: {
      rp: 'Register an RP: the website or app whose users sign in.',
      key: 'Create an API key, with which the server of the RP calls this service.',
      signIn: 'Let a first user sign in. The Integrate tab of the RP has code for it, and shows when it worked.',
      alert: 'Switch the MAU alert on, so that you hear of a growing bill in time.',
      administrator: 'Add a second administrator, who can help if you lose access.',
    },
  },
  ja: {
    title: '最初の設定',
    done: '完了：',
    open: '未完了：',
    steps: {
      rp: 'RPを登録します。RPは、ユーザーがサインインするウェブサイトやアプリです。',
      key: 'APIキーを作成します。RPのサーバーは、このキーで本サービスを呼び出します。',
      signIn: '最初のユーザーにサインインしてもらいます。コードと結果は、RPの「組み込み」タブで確認できます。',
      alert: 'MAUアラートをオンにします。料金の増加に早く気付けます。',
      administrator: '2人目の管理者を追加します。アクセスできなくなったときに助けてもらえます。',
    },
  },
} satisfies Texts<object>;

export interface FirstStepsProps {
  readonly view: CustomerView;
  readonly mau: MauView;
}

/**
 * Lists what a new customer does first, and which of these steps are done. Disappears when all of them are done. Reads
 * the RPs, the API keys of the first RP and the administrators, so this component is loaded only for a new customer.
 */
export default function FirstSteps({ view, mau }: FirstStepsProps) {
  const text = useText(texts);
  const customer = useCustomer();
  const rps = useQuery(listRpsOptions());
  const [rp] = rps.data?.items ?? [];
  const keys = useQuery({ ...listApiKeysOptions({ path: { id: rp?.id ?? '' } }), enabled: rp !== undefined });
  const administrators = useQuery(listAdministratorsOptions());
  const steps = [
    { id: 'rp', isDone: rp !== undefined, href: '/rps?register' },
    { id: 'key', isDone: (keys.data?.items.length ?? 0) > 0, href: rp ? `/rps/${rp.id}` : undefined },
    { id: 'signIn', isDone: mau.total.some((users) => users > 0), href: rp ? `/rps/${rp.id}` : undefined },
    { id: 'alert', isDone: view.mauAlert.enabled, href: undefined },
    { id: 'administrator', isDone: (administrators.data?.items.length ?? 0) > 1, href: '/administrators' },
  ] as const;
  const areKnown = rps.data && administrators.data && (keys.data ?? rp === undefined);
  if (!areKnown || steps.every(({ isDone }) => isDone)) return null;
  return (
    <Block title={text.title} query={customer}>
      {() => (
        <List type="ordered" center spacing="xs" size="sm" listStyleType="none">
          {steps.map(({ id, isDone, href }) => (
            <List.Item key={id} icon={<Tick isDone={isDone} />}>
              <VisuallyHidden>{isDone ? text.done : text.open} </VisuallyHidden>
              {isDone || href === undefined ? (
                <Text inherit>{text.steps[id]}</Text>
              ) : (
                <Anchor component={Link} href={href} inherit>
                  {text.steps[id]}
                </Anchor>
              )}
            </List.Item>
          ))}
        </List>
      )}
    </Block>
  );
}

function Tick({ isDone }: { readonly isDone: boolean }) {
  return (
    <ThemeIcon size="sm" radius="xl" variant={isDone ? 'filled' : 'default'} color="green" aria-hidden>
      {isDone ? '✓' : ''}
    </ThemeIcon>
  );
}
