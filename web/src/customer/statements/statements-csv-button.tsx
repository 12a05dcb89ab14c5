import { listStatements } from '../../client/sdk.gen.ts';
import { asCsv, CsvButton, type CsvButtonProps } from '../../ui/table/csv-button.tsx';

export interface StatementsCsvButtonProps extends Pick<CsvButtonProps, 'of' | 'label'> {
  /** The latest month that has a statement, such as `2026-10`. */
  readonly latestMonth: string;
}

/** Shows a button that downloads all statements of the customer as CSV. */
export function StatementsCsvButton({ latestMonth, ...named }: StatementsCsvButtonProps) {
  return (
    <CsvButton
      {...named}
      read={(query) => listStatements({ ...asCsv, query })}
      fileName={`statements-until-${latestMonth}.csv`}
    />
  );
}
