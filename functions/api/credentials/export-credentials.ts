import { exportCredentialsContract as contract } from '../../contract/moving-credentials.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('export-credentials', contract, async ({ caller, query }, services) => {
  // Only an export loads the code, so that the other routes of the function start faster.
  const { exportCredentials } = await import('../../domain/credentials/export-credentials.ts');
  return { body: await exportCredentials(services, caller, query) };
});
