import { Alert, Anchor, Code, Stack, Text } from '@mantine/core';
import { Link } from 'wouter';
import type { MauView } from '../../client/types.gen.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';

const texts = {
  en: {
    noRp: 'Nothing to show yet: no RP is registered.',
    registerRp: 'Register an RP',
    noMau: (months: string) => `Nobody was active in the last ${months} months.`,
    longer: 'If users were active before that, choose 12 months to see them.',
    report: 'MAU appear once the server of an RP reports operations, with its API key, to',
    rps: 'RPs and their API keys',
  },
  ja: {
    noRp: 'RPが登録されていないため、グラフに表示するものがありません。',
    registerRp: 'RPを登録する',
    noMau: (months: string) => `直近${months}か月間にアクティブユーザーはいませんでした。`,
    longer: 'それより前にアクティブユーザーがいた場合は、12か月を選択すると表示されます。',
    report: 'RPのサーバーがRPのAPIキーを使って次の宛先に操作を報告すると、MAUが表示されます。',
    rps: 'RPとAPIキー',
  },
} satisfies Texts<object>;

/** Explains why there is no graph, and shows the next step, such as registering an RP. */
export function NoMau({ mau: { rps, months } }: { readonly mau: MauView }) {
  const text = useText(texts);
  const format = useFormat();
  if (rps.length === 0) {
    return (
      <Alert role="note" variant="default" title={text.noRp}>
        <Anchor component={Link} href="/rps">
          {text.registerRp}
        </Anchor>
      </Alert>
    );
  }
  return (
    <Alert role="note" variant="default" title={text.noMau(format.number(months.length))}>
      <Stack gap="xs" align="start">
        {months.length < 12 && <Text size="sm">{text.longer}</Text>}
        <Text size="sm">
          {text.report} <Code>POST /v1/rp/operations</Code>
        </Text>
        <Anchor component={Link} href="/rps">
          {text.rps}
        </Anchor>
      </Stack>
    </Alert>
  );
}
