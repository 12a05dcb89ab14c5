import { domainToASCII, domainToUnicode } from 'node:url';

/**
 * Matches an ASCII character that no domain name contains. `domainToASCII` would accept a text with such a character,
 * because `domainToASCII` cuts off a path, decodes escapes and removes tabs.
 */
const neverInDomains = /[^A-Za-z0-9.\u0080-\u{10ffff}-]/u;
const ascii = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*(?!\d+$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * Converts a domain name to lower case and ASCII (punycode, RFC 5891), so that all spellings of the name are equal.
 * Returns a text that is not a domain name unchanged, and `isDomainName` is false for such a text.
 */
export const asciiDomainOf = (name: string): string => (neverInDomains.test(name) ? name : domainToASCII(name) || name);

/**
 * Returns whether a text is a domain name in ASCII and lower case: at most 253 characters, and labels of at most 63
 * characters (RFC 1035, 2.3.4). The last label is not a number, because the text would then be an IPv4 address. Each
 * label in punycode must be valid.
 */
export const isDomainName = (text: string): boolean => ascii.test(text) && !hasMalformedPunycode(text);

/**
 * Returns whether a domain name in ASCII has a malformed label in punycode. `domainToUnicode` returns such a label
 * unchanged, and `domainToASCII` does not check a name that is already in ASCII.
 */
const hasMalformedPunycode = (name: string) =>
  domainToUnicode(name)
    .split('.')
    .some((label) => label.startsWith('xn--'));
