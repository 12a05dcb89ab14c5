import type { Statement } from '../../client/types.gen.ts';
import { useShowsCards } from '../../ui/table/cards.tsx';
import { StatementCards } from './statement-cards.tsx';
import { StatementsTable } from './statements-table.tsx';

/** Shows the statements as a table, or as cards on a screen that is too narrow for the table. */
export default function StatementsList({ statements }: { readonly statements: readonly Statement[] }) {
  return useShowsCards() ? <StatementCards statements={statements} /> : <StatementsTable statements={statements} />;
}
