import { Page } from '../ui/page.tsx';

export default function AdministratorsPage() {
  return <Page title="Administrators">{null}</Page>;
}
