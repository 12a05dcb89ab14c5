import { listSessionsContract as contract } from '../../contract/sessions.ts';
import { listSessions } from '../../domain/sessions/list-sessions.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('list-sessions', contract, async ({ caller, query }, services) => ({
  body: await listSessions(services, caller, query),
}));
