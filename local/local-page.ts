import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DAY, toIso } from '../functions/domain/time.ts';
import { html, type Html } from '../functions/email/html.ts';
import { curl } from './curl.ts';
import type { OutboxMail } from './aws/outbox.ts';

/** Somebody to sign in as. */
export interface Person {
  readonly email: string;
  /** What to look at when signed in as them. */
  readonly shows: string;
}
export interface LocalPage {
  readonly url: string;
  /** IANA name. */
  readonly timeZone: string;
  /** What the service's clock shows, epoch milliseconds. */
  readonly now: number;
  readonly people: readonly Person[];
  /** Whether there is a console to open. */
  readonly hasConsole: boolean;
  /** Newest last. */
  readonly mails: readonly OutboxMail[];
  /** The tokens of links that still work. */
  readonly liveTokens: ReadonlySet<string>;
  /** The names of the schedules that can be fired. */
  readonly schedules: readonly string[];
}

/** The page shows what strangers typed: nothing may run, and nothing comes from elsewhere. */
export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};
export const styleSheet = readFileSync(join(import.meta.dirname, 'local-page.css'), 'utf8');

/** No link lasts longer. */
const LINKS_LAST = DAY;
/** How the links of the pages that an e-mail may lead to are used. */
const routeOf: Readonly<Record<string, string>> = {
  'sign-in': '/v1/sessions',
  'confirm-email': '/v1/email-confirmations',
};

/** Gives the page with the outbox and, for each link in it, the console that it opens, its token and the curl that uses it. */
export function localPage(page: LocalPage): string {
  const { url, timeZone, now, people, hasConsole, schedules } = page;
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
          <p>Its clock shows ${timeOf(toIso(now))}; its months are in ${timeZone}.</p>
          ${hasConsole ? html`<p><a href="${url}/">Open the console</a></p>` : ''}
          <nav aria-label="On this page">
            <a href="#sign-in">Sign in</a> <a href="#outbox">Outbox</a> <a href="#clock">Clock and schedules</a>
            <a href="#more">More</a>
          </nav>
        </header>
        <main>
          ${signIn(url, people)} ${outbox(page)} ${clock(url, schedules)}
          <section aria-labelledby="more">
            <h2 id="more">More</h2>
            <ul>
              <li><a href="/v1/openapi.json">/v1/openapi.json</a>: every route with its input and its answers</li>
              <li><a href="/v1/plans">/v1/plans</a>: the plan catalogue</li>
              <li><a href="/_local/mail">/_local/mail</a>: the outbox as JSON</li>
              <li><code>npm run operator -- --help</code>: customers and licenses, as the operator</li>
              <li><code>docs/tour.md</code>: a tour of the API, each command with its answer</li>
            </ul>
          </section>
        </main>
      </body>
    </html> `.markup;
}

function signIn(url: string, people: readonly Person[]): Html {
  const [first] = people;
  const customer = { name: 'Example Corporation' };
  const representative = { name: 'Alice Arai', email: 'alice@example.com' };
  return html`<section aria-labelledby="sign-in">
    <h2 id="sign-in">Sign in</h2>
    ${
      first
        ? html`<p>Have a link sent to one of the demo’s representatives. It comes by e-mail, below.</p>
            ${command(curl(`${url}/v1/sign-in-links`, { body: { email: first.email } }))}
            <dl>
              ${people.map(
                ({ email, shows }) =>
                  html`<div>
                    <dt>${email}</dt>
                    <dd>${shows}</dd>
                  </div> `,
              )}
            </dl>`
        : html`<p>Sign up a customer. The link to sign in with comes by e-mail, below.</p>
            ${command(curl(`${url}/v1/customers`, { body: { customer, representative } }))}`
    }
  </section>`;
}

function outbox(page: LocalPage): Html {
  const { mails, now } = page;
  const isOld = ({ sentAt }: OutboxMail) => Date.parse(sentAt) <= now - LINKS_LAST;
  const recent = mails.filter((mail) => !isOld(mail)).toReversed();
  const old = mails.filter(isOld).toReversed();
  return html`<section aria-labelledby="outbox">
    <h2 id="outbox">Outbox</h2>
    <p>
      Every e-mail of the service ends here and goes nowhere. The newest is first. <a href="/_local/">Look again</a>
    </p>
    ${mails.length === 0 ? html`<p class="quiet">No e-mail yet.</p>` : ''}
    ${recent.map((mail) => html`<article>${mailHead(mail)} ${mailText(mail)} ${mailLinks(page, mail)}</article> `)}
    ${old.length > 0 ? html`<h3>Older than a day: links that have expired</h3>` : ''}
    ${old.map(
      (mail) =>
        html`<details>
          <summary>${mail.subject} <span class="quiet">to ${mail.to}, ${timeOf(mail.sentAt)}</span></summary>
          ${mailText(mail)}
        </details> `,
    )}
  </section>`;
}

const mailHead = ({ subject, to, sentAt }: OutboxMail) =>
  html`<h3>${subject}</h3>
    <p class="quiet">To <strong>${to}</strong>, ${timeOf(sentAt)}</p>`;

const mailText = ({ text }: OutboxMail) => html`<pre>${text.trim()}</pre>`;

/** Gives the links of an e-mail: the console's page that each opens, and its token. */
export const linksIn = ({ text }: OutboxMail) =>
  [...text.matchAll(/https?:\/\/\S+\/([\w-]+)#token=([\w-]+)/g)].map(([, path = '', token = '']) => ({ path, token }));

function mailLinks({ url, hasConsole, liveTokens }: LocalPage, mail: OutboxMail): Html[] {
  return linksIn(mail).map(({ path, token }) =>
    liveTokens.has(token)
      ? // Has the ID that stands behind the "#" of the link: without a console, whoever opens the link is led here.
        html`<div class="link" id="token=${token}">
          ${hasConsole ? html`<p><a href="${url}/${path}#token=${token}">Open it in the console</a></p>` : ''}
          <p>Its token is <code>${token}</code>. It works once:</p>
          ${command(curl(`${url}${routeOf[path] ?? ''}`, { body: { token } }))}
        </div> `
      : html`<p class="quiet">Its link was used, or does not work any more.</p> `,
  );
}

function clock(url: string, schedules: readonly string[]): Html {
  const local = (method: string, path: string, body?: unknown) =>
    html`${command(curl(`${url}/_local/${path}`, { method, body }))} `;
  return html`<section aria-labelledby="clock">
    <h2 id="clock">Clock and schedules</h2>
    <p>Set the service’s clock, which runs on from there, or set it back to real time:</p>
    ${local('PUT', 'clock', { now: '2026-12-01T00:00:00Z' })} ${local('DELETE', 'clock')}
    <p>Fire a schedule now:</p>
    ${schedules.map((name) => local('POST', `schedules/${name}`))}
    <p>Have the counters catch up with all that was reported:</p>
    ${local('POST', 'streams/drain')}
  </section>`;
}

const command = (text: string) => html`<pre class="command"><code>${text}</code></pre>`;

/** To the second, which is what a person looks at. */
const timeOf = (iso: string) => html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')} UTC</time>`;
