import { NativeSelect, Stack, Switch, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { getSessionQueryKey, setMailSettingsMutation } from '../client/@tanstack/react-query.gen.ts';
import type { MailSettings } from '../client/types.gen.ts';
import { useSession } from '../session/use-session.ts';
import { languages, useText, type Texts } from '../text/language.tsx';
import { ActionButton } from '../ui/action-button.tsx';
import { Block } from '../ui/block.tsx';
import { FormProblem } from '../ui/form/form-problem.tsx';
import { Form } from '../ui/form/form.tsx';
import { useSave } from '../ui/form/use-save.ts';
import { Page } from '../ui/page/page.tsx';

const kinds = ['license', 'users', 'statements'] as const satisfies readonly (keyof MailSettings['notices'])[];

const texts = {
  en: {
    title: 'Language and e-mails',
    settings: 'E-mails to you',
    explanation: (email: string) =>
      `We send e-mails to ${email}. These settings are yours: other administrators have their own.`,
    language: 'Language of the e-mails',
    languageFor: 'The language of the console is in the header of the page.',
    notices: 'Get an e-mail about',
    license: 'Licenses',
    licenseFor: 'The operator tells you about a new license; the license ends in 30 or 7 days, or has ended.',
    users: 'Users of the Free license',
    usersFor: 'At least 80 % of the users that the license allows are registered, or all of them.',
    statements: 'Statements',
    statementsFor: 'The statement of a month is ready. Its MAU and fee are final.',
    always:
      'You always get e-mails about security, for example when a passkey is added to your account. The MAU alert has its own setting on the Customer screen.',
    save: 'Save',
  },
  ja: {
    title: '言語とメール',
    settings: 'あなた宛てのメール',
    explanation: (email: string) =>
      `メールは ${email} に送信されます。この設定はあなただけのもので、ほかの管理者には影響しません。`,
    language: 'メールの言語',
    languageFor: 'コンソールの言語は、ページ上部で選択できます。',
    notices: 'メールで受け取るお知らせ',
    license: 'ライセンス',
    licenseFor: '運営者からの新しいライセンスのお知らせと、ライセンスが終了する30日前、7日前、終了時のお知らせです。',
    users: 'Freeライセンスのユーザー数',
    usersFor: '登録済みユーザー数が上限の80%以上になったときと、上限に達したときのお知らせです。',
    statements: '明細',
    statementsFor: '月の明細が作成され、MAUと料金が確定したときのお知らせです。',
    always:
      'パスキーの追加、担当者の変更、解約など、セキュリティに関するメールは必ず送信されます。MAUアラートは、カスタマー画面で設定します。',
    save: '保存',
  },
} satisfies Texts<object>;

/** Lets the person who is signed in choose the language of the e-mails to them, and which notices they get. */
export default function MailsPage() {
  const text = useText(texts);
  const session = useSession();
  return (
    <Page title={text.title}>
      <Block title={text.settings} query={session}>
        {({ administrator, mailSettings }) => (
          <>
            <Text size="sm">{text.explanation(administrator.email)}</Text>
            <SettingsForm settings={mailSettings} />
          </>
        )}
      </Block>
    </Page>
  );
}

function SettingsForm({ settings }: { readonly settings: MailSettings }) {
  const text = useText(texts);
  const queryClient = useQueryClient();
  const form = useForm({ initialValues: settings });
  const save = useSave(setMailSettingsMutation(), {
    form,
    onSaved: () => queryClient.invalidateQueries({ queryKey: getSessionQueryKey() }),
  });
  return (
    <Form
      form={form}
      onSubmit={(body) => {
        save.mutate({ body });
      }}
      maxWidth={480}
    >
      <NativeSelect
        label={text.language}
        description={text.languageFor}
        data={Object.entries(languages).map(([value, label]) => ({ value, label }))}
        {...form.getInputProps('language')}
      />
      <Stack gap="sm" role="group" aria-label={text.notices}>
        <Text fw={700} size="sm">
          {text.notices}
        </Text>
        {kinds.map((kind) => (
          <Switch
            key={kind}
            label={text[kind]}
            description={text[`${kind}For`]}
            {...form.getInputProps(`notices.${kind}`, { type: 'checkbox' })}
          />
        ))}
      </Stack>
      <Text size="sm">{text.always}</Text>
      <FormProblem error={save.error} fields={['language']} />
      <ActionButton type="submit" loading={save.isPending}>
        {text.save}
      </ActionButton>
    </Form>
  );
}
