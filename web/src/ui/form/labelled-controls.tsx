import { MantineThemeProvider, type MantineThemeOverride } from '@mantine/core';
import type { ReactNode } from 'react';
import { useLanguage, type Language } from '../../text/language.tsx';

const themeOf = (close: string): MantineThemeOverride => ({
  components: { Notification: { defaultProps: { closeButtonProps: { 'aria-label': close } } } },
});
const themes: Readonly<Record<Language, MantineThemeOverride>> = { en: themeOf('Close'), ja: themeOf('閉じる') };

/**
 * Sets the accessible name of the Close button in Mantine's notifications to a text in the current language. The button
 * needs this name because it shows only an icon. Dialogs name their own Close buttons.
 */
export function LabelledControls({ children }: { readonly children: ReactNode }) {
  const { language } = useLanguage();
  return <MantineThemeProvider theme={themes[language]}>{children}</MantineThemeProvider>;
}
