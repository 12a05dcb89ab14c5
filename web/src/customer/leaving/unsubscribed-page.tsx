import { Alert, Anchor, List, Text } from '@mantine/core';
import { Link } from 'wouter';
import { useHistoryState } from 'wouter/use-browser-location';
import { useText, type Texts } from '../../text/language.tsx';
import { FrontPage } from '../../ui/page/front-page.tsx';

const texts = {
  en: {
    title: 'You have unsubscribed',
    status: 'Your websites and apps can no longer use the service. Everything that was registered is being deleted.',
    now: 'Next steps',
    steps: (email: string | undefined) => [
      `When everything is deleted, we send an e-mail${email === undefined ? '' : ` to ${email}`}. The deletion takes a few minutes, or longer if there are many users.`,
      'Until everything is deleted, we send no links to your e-mail addresses. After the deletion, you can sign up again with these addresses.',
      'Deleted data stays in backups for at most 35 days and in logs for at most 30 days.',
      'Your passkeys for this console no longer work. You can delete them from your devices.',
    ],
    signUp: 'Sign up again',
  },
  ja: {
    title: '解約しました',
    status: 'サービスのご利用は終了しました。登録されていたデータはすべて破棄されます。',
    now: '今後の流れ',
    steps: (email: string | undefined) => [
      `すべての破棄が完了すると、${email === undefined ? '' : ` ${email} に`}メールでお知らせします。通常は数分、ユーザーが多い場合はさらに時間がかかります。`,
      '完了するまで、お客様のメールアドレスにリンクは届きません。完了後は、同じアドレスであらためて新規登録できます。',
      '破棄されたデータは、バックアップに最長35日間、ログに最長30日間残ります。',
      'このコンソールのパスキーは使用できなくなりました。お使いのデバイスから削除してかまいません。',
    ],
    signUp: 'もう一度新規登録する',
  },
} satisfies Texts<object>;

/** The browser history state that the console passes to this page after the customer unsubscribes. */
export interface Unsubscribed {
  /** The address that gets an e-mail when all data is deleted. */
  readonly email: string;
}

/** Shows the next steps after unsubscribing. The page is public, because unsubscribing ends the session. */
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
