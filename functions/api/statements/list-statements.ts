import { listStatementsContract as contract } from '../../contract/statements.ts';
import { recordExport } from '../../domain/audit/record-export.ts';
import { listStatements, listStatementsAsCsv } from '../../domain/statements/list-statements.ts';
import { endpoint } from '../../http/endpoint.ts';
import { nextLink } from '../../http/next-link.ts';

export const build = endpoint('list-statements', contract, async ({ caller, query, wantsCsv }, services) => {
  if (!wantsCsv) return { body: await listStatements(services, caller, query) };
  const { csv, nextCursor } = await listStatementsAsCsv(services, caller, query.cursor);
  await recordExport(services, caller, { kind: 'statements-exported', cursor: query.cursor });
  return { csv, ...nextLink('list-statements', nextCursor) };
});
