import * as z from 'zod';
import type { Contract } from './contract.ts';
import { AUDIT_KINDS, AUDIT_TOPICS } from './values/audit-kinds.ts';
import { auditCursor } from './values/audit-cursor.ts';
import { listOf, page } from './values/pages.ts';
import { givenId, jsonObject, month, time } from './values/values.ts';

/** An entry of a customer's activity. */
export const auditEntry = z
  .object({
    id: z.string(),
    at: time,
    kind: z.enum(AUDIT_KINDS).meta({
      description: 'The kind of the change. A later version of the service may have further kinds',
      examples: ['api-key-created'],
    }),
    by: z
      .object({
        type: z.enum(['administrator', 'operator', 'service']).meta({
          description: '`operator` is the operator of the service, and `service` the service itself, by a schedule',
        }),
        id: z.string().nullable().meta({ description: 'The ID of the administrator. Null for others' }),
        name: z.string().nullable().meta({
          description: 'The name that the administrator had at that time, at most 80 bytes. Null for others',
        }),
      })
      .meta({ description: 'The author of the change' }),
    ipAddress: z
      .string()
      .nullable()
      .meta({ description: 'The IP address of the request. Null if no request of an administrator made the change' }),
    userAgent: z.string().nullable().meta({ description: 'The shortened header `User-Agent` of the request' }),
    subject: z
      .object({
        id: z.string(),
        name: z.string().nullable().meta({ description: 'The name at that time, at most 80 bytes' }),
      })
      .nullable()
      .meta({ description: 'The thing that was changed, such as an API key. Null if the kind says everything' }),
    rp: z.string().nullable().meta({ description: "The service's own ID of the RP to which the subject belongs" }),
    before: jsonObject.nullable().meta({ description: 'The old values that changed, shortened. Never a secret' }),
    after: jsonObject.nullable().meta({ description: 'The new values that changed, shortened. Never a secret' }),
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntryView = z.output<typeof auditEntry>;

export const listAuditEntriesContract = {
  summary:
    'List what was changed in the customer, by whom, when and from where: the activity of administrators, of the operator and of the service itself. The list contains changes, sign-ins and exports of the last 13 months, the latest first. Calls with API keys are not listed. With `by` or `topic`, the service examines at most 1,000 entries for a page, so a page can have fewer entries than `limit`, or none, although there is a next page. The CSV ignores `limit`: it contains all entries, or the latest of them if they take more than 5 MB, or if the service has examined 20,000 entries. The header `Link` then names the URL of the next CSV',
  query: page.extend({
    cursor: auditCursor.optional(),
    month: month.optional().meta({ description: 'Only entries of this month. Default: the last 13 months' }),
    by: z
      .union([z.enum(['operator', 'service']), givenId('adm')])
      .optional()
      .meta({ description: 'Only what this author did: the ID of an administrator, `operator` or `service`' }),
    topic: z.enum(AUDIT_TOPICS).optional().meta({ description: 'Only entries about this topic' }),
  }),
  answer: {
    status: 200,
    description: 'A page of entries. For a moment, the list may lack the latest',
    body: listOf(auditEntry),
    csv: true,
    link: true,
  },
} as const satisfies Contract;
