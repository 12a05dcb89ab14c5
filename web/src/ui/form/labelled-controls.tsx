import { MantineThemeProvider, type MantineThemeOverride } from '@mantine/core';
import type { ReactNode } from 'react';
import { useLanguage, type Language } from '../../text/language.tsx';

const themeOf = (close: string): MantineThemeOverride => ({
  components: { Notification: { defaultProps: { closeButtonProps: { 'aria-label': close } } } },
});
const themes: Readonly<Record<Language, MantineThemeOverride>> = { en: themeOf('Close'), ja: themeOf('閉じる') };

/**
 * Sets the accessible names of the controls in Mantine's notifications in the current language, because these controls
 * show only an icon. Dialogs name their controls themselves.
 */
export function LabelledControls({ children }: { readonly children: ReactNode }) {
  const { language } = useLanguage();
  return <MantineThemeProvider theme={themes[language]}>{children}</MantineThemeProvider>;
}
