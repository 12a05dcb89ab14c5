import { open, rm, type FileHandle } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StatementView } from '../../functions/contract/statements.ts';
import { csvFile } from '../../functions/domain/csv.ts';
import { csvHeader, csvRowsOf } from '../../functions/domain/statements/statements-csv.ts';
import { createFile } from './new-file.ts';
import { OperatorError, type Operator, type OperatorResults } from './invoke-operator.ts';

/**
 * The time, in milliseconds, between two requests for the final statements. The operator's Lambda function returns the
 * final statements only after the service has counted the customer's last operations.
 */
const ASKS_AGAIN = 2_000;

/**
 * Unsubscribes a customer in three steps. In the first step, the service stops serving the customer. In the second
 * step, the service closes all open months of the customer, and the command line writes all of the customer's
 * statements to a new file. In the third step, the command line allows the service to discard the customer's data. If
 * the command stops early, the operator runs the command again to continue. If the stopped command left a file, the
 * operator chooses another file name. Throws `OperatorError` after a failure, and deletes the file unless the third
 * step has begun.
 */
export async function unsubscribeCustomer(
  operator: Operator,
  ended: { readonly customerId: string; readonly confirmation: string; readonly statementsTo: string },
  progress: (line: string) => void,
): Promise<OperatorResults['discard-ended-customer']> {
  const { customerId, confirmation, statementsTo } = ended;
  const handle = await createFile('--statements-to', statementsTo);
  try {
    const { name, unsubscribedAt } = await operator.run({ command: 'end-customer', customerId, confirmation });
    progress(
      `The service stopped serving ${name} at ${unsubscribedAt}. Waiting about 40 s until the last operations are counted …`,
    );
    const statements = await finalStatements(operator, customerId);
    await writeFile(handle, statementsTo, csvFile(csvHeader + statements.map(csvRowsOf).join('')));
    const months = statements.map(({ month }) => month).join(', ');
    const counted = statements.length === 1 ? '1 month' : `${statements.length} months`;
    progress(`Written to ${statementsTo}: the statements of ${counted}${months && `, ${months}`}.`);
  } catch (error) {
    await rm(statementsTo, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
  return operator.run({ command: 'discard-ended-customer', customerId });
}

async function finalStatements(operator: Operator, customerId: string): Promise<StatementView[]> {
  const statements: StatementView[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const answer = await operator.run({ command: 'list-final-statements', customerId, cursor });
    if ('waitsUntil' in answer) {
      await sleep(ASKS_AGAIN);
    } else {
      statements.push(...answer.items);
      cursor = answer.nextCursor;
    }
  }
  return statements;
}

/**
 * Writes the file and flushes it to the disk, because after the discarding, the file is the only copy of the
 * statements.
 */
async function writeFile(handle: FileHandle, file: string, text: string): Promise<void> {
  try {
    await handle.writeFile(text);
    await handle.sync();
    const folder = await open(dirname(resolve(file)), 'r');
    await folder.sync().finally(() => folder.close());
  } catch (error) {
    throw new OperatorError({
      title: `${file} was not written, and nothing was discarded`,
      detail: `${(error as Error).message}. The service no longer serves the customer. Run the same command again to continue.`,
    });
  }
}
