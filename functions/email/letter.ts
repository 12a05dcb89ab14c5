import type { Language } from '../domain/mail/languages.ts';
import { html } from './html.ts';
import type { Content } from './mailer.ts';
import { sentence, type Sentence } from './sentence.ts';

/** The content from which `write` makes the text part and the HTML part of an e-mail. */
export interface Letter {
  readonly subject: Sentence;
  /** Paragraphs. An array is a list, with one sentence for each item. */
  readonly paragraphs: readonly (Sentence | readonly Sentence[])[];
  /** The action that the e-mail asks the reader to take, and the URL of the page for this action. */
  readonly button: { readonly label: Sentence; readonly url: string };
  /** Sentences below the button. */
  readonly notes: readonly Sentence[];
  /**
   * The last sentence: why the reader gets the e-mail, with the URL of the page where the reader changes this.
   * @default - the reader cannot change it
   */
  readonly reason?: { readonly says: Sentence; readonly url: string } | undefined;
}

/**
 * The letter of a template in each language. A template checks its texts with `satisfies Letters<…>`, so that no
 * language can be missing.
 */
export type Letters<V> = Readonly<Record<Language, (values: V) => Letter>>;

/** The values of a template, and the language of the reader. */
export type InLanguage<V> = V & { readonly language: Language };

const copyUrl = {
  en: sentence`If the button does not work, copy this address into your browser:`,
  ja: sentence`ボタンで開けない場合は、次のアドレスをブラウザーに貼り付けてください。`,
} satisfies Record<Language, Sentence>;
const colon = { en: ': ', ja: '：' } satisfies Record<Language, string>;

/** Writes a template in the language of the reader. */
export function writeIn<V>(letters: Letters<V>, values: InLanguage<V>): Content {
  return write(values.language, letters[values.language](values));
}

/**
 * Returns the content of an e-mail as a text part and an HTML part. The HTML part sets no colours except those of the
 * button, so that the e-mail stays readable in a mail client's dark mode. The HTML part also asks the mail client not
 * to turn words into links.
 */
function write(language: Language, { subject, paragraphs, button, notes, reason }: Letter): Content {
  const page = html`<!doctype html>
    <html lang="${language}">
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
          ${paragraphs.map((paragraph) =>
            typeof paragraph === 'string'
              ? html`<p style="margin:0 0 16px">${paragraph}</p> `
              : html`<ul style="margin:0 0 16px;padding-left:24px">
                  ${paragraph.map((item) => html`<li>${item}</li> `)}
                </ul> `,
          )}
          <p style="margin:24px 0">
            <a
              href="${button.url}"
              style="display:inline-block;padding:12px 24px;border-radius:6px;background:#1d4ed8;color:#ffffff;font-weight:bold;text-decoration:none"
              >${button.label}</a
            >
          </p>
          <p style="margin:0 0 24px">
            ${copyUrl[language]}<br />
            <a href="${button.url}" style="word-break:break-all">${button.url}</a>
          </p>
          ${notes.map((note) => html`<p style="margin:0 0 8px;font-size:14px">${note}</p> `)}
          ${
            reason
              ? html`<p style="margin:16px 0 0;font-size:14px">
                  ${reason.says}<br /><a href="${reason.url}" style="word-break:break-all">${reason.url}</a>
                </p> `
              : ''
          }
        </div>
      </body>
    </html> `;
  const text = [
    ...paragraphs.map((paragraph) =>
      typeof paragraph === 'string' ? paragraph : paragraph.map((item) => `- ${item}`).join('\n'),
    ),
    `${button.label}${colon[language].trim()}\n${button.url}`,
    ...notes,
    ...(reason ? [`${reason.says} ${reason.url}`] : []),
  ].join('\n\n');
  return { subject, text: `${text}\n`, html: page.markup };
}
