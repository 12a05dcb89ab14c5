import { listStatementsContract as contract } from '../../contract/statements.ts';
import { endpoint } from '../../http/endpoint.ts';
import { nextLink } from '../../http/next-link.ts';

export const build = endpoint('list-statements', contract, async ({ caller, query, wantsCsv, path }, services) => {
  // A cold start does not load this code: the console shows the statements after the rest of the Customer screen.
  const { listStatements, listStatementsAsCsv } = await import('../../domain/statements/list-statements.ts');
  if (!wantsCsv) return { body: await listStatements(services, caller, query) };
  const { csv, nextCursor } = await listStatementsAsCsv(services, caller, query.cursor);
  const { recordExport } = await import('../../domain/audit/record-export.ts');
  await recordExport(services, caller, { kind: 'statements-exported', cursor: query.cursor });
  return { csv, ...nextLink(path, nextCursor) };
});
