import { describe, expect, it } from 'vitest';
import ts from 'typescript';
import { nodesOf, sourcesIn, type Source } from './sources.ts';

/** Returns the names that a file imports from `keys.ts`. */
function keysIn({ tree }: Source): string[] {
  return nodesOf(tree).flatMap((node) => {
    if (!ts.isImportDeclaration(node) || !node.moduleSpecifier.getText(tree).endsWith("/keys.ts'")) return [];
    const named = node.importClause?.namedBindings;
    return named && ts.isNamedImports(named) ? named.elements.map(({ name }) => name.text) : [];
  });
}

describe('the code in functions/table', () => {
  const sources = sourcesIn('functions/table');

  it('imports each key function into only one file, so that each kind of item has one owner', () => {
    const owners = Map.groupBy(
      sources.flatMap((source) =>
        keysIn(source)
          .filter((name) => /^[a-z]\w*Key$/.test(name))
          .map((key) => ({ key, file: source.file })),
      ),
      ({ key }) => key,
    );
    expect(owners.size).toBeGreaterThan(20);
    const several = [...owners].filter(([, uses]) => uses.length > 1);
    expect(several.map(([key, uses]) => [key, uses.map(({ file }) => file)])).toEqual([]);
  });

  it('contains attribute_exists and attribute_not_exists in only one file', () => {
    const spelling = sources.filter(({ tree }) =>
      nodesOf(tree).some(
        (node) =>
          (ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node)) &&
          /attribute_(not_)?exists/.test(node.text),
      ),
    );
    expect(spelling.map(({ file }) => file)).toEqual(['functions/table/engine/conditions.ts']);
  });
});
