import { listActiveUsers } from '../../client/sdk.gen.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';
import { asCsv, CsvButton } from '../../ui/table/csv-button.tsx';

const texts = {
  en: { usersOf: (month: string) => `Active users of ${month} (CSV)` },
  ja: { usersOf: (month: string) => `${month}のアクティブユーザー（CSV）` },
} satisfies Texts<object>;

/**
 * Shows a button that downloads the active users of a month as CSV. Each row contains the RP, the user, the time of the
 * first operation that was counted, and whether the service measured the operation or the RP reported it.
 */
export function ActiveUsersButton({ month }: { readonly month: string }) {
  const text = useText(texts);
  const format = useFormat();
  return (
    <CsvButton
      label={text.usersOf(format.month(month))}
      read={(query) => listActiveUsers({ ...asCsv, query: { ...query, month } })}
      fileName={`active-users-${month}.csv`}
    />
  );
}
