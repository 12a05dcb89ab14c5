import { join } from 'node:path';
import { createClient, type UserConfig } from '@hey-api/openapi-ts';
import { openapi } from '../functions/http/openapi.ts';

/**
 * Generates `web/src/client` from the OpenAPI document: the types of the API, a function for each route, and the
 * options that TanStack Query needs. The result is not committed: `npm run build` and `npm run typecheck` generate it.
 */
await createClient({
  input: openapi() as UserConfig['input'],
  output: join(import.meta.dirname, 'src/client'),
  logs: { level: 'error', file: false },
  plugins: [
    { name: '@hey-api/client-fetch', baseUrl: false },
    '@hey-api/typescript',
    '@hey-api/sdk',
    '@tanstack/react-query',
  ],
});
