import { Page } from '../ui/page.tsx';

export default function EmailPage() {
  return <Page title="E-mail">{null}</Page>;
}
