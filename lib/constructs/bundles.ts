import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildSync, type Metafile } from 'esbuild';
import { apiFunctions, lambdaFunctions, type LambdaFunctionName } from '../../functions/lambda-functions.ts';
import { bundling } from './bundling.ts';

const FUNCTIONS = join(import.meta.dirname, '../../functions');

/** The names of all functions that have a bundle. */
export const bundledFunctions = Object.keys(lambdaFunctions) as LambdaFunctionName[];

/** Returns the entry file of a function's bundle, relative to `functions/`. */
export const entryOf = (name: LambdaFunctionName): string =>
  name in apiFunctions ? `api/functions/${name}.ts` : `events/${name}.ts`;

/** The contents of the files of a bundle, by file name. */
type Bundle = ReadonlyMap<string, Uint8Array>;

/** The name of the file that exports the handler of a function. */
const ENTRY = 'index.mjs';
const bundles = new Map<LambdaFunctionName, Bundle>();

/**
 * Returns the bundle of a function. The file `index.mjs` exports the handler. Some of the other files contain code that
 * the handler loads with `import()` only when a request needs it. The rest contain code that several files share.
 */
export function bundleOf(name: LambdaFunctionName): Bundle {
  const bundle = bundles.get(name) ?? createBundle(name);
  bundles.set(name, bundle);
  return bundle;
}

/** Writes the bundle of a function into a folder. Returns the path of the file that exports the handler. */
export function writeBundle(name: LambdaFunctionName, folder: string): string {
  mkdirSync(folder, { recursive: true });
  for (const [file, contents] of bundleOf(name)) writeFileSync(join(folder, file), contents);
  return join(folder, ENTRY);
}

function createBundle(name: LambdaFunctionName): Bundle {
  const { outputFiles, metafile } = buildSync({
    ...bundling({ withoutCertificates: lambdaFunctions[name].withoutCertificates ?? false }),
    splitting: true,
    absWorkingDir: FUNCTIONS,
    entryPoints: [{ in: entryOf(name), out: basename(ENTRY, '.mjs') }],
    outExtension: { '.js': '.mjs' },
    outdir: FUNCTIONS,
    write: false,
    metafile: true,
    logLevel: 'warning',
  });
  const imported = filesImportedFrom(ENTRY, metafile.outputs);
  return new Map(
    outputFiles.map(({ path, contents }) => [basename(path), contents] as const).filter(([file]) => imported.has(file)),
  );
}

/**
 * Returns the name of the file `entry` and the names of all files that it imports, directly or through other files.
 * Omits files that no code imports: esbuild creates a file for each `import()`, even when the `import()` stands in
 * unused code that esbuild leaves out of the bundle.
 */
function filesImportedFrom(entry: string, outputs: Metafile['outputs']): ReadonlySet<string> {
  const found = new Set([entry]);
  for (const file of found) {
    for (const { path } of outputs[file]?.imports ?? []) if (path in outputs) found.add(path);
  }
  return found;
}
