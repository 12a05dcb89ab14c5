import * as z from 'zod';
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
