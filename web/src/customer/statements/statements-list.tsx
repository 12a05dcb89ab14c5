import { useMediaQuery } from '@mantine/hooks';
import type { Statement } from '../../client/types.gen.ts';
import { StatementCards } from './statement-cards.tsx';
import { StatementsTable } from './statements-table.tsx';

/** Shows the statements as a table, or as cards on a screen that is too narrow for the table. */
export default function StatementsList({ statements }: { readonly statements: readonly Statement[] }) {
  const isNarrow = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  return isNarrow ? <StatementCards statements={statements} /> : <StatementsTable statements={statements} />;
}
