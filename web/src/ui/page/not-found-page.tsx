import { Anchor } from '@mantine/core';
import { Link } from 'wouter';
import { useText, type Texts } from '../../text/language.tsx';
import { Page } from './page.tsx';

const texts = {
  en: { notFound: 'Page not found' },
  ja: { notFound: 'ページが見つかりません' },
} satisfies Texts<object>;

export interface NotFoundPageProps {
  /** @default - the text "Page not found" */
  readonly title?: string;
  /** The page to which the link on this page leads. */
  readonly href: string;
  /** The text of the link. */
  readonly label: string;
}

/** Shows that the address names nothing that exists, with a link to another page. */
export function NotFoundPage({ title, href, label }: NotFoundPageProps) {
  const text = useText(texts);
  return (
    <Page title={title ?? text.notFound}>
      <Anchor component={Link} href={href}>
        {label}
      </Anchor>
    </Page>
  );
}
