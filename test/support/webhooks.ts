import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { vi } from 'vitest';
import { rememberedSecrets, stageSecretOf } from '../../functions/domain/fido2/sealing/ceremony-secrets.ts';
import {
  deliverWebhook,
  type DeliverWebhookServices,
  type WebhookRequest,
  type WebhookResponse,
} from '../../functions/domain/webhooks/deliver-webhook.ts';
import { rotateWebhookSecret } from '../../functions/domain/webhooks/rotate-webhook-secret.ts';
import { setWebhook } from '../../functions/domain/webhooks/set-webhook.ts';
import { testWebhook } from '../../functions/domain/webhooks/test-webhook.ts';
import { getWebhook } from '../../functions/domain/webhooks/get-webhook.ts';
import { removeWebhook } from '../../functions/domain/webhooks/remove-webhook.ts';
import type { Table } from '../../functions/table/engine/client.ts';
import type { WebhookDelivery, WebhookDeliveryId } from '../../functions/table/webhooks/webhook-deliveries.ts';
import { openAlerts } from './metering/alerts.ts';

/** A request that a receiver got. */
export interface Received {
  readonly method: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Starts an HTTP server on this machine that keeps the requests it gets. By default, it answers with 204. */
export async function startReceiver(
  answer: RequestListener = (_, response) => response.writeHead(204).end(),
  host = '127.0.0.1',
) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ method: request.method, headers: request.headers, body: Buffer.concat(chunks).toString() });
      answer(request, response);
    });
  });
  await once(server.listen(0, host), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}/events`,
    received,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/**
 * Verifies a request with another implementation of the Standard Webhooks specification, as its receiver would at the
 * time `at` (epoch milliseconds), and returns the event. Throws an error if the signature or the time is wrong.
 */
export function verify(
  secret: string,
  { headers, body }: { readonly headers: object; readonly body: string },
  at = Date.now(),
): unknown {
  vi.useFakeTimers({ toFake: ['Date'], now: at });
  try {
    return new Webhook(secret).verify(body, headers as Record<string, string>);
  } finally {
    vi.useRealTimers();
  }
}

const URL = 'https://receiver.example/events';

/**
 * Creates a new table with a customer whose MAU exceed the threshold. Returns functions that set the customer's
 * webhook, store events for it and deliver them to a receiver that the test controls.
 */
export async function openWebhooks() {
  const alerts = await openAlerts();
  const { services, clock, table } = alerts;
  const stage = { secrets: [stageSecretOf('first')] };
  const requests: WebhookRequest[] = [];
  const receiver: { answer: () => WebhookResponse | Promise<WebhookResponse> } = { answer: () => ({ status: 200 }) };
  const postponed: { id: WebhookDeliveryId; delay: number }[] = [];
  const withSecrets = (own: Table = table) => ({
    ...services,
    table: own,
    ...rememberedSecrets(() => Promise.resolve(stage.secrets), clock),
  });
  const customer = await alerts.exceed();

  /** Returns the services of a new process of the function that delivers events. */
  const process = (own?: Table): DeliverWebhookServices => ({
    ...withSecrets(own),
    post: async (request) => {
      requests.push(request);
      return receiver.answer();
    },
    postpone: (id, delay) => Promise.resolve(void postponed.push({ id, delay })),
  });
  const deliveries = async () =>
    (await alerts.dump()).filter(({ sk }) =>
      String(sk).startsWith('WEBHOOK-DELIVERY#'),
    ) as unknown as WebhookDelivery[];

  return {
    ...alerts,
    stage,
    customer,
    requests,
    receiver,
    postponed,
    process,
    deliveries,
    set: async (url = URL) => setWebhook(withSecrets(), await customer.caller(), url),
    rotate: async () => rotateWebhookSecret(withSecrets(), await customer.caller()),
    test: async () => testWebhook(services, await customer.caller()),
    get: async () => getWebhook(services, await customer.caller()),
    remove: async () => removeWebhook(services, await customer.caller()),
    /** Delivers every pending event once, as messages of the queue would. Returns the outcomes. */
    async deliver(own: DeliverWebhookServices = process()) {
      const outcomes = [];
      for (const delivery of await deliveries()) outcomes.push(await deliverWebhook(own, delivery));
      return outcomes;
    },
  };
}
