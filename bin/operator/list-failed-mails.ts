import { byLatest } from '../../functions/domain/operator/failed-mails.ts';
import { pagesOf } from './pages-of.ts';
import type { Operator, OperatorResults } from './invoke-operator.ts';

export type FailedMails = OperatorResults['list-failed-mails']['items'];

/**
 * Returns the e-mails that failed or bounced, as far as the table stores them, the latest first. Each invocation of the
 * operator's Lambda function returns one page of customers. Throws `OperatorError`.
 */
export async function listFailedMails(operator: Operator): Promise<FailedMails> {
  const pages = await pagesOf((cursor) => operator.run({ command: 'list-failed-mails', cursor }));
  return pages.flatMap(({ items }) => items).sort(byLatest);
}
