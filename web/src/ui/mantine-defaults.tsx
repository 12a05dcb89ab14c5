import { MantineThemeProvider, type MantineThemeOverride } from '@mantine/core';
import { useIsMutating } from '@tanstack/react-query';
import { useMemo, type ReactNode } from 'react';
import { useText } from '../text/language.tsx';

const texts = { en: { close: 'Close' }, ja: { close: '閉じる' } };

/**
 * Gives Mantine's own controls, which are only an icon, a name in the present language, and keeps every dialog open while
 * something is being saved: what comes of it is said there.
 */
export function MantineDefaults({ children }: { readonly children: ReactNode }) {
  const { close } = useText(texts);
  const isSaving = useIsMutating() > 0;
  const theme = useMemo(
    (): MantineThemeOverride => ({
      components: {
        Modal: {
          defaultProps: {
            closeButtonProps: { 'aria-label': close, disabled: isSaving },
            closeOnClickOutside: !isSaving,
            closeOnEscape: !isSaving,
          },
        },
        Notification: { defaultProps: { closeButtonProps: { 'aria-label': close } } },
      },
    }),
    [close, isSaving],
  );
  return <MantineThemeProvider theme={theme}>{children}</MantineThemeProvider>;
}
