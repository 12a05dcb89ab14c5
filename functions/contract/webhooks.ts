import * as z from 'zod';
import type { Contract } from './contract.ts';
import { fault } from './errors/field-errors.ts';
import { time } from './values/values.ts';

const MAX_URL = 2_000;
/**
 * Returns whether a text is the URL of a webhook: with `https`, or with `http` if it leads to this machine, which only
 * the service on one machine accepts. A user name, a password or a fragment would never reach the receiver.
 */
function isWebhookUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url?.username !== '' || url.password !== '' || url.hash !== '' || /\s/.test(text)) return false;
  return (
    url.protocol === 'https:' || (url.protocol === 'http:' && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname))
  );
}

const webhookUrl = z
  .string()
  .max(MAX_URL, { abort: true })
  .refine(isWebhookUrl, fault('not-a-webhook-url'))
  .transform((text) => new URL(text).href)
  .meta({
    description:
      'The URL that receives the events. It begins with https, and has no user name, no password and no fragment. Only the service on one machine accepts http, for localhost',
    examples: ['https://example.com/fido2-events'],
  });

const delivery = z
  .object({
    id: z.string().meta({ description: 'The ID of the event, which the header `webhook-id` contains' }),
    type: z.enum(['mau.threshold-exceeded', 'webhook.test']),
    createdAt: time,
    status: z.enum(['pending', 'delivered', 'failed']).meta({
      description: '`failed`: the service does not try again',
    }),
    attempts: z.int().nonnegative().meta({ description: 'How many attempts have begun' }),
    lastAttemptAt: time.nullable(),
    nextAttemptAt: time.nullable().meta({ description: 'Null unless the status is `pending`' }),
    responseStatus: z
      .int()
      .nullable()
      .meta({ description: 'The status of the response to the last attempt. Null if there was no response' }),
    failure: z
      .enum(['status', 'timed-out', 'unreachable', 'private-address', 'secret-lost', 'interrupted'])
      .nullable()
      .meta({
        description:
          'Why the last attempt failed. `status`: the response had another status than 2xx, such as a redirect. `timed-out`: there was no response within 10 seconds. `unreachable`: there was no connection, or no valid TLS certificate. `private-address`: the host name leads to an address that is not public. `secret-lost`: the service can no longer sign with the secret; rotate it. `interrupted`: the service does not know the outcome. Null if the last attempt did not fail',
      }),
  })
  .meta({ id: 'WebhookDelivery' });
export type WebhookDeliveryView = z.output<typeof delivery>;

const webhook = z
  .object({
    url: z.string().meta({ description: 'Only the origin of the URL if you may not set the webhook' }),
    createdAt: time,
    secretCreatedAt: time.meta({ description: 'When the secret was created or last rotated' }),
    previousSecretEndsAt: time.nullable().meta({
      description: 'Until when the replaced secret signs the events too. Null if it does not',
    }),
    deliveries: z.array(delivery).meta({
      description: 'The last 20 deliveries, the latest first. The service keeps them for 30 days',
    }),
  })
  .meta({ id: 'Webhook' });
export type WebhookView = z.output<typeof webhook>;

export const getWebhookContract = {
  summary: 'Read the webhook of the customer and its last deliveries',
  answer: {
    status: 200,
    description: 'The webhook. For a moment, the list may lack the latest deliveries',
    body: z.object({ webhook: webhook.nullable().meta({ description: 'Null if the customer has no webhook' }) }),
  },
} as const satisfies Contract;

const webhookWithSecret = z.object({
  webhook,
  secret: z
    .string()
    .nullable()
    .meta({
      description:
        'The new secret that signs the events, as the Standard Webhooks specification writes it. The service shows it only in this response. Null if the request created no secret',
      examples: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw3bDyTYUqNPY='],
    }),
});
export type WebhookWithSecret = z.output<typeof webhookWithSecret>;

export const setWebhookContract = {
  summary:
    'Set the URL of the webhook. The service sends an event to it when the MAU of a month exceeds a threshold of the MAU alert. If you have a passkey, you must have signed in within the last 5 minutes',
  body: z.strictObject({ url: webhookUrl }),
  answer: {
    status: 200,
    description: 'The webhook. The response contains a secret only if the customer had no webhook',
    body: webhookWithSecret,
  },
} as const satisfies Contract;

export const rotateWebhookSecretContract = {
  summary:
    'Replace the secret of the webhook. For 24 hours, the events have a signature with each of the two secrets. If you have a passkey, you must have signed in within the last 5 minutes',
  answer: { status: 200, description: 'The webhook and its new secret', body: webhookWithSecret },
} as const satisfies Contract;

export const testWebhookContract = {
  summary: 'Send a test event to the webhook, at most every 10 seconds. The service tries to deliver it once',
  answer: { status: 202, description: 'The delivery, which is pending', body: delivery },
} as const satisfies Contract;

export const removeWebhookContract = {
  summary: 'Remove the webhook. The service no longer tries to deliver pending events',
  answer: { status: 204, description: 'The customer has no webhook' },
} as const satisfies Contract;
