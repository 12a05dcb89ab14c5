import { Stack, Text, Title } from '@mantine/core';
import { useText, type Texts } from '../../text/language.tsx';

const texts = {
  en: {
    title: 'Who counts as an active user?',
    rule: 'A user with at least one operation in a month. An operation is the registration of a passkey or a sign-in with one. MAU (monthly active users) is the number of active users. A registered user without operations does not count.',
    example:
      'Example: Mika signs in to your shop 20 times in November. She is one active user of the shop in November.',
    twiceTitle: 'Why does one person count twice at two RPs?',
    twice:
      'If Mika also signs in to your app, she is an active user of the app too: 2 MAU in total. A user ID has a meaning only within its RP, so nobody can tell that “mika” of the shop and “mika” of the app are the same person.',
    late: 'Operations that are reported late count in the month in which they happened, until that month is closed on the 4th of the next month.',
  },
  ja: {
    title: 'アクティブユーザーとは',
    rule: 'その月に、パスキーの登録またはパスキーによるサインインを1回以上行ったユーザーです。その人数がMAU（月間アクティブユーザー数）です。登録されているだけのユーザーは数えません。',
    example:
      '例：ミカさんが11月にショップへ20回サインインした場合、11月のショップのアクティブユーザーとして1人と数えます。',
    twiceTitle: '2つのRPを使う人を2人と数える理由',
    twice:
      'ミカさんが同じ月にアプリにもサインインすると、アプリのアクティブユーザーとしても数え、合計は2 MAUになります。ユーザーIDはそのRPの中でのみ意味を持つため、ショップの「mika」とアプリの「mika」が同じ人かどうかは判別できません。',
    late: '遅れて報告された操作は、実際に行われた月に数えます。ただし、その月が翌月4日に締め切られるまでに限ります。',
  },
} satisfies Texts<object>;

export function Explanation({ className }: { readonly className: string }) {
  const text = useText(texts);
  return (
    <Stack gap="xs" className={className}>
      <Title order={3} size="h6">
        {text.title}
      </Title>
      <Text size="sm">{text.rule}</Text>
      <Text size="sm">{text.example}</Text>
      <Title order={3} size="h6">
        {text.twiceTitle}
      </Title>
      <Text size="sm">{text.twice}</Text>
      <Text size="sm">{text.late}</Text>
    </Stack>
  );
}
