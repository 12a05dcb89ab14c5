import { Alert, Anchor, List, Text } from '@mantine/core';
import { Link } from 'wouter';
import { useHistoryState } from 'wouter/use-browser-location';
import { useText, type Texts } from '../../text/language.tsx';
import { FrontPage } from '../../ui/page/front-page.tsx';

const texts = {
  en: {
    title: 'You have unsubscribed',
    status: 'Nothing of the customer is served any more. Everything that was registered is being discarded.',
    now: 'What happens now',
    steps: (email: string | undefined) => [
      `When everything is discarded, an e-mail says so${email === undefined ? '' : ` to ${email}`}. That takes minutes, with many users longer.`,
      'Until then, your e-mail addresses get no links. Afterwards they are free: you can sign up again.',
      'Backups keep what was discarded for at most 35 days, logs for 30 days.',
      'The passkeys of this console are of no use any more. You can delete them on your devices.',
    ],
    signUp: 'Sign up again',
  },
  ja: {
    title: '解約しました',
    status: 'サービスのご利用は終了しました。登録されていたものはすべて破棄されます。',
    now: '今後の流れ',
    steps: (email: string | undefined) => [
      `すべての破棄が完了すると、${email === undefined ? '' : ` ${email} に`}メールでお知らせします。通常は数分、ユーザーが多い場合はさらに時間がかかります。`,
      '完了するまで、お客様のメールアドレスにリンクは届きません。完了後は、同じアドレスであらためて新規登録できます。',
      '破棄されたものは、バックアップに最長35日間、ログに30日間残ります。',
      'このコンソールのパスキーは使用できなくなりました。お使いのデバイスから削除してかまいません。',
    ],
    signUp: 'もう一度新規登録する',
  },
} satisfies Texts<object>;

/** What the page is told by who opens it. */
export interface Unsubscribed {
  /** Where the confirming e-mail goes. */
  readonly email: string;
}

/** Says, after unsubscribing, what happens now. It is for anyone, since nobody is signed in any more. */
export default function UnsubscribedPage() {
  const text = useText(texts);
  const unsubscribed = useHistoryState<Unsubscribed | null>();
  return (
    <FrontPage title={text.title}>
      <Alert role="status">{text.status}</Alert>
      <Text fw={600}>{text.now}</Text>
      <List size="sm" spacing="xs">
        {text.steps(unsubscribed?.email).map((step) => (
          <List.Item key={step}>{step}</List.Item>
        ))}
      </List>
      <Anchor component={Link} href="/sign-up">
        {text.signUp}
      </Anchor>
    </FrontPage>
  );
}
