import { Page } from '../ui/page.tsx';

export default function RpPage() {
  return <Page title="RP">{null}</Page>;
}
