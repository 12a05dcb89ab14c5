import { globSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dialect, dialectIn } from './dialect.ts';
import { sentencesOf } from './prose.ts';

/** Files whose prose is held to the patterns: Markdown, and comments, string literals and JSX text of TypeScript. */
const covered = [
  'README.md',
  'docs/**/*.md',
  'sdk/README.md',
  '{bench,bin,config,functions,lib,local,sdk}/**/*.ts',
  'local/**/*.css',
  'test/**/*.ts',
  'web/**/*.{ts,tsx,css}',
  'examples/*/*.{md,ts}',
  'examples/*/{page,server}/*.{ts,js,css}',
  '*.config.ts',
];
/** Files among them that quote the dialect, and generated files. */
const except = [
  'test/docs/plain-english.test.ts',
  'test/docs/dialect.ts',
  '{web,sdk}/dist/**',
  'web/src/client/**',
  'sdk/src/generated/**',
];

const files = globSync(covered, { exclude: except }).sort();
const folders = Map.groupBy(files, (file) => (file.includes('/') ? file.slice(0, file.indexOf('/')) : 'the root'));

describe('the prose of the project', () => {
  it.each([...folders])('in %s is plain English', (_, inFolder) => {
    const found = inFolder.flatMap((file) =>
      sentencesOf(file).flatMap(({ text, line }) =>
        dialectIn(text).map(({ name, advice }) => `${file}:${line}\n  ${text}\n  "${name}": ${advice}`),
      ),
    );

    expect(found.join('\n'), 'sentences to rewrite').toBe('');
  });
});

/**
 * Sentences that the project once had, each with a pattern that finds it. A test below checks that each pattern has
 * one.
 */
const bad: readonly (readonly [sentence: string, pattern: string])[] = [
  ['Gives the month of a customer that is to be closed next.', 'Gives'],
  ['Whoever lost theirs comes by a link, may only register a new one.', 'whoever'],
  ['To sign up, ask whoever invited you.', 'whoever'],
  ['Whatever has not the form of one exists not.', 'Whatever at the start'],
  ['Whatever has not the form of one exists not.', 'has not the'],
  ['Whatever has not the form of one exists not.', 'exists not'],
  ['Reads a session strongly: rights are those of now.', 'of now, of then, of before'],
  ['Sessions and passkeys of before are gone.', 'of now, of then, of before'],
  ['Has the fence of a customer stand since `now`.', 'has something done'],
  ['The transaction fails, and has everything looked at again.', 'has something done'],
  ['A key is deleted by its ID, by which it is listed.', 'by which'],
  ['The e-mail was refused for what it is.', 'for what it is'],
  ['It is not the first one any more: it is told of.', 'is told of, is told by whom'],
  ['An error that is told nowhere is lost.', 'is told of, is told by whom'],
  ['If the process dies, what was decided is decided.', 'what is … is'],
  [
    '**What dominates.** At the small size the dashboard.',
    'a sentence that begins with What or Who and is no question',
  ],
  ['Who asked too often does not ask more.', 'a sentence that begins with What or Who and is no question'],
  ['Not 429: who asked too often does not ask more.', 'a clause that begins with who and no person'],
  ['The customer is no more.', 'is no more'],
  ['After the fence, the message comes to nothing.', 'comes to nothing'],
  ['The list goes on behind an ID.', 'goes on behind'],
  ['Confirmed. Now do it again.', 'the same again'],
  ['The address was changed at this moment.', 'at this moment'],
  ['Look into your mailbox.', 'Look into your mailbox'],
  ['A customer with a paid license is ended by the operator.', 'a customer is ended by'],
];

