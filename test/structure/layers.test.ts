import { describe, expect, it } from 'vitest';
import ts from 'typescript';
import { importsOf, nodesOf, sourcesIn } from '../support/sources.ts';

/** Each import of a folder's files that a pattern names, types too: `file → import`. */
const forbidden = (folder: string, pattern: RegExp) =>
  sourcesIn(folder).flatMap((source) =>
    importsOf(source)
      .filter((imported) => pattern.test(imported))
      .map((imported) => `${source.file} → ${imported}`),
  );

const AWS = /^(@aws-sdk|@aws-lambda-powertools|@smithy|@middy|aws-lambda|aws-cdk-lib)(\/|$)/;

describe('the layers', () => {
  it.each<[string, RegExp]>([
    ['functions/domain', AWS],
    ['functions/domain', /^functions\/(api|http|events|aws|environment)/],
    ['functions/domain', /^(local|lib|bin|config)\//],
    ['functions/table', /^functions\/(api|http|events|aws|email|contract|environment)/],
    ['functions/table', /^(local|lib|bin|config)\//],
    ['functions/api', /^functions\/table\//],
    ['functions/api', AWS],
    // The list of routes is data.
    ['functions/contract', /^functions\/(api\/(?!routes\.ts)|http|events|aws|table|email|environment)/],
    ['functions/contract', AWS],
    ['functions/email', /^functions\/(api|http|events|table|environment)/],
    ['functions/http', /^functions\/(events|environment)/],
    ['functions', /^(local|lib|bin|test)\//],
    ['lib', /^local\//],
  ])('%s imports nothing that matches %s', (folder, pattern) => {
    expect(sourcesIn(folder).length).toBeGreaterThan(5);
    expect(forbidden(folder, pattern)).toEqual([]);
  });

  it('are crossed where they should be, so that this looks at something', () => {
    expect(forbidden('functions/api', /^functions\/domain\//).length).toBeGreaterThan(10);
    expect(forbidden('functions/domain', /^functions\/table\//).length).toBeGreaterThan(10);
    expect(forbidden('functions/table', AWS).length).toBeGreaterThan(3);
  });

  it('below the handlers read neither the environment nor the wall clock', () => {
    const read = sourcesIn(
      'functions/domain',
      'functions/table',
      'functions/contract',
      'functions/http',
      'functions/email',
    ).flatMap(({ file, tree }) =>
      nodesOf(tree).flatMap((node) => {
        const isEnvironment = ts.isPropertyAccessExpression(node) && node.getText(tree) === 'process.env';
        const isNow =
          (ts.isCallExpression(node) && /^(Date\.now|performance\.now|Date)$/.test(node.expression.getText(tree))) ||
          (ts.isNewExpression(node) && node.expression.getText(tree) === 'Date' && !node.arguments?.length);
        return isEnvironment || isNow ? [`${file}: ${node.getText(tree)}`] : [];
      }),
    );
    expect(read).toEqual([]);
  });
});
