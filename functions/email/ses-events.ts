import * as z from 'zod';

/** What SES publishes of an e-mail with our configuration set, as far as we look at it. Each e-mail goes to one address. */
const published = z.object({
  mail: z.object({
    messageId: z.string(),
    destination: z.tuple([z.string().trim().toLowerCase()]),
    tags: z.record(z.string(), z.array(z.string())).default({}),
  }),
});
/** The tags of an alert, each a list of one text. */
const alertTags = z.object({
  customerId: z.tuple([z.string()]),
  month: z.tuple([z.string()]),
  threshold: z.tuple([z.string().regex(/^\d+$/).transform(Number)]),
});

/**
 * An event of SES. A bounce may be of one moment, such as a full mailbox; a complaint or a reject means that nothing is to
 * be sent to the address any more. The tags say which alert it is, if it is one.
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
