import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { buildSync } from 'esbuild';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { bundleEnvironment, bytesWithRegistration, judgeRegistration, limitsOf } from '../../bench/bundles.ts';
import { readStage } from '../../config/stage.ts';
import { routes, type ApiFunctionName } from '../../functions/api/routes.ts';
import { apiFunctions, lambdaFunctions, type LambdaFunction } from '../../functions/lambda-functions.ts';
import { bundledFunctions, bundleOf, bytesAtStart, codeOf, writeBundle } from '../../lib/constructs/bundles.ts';
import { bundling } from '../../lib/constructs/bundling.ts';
import { ServiceFunction } from '../../lib/constructs/service-function.ts';
import { SingleTable } from '../../lib/constructs/single-table.ts';
import { exampleStages } from '../support/example-stages.ts';

/** The error messages of the code that replaces omitted packages. */
const NO_CERTIFICATES = 'Nothing here verifies certificates.';
const NO_CERTIFICATE_PATHS = 'Nothing here verifies certificate paths.';

/** Returns which packages about certificates some code omits. */
function omittedBy(code: Pick<Buffer, 'includes'>): LambdaFunction['omits'] {
  if (code.includes(NO_CERTIFICATES)) return 'certificates';
  return code.includes(NO_CERTIFICATE_PATHS) ? 'certificate-paths' : undefined;
}

/** The text of a refusal. Only files with the code that verifies passkeys contain this text. */
const VERIFIES_PASSKEYS = 'The authenticator data is for another RP ID';

/** The version of OpenAPI. Only the code of the OpenAPI document contains it. */
const OPENAPI_VERSION = 'openapi:"3.1.0"';

/** A label of the public suffix list that no other file contains. */
const SUFFIX = 'xn--mgberp4a5d4ar';

describe('the bundles', () => {
  beforeAll(() => {
    bundledFunctions.forEach(bundleOf);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('load at a cold start at most 420 KB, 450 KB with users’ credentials, and 530 KB in the console’s functions', () => {
    expect(bundledFunctions.length).toBeGreaterThan(10);
    const tooLarge = bundledFunctions
      .map((name) => ({ name, bytes: bytesAtStart(name) }))
      .filter(({ name, bytes }) => bytes > limitsOf(name).bytesAtStart);
    expect(tooLarge).toEqual([]);
  });

  it('have loaded at most 700 KB in ceremonies after a registration', () => {
    expect(judgeRegistration(bytesWithRegistration())).toMatchObject({ met: true });
  });

  it('load in a process with Lambda’s environment variables but no installed packages, and export a handler', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bundles-'));
    const files = bundledFunctions.map((name) => writeBundle(name, join(folder, name)));
    const load = `for (const file of ${JSON.stringify(files)}) console.log(typeof (await import(file)).handler);`;

    // The process runs outside the repository, so that the bundles cannot load packages from the repository.
    const output = execFileSync(process.execPath, ['--input-type=module', '--eval', load], {
      cwd: '/',
      env: bundleEnvironment,
      encoding: 'utf8',
    });

    rmSync(folder, { recursive: true });
    expect(output.trim().split('\n')).toEqual(bundledFunctions.map(() => 'function'));
  });

  it('load the code that verifies passkeys only when a WebAuthn ceremony needs the code', () => {
    for (const name of ['console', 'anonymous'] as const) {
      const files = [...bundleOf(name).files].filter(([, contents]) =>
        Buffer.from(contents).includes(VERIFIES_PASSKEYS),
      );
      expect(files.map(([file]) => file)).toEqual([expect.not.stringMatching(/^index/)]);
    }
  });

  it('contain only the routes of their own function, unless they contain the OpenAPI document', () => {
    const paths = new Set(routes.map(({ path }) => path).filter((path) => path.startsWith('/v1/')));
    const found = (Object.keys(apiFunctions) as ApiFunctionName[]).map((name) => {
      const code = codeOf(name);
      return [name, [...paths].filter((path) => code.includes(`"${path}"`)).sort()];
    });
    const own = (name: ApiFunctionName) =>
      [...paths].filter((path) => routes.some((route) => route.function === name && route.path === path)).sort();
    expect(found).toEqual(
      found.map(([name]) => [name, name === 'anonymous' ? [...paths].sort() : own(name as ApiFunctionName)]),
    );
  });

  it('load the code of the OpenAPI document only when somebody requests the document', () => {
    const { files, atStart } = bundleOf('anonymous');
    const withDocument = [...files].filter(([, contents]) => Buffer.from(contents).includes(OPENAPI_VERSION));
    expect(withDocument.map(([file]) => atStart.has(file))).toEqual([false]);
  });

  it('load the public suffix list only when an RP is registered', () => {
    const files = [...bundleOf('console').files].filter(([, contents]) => Buffer.from(contents).includes(SUFFIX));
    expect(files.map(([file]) => file)).toEqual([expect.not.stringMatching(/^index/)]);
    const others = bundledFunctions.filter((name) => name !== 'console' && codeOf(name).includes(SUFFIX));
    expect(others).toEqual([]);
  });

  it('omit the packages about certificates that lambda-functions.ts names, and no others', () => {
    const omitted = bundledFunctions.map((name) => [name, omittedBy(codeOf(name))]);
    expect(omitted).toEqual(bundledFunctions.map((name) => [name, lambdaFunctions[name].omits]));
  });

  it.each([
    ['@peculiar/x509', { 'certificate-paths': true, certificates: true }],
    ['@peculiar/asn1-android', { 'certificate-paths': false, certificates: true }],
  ] as const)('omit %s only if the option says so', (imported, isOmitted) => {
    const bytes = (omits: LambdaFunction['omits']) =>
      buildSync({
        ...bundling({ omits }),
        stdin: { contents: `export * from '${imported}';`, resolveDir: '.' },
        write: false,
      }).outputFiles[0]?.contents.length ?? 0;

    const real = bytes(undefined);
    expect(real).toBeGreaterThan(50_000);
    for (const omits of ['certificate-paths', 'certificates'] as const) {
      expect(bytes(omits) < real / 10).toBe(isOmitted[omits]);
    }
  });

  it('of two functions in the same stack have different asset keys', () => {
    vi.stubEnv('CDK_VALIDATION', 'false');
    // The CDK writes a line to standard error each time that it bundles a function.
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const stack = new Stack(new App(), 'Stack');
    const table = new SingleTable(stack, 'SingleTable', { retained: false });
    const stage = readStage(exampleStages, 'development');

    for (const name of ['users', 'fix-time-zone'] as const) new ServiceFunction(stack, name, { name, stage, table });

    const keys = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function')).map(
      ({ Properties }) => (Properties as { Code: { S3Key: string } }).Code.S3Key,
    );
    expect(new Set(keys).size).toBe(2);
  });
});
