import { listStatementsContract as contract } from '../../contract/statements.ts';
import { listStatements, listStatementsAsCsv } from '../../domain/statements/list-statements.ts';
import { endpoint } from '../../http/endpoint.ts';
import { nextLink } from '../../http/next-link.ts';

export const build = endpoint('list-statements', contract, async ({ caller, query, wantsCsv }, services) => {
  if (!wantsCsv) return { body: await listStatements(services, caller, query) };
  const { csv, nextCursor } = await listStatementsAsCsv(services, caller, query.cursor);
  return { csv, ...nextLink('list-statements', nextCursor) };
});
