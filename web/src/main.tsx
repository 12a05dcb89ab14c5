import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './base.css';
import './forced-colors.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient } from './api/query-client.ts';
import { App } from './app.tsx';
import { printInLight } from './print.ts';
import { LanguageProvider } from './text/language.tsx';
import { resolveColors, theme } from './theme.ts';
import { Boundary } from './ui/page/boundary.tsx';
import { FailedPage } from './ui/page/failed-page.tsx';
import { LabelledControls } from './ui/form/labelled-controls.tsx';
import { reload } from './ui/page/reload.ts';

const root = document.getElementById('root');
if (!root) throw new Error('The page has no element "root"');
printInLight();
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <MantineProvider theme={theme} cssVariablesResolver={resolveColors} defaultColorScheme="auto">
        <LanguageProvider>
          <LabelledControls>
            <Boundary fallback={<FailedPage error={null} onRetry={reload} />}>
              <Notifications zIndex={150} />
              <App />
            </Boundary>
          </LabelledControls>
        </LanguageProvider>
      </MantineProvider>
    </QueryClientProvider>
  </StrictMode>,
);
