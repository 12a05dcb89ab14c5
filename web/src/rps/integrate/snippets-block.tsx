import { Stack, Tabs, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { RpDetails } from '../../client/types.gen.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { Block } from '../../ui/block.tsx';
import { Copied } from '../../ui/copied.tsx';
import { pageSnippet, snippetFor, snippetLanguages } from './snippets.ts';

const texts = {
  en: {
    title: 'Code',
    explanation:
      'Your server begins and ends each ceremony, and the page in the browser runs it. The first user of a new RP signs up, and can then sign in. Your server chooses the user ID.',
    languages: 'Language of the server',
    server: 'On the server',
    page: 'On the page',
    copyServer: 'Copy the code for the server',
    copyPage: 'Copy the code for the page',
    key: 'Replace the placeholder with an API key of this RP. The key must never reach a browser.',
    fssKey: 'The placeholders are the API auth ID and the secret key of an API key of the type AccessKeyAuth.',
    sdk: 'The operator gives you the package as a file: npm install ./fido2-server-service-sdk-0.1.0.tgz. It is not on npm.',
    placeholder: '<your API key>',
    curl: 'curl',
    'node-sdk': 'Node.js with our SDK',
    'node-fss': 'Node.js, FSS format',
    python: 'Python',
    php: 'PHP',
    java: 'Java',
  },
  ja: {
    title: 'コード例',
    explanation:
      '各セレモニーはサーバーが開始・終了し、ブラウザーのページが実行します。新しいRPでは、最初のユーザーが登録した後にサインインできます。ユーザーIDはサーバーが決めます。',
    languages: 'サーバーの言語',
    server: 'サーバー',
    page: 'ページ',
    copyServer: 'サーバーのコードをコピー',
    copyPage: 'ページのコードをコピー',
    key: 'プレースホルダーをこのRPのAPIキーに置き換えてください。キーをブラウザーに渡してはいけません。',
    fssKey: 'プレースホルダーは、種類がAccessKeyAuthのAPIキーの「API認証ID」と「シークレットキー」です。',
    sdk: 'パッケージのファイルは運営者が提供します（npmでは公開していません）：npm install ./fido2-server-service-sdk-0.1.0.tgz',
    placeholder: '<APIキー>',
    curl: 'curl',
    'node-sdk': 'Node.js（本サービスのSDK）',
    'node-fss': 'Node.js（FSS形式）',
    python: 'Python',
    php: 'PHP',
    java: 'Java',
  },
} satisfies Texts<object>;

/** Shows code with which the RP's server and page register users and sign them in. */
export function SnippetsBlock({ rp: query }: { readonly rp: UseQueryResult<RpDetails, unknown> }) {
  const text = useText(texts);
  return (
    <Block title={text.title} query={query}>
      {({ rpId }) => (
        <>
          <Text size="sm">{text.explanation}</Text>
          <Tabs defaultValue={snippetLanguages[0] ?? null} keepMounted={false}>
            <Tabs.List aria-label={text.languages}>
              {snippetLanguages.map((language) => (
                <Tabs.Tab key={language} value={language}>
                  {text[language]}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            {snippetLanguages.map((language) => (
              <Tabs.Panel key={language} value={language} pt="md">
                <Stack gap="xs">
                  {language === 'node-sdk' && <Text size="sm">{text.sdk}</Text>}
                  <Text size="sm">{language === 'node-fss' ? text.fssKey : text.key}</Text>
                  <Copied
                    label={text.server}
                    value={snippetFor(language, { rpId, placeholder: text.placeholder })}
                    copy={text.copyServer}
                    scrolls
                  />
                </Stack>
              </Tabs.Panel>
            ))}
          </Tabs>
          <Copied label={text.page} value={pageSnippet} copy={text.copyPage} scrolls />
        </>
      )}
    </Block>
  );
}
