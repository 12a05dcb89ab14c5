import { createTheme, type CSSVariablesResolver } from '@mantine/core';

export const theme = createTheme({
  primaryColor: 'blue',
  // White on blue 8 has a contrast of 5.6; on Mantine's usual blue 6 it is 3.6, where WCAG wants 4.5.
  primaryShade: 8,
  respectReducedMotion: true,
  fontFamily: 'system-ui, "Hiragino Sans", "Noto Sans CJK JP", "Yu Gothic UI", sans-serif',
  components: {
    // Heads of rows say so themselves.
    TableTh: { defaultProps: { scope: 'col' } },
    // It may have more than one line.
    ModalTitle: { defaultProps: { fw: 600, lh: 'sm' } },
    // Mantine makes it a <header>, which would be a second banner beside the page's.
    ModalHeader: { defaultProps: { role: 'presentation' } },
  },
});

/** Colours of Mantine's that have too little contrast, replaced: dimmed text has 3.3 on white, titles of yellow alerts 2.7, green badges 3.8, errors of fields 3.3, links in blue alerts 4.1. */
export const resolveColors: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-anchor': 'var(--mantine-color-blue-9)',
    '--mantine-color-dimmed': 'var(--mantine-color-gray-7)',
    '--mantine-color-error': 'var(--mantine-color-red-9)',
    '--mantine-color-placeholder': 'var(--mantine-color-gray-7)',
    '--mantine-color-green-light-color': '#1b5e2a',
    '--mantine-color-yellow-light-color': '#7d4e00',
    '--mantine-color-orange-light-color': '#7d4e00',
  },
  dark: {
    '--mantine-color-dimmed': 'var(--mantine-color-dark-1)',
    '--mantine-color-error': 'var(--mantine-color-red-4)',
    '--mantine-color-placeholder': 'var(--mantine-color-dark-1)',
  },
});
