import * as z from 'zod';

/**
 * The fields that the service reads from an event that SES publishes for the service's configuration set. `destination`
 * has one element, because the service sends each e-mail to one recipient.
 */
const published = z.object({
  mail: z.object({
    messageId: z.string(),
    destination: z.tuple([z.string().trim().toLowerCase()]),
    tags: z.record(z.string(), z.array(z.string())).default({}),
  }),
});
/** The tags of an MAU alert. SES sends each tag as a list with one value. */
const alertTags = z.object({
  customerId: z.tuple([z.string()]),
  month: z.tuple([z.string()]),
  threshold: z.tuple([z.string().regex(/^\d+$/).transform(Number)]),
});

/**
 * An event from SES. A bounce may be temporary, for example when the mailbox is full. The service treats every
 * complaint and every reject as permanent. If the e-mail was an MAU alert, the tags identify the alert.
 */
export const sesEvent = z
  .discriminatedUnion('eventType', [
    published.extend({ eventType: z.literal('Bounce'), bounce: z.object({ bounceType: z.string() }) }),
    published.extend({ eventType: z.literal('Complaint') }),
    published.extend({ eventType: z.literal('Reject') }),
  ])
  .transform((event) => {
    const { messageId, destination, tags } = event.mail;
    const { data: alert } = alertTags.safeParse(tags);
    return {
      kind: ({ Bounce: 'bounce', Complaint: 'complaint', Reject: 'reject' } as const)[event.eventType],
      isForGood: event.eventType !== 'Bounce' || event.bounce.bounceType === 'Permanent',
      to: destination[0],
      messageId,
      alert: alert && {
        customerId: alert.customerId[0],
        month: alert.month[0],
        threshold: alert.threshold[0],
      },
    };
  });
