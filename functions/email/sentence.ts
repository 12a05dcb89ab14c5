declare const inert: unique symbol;
/** Text of an e-mail in which nothing that somebody else wrote can act; only `sentence` makes it. */
export type Sentence = string & { readonly [inert]: true };

/** Control characters, line ends of Unicode, and what turns the direction of the text that follows. */
const steering = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu;
/** Signs inside a word by which mail clients take it for an address and make a link of it. A byte order mark is a space to JavaScript alone. */
const linking = /(?<=[\S\ufeff])[.:/@](?=[\S\ufeff])/gu;
/** The thinnest sign that ends an address for every client; the ones of no width do not. */
const HAIR_SPACE = '\u200a';
/** An e-mail address of which no client makes a link to a website: nothing in front of the "@" begins one. */
const plainAddress = /^(?!www\.)[\w.+'-]+@(?:[a-z\d-]+\.)+[a-z]{2,}$/i;

/** Text that nobody but us wrote, such as an amount: nothing in it can act. */
export class OwnText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/**
 * An e-mail address of which the service knows whose it is: a link that went there was opened, or the operator vouches for
 * it. It can be read and copied; all that a client may make of it is an e-mail to that person.
 */
export class KnownAddress {
  readonly email: string;
  constructor(email: string) {
    this.email = email;
  }
}

/**
 * Makes text of a template. What is put in, such as the name of a customer, may be an attacker's, who signs up with a
 * stranger's address: it becomes one line, and no mail client makes a link of "evil.example" in it.
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
