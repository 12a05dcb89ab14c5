import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import ts from 'typescript';
import { importsOf, nodesOf, sourcesIn } from './sources.ts';

/**
 * Returns the imports that match a pattern in the files of a folder, each as `file → import`. Type imports are
 * included.
 */
const forbidden = (folder: string, pattern: RegExp) =>
  sourcesIn(folder).flatMap((source) =>
    importsOf(source)
      .filter((imported) => pattern.test(imported))
      .map((imported) => `${source.file} → ${imported}`),
  );

/** Returns the subfolder of functions/domain that a file is in, or undefined if the file is in no such subfolder. */
const subjectOf = (file: string): string | undefined => /^functions\/domain\/([\w-]+)\//.exec(file)?.[1];

/**
 * Returns each module that is part of a circular dependency, or that uses such a module directly or indirectly,
 * together with the modules that it uses. To find these modules, the function repeatedly removes every module that uses
 * no remaining module.
 */
function circlesIn(uses: ReadonlyMap<string, ReadonlySet<string>>): Record<string, string[]> {
  const left = new Map(uses);
  for (let size = 0; size !== left.size;) {
    size = left.size;
    for (const [member, used] of left) if (![...used].some((other) => left.has(other))) left.delete(member);
  }
  return Object.fromEntries([...left].map(([member, used]) => [member, [...used]]));
}

const AWS = /^(@aws-sdk|@aws-lambda-powertools|@smithy|@middy|aws-lambda|aws-cdk-lib)(\/|$)/;

describe('the code', () => {
  it.each<[string, RegExp]>([
    ['functions/domain', AWS],
    ['functions/domain', /^functions\/(api|http|events|aws|environment)/],
    ['functions/domain', /^(local|lib|bin|config)\//],
    // The code that verifies WebAuthn ceremonies neither reads nor writes the table. The code that starts and ends a
    // ceremony stores the items of the ceremony.
    ['functions/domain/webauthn', /^functions\/(table|domain\/(?!webauthn))/],
    ['functions/table', /^functions\/(api|http|events|aws|email|contract|environment)/],
    ['functions/table', /^(local|lib|bin|config)\//],
    // The services contain the table, and a rule that needs them belongs in the domain.
    ['functions/table', /^functions\/domain\/services\.ts$/],
    ['functions/api', /^functions\/table\//],
    ['functions/api', AWS],
    // The list of routes, functions/api/routes.ts, is allowed, because it imports no other module.
    ['functions/contract', /^functions\/(api\/(?!routes\.ts)|http|events|aws|table|email|environment)/],
    ['functions/contract', AWS],
    ['functions/email', /^functions\/(api|http|events|table|environment)/],
    ['functions/http', /^functions\/(events|environment)/],
    ['functions', /^(local|lib|bin|test)\//],
    ['lib', /^local\//],
    // The SDK is a package without dependencies.
    ['sdk/src', /^(?!node:|sdk\/src\/)/],
    // A developer can copy the sample shop.
    ['examples/shop', /^(?!node:|fido2-server-service-sdk$|examples\/shop\/)/],
  ])('in %s imports nothing that matches %s', (folder, pattern) => {
    expect(sourcesIn(folder).length).toBeGreaterThan(5);
    expect(forbidden(folder, pattern)).toEqual([]);
  });

  it('directly in functions/domain imports nothing from the subfolders of functions/domain', () => {
    const words = sourcesIn('functions/domain').filter(({ file }) => dirname(file) === 'functions/domain');
    expect(words.length).toBeLessThanOrEqual(15);
    expect(
      words.flatMap((word) =>
        importsOf(word)
          .filter((imported) => subjectOf(imported) !== undefined)
          .map((imported) => `${word.file} → ${imported}`),
      ),
    ).toEqual([]);
  });

  it('has no circular imports between the subfolders of functions/domain', () => {
    const subjects = Map.groupBy(
      sourcesIn('functions/domain').filter(({ file }) => subjectOf(file) !== undefined),
      ({ file }) => subjectOf(file) ?? '',
    );
    const uses = new Map(
      [...subjects].map(([subject, sources]) => [
        subject,
        new Set(
          sources
            .flatMap(importsOf)
            .map(subjectOf)
            .filter((used): used is string => used !== undefined && used !== subject),
        ),
      ]),
    );
    expect(uses.size).toBeGreaterThan(10);
    expect(circlesIn(uses)).toEqual({});
  });

  it('has no circular imports between the files of functions/table', () => {
    const uses = new Map(sourcesIn('functions/table').map((source) => [source.file, new Set(importsOf(source))]));
    expect(uses.size).toBeGreaterThan(30);
    expect(circlesIn(uses)).toEqual({});
  });

  it('outside functions/table neither builds nor names the keys of the table', () => {
    const above = sourcesIn('functions').filter(({ file }) => !file.startsWith('functions/table/'));
    expect(above.length).toBeGreaterThan(200);
    const knowing = above.filter((source) => importsOf(source).includes('functions/table/keys.ts'));
    expect(knowing.map(({ file }) => file)).toEqual([]);
    const naming = above.filter(({ tree }) =>
      nodesOf(tree).some((node) => ts.isIdentifier(node) && /^(pk|sk|lastSk|finderPk|finderSk)$/.test(node.text)),
    );
    expect(naming.map(({ file }) => file)).toEqual([]);
  });

  it('has imports in the allowed directions, so the tests above do find imports', () => {
    expect(forbidden('functions/api', /^functions\/domain\//).length).toBeGreaterThan(10);
    expect(forbidden('functions/domain', /^functions\/table\//).length).toBeGreaterThan(10);
    expect(forbidden('functions/table', AWS).length).toBeGreaterThan(3);
  });

  it('below the handlers reads neither the environment, nor the wall clock, nor unseeded random numbers', () => {
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
        // With the option `randomize`, the package p-retry calls Math.random.
        const isChance =
          (ts.isPropertyAccessExpression(node) && node.getText(tree) === 'Math.random') ||
          (ts.isPropertyAssignment(node) && node.name.getText(tree) === 'randomize');
        return isEnvironment || isNow || isChance ? [`${file}: ${node.getText(tree)}`] : [];
      }),
    );
    expect(read).toEqual([]);
  });
});
