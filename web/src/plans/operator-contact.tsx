import { Anchor, Text } from '@mantine/core';
import { useText, type Texts } from '../text/language.tsx';
import { Failure } from '../ui/page/failure.tsx';
import { usePlans } from './use-plans.ts';

const texts = {
  en: { writeTo: 'Write to' },
  ja: { writeTo: 'ご連絡先：' },
} satisfies Texts<object>;

/** Shows the operator's e-mail address, for questions about plans and for cancelling a paid plan. */
export function OperatorContact() {
  const text = useText(texts);
  const { data, error, isError, refetch } = usePlans();
  if (!data) return isError && <Failure error={error} onRetry={refetch} />;
  return (
    <Text size="sm">
      {text.writeTo}{' '}
      <Anchor href={`mailto:${data.contact}`} inherit c="inherit" underline="always">
        {data.contact}
      </Anchor>
    </Text>
  );
}
