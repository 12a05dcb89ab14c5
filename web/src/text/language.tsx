import { useLocalStorage } from '@mantine/hooks';
import { createContext, use, useEffect, useMemo, type ReactNode } from 'react';

/** The languages of the console, each with its name in that language. */
export const languages = { en: 'English', ja: '日本語' } as const;
export type Language = keyof typeof languages;
/** The texts of one part of the console in each language of the console. */
export type Texts<T> = Readonly<Record<Language, T>>;

interface LanguageChoice {
  readonly language: Language;
  readonly setLanguage: (language: Language) => void;
}
const LanguageContext = createContext<LanguageChoice>({ language: 'en', setLanguage: () => undefined });

const isLanguage = (text: string | null | undefined): text is Language => text != null && text in languages;
/** Returns the first of the browser's preferred languages that the console supports, or English. */
const preferred = (): Language => navigator.languages.map((tag) => tag.slice(0, 2)).find(isLanguage) ?? 'en';

/**
 * Provides the language that the person chose, or the language of the browser if there is no choice. The browser stores
 * the chosen language.
 */
export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const [chosen, setLanguage] = useLocalStorage<string | null>({
    key: 'language',
    defaultValue: null,
    getInitialValueInEffect: false,
  });
  const language = isLanguage(chosen) ? chosen : preferred();
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const value = useMemo(() => ({ language, setLanguage }), [language, setLanguage]);
  return <LanguageContext value={value}>{children}</LanguageContext>;
}

export const useLanguage = () => use(LanguageContext);

/** Returns the texts of a part of the console in the current language. */
export function useText<T>(texts: Texts<T>): T {
  return texts[useLanguage().language];
}
