import { globSync, readFileSync } from 'node:fs';

/**
 * The test files that start the whole service, but do not run on the deployed service, each with the reason. All other
 * files that start the whole service do.
 */
export const leftOut: Readonly<Record<string, string>> = {
  'test/demo/shop.test.ts': 'Tests the demo of the local service.',
  'test/docs/token-verification.test.ts':
    'Runs code that fetches keys from the issuer, the URL of the console, which nobody serves here.',
  'test/fido2/trusted-attestation.test.ts':
    'Signs its own metadata. The functions trust only the root of the FIDO Alliance.',
  'test/fss/cost.test.ts': 'Counts capacity units in the processes of the functions.',
  'test/fss/edge.test.ts': 'Looks into the processes of the functions.',
  'test/http/rights-taken.test.ts': 'Delays calls of the table inside the processes of the functions.',
  'test/local/control.test.ts': 'Tests the local service itself.',
  'test/local/idle-connections.test.ts': 'Tests the local service itself.',
  'test/local/metadata.test.ts':
    'Tests the local service itself. The functions trust only the root of the FIDO Alliance.',
  'test/local/rights.test.ts': 'Compares the rights of the local service with the calls of the functions.',
  'test/restore/rehearsal.test.ts': 'Starts the local service on a table that it restored.',
  'test/smoke/smoke.test.ts': 'Tests the smoke test, with a console page at the URL of the local service.',
  'test/local/turnstile.test.ts': 'Tests the local service itself.',
  'test/webhooks/webhook.test.ts':
    'Its receiver is on this machine, to which the functions do not connect. webhooks.test.ts in this folder covers them.',
};

/** Returns whether a test file starts the whole service. */
function startsService(file: string): boolean {
  const text = readFileSync(file, 'utf8');
  return /\bstartTestService\b/.test(text) || /\bpasskeyService\b/.test(text);
}

/** The test files that start the whole service, without those that need Chromium and those that take long. */
export const filesWithService = globSync('test/**/*.test.ts')
  .filter((file) => !/^test\/(browser|deployed)\/|\.long\.test\.ts$/.test(file) && startsService(file))
  .sort();

/** The test files, outside this folder, that run on the deployed service. */
export const filesOnDeployed = filesWithService.filter((file) => !Object.hasOwn(leftOut, file));
