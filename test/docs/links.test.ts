import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const INDEX = 'docs/decisions/README.md';
const documents = [
  'README.md',
  'sdk/README.md',
  ...globSync('{docs,examples}/**/*.md', { exclude: ['**/node_modules'] }).sort(),
];

/** Returns the Markdown of a document without its fenced code. */
const proseOf = (file: string) => readFileSync(file, 'utf8').replaceAll(/^([ \t]*)```.*?^\1```$/gms, '');

/** Returns the anchor that GitHub gives to a heading. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_\- ]/gu, '')
    .replaceAll(' ', '-');

const headingsOf = (file: string) => [...proseOf(file).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);

/** Returns the links of a document to files of the project. */
const linksOf = (file: string) =>
  [...proseOf(file).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));

describe('every document', () => {
  it.each(documents)('links only to files and headings that exist: %s', (file) => {
    const broken = linksOf(file).filter((target) => {
      const [path = '', anchor] = target.split('#');
      const linked = path === '' ? file : join(dirname(file), path);
      if (!existsSync(linked)) return true;
      return anchor !== undefined && !headingsOf(linked).map(anchorOf).includes(anchor);
    });

    expect(broken).toEqual([]);
  });

  it('has a different anchor for each heading', () => {
    for (const file of documents) {
      const anchors = headingsOf(file).map(anchorOf);
      expect(anchors, file).toEqual([...new Set(anchors)]);
    }
  });
});

describe('the index of decisions', () => {
  it('lists every decision with the decision’s file, title, date and status', () => {
    const files = globSync('docs/decisions/*.md')
      .map((file) => file.replace('docs/decisions/', ''))
      .filter((file) => file !== 'README.md');
    const decided = files.flatMap((file) =>
      [...proseOf(`docs/decisions/${file}`).matchAll(/^## (.+)\n\n(.*)$/gm)].map(([, title = '', first = '']) => {
        const [, date, note] = /^(\d{4}-\d\d-\d\d)(?:\. (Superseded in part|Superseded|Amended|Extended):)?/.exec(
          first,
        ) ?? ['', 'no date', undefined];
        return `[${title}](${file}#${anchorOf(title)}), ${date}${note === undefined ? '' : `, ${note.toLowerCase()}`}`;
      }),
    );
    const listed = [...proseOf(INDEX).matchAll(/^- (.+)$/gm)].map(([, line]) => line);

    expect(decided.length).toBeGreaterThan(90);
    expect(listed.sort()).toEqual(decided.sort());
  });
});
