import { Anchor, Code, Group, Stack, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { RpDetails } from '../../client/types.gen.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { Block } from '../../ui/block.tsx';
import { Facts } from '../../ui/facts.tsx';
import { CreateApiKeyButton } from '../api-keys/create-api-key-button.tsx';
import { useShownOrigins } from '../use-shown-origins.ts';
import { FirstSignIn } from './first-sign-in.tsx';

const texts = {
  en: {
    title: 'Connect the RP’s server',
    baseUrl: 'Base URL',
    rpId: 'RP ID',
    origins: 'Allowed origins',
    settings: 'Change the origins',
    reference: 'API reference',
    problems: 'Problems and solutions',
  },
  ja: {
    title: 'RPのサーバーの接続',
    baseUrl: 'ベースURL',
    rpId: 'RP ID',
    origins: '許可されたオリジン',
    settings: 'オリジンを変更',
    reference: 'APIリファレンス',
    problems: '問題と対処方法',
  },
} satisfies Texts<object>;

/** Shows the values that the RP's server needs, and whether a first sign-in has arrived. */
export function ConnectionBlock({ rp: query }: { readonly rp: UseQueryResult<RpDetails, unknown> }) {
  const text = useText(texts);
  const originsOf = useShownOrigins();
  return (
    <Block title={text.title} query={query}>
      {({ id, rpId, settings }) => (
        <>
          <FirstSignIn rp={id} />
          <Facts
            facts={[
              [text.baseUrl, <Code key="value">{location.origin}</Code>],
              [text.rpId, <Code key="value">{rpId}</Code>],
              [
                text.origins,
                <Stack key="value" gap={4} align="start">
                  {originsOf({ rpId, settings }).map((origin) => (
                    <Code key={origin} style={{ overflowWrap: 'anywhere' }}>
                      {origin}
                    </Code>
                  ))}
                </Stack>,
              ],
            ]}
          />
          <Group gap="lg">
            <CreateApiKeyButton rp={id} />
            <Anchor component={Link} href={`/rps/${id}/settings`} size="sm">
              {text.settings}
            </Anchor>
            {(
              [
                ['/reference', text.reference],
                ['/problems', text.problems],
              ] as const
            ).map(([href, label]) => (
              <Anchor key={href} href={href} target="_blank" size="sm">
                <Text span inherit>
                  {label}
                </Text>
              </Anchor>
            ))}
          </Group>
        </>
      )}
    </Block>
  );
}
