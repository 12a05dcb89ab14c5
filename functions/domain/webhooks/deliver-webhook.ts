import { customerAt, isActive } from '../../table/customers/customers.ts';
import { readTogether } from '../../table/engine/reads.ts';
import { transact } from '../../table/engine/transaction.ts';
import {
  beginAttempt,
  deleteDelivery,
  recordAttempt,
  webhookDeliveryAt,
  type AttemptOutcome,
  type DeliveryFailure,
  type WebhookDelivery,
  type WebhookDeliveryId,
} from '../../table/webhooks/webhook-deliveries.ts';
import { replaceWebhook, webhookAt, type Webhook } from '../../table/webhooks/webhooks.ts';
import type { StageSecrets } from '../fido2/sealing/ceremony-secrets.ts';
import type { Metrics } from '../services.ts';
import { HOUR, MINUTE, SECOND } from '../time.ts';
import { openWebhookSecret, sealWebhookSecret, signaturesOf } from './webhook-secret.ts';
import type { WebhookServices } from './webhook-services.ts';

/** A request to the receiver of a webhook. */
export interface WebhookRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
/** The status of the receiver's response, or why there was none. */
export type WebhookResponse = { readonly status: number } | { readonly failure: DeliveryFailure };

export interface DeliverWebhookServices extends WebhookServices {
  readonly metrics: Metrics;
  /** Sends a request to a receiver. Never throws an error because of the receiver. */
  readonly post: (request: WebhookRequest) => Promise<WebhookResponse>;
  /** Puts a delivery back into the queue, which delivers it to this function after `delay` milliseconds or sooner. */
  readonly postpone: (id: WebhookDeliveryId, delay: number) => Promise<void>;
}

/**
 * The time from the beginning of each failed attempt to the next attempt, in milliseconds: almost 24 hours in all. An
 * attempt lasts at most 10 seconds, so it has always ended before the next one begins.
 */
const RETRY_AFTER: readonly number[] = [
  30 * SECOND,
  2 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  1 * HOUR,
  3 * HOUR,
  7 * HOUR,
  12 * HOUR,
];
/**
 * The time after which an attempt that nobody recorded counts as interrupted, in milliseconds, if no other attempt
 * follows it. An invocation cannot last longer.
 */
const INTERRUPTED_AFTER = 1 * MINUTE;
/** The status with which a receiver says that it wants no events any more (RFC 9110, 15.5.11). */
const GONE = 410;

/**
 * The outcome of a call:
 *
 * - `delivered`: the receiver accepted the event.
 * - `failed`: the service does not try again.
 * - `retried`: the attempt failed, and another one follows.
 * - `postponed`: the event is not due yet, or another process may have begun the attempt.
 * - `dropped`: the webhook was removed, or the customer is unsubscribing.
 * - `nothing-to-do`: the delivery is over.
 */
export type DeliveryOutcome = 'delivered' | 'failed' | 'retried' | 'postponed' | 'dropped' | 'nothing-to-do';

/**
 * Makes one attempt to deliver an event to its webhook, if the event is due, and records the outcome. After a failed
 * attempt, puts the event back into the queue: 9 attempts are spread over almost 24 hours. The service tries to deliver
 * a test event only once. Throws an error when a call to AWS fails; the queue then delivers the message again.
 *
 *     event stored ── attempt begun ── receiver responds ── outcome recorded ── put back into the queue
 *
 * If the process dies or a call fails after one of these steps:
 *
 *     event stored       the stream delivers the record of the item again, until a queue has its ID
 *     attempt begun      the queue delivers the message again after a minute; the next attempt is then due or waits.
 *                        If only DynamoDB's response is lost, this function puts the event back into the queue
 *     receiver responds  the same: the receiver gets the event again, with the same `webhook-id`
 *     outcome recorded   the queue delivers the message again; this function finds that the event is not due, and puts
 *                        it back into the queue
 *
 * The queue may deliver a message twice. Of two calls at the same time, only one begins the attempt. Each message is
 * put back until the delivery is over, so a repeated message causes more reads, but no more attempts.
 */
