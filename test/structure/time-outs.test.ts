import { expect, it } from 'vitest';
import ts from 'typescript';
import { nodesOf, sourcesIn } from './sources.ts';

/** Returns the names of the properties of an object literal. */
const namesIn = ({ properties }: ts.ObjectLiteralExpression, tree: ts.SourceFile) =>
  properties.flatMap(({ name }) => name?.getText(tree) ?? []);

it('a client of AWS gives up at its time-out, and does not only log a warning', () => {
  const found = sourcesIn('bin', 'functions', 'local').flatMap(({ file, tree }) =>
    nodesOf(tree)
      .filter(ts.isObjectLiteralExpression)
      .map((literal) => namesIn(literal, tree))
      .filter((names) => names.includes('requestTimeout'))
      .map((names) => ({ file, throws: names.includes('throwOnRequestTimeout') })),
  );
  expect(found.length).toBeGreaterThan(5);
  expect(found.filter(({ throws }) => !throws)).toEqual([]);
});
