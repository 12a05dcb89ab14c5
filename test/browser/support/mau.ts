import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { MauView } from '../../../functions/contract/customers.ts';
import type { Person } from './people.ts';

/** The rows of an MAU table. The keys are the RP IDs and "Total". Each value lists the formatted MAU of each month. */
export type Maus = Record<string, string[]>;

/** The months in which there can be active users: from the registration of an RP until its removal. */
interface Counted {
  readonly registeredIn: string;
  readonly removedIn: string | null;
}

/** Returns the numbers as the screen shows them: a month without active users in which there could be none has a dash. */
export const written = (
  { months }: Pick<MauView, 'months'>,
  numbers: readonly number[],
  { registeredIn, removedIn }: Counted,
) =>
  numbers.map((users, index) => {
    const month = months[index] ?? '';
    const isOutside = month < registeredIn || month > (removedIn ?? month);
    return users === 0 && isOutside ? '–' : users.toLocaleString('en-US');
  });

/** Returns the months in which a customer can have active users. */
export const countedOf = ({ signedUpIn }: MauView): Counted => ({ registeredIn: signedUpIn, removedIn: null });

/** Reads the MAU view of the last `months` months from the API. */
export async function mauOf({ call }: Person, months: 3 | 6 | 12): Promise<MauView> {
  return (await call(`GET /v1/customer/mau?months=${months}`)).body as MauView;
}

/**
 * Returns the expected table for an MAU view, newest month first. The table shows how the users of the total were
 * counted if one of them was measured.
 */
export const tableFor = (view: MauView): Maus => {
  const { rps, total, measuredTotal } = view;
  const cells = (numbers: readonly number[], counted = countedOf(view)) => written(view, numbers, counted).toReversed();
  const reported = total.map((users, index) => users - (measuredTotal[index] ?? 0));
  return Object.fromEntries([
    ['Total', cells(total)],
    ...(measuredTotal.some((users) => users > 0)
      ? ([
          ['Measured here', cells(measuredTotal)],
          ['Reported by RPs', cells(reported)],
        ] as const)
      : []),
    ...rps.map((rp) => [rp.rpId, cells(rp.mau, rp)] as const),
  ]);
};

/** Returns the numbers in the table below the graph, or an empty object while there is no table. */
export async function tableIn(page: Page): Promise<Maus> {
  const rows = await mauTable(page).locator('tbody').getByRole('row').all();
  const entries = rows.map(async (row) => {
    const name = await row.getByRole('rowheader').innerText();
    return [name.split('\n').at(-1) ?? '', await row.getByRole('cell').allInnerTexts()] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

export const mauTable = (page: Page) => page.getByRole('group', { name: 'MAU by RP and month' }).getByRole('table');

/** The element of the graph that takes the keyboard focus. */
export const graph = (page: Page) => page.getByRole('application', { name: /^Graph of the MAU/ });

const tooltip = async (page: Page) =>
  (await page.locator('.recharts-tooltip-wrapper').innerText()).split('\n').filter((line) => line !== '');

/**
 * Goes through the graph by keyboard, oldest month first, and returns the tooltip of each month, such as `['Nov 2026
 * (in progress)', 'Total', '36', 'Harbor Shop', '20']`. Call this function only once on a page, because the graph
 * remembers the selected month.
 */
export async function readGraph(page: Page, months: number): Promise<string[][]> {
  await graph(page).focus();
  const said: string[][] = [];
  while (said.length < months) {
    if (said.length > 0) await page.keyboard.press('ArrowRight');
    const [before] = said.at(-1) ?? [];
    await expect.poll(async () => (await tooltip(page))[0] ?? before).not.toBe(before);
    said.push(await tooltip(page));
  }
  return said;
}

/** Returns the names of the graph's lines, read from the tooltip under the pointer. */
export async function linesIn(page: Page): Promise<string[]> {
  await graph(page).hover();
  return (await tooltip(page)).filter((_, index) => index % 2 === 1);
}
