import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DAY, toIso } from '../functions/domain/time.ts';
import { html, type Html } from '../functions/email/html.ts';
import type { OutboxMail } from './aws/outbox.ts';

/** A demo person that the user of the page can sign in as. */
export interface Person {
  readonly email: string;
  /** The feature or state that the console shows to this person. */
  readonly shows: string;
}
export interface ShopLink {
  readonly url: string;
  readonly email: string;
}
export interface LocalPage {
  readonly url: string;
  /** IANA name. */
  readonly timeZone: string;
  /** The time of the service's clock, in epoch milliseconds. */
  readonly now: number;
  readonly people: readonly Person[];
  /** The URL of the sample shop, and the person who sees the shop's MAU. @default - no sample shop */
  readonly shop?: ShopLink | undefined;
  /** Newest last. */
  readonly mails: readonly OutboxMail[];
  /** The tokens of links that still work. */
  readonly liveTokens: ReadonlySet<string>;
}

/**
 * Returns the headers of the page. The page shows texts that strangers typed, so it runs no script and loads nothing
 * from other sites. The page may be open at 127.0.0.1, but signing in always redirects to the console's URL. So the
 * content security policy allows forms to redirect to this URL. The referrer policy lets browsers send the page's
 * origin with a form, because the local routes check the origin.
 */
export const pageHeaders = (url: string) => ({
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self' ${url}; frame-ancestors 'none'`,
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
});
export const styleSheet = readFileSync(join(import.meta.dirname, 'local-page.css'), 'utf8');

/** Returns the HTML of the page that signs demo people in and shows the outbox, the e-mails that the service sent. */
export function localPage(page: LocalPage): string {
  const { url, timeZone, now, people, shop } = page;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>Outbox – FIDO2 Server Service on this machine</title>
        <link rel="stylesheet" href="/_local/local-page.css" />
      </head>
      <body>
        <header>
          <h1>FIDO2 Server Service <small>on this machine</small></h1>
          <p>The service's clock shows ${timeOf(toIso(now))}. Months are in ${timeZone}.</p>
          <p><a href="${url}/">Open the console</a></p>
          ${
            shop
              ? html`<p>
                  <a href="${shop.url}/">Open the sample shop</a>: sign up there, and watch the MAU as ${shop.email}
                </p>`
              : ''
          }
        </header>
        <main>${signIn(url, people)} ${outbox(page)}</main>
      </body>
    </html> `.markup;
}

function signIn(url: string, people: readonly Person[]): Html {
  return html`<section aria-labelledby="sign-in">
    <h2 id="sign-in">Sign in</h2>
    ${
      people.length === 0
        ? html`<p>
            There are no demo customers. <a href="${url}/sign-up">Sign up a customer</a>; the link comes by e-mail,
            below.
          </p>`
        : html`<ul class="people">
            ${people.map(
              ({ email, shows }) =>
                html`<li>
                  <form method="post" action="/_local/sign-in">
                    <button name="email" value="${email}">Sign in as ${email}</button>
                  </form>
                  <span>${shows}</span>
                </li> `,
            )}
          </ul>`
    }
  </section>`;
}

function outbox(page: LocalPage): Html {
  return html`<section aria-labelledby="outbox">
    <h2 id="outbox">Outbox</h2>
    <p>The service sends every e-mail to this page only. The newest e-mail is first. <a href="/_local/">Reload</a></p>
    ${page.mails.length === 0 ? html`<p class="quiet">No e-mail yet.</p>` : ''}
    ${page.mails.toReversed().map((mail) => mailOf(page, mail))}
  </section>`;
}

/**
 * Returns the HTML of an e-mail and its links. An e-mail older than a day is collapsed, because its links have expired.
 */
function mailOf({ url, now, liveTokens }: LocalPage, mail: OutboxMail): Html {
  return html`<details ${Date.parse(mail.sentAt) > now - DAY ? 'open' : ''}>
    <summary>${mail.subject} <span class="quiet">to ${mail.to}, ${timeOf(mail.sentAt)}</span></summary>
    <pre>${mail.text.trim()}</pre>
    ${linksIn(mail).map(({ path, token }) =>
      liveTokens.has(token)
        ? html`<p><a href="${url}/${path}#token=${token}">Open the link in the console</a></p>`
        : html`<p class="quiet">The link has been used or has expired.</p>`,
    )}
  </details> `;
}

/**
 * Returns the links of an e-mail. Each link consists of a token and the path of the console page that the link opens.
 */
export const linksIn = ({ text }: OutboxMail) =>
  [...text.matchAll(/https?:\/\/\S+\/([\w-]+)#token=([\w-]+)/g)].map(([, path = '', token = '']) => ({ path, token }));

const timeOf = (iso: string) => html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')} UTC</time>`;
