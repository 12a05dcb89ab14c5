import { Button, Code, Group, List, Stack, Text } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import { problemOf, slugOf } from '../../api/problem.ts';
import { getRpQueryKey, verifyRpMutation } from '../../client/@tanstack/react-query.gen.ts';
import type { RpDetails } from '../../client/types.gen.ts';
import { useTimeZone } from '../../customer/use-customer.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { Block } from '../../ui/block.tsx';
import { Facts } from '../../ui/facts.tsx';
import { focus } from '../../ui/page/focus.ts';
import { Failure } from '../../ui/page/failure.tsx';
import { useSave } from '../../ui/form/use-save.ts';
import { useActionName } from '../../ui/use-action-name.ts';

const texts = {
  en: {
    title: 'Domain verification',
    verified: (time: string) => `The domain has been verified since ${time}. The DNS record is no longer needed.`,
    why: (rpId: string) =>
      `Show that you control ${rpId}: publish this DNS record, and then check it. Until then, users can neither register nor sign in.`,
    name: 'Name',
    type: 'Type',
    value: 'Value',
    copy: 'Copy',
    copied: 'Copied',
    notCopied: 'The browser could not copy the text. Select it and copy it yourself.',
    check: 'Check now',
    done: 'The domain is verified.',
    none: 'There is no TXT record with this name yet. A new record may become visible only after some minutes.',
    different:
      'No TXT record with this name has the right value. A changed record may become visible only after some minutes. The service found:',
  },
  ja: {
    title: 'ドメインの確認',
    verified: (time: string) => `${time}にドメインを確認しました。DNSレコードは不要になりました。`,
    why: (rpId: string) =>
      `${rpId} を管理していることを示すため、次のDNSレコードを公開してから確認してください。確認できるまで、ユーザーは登録もサインインもできません。`,
    name: '名前',
    type: 'タイプ',
    value: '値',
    copy: 'コピー',
    copied: 'コピーしました',
    notCopied: 'コピーできませんでした。文字列を選択してコピーしてください。',
    check: '今すぐ確認',
    done: 'ドメインを確認しました。',
    none: 'この名前のTXTレコードが見つかりません。新しいレコードが反映されるまで数分かかることがあります。',
    different:
      'この名前のTXTレコードの値が一致しません。変更したレコードが反映されるまで数分かかることがあります。見つかった値：',
  },
} satisfies Texts<object>;

/** Shows whether the domain of an RP is verified, if the stage verifies domains, and lets the person verify it. */
export function VerificationBlock({ rp: query }: { readonly rp: UseQueryResult<RpDetails, unknown> }) {
  const text = useText(texts);
  const format = useFormat();
  const timeZone = useTimeZone();
  /** Whether the person has just verified the domain here, so that the button with the focus has disappeared. */
  const [isDone, setDone] = useState(false);
  if (query.data?.verification.required !== true) return null;
  return (
    <Block title={text.title} query={query}>
      {(rp) =>
        rp.verification.verifiedAt === null ? (
          <Verification
            rp={rp}
            onVerified={() => {
              setDone(true);
            }}
          />
        ) : (
          <Text tabIndex={-1} style={{ outline: 'none' }} {...(isDone && { ref: focus })}>
            {text.verified(format.dateTime(rp.verification.verifiedAt, timeZone))}
          </Text>
        )
      }
    </Block>
  );
}

function Verification({ rp, onVerified }: { readonly rp: RpDetails; readonly onVerified: () => void }) {
  const text = useText(texts);
  const queryClient = useQueryClient();
  const { name, type, value } = rp.verification.record;
  const path = { id: rp.id };
  const verify = useSave(verifyRpMutation(), {
    message: text.done,
    onSaved: (verified) => {
      onVerified();
      queryClient.setQueryData(getRpQueryKey({ path }), verified);
    },
  });
  return (
    <Stack gap="md">
      <Text>{text.why(rp.rpId)}</Text>
      <Facts
        facts={[
          [text.name, <Copied key="name" label={text.name} value={name} />],
          [text.type, type],
          [text.value, <Copied key="value" label={text.value} value={value} />],
        ]}
      />
      <VerificationProblem error={verify.error} />
      <Group>
        <ActionButton
          size="xs"
          loading={verify.isPending}
          onClick={() => {
            verify.mutate({ path });
          }}
        >
          {text.check}
        </ActionButton>
      </Group>
    </Stack>
  );
}

function VerificationProblem({ error }: { readonly error: unknown }) {
  const text = useText(texts);
  if (error === null) return null;
  const problem = problemOf(error);
  const found = slugOf(problem) === 'rp-not-verified' ? (problem.found ?? []) : [];
  return (
    <Stack gap="xs">
      <Failure error={error} says={{ 'rp-not-verified': found.length === 0 ? text.none : text.different }} />
      {found.length > 0 && (
        <List size="sm">
          {found.map((each) => (
            <List.Item key={each}>
              <code>{each}</code>
            </List.Item>
          ))}
        </List>
      )}
    </Stack>
  );
}

/** Shows a part of the record, with a button that copies it. */
function Copied({ label, value }: { readonly label: string; readonly value: string }) {
  const text = useText(texts);
  const nameOf = useActionName();
  const clipboard = useClipboard({ timeout: 3_000 });
  const result = clipboard.copied ? text.copied : text.copy;
  return (
    <Group component="span" gap="xs" display="inline-flex">
      <Code style={{ overflowWrap: 'anywhere' }}>{value}</Code>
      <Button
        size="compact-xs"
        variant="default"
        aria-label={nameOf(result, label)}
        onClick={() => {
          clipboard.copy(value);
        }}
      >
        {result}
      </Button>
      {clipboard.error && (
        <Text component="span" size="sm" role="alert">
          {text.notCopied}
        </Text>
      )}
    </Group>
  );
}
