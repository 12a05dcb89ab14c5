import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { apiFunctions, lambdaFunctions, type LambdaFunctionName } from '../../functions/lambda-functions.ts';
import { bundling } from './bundling.ts';

const FUNCTIONS = join(import.meta.dirname, '../../functions');

/** The names of all functions that have a bundle. */
export const bundledFunctions = Object.keys(lambdaFunctions) as LambdaFunctionName[];

/** Returns the entry file of a function's bundle, relative to `functions/`. */
export const entryOf = (name: LambdaFunctionName): string =>
  name in apiFunctions ? `api/functions/${name}.ts` : `events/${name}.ts`;

let bundles: ReadonlyMap<LambdaFunctionName, Uint8Array> | undefined;

/**
 * Returns the bundle of a function, which is one ES module. The first call bundles all functions together. The
 * functions share most of their files, so bundling all of them takes only as long as bundling a few functions
 * separately.
 */
export function bundleOf(name: LambdaFunctionName): Uint8Array {
  bundles ??= new Map([...bundleAll(true), ...bundleAll(false)]);
  const bundle = bundles.get(name);
  if (!bundle) throw new Error(`There is no bundle of ${name}.`);
  return bundle;
}

/**
 * Bundles all functions of one of two groups: the functions whose bundle omits the packages that verify certificates,
 * or all other functions.
 */
function bundleAll(withoutCertificates: boolean): (readonly [LambdaFunctionName, Uint8Array])[] {
  const names = bundledFunctions.filter(
    (name) => (lambdaFunctions[name].withoutCertificates ?? false) === withoutCertificates,
  );
  const { outputFiles } = buildSync({
    ...bundling({ withoutCertificates }),
    absWorkingDir: FUNCTIONS,
    entryPoints: names.map((name) => ({ in: entryOf(name), out: name })),
    outdir: FUNCTIONS,
    write: false,
    logLevel: 'warning',
  });
  const contentsOf = new Map(outputFiles.map(({ path, contents }) => [path, contents]));
  return names.flatMap((name) => {
    const contents = contentsOf.get(join(FUNCTIONS, `${name}.js`));
    return contents ? [[name, contents] as const] : [];
  });
}
