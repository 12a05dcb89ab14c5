import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/**
 * Returns the faults that axe, an accessibility checker, finds on the current page. Each string describes one faulty
 * element, and contains the broken rule and the impact of the fault.
 */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  // In its legacy mode, axe checks the page itself. In its default mode, axe opens a second page for each check. The
  // second page is necessary only if a page has frames of other origins.
  // By default, axe also describes each element without a fault, which takes half of the time.
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode()
    .options({ resultTypes: ['violations'] })
    .analyze();
  return violations.flatMap(({ id, impact, help, nodes }) =>
    nodes.map(
      ({ target, failureSummary = '' }) =>
        `${id} (${impact ?? 'unknown'}): ${help}: ${target.join(' ')}: ${failureSummary.replaceAll(/\s+/g, ' ')}`,
    ),
  );
}