export async function deliverWebhook(
  services: DeliverWebhookServices,
  id: WebhookDeliveryId,
): Promise<DeliveryOutcome> {
  const { table, clock, log } = services;
  const [read, webhook, customer] = await readTogether(
    table,
    [webhookDeliveryAt(id), webhookAt(id.customerId), customerAt(id.customerId)],
    'strong',
  );
  if (read?.status !== 'pending') return 'nothing-to-do';
  if (webhook?.webhookId !== id.webhookId || !isActive(customer)) {
    await deleteDelivery(table, id);
    log.info('an event for a webhook is dropped', { ...id });
    return 'dropped';
  }
  const now = clock.now();
  if (now < read.nextAttemptAt) {
    await services.postpone(id, read.nextAttemptAt - now);
    return 'postponed';
  }
  if (read.attempts >= attemptsOf(read)) {
    return end(services, read, { status: 'failed', failure: read.failure ?? 'interrupted' });
  }
  const secrets = await secretsOf(services, webhook);
  if (!secrets) return end(services, read, { status: 'failed', failure: 'secret-lost' });
  const retryAfter = read.attempts + 1 < attemptsOf(read) ? RETRY_AFTER[read.attempts] : undefined;
  const nextAttemptAt = now + (retryAfter ?? INTERRUPTED_AFTER);
  const begun = await beginAttempt(table, read, { now, nextAttemptAt });
  if (!begun) {
    // Another process has begun the attempt, or this one has, and DynamoDB's response was lost: the SDK repeats the
    // update, whose condition is then false. Nobody may make the attempt, so the message must wait for the next one.
    await services.postpone(id, nextAttemptAt - now);
    return 'postponed';
  }

  const response = await services.post(requestOf(webhook, begun, secrets, now));
  if ('status' in response && response.status >= 200 && response.status < 300) {
    return end(services, begun, { status: 'delivered', responseStatus: response.status });
  }
  const outcome =
    'status' in response
      ? ({ failure: 'status', responseStatus: response.status } as const)
      : { failure: response.failure };
  if (retryAfter === undefined || outcome.responseStatus === GONE) {
    return end(services, begun, { status: 'failed', ...outcome });
  }
  await recordAttempt(table, begun, { status: 'pending', ...outcome });
  log.info('an event could not be delivered to a webhook and is tried again', { ...id, ...outcome, nextAttemptAt });
  await services.postpone(id, retryAfter);
  return 'retried';
}

/** Returns how many attempts the service makes. */
const attemptsOf = ({ type }: WebhookDelivery): number => (type === 'webhook.test' ? 1 : RETRY_AFTER.length + 1);

/** Records the outcome after which no attempt follows. */
async function end(
  { table, log }: DeliverWebhookServices,
  delivery: WebhookDelivery,
  outcome: AttemptOutcome & { readonly status: 'delivered' | 'failed' },
): Promise<'delivered' | 'failed'> {
  const { customerId, webhookId, deliveryId, createdAt, attempts } = delivery;
  await recordAttempt(table, delivery, outcome);
  log.info('the delivery of an event to a webhook is over', {
    ...{ customerId, webhookId, deliveryId, createdAt, attempts },
    ...outcome,
  });
  return outcome.status;
}

/** Returns the request of an attempt, with the headers of the Standard Webhooks specification. */
function requestOf(
  { url }: Webhook,
  { deliveryId, body }: WebhookDelivery,
  secrets: readonly Uint8Array[],
  now: number,
): WebhookRequest {
  const timestamp = Math.floor(now / SECOND);
  return {
    url,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Fido2ServerService-Webhook/1',
      'webhook-id': deliveryId,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signaturesOf(secrets, deliveryId, timestamp, body),
    },
    body,
  };
}

/**
 * Returns the secrets that sign an event now: the current one, and the one that it replaced less than 24 hours ago.
 * Returns undefined when no secret of the stage opens the current one. If the stage's secret was rotated since the
 * webhook's secret was sealed, seals it again with the newest one, because the service knows only the last two secrets
 * of the stage.
 */
async function secretsOf(services: DeliverWebhookServices, webhook: Webhook): Promise<Uint8Array[] | undefined> {
  const { clock, metrics, log } = services;
  let stageSecrets = await services.stageSecrets();
  let opened = openWebhookSecret(stageSecrets, webhook, webhook.sealedSecret);
  if (!opened) {
    // Another process may have sealed it with a newer secret of the stage.
    stageSecrets = (await services.newerStageSecrets()) ?? stageSecrets;
    opened = openWebhookSecret(stageSecrets, webhook, webhook.sealedSecret);
  }
  if (!opened) {
    const { customerId, webhookId } = webhook;
    log.error('the secret of a webhook can no longer be opened', { customerId, webhookId });
    metrics.add('FailedWebhooks', 1);
    return undefined;
  }
  const { previousSecret } = webhook;
  const previous =
    previousSecret && clock.now() < previousSecret.until
      ? openWebhookSecret(stageSecrets, webhook, previousSecret.sealed)
      : undefined;
  if (!opened.isNewest) await sealAgain(services, webhook, stageSecrets, opened.secret, previous?.secret);
  return [opened.secret, ...(previous ? [previous.secret] : [])];
}

/**
 * Seals the secrets of a webhook with the newest secret of the stage. If the process dies before the write, or somebody
 * has changed the webhook meanwhile, the next event does it.
 */
async function sealAgain(
  { table }: DeliverWebhookServices,
  webhook: Webhook,
  [newest]: StageSecrets,
  secret: Uint8Array,
  previous: Uint8Array | undefined,
): Promise<void> {
  if (!newest) return;
  const { previousSecret, ...others } = webhook;
  await transact(table, {
    webhook: replaceWebhook(webhook, {
      ...others,
      sealedSecret: sealWebhookSecret(newest, webhook, secret),
      ...(previousSecret &&
        previous && { previousSecret: { ...previousSecret, sealed: sealWebhookSecret(newest, webhook, previous) } }),
    }),
  });
}
