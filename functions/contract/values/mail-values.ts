import * as z from 'zod';
import { languages } from '../../domain/mail/languages.ts';
import type { NoticeKind } from '../../domain/mail/notice-kinds.ts';
import { fault } from '../errors/field-errors.ts';
import { asciiAddressOf, isEmailAddress } from './email-addresses.ts';

/**
 * An e-mail address, which the schema trims and converts to lower case and ASCII. The service treats two addresses as
 * the same if they are equal after this conversion. An address has at most 254 characters (RFC 3696, erratum 1690).
 */
export const emailAddress = z
  .string()
  .trim()
  .max(254, { abort: true })
  .overwrite(asciiAddressOf)
  .max(254, { abort: true }) // punycode may be longer than Unicode
  .refine(isEmailAddress, fault('not-an-email'))
  .meta({
    description:
      'E-mail address. Upper and lower case are the same, and spaces around the address are ignored. The domain may be in Unicode or in ASCII (punycode). Responses contain it in ASCII. The part before the @ must be in ASCII and without quotation marks',
    examples: ['alice@example.com'],
  });

/**
 * The body of the response to a request that makes the service send an e-mail. The body is always the same, so that the
 * response does not reveal whether an administrator has a given e-mail address.
 */
export const mailAccepted = z.object({
  detail: z.string(),
  linkLimit: z.object({ atOnce: z.int(), thenEveryMinutes: z.int() }).meta({
    description:
      'How many links you can request for one address: `atOnce` in a row, and after that one every `thenEveryMinutes` minutes. For a request beyond this limit, the service sends no e-mail',
  }),
});

/** A language of e-mails. */
export const language = z.enum(languages).meta({ description: 'The language of the e-mails to the administrator' });

const settings = {
  language,
  notices: z.strictObject({
    license: z.boolean().meta({ description: 'The operator set a license, or a license ends or has ended' }),
    users: z.boolean().meta({ description: 'At least 80 % of the users that a Free license allows are registered' }),
    statements: z.boolean().meta({ description: 'The statement of a month is ready' }),
  } satisfies Record<NoticeKind, z.ZodBoolean>),
};
/** New settings of the e-mails to an administrator: the language, and which notices the administrator gets. */
export const newMailSettings = z.strictObject(settings);
/** The settings of the e-mails to an administrator. */
export const mailSettings = z.object(settings).meta({ id: 'MailSettings' });
export type MailSettings = z.output<typeof mailSettings>;
