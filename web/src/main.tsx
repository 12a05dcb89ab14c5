import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import { createTheme, MantineProvider } from '@mantine/core';
import { ModalsProvider } from '@mantine/modals';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient } from './api/query-client.ts';
import { App } from './app.tsx';
import { LanguageProvider } from './text/language.tsx';
import { LabelledControls } from './ui/labelled-controls.tsx';

const theme = createTheme({
  primaryColor: 'blue',
  // White on blue 8 has a contrast of 5.6; on Mantine's usual blue 6 it is 3.6, where WCAG wants 4.5.
  primaryShade: 8,
  fontFamily: 'system-ui, "Hiragino Sans", "Noto Sans CJK JP", "Yu Gothic UI", sans-serif',
});

const root = document.getElementById('root');
if (!root) throw new Error('The page has no element "root"');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <MantineProvider theme={theme} defaultColorScheme="auto">
        <LanguageProvider>
          <LabelledControls>
            <ModalsProvider>
              <Notifications />
              <App />
            </ModalsProvider>
          </LabelledControls>
        </LanguageProvider>
      </MantineProvider>
    </QueryClientProvider>
  </StrictMode>,
);
