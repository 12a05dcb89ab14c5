import { Anchor } from '@mantine/core';
import { Link } from 'wouter';
import { useText, type Texts } from '../../text/language.tsx';
import { Page } from './page.tsx';

const texts = {
  en: { notFound: 'Page not found' },
  ja: { notFound: 'ページが見つかりません' },
} satisfies Texts<object>;

export interface NotFoundPageProps {
  /** The page to which the link on this page leads. */
  readonly href: string;
  /** The text of the link. */
  readonly label: string;
}

/** Shows that the address names no page, with a link to the first page. */
export function NotFoundPage({ href, label }: NotFoundPageProps) {
  const text = useText(texts);
  return (
    <Page title={text.notFound}>
      <Anchor component={Link} href={href}>
        {label}
      </Anchor>
    </Page>
  );
}
