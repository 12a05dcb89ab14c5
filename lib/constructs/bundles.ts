import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildSync, type ImportKind, type Metafile } from 'esbuild';
import { apiFunctions, lambdaFunctions, type LambdaFunctionName } from '../../functions/lambda-functions.ts';
import { bundling } from './bundling.ts';

const FUNCTIONS = join(import.meta.dirname, '../../functions');

/** The names of all functions that have a bundle. */
export const bundledFunctions = Object.keys(lambdaFunctions) as LambdaFunctionName[];

/** Returns the entry file of a function's bundle, relative to `functions/`. */
export const entryOf = (name: LambdaFunctionName): string =>
  name in apiFunctions ? `api/functions/${name}.ts` : `events/${name}.ts`;

/** The files of a bundle. */
interface Bundle {
  /** The contents of all files, by file name. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** The names of the files that Lambda loads at a cold start. The handler loads the other files when it needs them. */
  readonly atStart: ReadonlySet<string>;
  /** Returns the names of the files that are loaded together with a file. */
  readonly loadedWith: (file: string) => ReadonlySet<string>;
}

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

/** Returns the contents of all files of a bundle, one after another. */
export const codeOf = (name: LambdaFunctionName): Buffer => Buffer.concat([...bundleOf(name).files.values()]);

/** Returns how many bytes of a bundle Lambda loads at a cold start. */
export const bytesAtStart = (name: LambdaFunctionName): number => bytesWith(name, []);

/**
 * Returns how many bytes of a bundle a process has loaded after it has needed `modules`, which the handler loads with
 * `import()`. A module is named without its folder, such as `register-credential`.
 */
export function bytesWith(name: LambdaFunctionName, modules: readonly string[]): number {
  const { files, atStart, loadedWith } = bundleOf(name);
  const needed = modules.map((module) => {
    // esbuild adds a hash to the name of the module.
    const file = [...files.keys()].find((one) => one.startsWith(`${module}-`));
    if (file === undefined) throw new Error(`The bundle of ${name} has no file for ${module}.`);
    return loadedWith(file);
  });
  const loaded = new Set([atStart, ...needed].flatMap((some) => [...some]));
  return [...loaded].reduce((bytes, file) => bytes + (files.get(file)?.length ?? 0), 0);
}

/** Writes the bundle of a function into a folder. Returns the path of the file that exports the handler. */
export function writeBundle(name: LambdaFunctionName, folder: string): string {
  mkdirSync(folder, { recursive: true });
  for (const [file, contents] of bundleOf(name).files) writeFileSync(join(folder, file), contents);
  return join(folder, ENTRY);
}

function createBundle(name: LambdaFunctionName): Bundle {
  const { outputFiles, metafile } = buildSync({
    ...bundling(lambdaFunctions[name]),
    splitting: true,
    absWorkingDir: FUNCTIONS,
    entryPoints: [{ in: entryOf(name), out: basename(ENTRY, '.mjs') }],
    outExtension: { '.js': '.mjs' },
    outdir: FUNCTIONS,
    write: false,
    metafile: true,
    logLevel: 'warning',
  });
  const imported = filesImportedFrom(ENTRY, metafile.outputs, ['import-statement', 'dynamic-import']);
  const contents = outputFiles.map((file) => [basename(file.path), file.contents] as const);
  return {
    files: new Map(contents.filter(([file]) => imported.has(file))),
    atStart: filesImportedFrom(ENTRY, metafile.outputs, ['import-statement']),
    loadedWith: (file) => filesImportedFrom(file, metafile.outputs, ['import-statement']),
  };
}

/**
 * Returns the name of the file `entry` and the names of all files that it imports, directly or through other files,
 * with an import of one of the `kinds`. Omits files that no code imports: esbuild creates a file for each `import()`,
 * even when the `import()` stands in unused code that esbuild leaves out of the bundle.
 */
function filesImportedFrom(
  entry: string,
  outputs: Metafile['outputs'],
  kinds: readonly ImportKind[],
): ReadonlySet<string> {
  const found = new Set([entry]);
  for (const file of found) {
    for (const { path, kind } of outputs[file]?.imports ?? []) {
      if (path in outputs && kinds.some((one) => one === kind)) found.add(path);
    }
  }
  return found;
}
