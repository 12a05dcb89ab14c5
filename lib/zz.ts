import { buildSync } from 'esbuild';
import { lambdaFunctions } from '../functions/lambda-functions.ts';
import { bundling } from './constructs/bundling.ts';
import { entryOf } from './constructs/bundles.ts';
import { join } from 'node:path';
const name = process.argv[2] as any;
const F = join(import.meta.dirname, '../functions');
const { metafile } = buildSync({
  ...bundling((lambdaFunctions as any)[name]),
  splitting: true,
  absWorkingDir: F,
  entryPoints: [{ in: entryOf(name), out: 'index' }],
  outExtension: { '.js': '.mjs' },
  outdir: F,
  write: false,
  metafile: true,
  logLevel: 'warning',
});
const outs = metafile.outputs as any;
const start = Object.keys(outs).find((k) => k.endsWith('index.mjs')) as string;
const seen = new Set<string>();
const todo = [start];
while (todo.length) {
  const k = todo.pop() as string;
  if (seen.has(k)) continue;
  seen.add(k);
  for (const i of outs[k].imports) if (i.kind === 'import-statement' && outs[i.path]) todo.push(i.path);
}
const t: Record<string, number> = {};
for (const k of seen) for (const [f, v] of Object.entries(outs[k].inputs) as any) t[f] = (t[f] ?? 0) + v.bytesInOutput;
const own = Object.entries(t)
  .filter(([f]) => !f.includes('node_modules'))
  .sort((a, b) => b[1] - a[1]);
console.log(
  own
    .slice(0, Number(process.argv[3] ?? 40))
    .map(([f, n]) => `${n} ${f}`)
    .join('\n'),
);
