import { globSync } from 'node:fs';
import { join, relative } from 'node:path';
import { buildSync } from 'esbuild';
import { bundling } from './bundling.ts';

const FUNCTIONS = join(import.meta.dirname, '../../functions');

let bundles: ReadonlyMap<string, Uint8Array> | undefined;

/**
 * Gives the bundle of a handler, such as `api/service/get-health`: one ES module. All handlers are bundled when the first one is
 * asked for: most of what they read is the same, so that all together take as long as seven one by one.
 */
export function bundleOf(handler: string): Uint8Array {
  bundles ??= bundleAll();
  const bundle = bundles.get(handler);
  if (!bundle) throw new Error(`There is no file functions/${handler}.ts to bundle.`);
  return bundle;
}

function bundleAll(): ReadonlyMap<string, Uint8Array> {
  const { outputFiles } = buildSync({
    ...bundling,
    absWorkingDir: FUNCTIONS,
    entryPoints: globSync(['api/*/*.ts', 'events/*.ts'], { cwd: FUNCTIONS }),
    outdir: FUNCTIONS,
    write: false,
    logLevel: 'warning',
  });
  return new Map(outputFiles.map(({ path, contents }) => [relative(FUNCTIONS, path).replace(/\.js$/, ''), contents]));
}
