import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient, type UserConfig } from '@hey-api/openapi-ts';
import { contracts } from '../functions/contract/contracts.ts';
import { routes } from '../functions/api/routes.ts';
import { openapi, problemTypesOf } from '../functions/http/openapi.ts';

const GENERATED = join(import.meta.dirname, 'src/generated');

/**
 * Generates `sdk/src/generated` from the OpenAPI document: the types of the routes that need an API key, a function for
 * each of these routes, and the codes of the problems with which they may respond. The result is not committed: the
 * build of the SDK generates it.
 */
export async function generateClient(): Promise<void> {
  const document = openapi();
  const ofRps = routes.filter((route) => route.caller === 'rp');
  const paths = Object.fromEntries(
    [...Map.groupBy(ofRps, ({ path }) => path)].map(([path, routesAt]) => {
      const methods = routesAt.map(({ method }) => method.toLowerCase());
      const operations = Object.entries(document.paths?.[path] ?? {});
      return [path, Object.fromEntries(operations.filter(([method]) => methods.includes(method)))];
    }),
  );
  await createClient({
    input: { ...document, paths } as UserConfig['input'],
    output: { path: GENERATED, module: { extension: '.ts' } },
    parser: { filters: { orphans: false } },
    logs: { level: 'silent', file: false },
    plugins: [{ name: '@hey-api/client-fetch', baseUrl: false }, '@hey-api/typescript', '@hey-api/sdk'],
  });
  const codes = new Set(ofRps.flatMap((route) => problemTypesOf(route, contracts[route.name]).map(({ slug }) => slug)));
  const union = [...codes].sort().map((code) => `\n  | '${code}'`);
  await appendFile(join(GENERATED, 'types.gen.ts'), `\nexport type ProblemSlug =${union.join('')};\n`);
}
