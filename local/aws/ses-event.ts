import type { SNSEvent } from 'aws-lambda';
import * as z from 'zod';
import type { OutboxMail } from './outbox.ts';

/** The body of `POST /_local/mail/{id}/events`: the type of an SES event, and fields of the event. */
const body = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('bounce'),
    bounceType: z.enum(['Permanent', 'Transient', 'Undetermined']).default('Permanent'),
    bounceSubType: z.string().default('General'),
  }),
  z.object({
    type: z.literal('complaint'),
    complaintFeedbackType: z.string().nullable().default('abuse'),
    complaintSubType: z.string().nullable().default(null),
  }),
]);

/**
 * Returns the SNS message in which SES reports a bounce of an e-mail or a complaint about it. `json` is the body of a
 * request. Returns undefined if the body is malformed.
 */
export function sesEventOf({ id, to, tags = {} }: OutboxMail, json: string): SNSEvent | undefined {
  const parsed = body.safeParse(parseJson(json));
  if (!parsed.success) return undefined;
  const { type, ...fields } = parsed.data;
  const lists = Object.entries(tags).map(([name, value]) => [name, [value]]);
  const event = {
    ...(type === 'bounce' ? { eventType: 'Bounce', bounce: fields } : { eventType: 'Complaint', complaint: fields }),
    mail: { messageId: id, destination: [to], tags: Object.fromEntries(lists) as object },
  };
  return { Records: [{ Sns: { Message: JSON.stringify(event) } }] } as SNSEvent;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
