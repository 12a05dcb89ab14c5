import { readFile, writeFile } from 'node:fs/promises';
import * as z from 'zod';
import { localTarget, openOperator } from '../../bin/operator/invoke-operator.ts';
import type { Calendar } from '../../functions/domain/calendar.ts';
import { toIso } from '../../functions/domain/time.ts';
import { createDemoClient, DemoRefusedError, type DemoClient } from './demo-client.ts';
import { demoCustomers } from './demo-customers.ts';
import { loadDemo } from './demo.ts';

/** What the commands work with that `npm start` prints: secrets of the demo's customers, on this machine. */
const access = z.object({
  loadedAt: z.iso.datetime(),
  rpId: z.string(),
  apiKey: z.string().optional(),
  userId: z.string(),
  /** Whose session it is. */
  email: z.string(),
  sessionToken: z.string().optional(),
});
export type DemoAccess = z.output<typeof access>;
const loading = z.object({ loading: z.literal(true) });

/** The table has a part of the demo. */
export class IncompleteDemoError extends Error {}

export interface DemoOptions {
  /** Where the service is. */
  readonly url: string;
  readonly calendar: Calendar;
  /** Keeps the access for later starts, and that the demo is being loaded. */
  readonly file: string;
  /** Whether an empty table is to get the demo. */
  readonly wanted: boolean;
  /** Told before it is loaded. */
  readonly onLoading: () => void;
}

/**
 * Loads the demo into an empty table, if it is wanted, and gives the access to it; undefined when the table has other
 * customers or none. Throws `IncompleteDemoError` when an earlier start was killed while it loaded the demo.
 */
export async function provideDemo(options: DemoOptions): Promise<DemoAccess | undefined> {
  const { url, calendar, file, wanted, onLoading } = options;
  const client = createDemoClient(url);
  const operator = openOperator(localTarget(Number(new URL(url).port)), 'demo');
  try {
    const isEmpty = (await operator.run({ command: 'list-customers' })).items.length === 0;
    if (isEmpty && wanted) {
      onLoading();
      await write(file, { loading: true });
      const rpServer = await loadDemo({ client, operator, calendar });
      const { email } = demoCustomers[0].representative;
      const loaded = { loadedAt: toIso(Date.now()), ...rpServer, email, sessionToken: await client.signIn(email) };
      await write(file, loaded);
      return loaded;
    }
    const kept = await read(file);
    if (isEmpty || !kept) return undefined;
    if ('loading' in kept) throw new IncompleteDemoError('The demo is incomplete: loading it was interrupted.');
    const renewed = {
      ...kept,
      // The demo is there to try things with: deleting this key is one.
      apiKey: (await isAccepted(client, 'GET /v1/rp/users?limit=1', kept.apiKey)) ? kept.apiKey : undefined,
      // The last start's while it is good: an address gets 5 links an hour, and somebody may start more often.
      sessionToken: (await isAccepted(client, 'GET /v1/customer', kept.sessionToken))
        ? kept.sessionToken
        : await client.signIn(kept.email),
    };
    await write(file, renewed);
    return renewed;
  } finally {
    operator.close();
  }
}

async function isAccepted(client: DemoClient, request: string, credential: string | undefined): Promise<boolean> {
  if (credential === undefined) return false;
  try {
    await client.send(request, { as: credential });
    return true;
  } catch (error) {
    if (error instanceof DemoRefusedError) return false;
    throw error;
  }
}

async function read(file: string): Promise<DemoAccess | z.output<typeof loading> | undefined> {
  try {
    return z.union([access, loading]).parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined; // not there, or not whole: then there is nothing to print
  }
}

/** Readable by this user only. */
async function write(file: string, content: DemoAccess | z.output<typeof loading>): Promise<void> {
  await writeFile(file, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
}
