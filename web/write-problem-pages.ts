import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { problemMeanings } from '../functions/http/problem-meanings.ts';
import { problemTypes } from '../functions/http/problems.ts';

/**
 * Writes a page for each problem, at the path that the problem's `type` contains, and a page that lists all problems.
 * The pages are plain HTML, so that a developer who follows the link in a log does not load the console.
 */
const DIST = join(import.meta.dirname, 'dist');
type ProblemType = (typeof problemTypes)[number];

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
/** Returns the HTML of a text in which only code is marked. */
const html = (text: string) => escaped(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');

const page = (title: string, body: string) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="robots" content="noindex" />
    <title>${html(title)} – FIDO2 Server Service</title>
    <link rel="icon" href="/icon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="/document.css" />
  </head>
  <body>
    <main>
      ${body}
    </main>
    <nav><a href="/problems">All problems</a> · <a href="/reference">API reference</a></nav>
  </body>
</html>
`;

function pageOf({ slug, status, title }: ProblemType): string {
  const meaning = problemMeanings[slug];
  if (!meaning) throw new Error(`The problem ${slug} has no text in problem-meanings.ts.`);
  return page(
    title,
    `<h1>${html(title)}</h1>
    <p>The problem <code>/problems/${slug}</code>, with the HTTP status ${status}.</p>
    <h2>The cause</h2>
    <p>${html(meaning.means)}</p>
    <h2>Your next step</h2>
    <p>${html(meaning.remedy)}</p>`,
  );
}

const rows = [...problemTypes]
  .sort((a, b) => a.slug.localeCompare(b.slug))
  .map(
    ({ slug, status, title }) =>
      `<tr><td><a href="/problems/${slug}"><code>${slug}</code></a></td><td>${status}</td><td>${html(title)}</td></tr>`,
  );
const index = page(
  'Problems',
  `<h1>Problems</h1>
    <p>
      An error response of the API has the type <code>application/problem+json</code> (RFC 9457). Its member
      <code>type</code> is one of the paths below. Decide by <code>type</code>, and by the codes in <code>errors</code>.
      Later versions of the API may add problems.
    </p>
    <table>
      <thead><tr><th scope="col">Problem</th><th scope="col">Status</th><th scope="col">Title</th></tr></thead>
      <tbody>
        ${rows.join('\n        ')}
      </tbody>
    </table>`,
);

mkdirSync(join(DIST, 'problems'), { recursive: true });
writeFileSync(join(DIST, 'problems.html'), index);
for (const type of problemTypes) writeFileSync(join(DIST, 'problems', `${type.slug}.html`), pageOf(type));
