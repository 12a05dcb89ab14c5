/** The languages in which the service writes e-mails. */
export const languages = ['en', 'ja'] as const;
export type Language = (typeof languages)[number];

/** Returns the language of a person. People whose item was stored before the service knew languages read English. */
export const languageOf = ({ language = 'en' }: { readonly language?: Language | undefined }): Language => language;

const isLanguage = (tag: string): tag is Language => (languages as readonly string[]).includes(tag);

/**
 * Returns the language that the header `Accept-Language` prefers among the languages of the e-mails. Returns English
 * when the header is absent or names none of them. RFC 9110, section 12.5.4: the weight `q` is 1 by default, and the
 * weight 0 means that the language is not acceptable.
 */
export function preferredLanguage(acceptLanguage: string | undefined): Language {
  const accepted = (acceptLanguage ?? '').split(',').flatMap((range) => {
    const [tag = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const language = tag.split('-')[0] ?? '';
    const q = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
    return isLanguage(language) && Number(q) > 0 ? [{ language, weight: Number(q) }] : [];
  });
  // The sort is stable, so the earlier of two languages with the same weight wins.
  return accepted.sort((a, b) => b.weight - a.weight)[0]?.language ?? 'en';
}
