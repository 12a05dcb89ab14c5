import { listStatementsContract as contract } from '../../contract/statements.ts';
import { listAllStatements, listStatements } from '../../domain/statements/list-statements.ts';
import { statementsCsv } from '../../domain/statements/statements-csv.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('list-statements', contract, async ({ caller, query, wantsCsv }, services) =>
  wantsCsv
    ? { csv: statementsCsv(await listAllStatements(services, caller)) }
    : { body: await listStatements(services, caller, query) },
);
