import { getOpenapiContract as contract } from '../../contract/service.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('get-openapi', contract, async () => {
  // The document needs the contracts of all routes. A cold start loads only those of the function's own routes.
  const { openapi } = await import('../../http/openapi.ts');
  return { body: openapi() };
});
