import { MantineThemeProvider, type MantineThemeOverride } from '@mantine/core';
import type { ReactNode } from 'react';
import { useLanguage, type Language } from '../../text/language.tsx';

const themeOf = (close: string): MantineThemeOverride => ({
  components: { Notification: { defaultProps: { closeButtonProps: { 'aria-label': close } } } },
});
const themes: Readonly<Record<Language, MantineThemeOverride>> = { en: themeOf('Close'), ja: themeOf('閉じる') };

/** Gives Mantine's own controls, which are only an icon, a name in the present language. Those of dialogs have theirs. */
export function LabelledControls({ children }: { readonly children: ReactNode }) {
  const { language } = useLanguage();
  return <MantineThemeProvider theme={themes[language]}>{children}</MantineThemeProvider>;
}
