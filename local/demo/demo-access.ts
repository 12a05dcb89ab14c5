import { readFile, writeFile } from 'node:fs/promises';
import * as z from 'zod';
import { localTarget, openOperator } from '../../bin/operator/invoke-operator.ts';
import type { Calendar } from '../../functions/domain/calendar.ts';
import { toIso } from '../../functions/domain/time.ts';
import { createDemoClient } from './demo-client.ts';
import { demoCustomers } from './demo-customers.ts';
import { provideShopKey } from './demo-shop.ts';
import { loadDemo } from './demo.ts';

/** Credentials of the demo customers, for the commands that `npm start` prints. */
const access = z.object({
  loadedAt: z.iso.datetime(),
  rpId: z.string(),
  apiKey: z.string().optional(),
  userId: z.string(),
  /** The e-mail address of the person who is signed in with `sessionToken`. */
  email: z.string(),
  sessionToken: z.string().optional(),
  /** The API key of the sample shop, which is an RP of the same person's customer. */
  shopKey: z.string().optional(),
});
export type DemoAccess = z.output<typeof access>;
const loading = z.object({ loading: z.literal(true) });

/** The error for a table that contains only a part of the demo. */
export class IncompleteDemoError extends Error {}

export interface DemoOptions {
  /** The base URL of the service, without a trailing slash. */
  readonly url: string;
  readonly calendar: Calendar;
  /**
   * The file that stores the credentials for later starts. While the demo loads, the file contains only `loading:
   * true`.
   */
  readonly file: string;
  /** Whether to load the demo into an empty table. */
  readonly wanted: boolean;
  /** This function is called before the demo loads. */
  readonly onLoading: () => void;
  /** Whether the sample shop needs an API key. @default false */
  readonly withShop?: boolean;
}

/**
 * Returns the demo's credentials. If the table is empty and `wanted` is true, loads the demo first. Returns undefined
 * if the table stays empty, or if `file` contains no credentials. Throws `IncompleteDemoError` if an earlier start was
 * interrupted while it loaded the demo.
 */
export async function provideDemo(options: DemoOptions): Promise<DemoAccess | undefined> {
  const { url, calendar, file, wanted, onLoading, withShop = false } = options;
  const client = createDemoClient(url);
  const operator = openOperator(localTarget(Number(new URL(url).port)), 'demo');
  try {
    const isEmpty = (await operator.run({ command: 'list-customers' })).items.length === 0;
    if (isEmpty && wanted) {
      onLoading();
      await write(file, { loading: true });
      const rpServer = await loadDemo({ client, operator, calendar });
      const { email } = demoCustomers[0].representative;
      const sessionToken = await client.signIn(email);
      const shopKey = withShop ? await provideShopKey(client, sessionToken) : undefined;
      const loaded = { loadedAt: toIso(Date.now()), ...rpServer, email, sessionToken, shopKey };
      await write(file, loaded);
      return loaded;
    }
    const kept = await read(file);
    if (isEmpty || !kept) return undefined;
    if ('loading' in kept)
      throw new IncompleteDemoError(
        'The demo is incomplete, because an earlier start was interrupted while it loaded the demo.',
      );
    // Uses the session of the last start again if the session is still valid. An address gets only 5 sign-in links per
    // hour, but the user may start the service more often.
    const sessionToken = (await client.isAccepted('GET /v1/customer', kept.sessionToken))
      ? kept.sessionToken
      : await client.signIn(kept.email);
    const renewed = {
      ...kept,
      // A user of the demo may have deleted the API key that the file contains.
      apiKey: (await client.isAccepted('GET /v1/rp/users?limit=1', kept.apiKey)) ? kept.apiKey : undefined,
      sessionToken,
      shopKey: withShop ? await provideShopKey(client, sessionToken, kept.shopKey) : kept.shopKey,
    };
    await write(file, renewed);
    return renewed;
  } finally {
    operator.close();
  }
}

async function read(file: string): Promise<DemoAccess | z.output<typeof loading> | undefined> {
  try {
    return z.union([access, loading]).parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined; // without a complete file, there are no credentials to print
  }
}

/** Writes a file that only the current user of the machine can read. */
async function write(file: string, content: DemoAccess | z.output<typeof loading>): Promise<void> {
  await writeFile(file, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
}
