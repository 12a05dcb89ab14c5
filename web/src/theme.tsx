import { createTheme, MantineProvider, type CSSVariablesResolver } from '@mantine/core';
import type { ReactNode } from 'react';
import { useText } from './text/language.tsx';

const themeWith = ({ close }: { readonly close: string }) =>
  createTheme({
    primaryColor: 'blue',
    // White on blue 8 has a contrast of 5.6; on Mantine's usual blue 6 it is 3.6, where WCAG wants 4.5.
    primaryShade: 8,
    fontFamily: 'system-ui, "Hiragino Sans", "Noto Sans CJK JP", "Yu Gothic UI", sans-serif',
    components: {
      // It shows a cross only.
      CloseButton: { defaultProps: { 'aria-label': close } },
      // It is a `<header>`, which would be a second banner of the page.
      ModalHeader: { defaultProps: { role: 'presentation' } },
    },
  });
const themes = { en: themeWith({ close: 'Close' }), ja: themeWith({ close: '閉じる' }) };

/** Colours of Mantine's with too little contrast, replaced: of dimmed text (3.3), errors (3.3), yellow alerts (2.7), green badges (3.8). */
const resolveColors: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': 'var(--mantine-color-gray-7)',
    '--mantine-color-placeholder': 'var(--mantine-color-gray-7)',
    '--mantine-color-error': 'var(--mantine-color-red-9)',
    '--mantine-color-green-light-color': '#1b5e2a',
    '--mantine-color-yellow-light-color': '#7d4e00',
    '--mantine-color-orange-light-color': '#7d4e00',
  },
  dark: {
    '--mantine-color-dimmed': 'var(--mantine-color-dark-1)',
    '--mantine-color-placeholder': 'var(--mantine-color-dark-1)',
    '--mantine-color-error': 'var(--mantine-color-red-4)',
  },
});

/** Gives everything inside the looks of the console. */
export function Themed({ children }: { readonly children: ReactNode }) {
  return (
    <MantineProvider theme={useText(themes)} cssVariablesResolver={resolveColors} defaultColorScheme="auto">
      {children}
    </MantineProvider>
  );
}
