import { listOperatorActivityContract as contract } from '../../contract/operator-pages.ts';
import type { CalendarServices } from '../../domain/services.ts';
import { endpoint } from '../../http/endpoint.ts';

/** An entry takes at most 1 KB in the table, so a page takes at most 3.5 read units, and the customer 1. */
const ENTRIES_A_PAGE = 25;

export const build = endpoint<'list-operator-activity', typeof contract, CalendarServices>(
  'list-operator-activity',
  contract,
  async ({ params, query }, services) => {
    // A process that signs operators in may never need this code, so a cold start does not load it.
    const { listAuditForOperator } = await import('../../domain/operator/list-audit-for-operator.ts');
    return { body: await listAuditForOperator(services, params.id, { ...query, limit: ENTRIES_A_PAGE }) };
  },
);
