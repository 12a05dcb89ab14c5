import { fieldError } from '../../contract/errors/field-errors.ts';
import { InvalidInputError } from '../errors.ts';

/**
 * Throws `InvalidInputError` when an RP ID is a public suffix of the Public Suffix List (publicsuffix.org), such as
 * `com`, `co.uk` or `github.io`. Nobody owns a public suffix, and browsers refuse one as the RP ID of a domain below
 * it. Accepts names that the list does not contain, such as `localhost` and names in private networks.
 */
export async function refusePublicSuffix(rpId: string): Promise<void> {
  // The Lambda function `console` loads the list only here, because its other requests need no list.
  const { parse } = await import('tldts');
  const { publicSuffix, isIcann, isPrivate } = parse(rpId, { allowPrivateDomains: true });
  if (publicSuffix === rpId && (isIcann || isPrivate)) {
    throw new InvalidInputError([fieldError('#/rpId', 'public-suffix')]);
  }
}
