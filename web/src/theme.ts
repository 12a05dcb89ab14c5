import { createTheme, type CSSVariablesResolver } from '@mantine/core';

export const theme = createTheme({
  primaryColor: 'blue',
  // WCAG requires a contrast of 4.5 for text. White text has a contrast of 5.6 on Mantine's colour blue 8, but only 3.6
  // on blue 6, which is Mantine's default.
  primaryShade: 8,
  respectReducedMotion: true,
  fontFamily: 'system-ui, "Hiragino Sans", "Noto Sans CJK JP", "Yu Gothic UI", sans-serif',
  components: {
    // Most header cells of tables are column headers. A row header sets `scope` itself.
    TableTh: { defaultProps: { scope: 'col' } },
    // The title of a dialog can have more than one line.
    ModalTitle: { defaultProps: { fw: 600, lh: 'sm' } },
    // Mantine renders a <header>, which screen readers would announce as a second banner of the page.
    ModalHeader: { defaultProps: { role: 'presentation' } },
  },
});

/**
 * Replaces Mantine's colours that have too little contrast: dimmed text (3.3 on white), titles of yellow alerts (2.7),
 * green badges (3.8), field errors (3.3) and links in blue alerts (4.1).
 */
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
