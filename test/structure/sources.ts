import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const ROOT = join(import.meta.dirname, '../..');

/** A parsed source file of the project. */
export interface Source {
  /** The path of the file, relative to the project's root. */
  readonly file: string;
  readonly tree: ts.SourceFile;
}

const parsed = new Map<string, Source>();
function parse(file: string): Source {
  const known = parsed.get(file);
  if (known) return known;
  const tree = ts.createSourceFile(file, readFileSync(join(ROOT, file), 'utf8'), ts.ScriptTarget.Latest);
  parsed.set(file, { file, tree });
  return { file, tree };
}

/**
 * Returns the parsed TypeScript files in the given folders, such as `functions/domain`, and in their subfolders. Parses
 * each file once.
 */
export function sourcesIn(...folders: string[]): Source[] {
  return folders
    .flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: ROOT }))
    .sort()
    .map(parse);
}

/** Returns every node in the syntax tree of a file. Comments are not nodes. */
export function nodesOf(tree: ts.SourceFile): ts.Node[] {
  const nodes: ts.Node[] = [];
  const visit = (node: ts.Node) => {
    nodes.push(node);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return nodes;
}

/** Returns the imports of a file, including types: packages by name, files by their path from the project's root. */
export function importsOf({ file, tree }: Source): string[] {
  return nodesOf(tree).flatMap((node) => {
    const imported =
      ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
        ? node.moduleSpecifier
        : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
          ? node.arguments[0]
          : undefined;
    if (!imported || !ts.isStringLiteralLike(imported)) return [];
    return imported.text.startsWith('.') ? [join(file, '..', imported.text)] : [imported.text];
  });
}
