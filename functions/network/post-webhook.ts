import { request as requestHttp, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent';
import type { WebhookRequest, WebhookResponse } from '../domain/webhooks/deliver-webhook.ts';

export interface PostWebhookOptions {
  /** Whether a receiver may be on this machine, for development on one machine. @default false */
  readonly allowsLoopback?: boolean;
  /** How many milliseconds a request may take. @default 10,000 */
  readonly timeout?: number;
  /** Resolves host names. @default - the resolver of the operating system */
  readonly lookup?: RequestOptions['lookup'];
}

/** How many milliseconds a request may take, from the look-up of the host name to the end of the response. */
const TIMEOUT = 10_000;
/**
 * How many bytes of a response the service reads. It needs none of them, but a receiver may wait until it has sent all.
 */
const MAX_RESPONSE_BYTES = 16 * 1_024;
const LOOPBACK = ['127.0.0.1', '::1'];

/**
 * Returns the function that sends a request to the receiver of a webhook, and returns the status of the response. It
 * follows no redirects and ignores the content of the response.
 *
 * A customer chooses the URL, so the function connects only to public addresses. It checks the address to which it
 * connects, after the host name was resolved, so a name that leads to a private address is refused too, even if it led
 * to a public one a moment before. It never throws an error because of the receiver.
 */
export function openPostWebhook({ allowsLoopback = false, timeout = TIMEOUT, lookup }: PostWebhookOptions = {}): (
  request: WebhookRequest,
) => Promise<WebhookResponse> {
  const allowed = { keepAlive: false, ...(allowsLoopback && { allowIPAddressList: LOOPBACK }) };
  return ({ url, headers, body }) =>
    new Promise((resolve) => {
      const isPlain = url.startsWith('http:');
      const agent = isPlain ? new RequestFilteringHttpAgent(allowed) : new RequestFilteringHttpsAgent(allowed);
      const outOfTime = AbortSignal.timeout(timeout);
      const sent = (isPlain ? requestHttp : requestHttps)(url, {
        ...{
          method: 'POST',
          agent,
          signal: outOfTime,
          headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        },
        ...(lookup && { lookup }),
      });
      let status: number | undefined;
      sent.on('response', (response) => {
        status = response.statusCode;
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > MAX_RESPONSE_BYTES) response.destroy();
        });
        response.on('error', () => undefined);
        response.on('close', end);
      });
      // After a response that switches protocols (101), Node emits neither `response` nor `error`.
      sent.on('upgrade', (response, socket) => {
        status = response.statusCode;
        socket.destroy();
        end();
      });
      sent.on('error', end);
      /**
       * Returns the outcome. Once there is a status, it does not matter whether the rest of the response was too long,
       * too slow or broken.
       */
      function end(error?: Error): void {
        if (status !== undefined) resolve({ status });
        else if (outOfTime.aborted) resolve({ failure: 'timed-out' });
        else resolve({ failure: error && isRefusal(error) ? 'private-address' : 'unreachable' });
      }
      sent.end(body);
    });
}

/** Returns whether the agent refused an address. Its errors have no code. */
const isRefusal = ({ message }: Error): boolean => message.includes('is not allowed. Because');
