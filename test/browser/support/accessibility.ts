import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** Gives what axe finds wrong with a page as it is now: a rule, how much it matters, and each element, a line each. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, impact, help, nodes }) =>
    nodes.map(
      ({ target, failureSummary = '' }) =>
        `${id} (${impact ?? 'unknown'}): ${help}: ${target.join(' ')}: ${failureSummary.replaceAll(/\s+/g, ' ')}`,
    ),
  );
}
