import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import ts from 'typescript';

/** A piece of prose: a paragraph, a list item, a table cell or a message. */
interface Passage {
  readonly text: string;
  /** For each character of `text`, the number of its line in the file, counted from 1. */
  readonly lines: readonly number[];
}

/** A sentence and the line that it begins on. */
export interface Sentence {
  readonly text: string;
  readonly line: number;
}

/** The minimum number of words in a message. The tests treat a shorter string literal as a name or a value. */
const WORDS_OF_A_MESSAGE = 3;
/** Comments that are instructions to a tool. */
const DIRECTIVE = /^(eslint-|@ts-|prettier-|v8 |#__)/;

/**
 * Returns the sentences of a file. The extension of the file decides how the function reads the file: Markdown,
 * TypeScript and JavaScript (comments, string literals, JSX text) or CSS (comments). Throws an error for any other
 * extension.
 */
export function sentencesOf(file: string, content: string = readFileSync(file, 'utf8')): Sentence[] {
  const extension = extname(file);
  const passages =
    extension === '.md'
      ? markdownPassages(content)
      : extension === '.css'
        ? cssPassages(content)
        : ['.ts', '.tsx', '.js'].includes(extension)
          ? typeScriptPassages(file, content)
          : undefined;
  if (!passages) throw new Error(`${file}: the tests cannot read prose from files of this kind.`);
  return passages.flatMap(splitSentences);
}

/** Collects lines into passages, and joins the lines of a passage with spaces. */
class Passages {
  readonly all: Passage[] = [];
  private open: { text: string; lines: number[] } | undefined;

  add(text: string, line: number): void {
    const trimmed = text.trim();
    if (trimmed === '') {
      this.end();
      return;
    }
    this.open ??= { text: '', lines: [] };
    const joined = this.open.text === '' ? trimmed : ` ${trimmed}`;
    this.open.text += joined;
    this.open.lines.push(...Array.from({ length: joined.length }, () => line));
  }

  end(): void {
    if (this.open) this.all.push(this.open);
    this.open = undefined;
  }

  addAlone(text: string, line: number): void {
    this.end();
    this.add(text, line);
    this.end();
  }
}

/** Reads Markdown outside code fences. Replaces code within a line with `…`. */
function markdownPassages(content: string): Passage[] {
  const passages = new Passages();
  let fence: string | undefined;
  content.split('\n').forEach((raw, index) => {
    const line = index + 1;
    const [, marker] = /^\s*(```+|~~~+)/.exec(raw) ?? [];
    if (fence !== undefined) {
      if (marker?.startsWith(fence)) fence = undefined;
      return;
    }
    if (marker !== undefined) {
      passages.end();
      fence = marker;
      return;
    }
    const text = raw.replaceAll(/(`+)[^`]+\1/g, '`…`').replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1');
    if (/^\s*\|/.test(text)) {
      for (const cell of text.split('|')) passages.addAlone(cell, line);
    } else if (/^#+ /.test(text)) {
      passages.addAlone(text.replace(/^#+ /, ''), line);
    } else {
      const [, bullet] = /^\s*([-*+]|\d+\.)\s/.exec(text) ?? [];
      if (bullet !== undefined) passages.end();
      passages.add(text.replace(/^\s*(?:[-*+]|\d+\.|>)\s+/, ''), line);
    }
  });
  passages.end();
  return passages.all;
}

function cssPassages(content: string): Passage[] {
  return [...content.matchAll(/\/\*.*?\*\//gs)].flatMap((match) =>
    commentPassages(match[0], content.slice(0, match.index).split('\n').length),
  );
}

/** Reads comments, and string literals and JSX text with at least `WORDS_OF_A_MESSAGE` words. */
function typeScriptPassages(file: string, content: string): Passage[] {
  const tree = ts.createSourceFile(file, content, {
    languageVersion: ts.ScriptTarget.Latest,
    jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
  });
  const lineAt = (position: number) => tree.getLineAndCharacterOfPosition(position).line + 1;
  /** The parts of the file in which `//` and `/*` begin no comment. */
  const literals: { readonly start: number; readonly end: number }[] = [];
  const passages = new Passages();

  const visit = (node: ts.Node): void => {
    const start = node.kind === ts.SyntaxKind.JsxText ? node.pos : node.getStart(tree);
    if (
      ts.isLiteralExpression(node) ||
      ts.isTemplateMiddleOrTemplateTail(node) ||
      ts.isTemplateHead(node) ||
      ts.isJsxText(node)
    )
      literals.push({ start, end: node.end });
    if (ts.isJsxText(node) || ts.isStringLiteralLike(node)) {
      if (isMessage(node.text)) addMessage(node.text, lineAt(start));
    } else if (ts.isTemplateExpression(node)) {
      const text = [node.head.text, ...node.templateSpans.map(({ literal }) => `…${literal.text}`)].join('');
      if (isMessage(text)) addMessage(text, lineAt(start));
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return [...passages.all, ...commentsOf()];

  function addMessage(text: string, line: number): void {
    passages.end();
    text.split('\n').forEach((part, index) => {
      passages.add(part, line + index);
    });
    passages.end();
  }

  /** Joins line comments on successive lines, because such comments form one text. */
  function commentsOf(): Passage[] {
    const blocks: { text: string; first: number; last: number; isLine: boolean }[] = [];
    for (const { pos, text } of comments()) {
      const isLine = text.startsWith('//');
      const previous = blocks.at(-1);
      if (isLine && previous?.isLine && previous.last === lineAt(pos) - 1 && isAlone(pos)) {
        previous.text += `\n${text}`;
        previous.last += 1;
      } else blocks.push({ text, first: lineAt(pos), last: lineAt(pos + text.length), isLine });
    }
    return blocks.flatMap(({ text, first }) => commentPassages(text, first));
  }

  /** Yields the comments of the file in order. */
  function* comments(): Generator<{ readonly pos: number; readonly text: string }> {
    const pattern = /\/\/[^\n]*|\/\*[^]*?\*\//g;
    let next = 0;
    for (let match = pattern.exec(content); match; match = pattern.exec(content)) {
      const { index: pos, 0: text } = match;
      while ((literals[next]?.end ?? Infinity) <= pos) next += 1;
      const literal = literals[next];
      if (literal && literal.start <= pos) pattern.lastIndex = literal.end;
      else yield { pos, text };
    }
  }

  function isAlone(pos: number): boolean {
    return content.slice(content.lastIndexOf('\n', pos) + 1, pos).trim() === '';
  }
}

const isMessage = (text: string) => text.trim().split(/\s+/).length >= WORDS_OF_A_MESSAGE && /[a-z]{2}/i.test(text);

/**
 * Splits a comment into passages. Each paragraph, each list item and each tag is a passage. Each line of an indented
 * text drawing is also a passage.
 */
function commentPassages(comment: string, first: number): Passage[] {
  const passages = new Passages();
  comment.split('\n').forEach((raw, index) => {
    const text = raw
      .replace(/^\s*(\/\*\*?|\*\/|\*|\/\/)/, '')
      .replace(/\*\/\s*$/, '')
      .replaceAll(/(`+)[^`]+\1/g, '`…`');
    if (DIRECTIVE.test(text.trim())) return;
    const line = first + index;
    if (/^\s*(\*|\/\/) {3,}\S/.test(raw)) {
      passages.addAlone(text, line);
      return;
    }
    if (/^\s*(@\w+|-\s)/.test(text)) passages.end();
    passages.add(text.replace(/^\s*(@\w+\s*-?|-)\s/, ''), line);
  });
  passages.end();
  return passages.all;
}

/** Splits a passage after `.`, `!`, `?`, `:` and `;` where a new sentence begins, and after a label in bold. */
function splitSentences({ text, lines }: Passage): Sentence[] {
  const sentences: Sentence[] = [];
  let start = 0;
  for (const match of text.matchAll(/(?:[.!?:]["”’)*_]*|;)\s+(?=["“‘(*_`]*[\p{Lu}\d`])|$/gu)) {
    const end = match.index + match[0].length;
    const sentence = text.slice(start, end).trim();
    if (sentence !== '') sentences.push({ text: sentence, line: lines[start] ?? 1 });
    start = end;
  }
  return sentences;
}
