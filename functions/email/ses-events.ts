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
  administratorId: z.tuple([z.string()]).optional(),
});

const sesEvents = z.discriminatedUnion('eventType', [
  published.extend({ eventType: z.literal('Bounce'), bounce: z.object({ bounceType: z.string() }) }),
  published.extend({
    eventType: z.literal('Complaint'),
    complaint: z
      .object({ complaintFeedbackType: z.string().nullish(), complaintSubType: z.string().nullish() })
      .default({}),
  }),
  published.extend({ eventType: z.literal('Reject') }),
]);

/** An event from SES. If the e-mail was an MAU alert, the tags identify the alert. */
export const sesEvent = sesEvents.transform((event) => {
  const { messageId, destination, tags } = event.mail;
  const { data: alert } = alertTags.safeParse(tags);
  return {
    ...meaningOf(event),
    to: destination[0],
    messageId,
    alert: alert && {
      customerId: alert.customerId[0],
      month: alert.month[0],
      threshold: alert.threshold[0],
      ...(alert.administratorId && { administratorId: alert.administratorId[0] }),
    },
  };
});

/**
 * Returns whether the e-mail of an event reached the recipient (`arrived`), and whether SES delivers no further e-mails
 * to the address (`isSuppressed`). SES puts an address on the account's suppression list after a permanent bounce and
 * after a complaint, and then reports each further e-mail with the subtype `OnAccountSuppressionList` instead of
 * sending it. A bounce of any other type may be temporary, for example when the mailbox is full. A complaint of the
 * type `not-spam` says that the recipient wants the e-mail. A reject is about the content of one e-mail.
 */
function meaningOf(event: z.output<typeof sesEvents>) {
  switch (event.eventType) {
    case 'Bounce':
      return { kind: 'bounce', arrived: false, isSuppressed: event.bounce.bounceType === 'Permanent' } as const;
    case 'Complaint': {
      const { complaintFeedbackType, complaintSubType } = event.complaint;
      const arrived = complaintSubType !== 'OnAccountSuppressionList';
      return { kind: 'complaint', arrived, isSuppressed: !arrived || complaintFeedbackType !== 'not-spam' } as const;
    }
    case 'Reject':
      return { kind: 'reject', arrived: false, isSuppressed: false } as const;
  }
}
