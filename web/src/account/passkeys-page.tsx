import { Page } from '../ui/page.tsx';

export default function PasskeysPage() {
  return <Page title="Passkeys">{null}</Page>;
}
