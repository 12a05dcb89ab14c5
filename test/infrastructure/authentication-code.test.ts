import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { expect, it } from 'vitest';
import { lambdaFunctions } from '../../functions/lambda-functions.ts';
import { bundling } from '../../lib/constructs/bundling.ts';

/** Returns the packages whose code is in the bundle of a module, and the size of the bundle in bytes. */
function bundleOf(module: string): { packages: string[]; bytes: number } {
  const { metafile } = buildSync({
    ...bundling(lambdaFunctions.ceremonies),
    entryPoints: [join(import.meta.dirname, '../../functions/domain/webauthn', module)],
    outdir: '/',
    write: false,
    metafile: true,
  });
  const [output] = Object.values(metafile.outputs);
  const inputs = Object.entries(output?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const packages = inputs.flatMap(([file]) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []);
  return { packages: [...new Set(packages)], bytes: output?.bytes ?? Infinity };
}

it('the code that verifies an authentication contains no code for certificates and attestations', () => {
  const { packages, bytes } = bundleOf('authentication.ts');
  expect(packages).toEqual(['@levischuck/tiny-cbor']);
  expect(bytes).toBeLessThan(20_000);
});

it('the code that verifies a registration contains this code', () => {
  const { packages, bytes } = bundleOf('registration.ts');
  expect(packages).toContain('@peculiar/asn1-x509');
  expect(bytes).toBeLessThan(400_000);
});
