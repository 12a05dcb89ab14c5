declare const inert: unique symbol;
/** Text of an e-mail in which nothing that somebody else wrote can act; only `sentence` makes it. */
export type Sentence = string & { readonly [inert]: true };

/** Control characters, line ends of Unicode, and what turns the direction of the text that follows. */
const steering = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu;
/** Signs inside a word by which mail clients take it for an address and make a link of it. */
const linking = /(?<=\S)[.:/@](?=\S)/gu;
/** The thinnest sign that ends an address for every client; the ones of no width do not. */
const HAIR_SPACE = '\u200a';

/** Text that nobody but us wrote, such as an amount: nothing in it can act. */
export class OwnText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/**
 * Makes text of a template. What is put in, such as the name of a customer, may be an attacker's, who signs up with a
 * stranger's address: it becomes one line, and no mail client makes a link of "evil.example" in it.
 */
export function sentence(parts: TemplateStringsArray, ...values: readonly (string | OwnText)[]): Sentence {
  const harmless = values.map((value) =>
    value instanceof OwnText ? value.text : value.replace(steering, ' ').replace(linking, (sign) => sign + HAIR_SPACE),
  );
  return String.raw({ raw: parts }, ...harmless) as Sentence;
}
