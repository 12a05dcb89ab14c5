import { Group, List, Stack, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useAllAdministrators } from '../../administrators/use-all-administrators.ts';
import { allPages } from '../../api/all-pages.ts';
import { getCustomerOptions, listStatementsQueryKey } from '../../client/@tanstack/react-query.gen.ts';
import { listStatements } from '../../client/sdk.gen.ts';
import { useSession } from '../../session/use-session.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';
import { Facts } from '../../ui/facts.tsx';
import { Failure } from '../../ui/page/failure.tsx';
import { Loading } from '../../ui/page/loading.tsx';
import { StatementsCsvButton } from '../statements/statements-csv-button.tsx';
import { UnsubscribeForm, type UnsubscribeFormProps } from './unsubscribe-form.tsx';

const texts = {
  en: {
    discarded: 'Data that is deleted',
    rps: 'RPs, with their API keys',
    users: 'Registered users',
    mau: 'MAU of this month',
    statements: 'Statements of closed months',
    download: 'Download the statements (CSV)',
    administrators: 'Administrators, with their passkeys',
    follows: 'Consequences',
    gracePeriod: (hours: string) =>
      `For ${hours} hours, everything works as before, and any privileged administrator can cancel. We notify all of them by e-mail.`,
    end: 'Then all administrators are signed out, and nobody can sign in again.',
    endNow: 'All administrators are signed out at once, and nobody can sign in again.',
    consequences: (email: string) => [
      'Within 10 seconds, the API keys stop working, and your websites and apps can no longer use the service.',
      'After that, the service permanently deletes all your data. Nobody can restore it.',
      `When everything is deleted, we send an e-mail to ${email}. After this e-mail, you can sign up again with the administrators’ e-mail addresses.`,
      'Deleted data stays in backups for at most 35 days and in logs for at most 30 days.',
      'We keep records without personal data: the customer ID, the times, the numbers of deleted items, and the MAU and fees of months with a paid license.',
    ],
  },
  ja: {
    discarded: '破棄されるデータ',
    rps: 'RP（APIキーを含む）',
    users: '登録済みのユーザー',
    mau: '今月のMAU',
    statements: '締め済みの月の明細',
    download: '明細をダウンロード（CSV）',
    administrators: '管理者（パスキーを含む）',
    follows: '解約後の流れ',
    gracePeriod: (hours: string) =>
      `${hours}時間は、これまでどおりサービスを利用でき、どの特権管理者も解約を取り消せます。特権管理者全員にメールでお知らせします。`,
    end: 'その後、すべての管理者がサインアウトされ、サインインできなくなります。',
    endNow: 'ただちにすべての管理者がサインアウトされ、サインインできなくなります。',
    consequences: (email: string) => [
      '10秒以内にAPIキーが無効になり、お客様のウェブサイトやアプリからサービスを利用できなくなります。',
      'その後、すべてが完全に破棄されます。元に戻すことはできません。',
      `破棄が完了すると ${email} にメールでお知らせします。それ以降、管理者のメールアドレスは再び使用でき、あらためて新規登録できます。`,
      '破棄されたデータは、バックアップに最長35日間、ログに最長30日間残ります。',
      '個人情報を含まない記録（カスタマーID、日時、破棄した件数、有料ライセンスの月のMAUと料金）のみが残ります。',
    ],
  },
} satisfies Texts<object>;

/** Shows the consequences of unsubscribing, and asks the person to confirm. */
export default function UnsubscribeDialog({
  onGracePeriod,
  onCancel,
}: Pick<UnsubscribeFormProps, 'onGracePeriod' | 'onCancel'>) {
  const text = useText(texts);
  const format = useFormat();
  // Reads the numbers of RPs and users again, because these numbers change while the screen is open.
  const customer = useQuery({ ...getCustomerOptions(), refetchOnMount: 'always' });
  const administrators = useAllAdministrators();
  const statements = useQuery({
    queryKey: [...listStatementsQueryKey(), 'all'],
    queryFn: ({ signal }) => allPages((query) => listStatements({ query, signal, throwOnError: true })),
  });
  const session = useSession();
  const failed = [customer, administrators, statements, session].find((query) => query.isError && !query.data);
  if (failed) return <Failure error={failed.error} onRetry={failed.refetch} />;
  if (!customer.data || !administrators.data || !statements.data || !session.data) return <Loading />;
  const { license, representative } = customer.data;
  const [newest] = statements.data;
  const { unsubscribeGraceHours: hours, recentSignInBy } = session.data;
  const ends = hours > 0 ? [text.gracePeriod(format.number(hours)), text.end] : [text.endNow];
  return (
    <Stack gap="md">
      <Title order={3} size="h5">
        {text.discarded}
      </Title>
      <Facts
        facts={[
          [text.rps, format.number(license.registeredRps)],
          [text.users, format.number(license.registeredUsers)],
          [text.mau, format.number(license.mauThisMonth)],
          [text.statements, format.number(statements.data.length)],
          [text.administrators, format.number(administrators.data.length)],
        ]}
      />
      {newest && (
        <Group>
          <StatementsCsvButton label={text.download} latestMonth={newest.month} />
        </Group>
      )}
      <Title order={3} size="h5">
        {text.follows}
      </Title>
      <List size="sm" spacing={4}>
        {[...ends, ...text.consequences(representative.email)].map((consequence) => (
          <List.Item key={consequence}>{consequence}</List.Item>
        ))}
      </List>
      <UnsubscribeForm
        view={customer.data}
        usesPasskey={recentSignInBy === 'passkey'}
        onGracePeriod={onGracePeriod}
        onCancel={onCancel}
      />
    </Stack>
  );
}
