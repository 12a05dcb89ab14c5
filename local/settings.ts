import { relative, resolve } from 'node:path';
import * as z from 'zod';
import { isTimeZone } from '../config/stage.ts';

const PORT = 'Set a port from 1 to 65535, such as PORT=3001';
const port = z.string().regex(/^\d+$/, PORT).transform(Number).pipe(z.int().min(1, PORT).max(65_535, PORT));
const settings = z.object({
  /** Where the service listens, on loopback. */
  PORT: port.default(3_000),
  /** Where its data lives. */
  DATA_DIR: z
    .string()
    .default('.local')
    .transform((path) => resolve(path)),
  /** Whether an empty table gets demo customers. */
  DEMO: z.enum(['on', 'off'], 'Set DEMO=off, or nothing for demo customers on an empty table').default('on'),
  /** In whose months users are counted. */
  SERVICE_TIME_ZONE: z
    .string()
    .refine(isTimeZone, 'Set the IANA name of a time zone, such as SERVICE_TIME_ZONE=Asia/Tokyo')
    .default('UTC'),
  /** A running DynamoDB in place of the embedded one. */
  DYNAMODB_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'Set a URL, such as DYNAMODB_ENDPOINT=http://127.0.0.1:8000' })
    .optional(),
});
/** What `npm start` can be told by its environment. */
export type Settings = z.output<typeof settings>;

/** A setting is wrong; the message says which and what to do, a line each. */
export class SettingsError extends Error {}

/** Reads the settings; an empty variable is one that is not set. Throws `SettingsError`. */
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

/** Gives the data directory as the user may name it. */
export function shownDir({ DATA_DIR }: Settings): string {
  const path = relative('', DATA_DIR);
  return path === '' || path.startsWith('..') ? DATA_DIR : path;
}
