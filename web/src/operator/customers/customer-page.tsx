import { useQuery } from '@tanstack/react-query';
import { problemOf, slugOf } from '../../api/problem.ts';
import { getOperatorCustomerOptions } from '../../client/@tanstack/react-query.gen.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { NotFoundPage } from '../../ui/page/not-found-page.tsx';
import { Page } from '../../ui/page/page.tsx';
import { ActivityBlock } from './activity-block.tsx';
import { AlertBlock } from './alert-block.tsx';
import { CommandsBlock } from './commands-block.tsx';
import { FactsBlock } from './facts-block.tsx';
import { LicenseBlock } from './license-block.tsx';
import { addressOfList } from './lists.ts';
import { StatementsBlock } from './statements-block.tsx';

const texts = {
  en: { notFound: 'There is no such customer', toList: 'Show all customers' },
  ja: { notFound: '該当するカスタマーはありません', toList: 'すべてのカスタマーを表示' },
} satisfies Texts<object>;

/** The query whose data the blocks of the page show. */
export type CustomerQuery = ReturnType<typeof useOperatorCustomer>;
const useOperatorCustomer = (id: string) => useQuery(getOperatorCustomerOptions({ path: { id } }));

/** Shows a customer at present, what was changed in it, and the commands that change it. */
export function CustomerPage({ id }: { readonly id: string }) {
  const text = useText(texts);
  const query = useOperatorCustomer(id);
  if (query.isError && slugOf(problemOf(query.error)) === 'not-found') {
    return <NotFoundPage title={text.notFound} href={addressOfList('name')} label={text.toList} />;
  }
  return (
    <Page title={query.data?.name ?? id}>
      <FactsBlock query={query} />
      {query.data && (
        <>
          <LicenseBlock query={query} />
          <AlertBlock query={query} />
          <StatementsBlock query={query} />
          <ActivityBlock id={id} />
          <CommandsBlock id={id} />
        </>
      )}
    </Page>
  );
}
