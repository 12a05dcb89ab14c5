import { Badge } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { createContext, use } from 'react';

/** A part of the console that looks different from the pages of administrators. */
export interface Site {
  /** The name of the part, in the current language. */
  readonly name: string;
  /** One of Mantine's colours. */
  readonly color: string;
}

/** The part of the console to which the pages belong. Null for the pages of administrators. */
export const SiteContext = createContext<Site | null>(null);

/** Shows the name of the part of the console, and nothing on the pages of administrators. */
export function SiteMark() {
  const site = use(SiteContext);
  return (
    site && (
      <Badge color={site.color} radius="sm" tt="none" style={{ flexShrink: 0 }}>
        {site.name}
      </Badge>
    )
  );
}

/** Sets the title of the browser's tab: the given title, the part of the console, and the service. */
export function useTabTitle(title: string): void {
  const site = use(SiteContext);
  useDocumentTitle(`${title} – ${site ? `${site.name} – ` : ''}FIDO2 Server Service`);
}
