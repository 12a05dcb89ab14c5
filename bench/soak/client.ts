import { setTimeout as sleep } from 'node:timers/promises';
import type * as z from 'zod';
import { createSessionContract } from '../../functions/contract/sessions.ts';
import type { OutboxMail } from '../../local/aws/outbox.ts';
import type { NpmStarted } from '../../test/browser/support/npm-start.ts';

/** The response to a request. */
export interface Response {
  readonly status: number;
  readonly body: unknown;
}

/** Sends requests with one session token or API key. An example of `request` is `POST /v1/rps`. */
export type Send = (request: string, body?: unknown, ifMatch?: number) => Promise<Response>;

/** How long a client waits for an e-mail, in milliseconds. */
const PATIENCE = 20_000;

/**
 * Returns a function that sends JSON requests to the service at `url`.
 * @default token - the requests contain no credential
 */
export function sendTo(url: string, token?: string): Send {
  return async (request, body, ifMatch) => {
    const [method = '', path = ''] = request.split(' ');
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(ifMatch !== undefined && { 'if-match': String(ifMatch) }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  };
}

/** Returns the body of a response that must be successful. Throws for any other response. */
export function bodyOf<S extends z.ZodType>(schema: S, { status, body }: Response): z.output<S> {
  if (status >= 300) throw new Error(`The service answered ${status} ${JSON.stringify(body)}.`);
  return schema.parse(body);
}

/** The e-mails that the service has sent. */
export interface Mailbox {
  /** Waits up to 20 seconds for an e-mail to an address. Returns the newest wanted e-mail, or undefined. */
  waitFor(to: string, isWanted?: (mail: OutboxMail) => boolean): Promise<OutboxMail | undefined>;
  /** Waits for an e-mailed link to an address and opens it. Returns the session token, or undefined without a link. */
  openLink(to: string): Promise<string | undefined>;
}

/**
 * Returns the service's outbox as a mailbox. All waiting clients share one read of the outbox every 100 milliseconds,
 * because each read returns every e-mail.
 */
export function mailboxOf(service: Pick<NpmStarted, 'url' | 'send'>): Mailbox {
  let next: Promise<readonly OutboxMail[]> | undefined;
  const read = () =>
    (next ??= sleep(100).then(async () => {
      next = undefined;
      return (await service.send('GET /_local/mail')) as OutboxMail[];
    }));

  async function waitFor(address: string, isWanted: (mail: OutboxMail) => boolean = () => true) {
    const giveUpAt = performance.now() + PATIENCE;
    while (performance.now() < giveUpAt) {
      const found = (await read()).findLast((mail) => mail.to === address && isWanted(mail));
      if (found) return found;
    }
    return undefined;
  }

  return {
    waitFor,
    async openLink(address) {
      const mail = await waitFor(address, ({ text }) => text.includes('#token='));
      const token = /#token=([\w-]+)$/m.exec(mail?.text ?? '')?.[1];
      if (token === undefined) return undefined;
      const response = await sendTo(service.url)('POST /v1/sessions', { token });
      return response.status === 201 ? bodyOf(createSessionContract.answer.body, response).sessionToken : undefined;
    },
  };
}
