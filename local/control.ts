import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { SNSEvent } from 'aws-lambda';
import pMap from 'p-map';
import { FIDO_ALLIANCE } from '../functions/domain/attestation/fido-roots.ts';
import type { SignedBlob } from '../functions/domain/attestation/read-blob.ts';
import type { MetadataReport } from '../functions/domain/attestation/update-metadata.ts';
import { toIso } from '../functions/domain/time.ts';
import type { Table } from '../functions/table/engine/client.ts';
import { readLink } from '../functions/table/signing-in/links.ts';
import type { SettableClock } from './clock.ts';
import { contextOf } from './aws/gateway.ts';
import type { LocalDns } from './aws/dns.ts';
import { linksIn, localPage, pageHeaders, styleSheet, type Person, type ShopLink } from './local-page.ts';
import type { Outbox } from './aws/outbox.ts';
import { sesEventOf } from './aws/ses-event.ts';
import type { StreamPoller } from './aws/stream-poller.ts';
import type { Turnstile } from './turnstile.ts';

export interface ControlOptions {
  readonly url: string;
  /** The IANA name of the service's time zone. */
  readonly timeZone: string;
  /** Returns the demo people for whom the local page shows a sign-in button. */
  readonly people: () => Promise<readonly Person[]>;
  /** Returns the sample shop that the local page links to, or undefined. */
  readonly shop: () => ShopLink | undefined;
  /** Requests a sign-in link for an address, even if the address has already received the maximum number of links. */
  readonly requestLink: (email: string) => Promise<void>;
  /** The table in which the local page looks up whether a link still works. */
  readonly table: Table;
  readonly clock: SettableClock;
  /** Delays a change of the clock until no request is running. */
  readonly turnstile: Turnstile;
  readonly outbox: Pick<Outbox, 'mails'>;
  /** The handler of the function `record-mail-event`. */
  readonly mailEvents: (event: SNSEvent) => Promise<void>;
  /** For each schedule name, the function that `POST /_local/schedules/{name}` calls. */
  readonly schedules: Readonly<Record<string, () => Promise<unknown>>>;
  /** Stores metadata about authenticators, as a run of the schedule `update-metadata` does. */
  readonly updateMetadata: (signed: SignedBlob) => Promise<MetadataReport>;
  /** The handler of the operator's function, the Lambda function that runs the operator's commands. */
  readonly operator: (event: unknown, context: { awsRequestId: string }) => Promise<unknown>;
  /** The poller of the Lambda function that counts active users. */
  readonly aggregator: Pick<StreamPoller, 'drain'>;
  /** The name servers that the service asks for the DNS records of RPs. */
  readonly dns: Pick<LocalDns, 'set'>;
  /** Resolves when the service has sent every e-mail that is due. */
  readonly drainMails: () => Promise<void>;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;
interface ControlRoute {
  readonly method: string;
  readonly path: RegExp;
  readonly answer: (given: { match: string[]; query: URLSearchParams; body: string }) => Promise<Reply> | Reply;
}
interface Reply {
  readonly status?: number;
  readonly json?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * The name of the operator's function. The operator's command line invokes the function through Lambda's API, on this
 * machine as in AWS.
 */
const OPERATOR_FUNCTION = 'operator';

/**
 * Returns a function that handles only the routes of the local service: `/_local/…` and Lambda's Invoke of the
 * operator's function. For any other request, the function returns undefined.
 */
export function createControl(options: ControlOptions): (request: IncomingMessage) => Answer | undefined {
  const routes = controlRoutes(options);
  return (request) => {
    const pathname = pathOf(request);
    // Node.js omits the body from the response to HEAD.
    const asked = request.method === 'HEAD' ? 'GET' : request.method;
    const found = routes.find(({ method, path }) => method === asked && path.test(pathname));
    const isOurs = pathname.startsWith('/_local');
    if (!found && !isOurs) return undefined;
    return async (_, response) => {
      const body = await text(request);
      if (isFromElsewhere(request)) {
        send(response, { status: 403, json: { error: 'Other websites may not send requests to the local service.' } });
        return;
      }
      const reply = found
        ? await found.answer({ match: found.path.exec(pathname) ?? [], query: queryOf(request), body })
        : { status: 404, json: { error: `There is no local route ${request.method ?? ''} ${pathname}.` } };
      send(response, reply);
    };
  };
}

/**
 * Returns whether a page of another website, or of another port of this machine, sent the request. A browser lets such
 * a page send a request to the service, but not read the response.
 */
const isFromElsewhere = ({ headers: { origin, host = '' } }: IncomingMessage) =>
  origin !== undefined && origin !== `http://${host}`;

function controlRoutes(options: ControlOptions): ControlRoute[] {
  const { url, timeZone, people, shop, requestLink, table, clock, turnstile, outbox, schedules } = options;
  const { operator, aggregator, dns, drainMails, mailEvents, updateMetadata } = options;
  return [
    {
      method: 'GET',
      path: /^\/_local\/?$/,
      answer: async () => {
        await drainMails();
        const now = clock.now();
        const tokens = outbox.mails.flatMap(linksIn).map(({ token }) => token);
        const live = await pMap(tokens, (token) => isLive(table, token, now), { concurrency: 20 });
        const liveTokens = new Set(tokens.filter((_, index) => live[index]));
        const page = { url, timeZone, now, people: await people(), shop: shop(), mails: outbox.mails, liveTokens };
        return { text: localPage(page), headers: pageHeaders(url) };
      },
    },
    {
      method: 'POST',
      path: /^\/_local\/sign-in$/,
      answer: async ({ body }) => {
        const email = new URLSearchParams(body).get('email') ?? '';
        if (!(await people()).some((person) => person.email === email)) {
          return { status: 404, json: { error: `There is no demo person with the address "${email}".` } };
        }
        await requestLink(email);
        await drainMails();
        const links = outbox.mails.filter(({ to }) => to === email).flatMap(linksIn);
        const token = links.findLast(({ path }) => path === 'sign-in')?.token;
        if (token === undefined) return { status: 503, json: { error: `No link was sent to ${email}. Try again.` } };
        return { status: 303, headers: { location: `${url}/sign-in#token=${token}` } };
      },
    },
    {
      method: 'GET',
      path: /^\/_local\/local-page\.css$/,
      answer: () => ({ text: styleSheet, headers: { 'content-type': 'text/css; charset=utf-8' } }),
    },
    {
      method: 'GET',
      path: /^\/_local\/mail$/,
      answer: async ({ query }) => {
        await drainMails();
        const to = query.get('to');
        return { json: to === null ? outbox.mails : outbox.mails.filter((mail) => mail.to === to) };
      },
    },
    {
      method: 'POST',
      path: /^\/_local\/mail\/([\w-]+)\/events$/,
      answer: async ({ match: [, id = ''], body }) => {
        const mail = outbox.mails.find((sent) => sent.id === id);
        if (!mail) return { status: 404, json: { error: `There is no e-mail ${id}. See GET /_local/mail.` } };
        const event = sesEventOf(mail, body);
        if (!event) return { status: 400, json: { error: 'Send {"type":"bounce"} or {"type":"complaint"}.' } };
        await mailEvents(event);
        return { json: {} };
      },
    },
    {
      method: 'PUT',
      path: /^\/_local\/clock$/,
      answer: async ({ body }) => {
        const now = Date.parse(readNow(body));
        if (Number.isNaN(now)) return { status: 400, json: { error: 'Send {"now":"2026-11-22T09:30:00Z"}.' } };
        await turnstile.change(() => {
          clock.set(now);
        });
        return { json: { now: toIso(clock.now()) } };
      },
    },
    {
      method: 'DELETE',
      path: /^\/_local\/clock$/,
      answer: async () => {
        await turnstile.change(() => {
          clock.set(undefined);
        });
        return { json: { now: toIso(clock.now()) } };
      },
    },
    {
      method: 'PUT',
      path: /^\/_local\/dns$/,
      answer: ({ body }) => {
        const record = readTxt(body);
        if (!record) return { status: 400, json: { error: 'Send {"name":"shop.example.com","txt":["…"]}.' } };
        dns.set(record.name, record.txt);
        return { json: record };
      },
    },
    {
      method: 'POST',
      path: /^\/_local\/schedules\/([\w-]+)$/,
      answer: async ({ match: [, name = ''] }) => {
        const schedule = Object.hasOwn(schedules, name) ? schedules[name] : undefined;
        if (!schedule) {
          return {
            status: 404,
            json: { error: `There is no schedule ${name}. The schedules are ${Object.keys(schedules).join(', ')}.` },
          };
        }
        return { json: (await schedule()) ?? {} };
      },
    },
    {
      method: 'POST',
      path: /^\/_local\/metadata$/,
      answer: async ({ body }) => {
        const signed = signedBlobIn(body);
        if (!signed) return { status: 400, json: { error: 'Send the BLOB as text, or {"blob":"…","root":"…"}.' } };
        const report = await updateMetadata(signed);
        if (report.outcome === 'refused') return { status: 400, json: { error: report.reason } };
        return { json: report };
      },
    },
    {
      method: 'POST',
      path: /^\/_local\/streams\/drain$/,
      answer: async () => {
        await aggregator.drain();
        return { json: {} };
      },
    },
    {
      method: 'POST',
      path: new RegExp(`^/2015-03-31/functions/${OPERATOR_FUNCTION}/invocations$`),
      answer: async ({ body }) => {
        const event = parsed(body);
        if (event === undefined) return { status: 400, json: { error: 'The body must be JSON.' } };
        return { json: await operator(event, contextOf({ name: OPERATOR_FUNCTION })) };
      },
    },
  ];
}

/** Returns whether the link that contains the token works at `now`. */
async function isLive(table: Table, token: string, now: number): Promise<boolean> {
  const link = await readLink(table, token);
  return link !== undefined && now < link.expiresAt;
}

/** Returns the value of a JSON text, or undefined if the text is not JSON. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/**
 * Returns the metadata BLOB in a body: either the BLOB itself, which must then be the FIDO Alliance's, or JSON with the
 * BLOB and with the root, in DER as base64, to which its certificates must lead. Returns undefined for any other body.
 */
function signedBlobIn(body: string): SignedBlob | undefined {
  const json = parsed(body);
  if (json === undefined) return body.trim() === '' ? undefined : { ...FIDO_ALLIANCE, blob: body };
  const { blob, root } = (json ?? {}) as { blob?: unknown; root?: unknown };
  if (typeof blob !== 'string') return undefined;
  if (root === undefined) return { ...FIDO_ALLIANCE, blob };
  return typeof root === 'string' ? { blob, roots: [Buffer.from(root, 'base64')], signer: null } : undefined;
}

function readNow(body: string): string {
  const { now } = (parsed(body) ?? {}) as { now?: unknown };
  return typeof now === 'string' ? now : '';
}

/** Returns the domain name and the TXT records in a body, or undefined if the body has another form. */
function readTxt(body: string): { name: string; txt: string[] } | undefined {
  const { name, txt } = (parsed(body) ?? {}) as { name?: unknown; txt?: unknown };
  if (typeof name !== 'string' || name === '' || !Array.isArray(txt)) return undefined;
  const texts: unknown[] = txt;
  return texts.every((text) => typeof text === 'string') ? { name, txt: texts } : undefined;
}

function send(response: ServerResponse, { status = 200, json, text: body = '', headers = {} }: Reply): void {
  const type = json === undefined ? {} : { 'content-type': 'application/json' };
  response.writeHead(status, { 'cache-control': 'no-store', ...type, ...headers });
  response.end(json === undefined ? body : JSON.stringify(json));
}

/** Returns the parameters in the query of a request. */
const queryOf = ({ url = '/' }: IncomingMessage) => new URLSearchParams(/\?([^#]*)/.exec(url)?.[1] ?? '');

/**
 * Returns the path of a request without its query. Returns a malformed URL such as `//` unchanged, and no route matches
 * such a URL.
 */
export function pathOf({ url = '/' }: IncomingMessage): string {
  return url.split(/[?#]/, 1)[0] ?? '/';
}
