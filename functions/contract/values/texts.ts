/**
 * The rules that decide whether a text is blank and whether two names are the same. The service and the console apply
 * the same rules, so this file imports nothing that a browser lacks.
 */

/**
 * Matches a text of invisible characters: white space, characters that Unicode says to ignore in display (such as a
 * zero width space, a word joiner or a Hangul filler), and BRAILLE PATTERN BLANK, which Unicode counts as a symbol.
 */
const invisible = /^[\p{White_Space}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

/** Returns whether a text shows nothing: the text is empty or has only invisible characters. */
export const isBlank = (text: string): boolean => invisible.test(text);

/**
 * Returns whether a typed name is the name that is shown. Ignores differences that a person cannot see or type: the
 * Unicode normalization form, full width and half width and other compatibility variants (NFKC), the kind and the
 * number of spaces, and invisible characters. Upper and lower case are different.
 */
export const isSameName = (typed: string, name: string): boolean => visiblePartOf(typed) === visiblePartOf(name);

/** Returns the visible part of a name in the normalization form NFKC, with one space between words. */
const visiblePartOf = (name: string) =>
  name
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .normalize('NFKC')
    .replace(/[\p{White_Space}\u2800]+/gu, ' ')
    .trim();
