import { Page } from '../ui/page.tsx';

export default function RpsPage() {
  return <Page title="RPs">{null}</Page>;
}
