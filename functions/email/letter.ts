import { html } from './html.ts';
import type { Content } from './mailer.ts';
import type { Sentence } from './sentence.ts';

/** The content from which `write` makes the text part and the HTML part of an e-mail. */
export interface Letter {
  readonly subject: Sentence;
  readonly paragraphs: readonly Sentence[];
  /** The action that the e-mail asks the reader to take, and the URL of the page for this action. */
  readonly button: { readonly label: Sentence; readonly url: string };
  /** Sentences below the button. */
  readonly notes: readonly Sentence[];
}

/**
 * Returns the content of an e-mail as a text part and an HTML part. The HTML part sets no colours except those of the
 * button, so that the e-mail stays readable in a mail client's dark mode. The HTML part also asks the mail client not
 * to turn words into links.
 */
export function write({ subject, paragraphs, button, notes }: Letter): Content {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no" />
        <title>${subject}</title>
      </head>
      <body style="margin:0;padding:24px;font:16px/1.5 system-ui,sans-serif">
        <div style="max-width:36em;margin:0 auto">
          <h1 style="margin:0 0 16px;font-size:22px;line-height:1.3">${subject}</h1>
          ${paragraphs.map((paragraph) => html`<p style="margin:0 0 16px">${paragraph}</p> `)}
          <p style="margin:24px 0">
            <a
              href="${button.url}"
              style="display:inline-block;padding:12px 24px;border-radius:6px;background:#1d4ed8;color:#ffffff;font-weight:bold;text-decoration:none"
              >${button.label}</a
            >
          </p>
          <p style="margin:0 0 24px">
            If the button does not work, copy this address into your browser:<br />
            <a href="${button.url}" style="word-break:break-all">${button.url}</a>
          </p>
          ${notes.map((note) => html`<p style="margin:0 0 8px;font-size:14px">${note}</p> `)}
        </div>
      </body>
    </html> `;
  const text = [...paragraphs, `${button.label}:\n${button.url}`, ...notes].join('\n\n');
  return { subject, text: `${text}\n`, html: page.markup };
}
