import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it('the runbook names only log messages that the functions write', () => {
  const runbook = readFileSync('docs/runbook.md', 'utf8').replaceAll(/\s+/g, ' ');
  const named = [...runbook.matchAll(/ for `([a-z]+ [a-z -]+)`|message = "([a-z ]+)"/g)].map(
    ([, message, queried]) => message ?? queried ?? '',
  );
  const sources = globSync('functions/**/*.ts').map((file) => readFileSync(file, 'utf8'));

  expect(named.length).toBeGreaterThan(8);
  expect(named.filter((message) => !sources.some((source) => source.includes(`'${message}'`)))).toEqual([]);
});
