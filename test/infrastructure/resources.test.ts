import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { synthesize } from './synthesize.ts';

it('every stack has at most 400 of the 500 resources that CloudFormation allows', async () => {
  const { directory } = await synthesize('production');
  const counts = globSync('*.template.json', { cwd: directory }).map((file) => {
    const { Resources } = JSON.parse(readFileSync(join(directory, file), 'utf8')) as { Resources: object };
    return { file, resources: Object.keys(Resources).length };
  });

  expect(counts.length).toBeGreaterThanOrEqual(5);
  expect(counts.filter(({ resources }) => resources > 400)).toEqual([]);
});

it('an output of every stack names the commit that is checked out', async () => {
  const commit = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).slice(0, 12);
  const { inOrder } = await synthesize('production');
  const outputs = inOrder.map(({ template: { Outputs } }) => Outputs?.['Commit']?.Value);

  expect(inOrder.length).toBeGreaterThanOrEqual(5);
  for (const output of outputs) expect([commit, `${commit}-dirty`]).toContain(output);
});

it('synthesizing the stacks fails for a stage that config/stages.ts does not contain', async () => {
  await expect(synthesize('prodution')).rejects.toThrow(
    'There is no stage "prodution" in config/stages.ts. The stages are development, production.',
  );
});
