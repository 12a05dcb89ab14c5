declare const inert: unique symbol;
/**
 * A text in an e-mail, such as the subject or a paragraph. Words that a user has entered can neither become a link in
 * the text nor start a new line. Only the function `sentence` creates values of this type.
 */
export type Sentence = string & { readonly [inert]: true };

/** Control characters, Unicode line separators, and characters that change the direction of the text after them. */
const steering = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu;
/**
 * The characters inside a word that make mail clients turn the word into a link. The pattern contains `\ufeff` (the
 * byte order mark), because `\S` does not match a byte order mark, but mail clients treat a byte order mark as a part
 * of the word.
 */
const linking = /(?<=[\S\ufeff])[.:/@](?=[\S\ufeff])/gu;
/**
 * The thinnest space that every mail client treats as the end of a web address. A zero-width character does not end a
 * web address in every mail client.
 */
const HAIR_SPACE = '\u200a';
/**
 * An e-mail address that no mail client turns into a link to a website: the part before the "@" does not look like the
 * start of a web address.
 */
const plainAddress = /^(?!www\.)[\w.+'-]+@(?:[a-z\d-]+\.)+(?:[a-z]{2,}|xn--[a-z\d-]+)$/i;

/** Text that the service itself has created, such as an amount. `sentence` inserts such text unchanged. */
export class OwnText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/**
 * An e-mail address whose owner the service knows: the owner opened a link that was sent to the address, or the
 * operator entered the address. `sentence` inserts the address unchanged, so that readers can copy the address. The
 * only risk is that a mail client turns the address into a link that opens a new e-mail to the owner of the address.
 */
export class KnownAddress {
  readonly email: string;
  constructor(email: string) {
    this.email = email;
  }
}

/**
 * Builds the text of an e-mail from a template. An attacker can sign up with a stranger's e-mail address and with a
 * customer name of the attacker's choice. The service then sends the attacker's text to the stranger. So this function
 * keeps inserted text on one line, and changes inserted words such as "evil.example" so that no mail client turns the
 * words into links.
 */
export function sentence(
  parts: TemplateStringsArray,
  ...values: readonly (string | OwnText | KnownAddress)[]
): Sentence {
  return String.raw({ raw: parts }, ...values.map(harmless)) as Sentence;
}

function harmless(value: string | OwnText | KnownAddress): string {
  if (value instanceof OwnText) return value.text;
  if (value instanceof KnownAddress) return plainAddress.test(value.email) ? value.email : harmless(value.email);
  return value.replace(steering, ' ').replace(linking, (sign) => sign + HAIR_SPACE);
}
