import { Paper, Stack, Text, Title } from '@mantine/core';
import { useId } from 'react';
import { useText, type Texts } from '../../text/language.tsx';
import { Copied } from '../../ui/copied.tsx';
import { commands } from '../commands.ts';

const texts = {
  en: {
    title: 'Commands',
    explanation:
      'These pages change nothing. The command line changes a customer, for people whom IAM allows it. For a stage in AWS, add --stage and the name of the stage.',
    copy: 'Copy',
    labels: {
      show: 'Show everything about the customer',
      setLicense: 'Set a license; with --dry-run, the command only shows what would change',
      cancelLicense: 'Cancel a license that has not started',
      setEmail: 'Replace the lost e-mail address of the representative',
      unsubscribe: 'End the use of the service, and discard the data of the customer',
    },
  },
  ja: {
    title: 'コマンド',
    explanation:
      'この画面では変更できません。カスタマーの変更は、IAMで許可された人がコマンドラインで行います。AWS上のステージでは、--stage とステージ名を追加してください。',
    copy: 'コピー',
    labels: {
      show: 'カスタマーの詳細をすべて表示',
      setLicense: 'ライセンスの設定（--dry-run を付けると変更内容の確認のみ）',
      cancelLicense: '開始前のライセンスの取り消し',
      setEmail: '担当者が使えなくなったメールアドレスの変更',
      unsubscribe: '解約とカスタマーのデータの削除',
    },
  },
} satisfies Texts<object>;

const shown = ['show', 'setLicense', 'cancelLicense', 'setEmail', 'unsubscribe'] as const;

/** Shows the commands that change the customer, because the operators' pages only read. */
export function CommandsBlock({ id: customerId }: { readonly id: string }) {
  const text = useText(texts);
  const id = useId();
  return (
    <Paper component="section" aria-labelledby={id} withBorder p="lg">
      <Stack gap="md">
        <Title order={2} size="h4" id={id}>
          {text.title}
        </Title>
        <Text size="sm">{text.explanation}</Text>
        {shown.map((command) => (
          <Copied key={command} label={text.labels[command]} value={commands[command](customerId)} copy={text.copy} />
        ))}
      </Stack>
    </Paper>
  );
}
