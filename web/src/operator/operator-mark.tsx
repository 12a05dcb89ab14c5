import { Badge } from '@mantine/core';
import { useText, type Texts } from '../text/language.tsx';

const texts = { en: { operator: 'Operator' }, ja: { operator: '運営者' } } satisfies Texts<object>;

/** The colour that tells the operators' pages apart from the console of a customer. */
export const OPERATOR_COLOR = 'grape';

/** Shows that a page is for operators, and not the console of a customer. */
export function OperatorMark() {
  const text = useText(texts);
  return (
    <Badge color={OPERATOR_COLOR} radius="sm" tt="none" style={{ flexShrink: 0 }}>
      {text.operator}
    </Badge>
  );
}