const good = [
  'Returns the month of a customer that closes next.',
  'If you lose your passkey, a recovery link lets you register a new one and nothing else.',
  'A malformed ID cannot exist, so the response is 404.',
  'A revoked right takes effect on the next request.',
  "Resets the fence's start time to `now`.",
  'The console has assets that are kept for a year.',
  'Each function has a role and a log group of its own.',
  'What happens if the process dies?',
  '“Who may unsubscribe?”',
  'A person who has signed in once is no longer provisional.',
  'The caller who sends most is in the access log.',
  'The export says how many customers are missing, and why that is.',
  'Undefined when there are no more.',
  'It is no more than a cache.',
  'Another passkey was added meanwhile; retry, and send a notification.',
  'Instead of now and then, it runs hourly.',
  'It says what was wrong at the field, and keeps what the person typed.',
];

describe('the patterns', () => {
  it.each(bad)('find “%s” as %s', (sentence, pattern) => {
    expect(dialectIn(sentence).map(({ name }) => name)).toContain(pattern);
  });

  it.each(good)('find nothing in “%s”', (sentence) => {
    expect(dialectIn(sentence).map(({ name }) => name)).toEqual([]);
  });

  it('each have a bad sentence here', () => {
    const shown = new Set(bad.map(([, pattern]) => pattern));
    expect(dialect.map(({ name }) => name).filter((name) => !shown.has(name))).toEqual([]);
  });
});

describe('prose', () => {
  const linesOf = (file: string, content: string) =>
    sentencesOf(file, content).map(({ text, line }) => `${line} ${text}`);

  it('of Markdown is what stands outside code, sentence by sentence', () => {
    const page = [
      '# A title',
      '',
      'One sentence. Another',
      'one with `code. More` and a [link](other.md#anchor).',
      '',
      '```sh',
      'echo "Whoever reads this."',
      '```',
      '- An item',
      '- **Bold.** Then more',
      '',
      '| a cell | another cell |',
    ].join('\n');

    expect(linesOf('page.md', page)).toEqual([
      '1 A title',
      '3 One sentence.',
      '3 Another one with `…` and a link.',
      '9 An item',
      '10 **Bold.**',
      '10 Then more',
      '12 a cell',
      '12 another cell',
    ]);
  });

  it('of TypeScript is comments, test titles and messages', () => {
    const source = [
      '// One comment that',
      '// goes on. And ends.',
      'const name = "x"; // beside it',
      '/**',
      ' * Returns something. With a drawing:',
      ' *',
      ' *     A reads ── B writes',
      ' *',
      ' * @default - nothing at all',
      ' */',
      'it("counts each user once", () => f(`No ${name} is left. Try again.`, "a/b", /\\/\\/ no comment/));',
      'it.each([1])("%s is a title too", () => "https://example.com // no comment");',
    ].join('\n');

    expect(linesOf('source.ts', source).sort()).toEqual(
      [
        '1 One comment that goes on.',
        '2 And ends.',
        '3 beside it',
        '5 Returns something.',
        '5 With a drawing:',
        '7 A reads ── B writes',
        '9 nothing at all',
        '11 counts each user once',
        '11 No … is left.',
        '11 Try again.',
        '12 %s is a title too',
        '12 https://example.com // no comment',
      ].sort(),
    );
  });

  it('of TSX is its text too', () => {
    const source = [
      'const page = (',
      '  <Text label="A label of words">',
      '    {/* A comment here. */}',
      '    Look here // no comment <b>now</b> // nor here',
      '  </Text>',
      ');',
    ].join('\n');

    expect(linesOf('page.tsx', source)).toEqual([
      '2 A label of words',
      '4 Look here // no comment',
      '4 // nor here',
      '3 A comment here.',
    ]);
  });

  it('of a style sheet is its comments', () => {
    expect(linesOf('page.css', 'a {\n  /* Only as wide\n     as needed. */\n  width: 1px;\n}')).toEqual([
      '2 Only as wide as needed.',
    ]);
  });

  it('of a file of another kind cannot be read', () => {
    expect(() => sentencesOf('picture.png', '')).toThrow('picture.png');
  });
});
