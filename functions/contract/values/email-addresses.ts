import { asciiDomainOf, isDomainName } from './domain-names.ts';

/**
 * Matches the part of an e-mail address before the @: a dot-atom of RFC 5322, 3.2.3, with at most 64 characters (RFC
 * 5321, 4.5.3.1.1). Mail systems hardly use the other forms, quoted texts and Unicode, and SES accepts no Unicode here.
 */
const localPart = /^(?=.{1,64}$)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;

/**
 * Converts an e-mail address to lower case and its domain to ASCII (punycode), so that all spellings of an address are
 * equal. SES, too, takes domains only in ASCII. Returns a text that is not an e-mail address unchanged.
 */
export function asciiAddressOf(text: string): string {
  const [local, domain] = partsOf(text);
  // A character outside ASCII may become an ASCII letter in lower case, such as the Kelvin sign, which becomes "k".
  return localPart.test(local) ? `${local.toLowerCase()}@${asciiDomainOf(domain)}` : text;
}

/**
 * Returns whether a text is an e-mail address as `asciiAddressOf` returns it. The domain must have at least two labels,
 * and at least two characters in the last label, as every domain in the public DNS has.
 */
export function isEmailAddress(text: string): boolean {
  const [local, domain] = partsOf(text);
  return localPart.test(local) && isDomainName(domain) && /\.[^.]{2,}$/.test(domain);
}

const partsOf = (text: string) => {
  const at = text.lastIndexOf('@');
  return [text.slice(0, Math.max(at, 0)), text.slice(at + 1)] as const;
};
