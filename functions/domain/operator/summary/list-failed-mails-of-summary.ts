import type { Services } from '../../services.ts';
import type { FailedMail } from '../failed-mails.ts';
import { readRankedPage } from './read-ranked-page.ts';

/** Returns a page of the failed e-mails in the current summary. Costs at most 4 read units. */
export function listFailedMailsOfSummary(
  { table }: Pick<Services, 'table'>,
  { cursor }: { readonly cursor?: string | undefined },
) {
  return readRankedPage<FailedMail>(table, 'failed-mails', cursor);
}
