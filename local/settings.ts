import { relative, resolve } from 'node:path';
import * as z from 'zod';
import { isTimeZone } from '../config/time-zone.ts';

const GRACE_HOURS = 'Set a whole number of hours from 0 to 720, such as UNSUBSCRIBE_GRACE_HOURS=0';
/** Returns the schema of a port. `example` is a setting, which the error message shows. */
function portLike(example: string) {
  const fault = `Set a port from 1 to 65535, such as ${example}`;
  return z.string().regex(/^\d+$/, fault).transform(Number).pipe(z.int().min(1, fault).max(65_535, fault));
}
const settings = z.object({
  /** The port on which the service listens, on the loopback interface. */
  PORT: portLike('PORT=3002').default(3_000),
  /** The data directory. */
  DATA_DIR: z
    .string()
    .default('.local')
    .transform((path) => resolve(path)),
  /** Whether `npm start` loads demo customers into an empty table. */
  DEMO: z.enum(['on', 'off'], 'Set DEMO=off, or unset DEMO to load demo customers into an empty table').default('on'),
  /** Whether the sample shop runs beside the service. The shop belongs to a demo customer. */
  SHOP: z.enum(['on', 'off'], 'Set SHOP=off, or unset SHOP to run the sample shop').default('on'),
  /** The port on which the sample shop listens, on the loopback interface. */
  SHOP_PORT: portLike('SHOP_PORT=3003').default(3_001),
  /** The time zone that determines when each month begins and ends. The service counts users by month. */
  SERVICE_TIME_ZONE: z
    .string()
    .refine(isTimeZone, 'Set the IANA name of a time zone, such as SERVICE_TIME_ZONE=Asia/Tokyo')
    .default('UTC'),
  /** Whether the service limits the number of sign-ups from one network and with one e-mail domain, as in AWS. */
  SIGN_UP_LIMITS: z.enum(['on', 'off'], 'Set SIGN_UP_LIMITS=on, or unset SIGN_UP_LIMITS').default('off'),
  /**
   * Whether the users of an RP can register and sign in only after the RP has shown a DNS record, as in production.
   */
  VERIFY_DOMAINS: z.enum(['on', 'off'], 'Set VERIFY_DOMAINS=on, or unset VERIFY_DOMAINS').default('off'),
  /** The length, in hours, of the grace period that follows when a representative unsubscribes a customer. */
  UNSUBSCRIBE_GRACE_HOURS: z
    .string()
    .regex(/^\d+$/, GRACE_HOURS)
    .transform(Number)
    .pipe(z.int().max(720, GRACE_HOURS))
    .default(72),
  /** The endpoint of a running DynamoDB engine that the service uses instead of the embedded engine. */
  DYNAMODB_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'Set a URL, such as DYNAMODB_ENDPOINT=http://127.0.0.1:8000' })
    .optional(),
});
/** The settings that `npm start` reads from its environment variables. */
export type Settings = z.output<typeof settings>;

/** The error for wrong settings. The message has a line for each wrong setting: the name, the value and what to do. */
class SettingsError extends Error {}

/**
 * Reads the settings. An empty environment variable has the same effect as an unset variable. Throws `SettingsError` if
 * a setting is wrong.
 */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = settings.safeParse(given);
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path: [name], message }) => {
    const variable = String(name);
    return `${variable} is "${given[variable] ?? ''}". ${message}.`;
  });
  throw new SettingsError(faults.join('\n'));
}

/**
 * Returns the path of the data directory in the form that messages show. The path is relative if the directory is below
 * the working directory.
 */
export function shownDir({ DATA_DIR }: Settings): string {
  const path = relative('', DATA_DIR);
  return path === '' || path.startsWith('..') ? DATA_DIR : path;
}
