import { open, rename } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StatementView } from '../../functions/contract/statements.ts';
import { statementsCsv } from '../../functions/domain/statements-csv.ts';
import { OperatorError, type Operator, type OperatorResults } from './invoke-operator.ts';

/** Between two questions whether the last operations are counted, in milliseconds. */
const ASKS_AGAIN = 2_000;

/**
 * Ends a customer's use of the service: from the first step on nothing of it is served; then every open month is closed
 * and its statements are written to a file; only then is it discarded. Stopped anywhere, the same command goes on; the
 * file is all there or not at all. Throws `OperatorError`.
 */
export async function unsubscribeCustomer(
  operator: Operator,
  ended: { readonly customerId: string; readonly confirmation: string; readonly statementsTo: string },
  progress: (line: string) => void,
): Promise<OperatorResults['discard-ended-customer']> {
  const { customerId, confirmation, statementsTo } = ended;
  const { name, unsubscribedAt } = await operator.run({ command: 'end-customer', customerId, confirmation });
  progress(`${name} is not served any more, since ${unsubscribedAt}. Waiting until the last operations are counted …`);
  const statements = await finalStatements(operator, customerId);
  await write(statementsTo, statementsCsv(statements));
  const months = statements.map(({ month }) => month).join(', ');
  progress(`The statements of ${statements.length} months are in ${statementsTo}: ${months}.`);
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

/** Writes a file so that it is on the disk: what it says is not to be had again. */
async function write(file: string, text: string): Promise<void> {
  try {
    const handle = await open(`${file}.part`, 'w');
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(`${file}.part`, file);
  } catch (error) {
    throw new OperatorError({
      title: `${file} was not written, and nothing was discarded`,
      detail: `${(error as Error).message}. The customer is not served any more; the same command goes on from here.`,
    });
  }
}
