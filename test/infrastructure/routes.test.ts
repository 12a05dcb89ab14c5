import { buildSync } from 'esbuild';
import { expect, it } from 'vitest';

it('routes.ts loads no other module', () => {
  const { metafile } = buildSync({
    entryPoints: ['functions/api/routes.ts'],
    bundle: true,
    packages: 'external',
    write: false,
    metafile: true,
  });

  expect(Object.keys(metafile.inputs)).toEqual(['functions/api/routes.ts']);
  expect(Object.values(metafile.outputs).flatMap(({ imports }) => imports)).toEqual([]);
});
