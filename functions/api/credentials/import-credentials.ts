import { importCredentialsContract as contract } from '../../contract/moving-credentials.ts';
import type { ApiKeyServices } from '../../domain/rps/authenticate-api-key.ts';
import type { CalendarServices } from '../../domain/services.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint<'import-credentials', typeof contract, CalendarServices & ApiKeyServices>(
  'import-credentials',
  contract,
  async ({ caller, body }, services) => {
    // Only an import loads the code, so that the other routes of the function start faster.
    const { importCredentials } = await import('../../domain/credentials/import-credentials.ts');
    return { body: { results: await importCredentials(services, caller, body) } };
  },
);
