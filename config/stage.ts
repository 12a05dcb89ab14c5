import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { createCalendar } from '../functions/domain/calendar.ts';
import { planCatalogue } from '../functions/domain/licenses/plans.ts';

const email = z.email('Set one e-mail address, such as "no-reply@example.com"');
const text = (isRight: (text: string) => boolean, whatToDo: string) => z.string(whatToDo).refine(isRight, whatToDo);
const settings = z.strictObject(
  {
    /** Where the console and the API are: the beginning of every e-mailed link. */
    origin: text(
      isOrigin,
      'Set an https URL without a port, a path or a slash at its end, such as "https://console.example.com"',
    ),
    /** The certificate for the origin's host. Without one, the console is at a name of CloudFront's. */
    certificateArn: text(
      (arn) => /^arn:aws:acm:us-east-1:\d{12}:certificate\/[\w-]+$/.test(arn),
      'Set the ARN of a certificate in ACM of us-east-1, where CloudFront looks, such as "arn:aws:acm:us-east-1:123456789012:certificate/…"',
    ).optional(),
    /** Whom the service's e-mails are from. Its domain becomes an identity of SES, which is one a region and account. */
    sender: email,
    /** How many e-mails SES accepts in a second: 1 in its sandbox, 14 is what an account gets first when it leaves it. */
    emailsPerSecond: z
      .int('Set how many e-mails SES accepts in a second, such as 14')
      .min(1, 'Set how many e-mails SES accepts in a second, such as 14'),
    /** Whom the alarms are sent to. */
    operator: email,
    /** Whom a customer with a paid license writes to. */
    contact: email,
    /** In whose months users are counted. Not to be changed once the service has started. */
    timeZone: text(isTimeZone, 'Set the IANA name of a time zone, such as "UTC" or "Asia/Tokyo"'),
    /** File of the plan catalogue, from the root of the repository. */
    planCatalogue: z.string('Set the path of a plan catalogue, such as "config/plans.json"'),
    /** Whether the table outlives its stack and cannot be deleted by mistake. */
    retained: z.boolean('Set true where customers are, false where "cdk destroy" is to leave nothing'),
  },
  { error: ({ code }) => (code === 'unrecognized_keys' ? 'Remove what is not known' : 'Set an object of settings') },
);
export type StageSettings = z.input<typeof settings>;

/** A stage with all that its stacks need. */
export interface Stage extends Omit<StageSettings, 'planCatalogue'> {
  readonly name: string;
  /** The beginning of every name that is given to something of this stage. */
  readonly serviceName: string;
  /** The plan catalogue as it stands in its file, valid. */
  readonly plans: z.input<typeof planCatalogue>;
}

/** The settings cannot be deployed; the message says what to do, a line a fault. */
export class StageError extends Error {
  override readonly name = 'StageError';
}

/** A function's environment takes 4 KB in all; names and addresses need less than the rest of it. */
const MAX_PLANS = 3_000;
const ROOT = join(import.meta.dirname, '..');

/** Reads one stage out of all. Throws `StageError`, naming the stage, the setting, the value and what to do about it. */
export function readStage(stages: Readonly<Record<string, unknown>>, name: string): Stage {
  if (!Object.hasOwn(stages, name)) {
    throw new StageError(
      `There is no stage ${show(name)} in config/stages.ts, only ${Object.keys(stages).join(', ')}. Choose one of them with "-c stage=NAME", or add it there.`,
    );
  }
  if (!/^[a-z][a-z0-9-]{0,19}$/.test(name)) {
    throw new StageError(
      `Stage ${show(name)} of config/stages.ts: rename it. It becomes part of resource names: up to 20 of a–z, 0–9 and "-", a letter first.`,
    );
  }
  const { planCatalogue: file, ...stage } = parse(settings, stages[name], `Stage "${name}" of config/stages.ts`);
  const about = `Plan catalogue ${file} of stage "${name}"`;
  const plans = readJson(file, about);
  parse(planCatalogue, plans, about);
  if (JSON.stringify(plans).length > MAX_PLANS) {
    throw new StageError(
      `${about}: has more than ${MAX_PLANS} characters, too much for a function's environment. Shorten "forWhom".`,
    );
  }
  return { ...stage, name, serviceName: `fido2-server-service-${name}`, plans: plans as Stage['plans'] };
}

function readJson(file: string, about: string): unknown {
  try {
    return JSON.parse(readFileSync(join(ROOT, file), 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StageError(`${about}: cannot be read (${why}). Set "planCatalogue" to a JSON file of this repository.`);
  }
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown, about: string): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => {
    const path = issue.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys] : issue.path;
    const subject = path.length > 0 ? `"${path.join('.')}" is` : 'is';
    return `${about}: ${subject} ${show(at(value, path))}. ${issue.message}.`;
  });
  throw new StageError(faults.join('\n'));
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
}

/** What was received, no longer than a line of the message should be. */
const show = (value: unknown) => (value === undefined ? 'not set' : JSON.stringify(value).slice(0, 100));

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, port, origin } = new URL(text);
  // CloudFront serves no other port.
  return protocol === 'https:' && port === '' && origin === text;
}

/** Whether a time zone has that IANA name. */
export function isTimeZone(name: string): boolean {
  // The calendar takes an offset such as "+09:00", too. It is no name: no law could give it other hours.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return Boolean(createCalendar(name));
  } catch {
    return false;
  }
}
