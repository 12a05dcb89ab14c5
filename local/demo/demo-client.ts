import type * as z from 'zod';
import { createSessionContract } from '../../functions/contract/sessions.ts';
import { toIso } from '../../functions/domain/time.ts';
import type { OutboxMail } from '../aws/outbox.ts';

/** The error that the demo client throws when the service refuses a request. */
export class DemoRefusedError extends Error {
  readonly status: number;
  constructor(request: string, status: number, answer: string) {
    super(`${request} answered ${status} ${answer}`);
    this.name = 'DemoRefusedError';
    this.status = status;
  }
}

/** A client of the service that uses only the HTTP API and the routes of the local service. */
export type DemoClient = ReturnType<typeof createDemoClient>;

/**
 * Creates a client of the service at `url`. Every function of the client throws `DemoRefusedError` if the service
 * refuses a request.
 */
export function createDemoClient(url: string) {
  /** Sends a request such as `POST /v1/rps`. `as` is a session token or an API key. */
  async function send(request: string, { as, body }: { as?: string; body?: unknown } = {}): Promise<unknown> {
    const [method = '', path = ''] = request.split(' ');
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(as !== undefined && { authorization: `Bearer ${as}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new DemoRefusedError(request, response.status, text);
    return text === '' ? undefined : JSON.parse(text);
  }

  /** Sends a request, and returns the response body, parsed with the schema `answer`. */
  async function ask<S extends z.ZodType>(answer: S, ...request: Parameters<typeof send>): Promise<z.output<S>> {
    return answer.parse(await send(...request));
  }

  const mailsTo = async (email: string) =>
    (await send(`GET /_local/mail?to=${encodeURIComponent(email)}`)) as OutboxMail[];

  /** Opens the link of the newest e-mail to an address, and returns the session token. */
  async function openNewestLink(email: string): Promise<string> {
    const token = (await mailsTo(email)).flatMap(({ text }) => /#token=([\w-]+)$/m.exec(text)?.[1] ?? []).at(-1);
    const { sessionToken } = await ask(createSessionContract.answer.body, 'POST /v1/sessions', { body: { token } });
    return sessionToken;
  }

  return {
    send,
    ask,
    openNewestLink,
    /** Returns whether the service accepts a request with a session token or an API key. */
    async isAccepted(request: string, credential: string | undefined): Promise<boolean> {
      if (credential === undefined) return false;
      try {
        await send(request, { as: credential });
        return true;
      } catch (error) {
        if (error instanceof DemoRefusedError) return false;
        throw error;
      }
    },
    /**
     * Signs in and returns the session token. Returns undefined if the service sends no link, because the address has
     * received too many links.
     */
    async signIn(email: string): Promise<string | undefined> {
      const before = await mailsTo(email);
      await send('POST /v1/sign-in-links', { body: { email } });
      return (await mailsTo(email)).length > before.length ? openNewestLink(email) : undefined;
    },
    /** Sets the service's clock to a time in epoch milliseconds; undefined sets it back to real time. */
    async setClock(now: number | undefined): Promise<void> {
      if (now === undefined) await send('DELETE /_local/clock');
      else await send('PUT /_local/clock', { body: { now: toIso(now) } });
    },
  };
}
