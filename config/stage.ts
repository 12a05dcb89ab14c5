import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { isDomainName } from '../functions/contract/values/domain-names.ts';
import { asciiAddressOf, isEmailAddress } from '../functions/contract/values/email-addresses.ts';
import { planCatalogue } from '../functions/domain/licenses/plans.ts';
import { isAwsRegion } from './aws-region.ts';
import { boundOfEnvironment, MAX_ENVIRONMENT } from './environment-size.ts';
import { isRestoredTable, restoredTableName } from './restored-table.ts';
import { serviceNameOf } from './service-name.ts';
import { isTimeZone } from './time-zone.ts';

const oneEmail = 'Set one e-mail address, such as "no-reply@example.com"';
const email = z.string(oneEmail).overwrite(asciiAddressOf).refine(isEmailAddress, oneEmail);
const text = (isRight: (text: string) => boolean, whatToDo: string) => z.string(whatToDo).refine(isRight, whatToDo);
const EDGE_SECRETS = 'Set one number, such as [1], or the numbers of the new and the old secret, such as [2, 1]';
const wholeUnits = 'Set { readUnits, writeUnits }, each a whole number of at least 500 units per second, such as 4000';
/** One request can use more than 200 read units, or more than 100 write units, so a lower maximum would throttle it. */
const maximumOfUnits = z.int(wholeUnits).min(500, wholeUnits);
const wholeCopies =
  'Set { region, lockDays, mode? }: a region such as "eu-west-1", a whole number of days such as 3650, and "governance" or "compliance"';
const REGION =
  'Set the code of an AWS region that exists, such as "eu-west-1". If a region is new, update aws-cdk-lib, which knows the regions';
const CONCURRENCY = "Set the account's quota of concurrent executions of Lambda functions, at least 10, such as 1000";
const BUDGET = 'Set an amount of US dollars of at least 1, such as 100';
const GRACE_HOURS = 'Set a whole number of hours from 0 to 720, such as 72';
const settings = z.strictObject(
  {
    /** The origin of the console and the API. Every e-mailed link begins with this origin. */
    origin: text(
      isOrigin,
      'Set an https URL without a port, without a path and without a slash at its end, of a domain name in ASCII and lower case, such as "https://console.example.com"',
    ),
    /**
     * The certificate for the origin's host. @default - none: the console has only the host name that CloudFront
     * assigns
     */
    certificateArn: text(
      (arn) => /^arn:aws:acm:us-east-1:\d{12}:certificate\/[\w-]+$/.test(arn),
      'Set the ARN of a certificate in ACM of us-east-1, as CloudFront requires, such as "arn:aws:acm:us-east-1:123456789012:certificate/…"',
    ).optional(),
    /** The sender of the service's e-mails. */
    sender: email,
    /**
     * Whether the stage creates the SES identity of the sender's domain, or uses one that exists already in the account
     * and region. SES allows only one identity for a domain there, so a second stage with the same domain needs
     * 'existing', and so does a domain that the operator has verified. @default 'create'
     */
    senderIdentity: z
      .enum(
        ['create', 'existing'],
        'Set "create", or "existing" if SES already has an identity for the domain of the sender',
      )
      .default('create'),
    /**
     * The name before the sender's domain in the MAIL FROM domain, to which SES sends bounces. No other record may have
     * this name, and it cannot receive e-mails. A stage with the setting `senderIdentity: 'existing'` cannot set it,
     * because the MAIL FROM domain belongs to the identity. @default 'bounces'
     */
    mailFromLabel: text(
      (label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label),
      'Set one label of a domain name in lower case, such as "bounces"',
    ).default('bounces'),
    /**
     * The maximum number of e-mails that SES accepts per second: 1 while the account is in the SES sandbox, and 14 just
     * after the account has left the sandbox.
     */
    emailsPerSecond: z
      .int('Set how many e-mails SES accepts in a second, such as 14')
      .min(1, 'Set how many e-mails SES accepts in a second, such as 14'),
    /**
     * The number of concurrent executions of Lambda functions that AWS allows the account in the region. An alarm rings
     * at 80 % of this number. A new account has 10. @default 1000
     */
    concurrencyLimit: z.int(CONCURRENCY).min(10, CONCURRENCY).default(1_000),
    /**
     * The monthly budget of the AWS account, in US dollars. AWS notifies the operator when the account's costs of a
     * month reach 80 % of the budget, and when AWS expects them to reach 100 %. @default - no budget
     */
    monthlyBudget: z.number(BUDGET).min(1, BUDGET).optional(),
    /** The e-mail address that receives alarms. */
    operator: email,
    /** The e-mail address at which customers can contact the operator. The console and the e-mails show it. */
    contact: email,
    /**
     * The time zone that determines when each month begins and ends. The service counts users by month. The time zone
     * cannot change after the first deployment.
     */
    timeZone: text(isTimeZone, 'Set the IANA name of a time zone, such as "UTC" or "Asia/Tokyo"'),
    /**
     * A web ACL of AWS WAF, which inspects each request to the console's URL, for the console and the API. Name the web
     * ACL of a flat-rate plan of CloudFront here too, because a deployment removes a web ACL that the stage does not
     * name. @default - none
     */
    webAclArn: text(
      (arn) => /^arn:aws:wafv2:us-east-1:\d{12}:global\/webacl\/[\w-]+\/[\w-]+$/.test(arn),
      'Set the ARN of a web ACL for CloudFront, which is in us-east-1, such as "arn:aws:wafv2:us-east-1:123456789012:global/webacl/NAME/ID"',
    ).optional(),
    /**
     * The requests that the API refuses if they do not come through CloudFront: 'none', 'anonymous' (those to the
     * routes that need neither a session nor an API key) or 'all'. AWS WAF cannot protect the URL of an HTTP API, so a
     * caller could pass by a web ACL there. With 'all', the servers of RPs must use the console's URL. @default 'none'
     */
    onlyThroughCloudFront: z
      .enum(
        ['none', 'anonymous', 'all'],
        'Set the requests that the URL of the API itself refuses: "none", "anonymous" or "all"',
      )
      .default('none'),
    /**
     * The numbers of the secrets with which CloudFront proves to the API that it forwarded a request. CloudFront sends
     * the first secret, and the API accepts all of them. The runbook says how to replace a secret. @default [1]
     */
    edgeSecrets: z
      .array(z.int(EDGE_SECRETS).min(1, EDGE_SECRETS), EDGE_SECRETS)
      .min(1, EDGE_SECRETS)
      .max(2, EDGE_SECRETS)
      .refine((numbers) => new Set(numbers).size === numbers.length, EDGE_SECRETS)
      .default([1]),
    /**
     * The length, in hours, of the grace period that follows when a representative unsubscribes a customer. During the
     * grace period, the customer can still cancel. With 0, unsubscribing takes effect at once. @default 72
     */
    unsubscribeGraceHours: z.int(GRACE_HOURS).min(0, GRACE_HOURS).max(720, GRACE_HOURS).default(72),
    /**
     * The URL from which the stage downloads the FIDO Alliance's metadata about authenticators, once a day. Another
     * URL may serve a copy: the FIDO Alliance's signature protects the metadata.
     * @default 'https://mds3.fidoalliance.org/'
     */
    metadataUrl: z
      .url({ protocol: /^https$/, error: 'Set an https URL, such as "https://mds3.fidoalliance.org/"' })
      .default('https://mds3.fidoalliance.org/'),
    /** The path of the plan catalogue, relative to the root of the repository. */
    planCatalogue: z.string('Set the path of a plan catalogue, such as "config/plans.json"'),
    /**
     * The maximum numbers of read and write units that the table, and each of its indexes, uses per second. Beyond a
     * maximum, DynamoDB throttles the requests. @default - the quotas of the AWS account
     */
    tableMaximum: z
      .strictObject(
        { readUnits: maximumOfUnits, writeUnits: maximumOfUnits },
        { error: ({ code }) => (code === 'unrecognized_keys' ? 'Remove the unknown settings' : wholeUnits) },
      )
      .optional(),
    /**
     * Whether the users of an RP can register and sign in only after the RP has shown, by a DNS record, that it
     * controls its domain. @default false
     */
    verifyDomains: z
      .boolean('Set true for a stage with customers, or false if RPs need not prove that they control their domains')
      .default(false),
    /**
     * Whether an RP's page may be told to delete a passkey that the service does not know. Set this to false for 7 days
     * after a backup was restored, because the backup lacks the newest passkeys. @default true
     */
    signalsUnknownCredentials: z.boolean('Set true, or false for 7 days after a backup was restored').default(true),
    /**
     * The table that serves instead of the stage's own table after a backup was restored: the ARN of the stream of the
     * restored table. `npm run restore` prints it. @default - the stage's own table serves
     */
    restoredTable: text(
      (arn) => /^arn:aws:dynamodb:[a-z0-9-]+:\d{12}:table\/[\w.-]{3,255}\/stream\/[\w.:-]+$/.test(arn),
      'Set the ARN of the stream of the restored table, which "npm run restore" prints, such as "arn:aws:dynamodb:us-east-1:123456789012:table/…/stream/…"',
    ).optional(),
    /**
     * Whether the data stack still contains the stage's own table while a restored table serves. Set this to false
     * within 35 days after a restore, so that the former table can be deleted. There is no way back. @default true
     */
    keepsOwnTable: z
      .boolean('Set false to take the former table out of the data stack after a restore, or true to keep it')
      .default(true),
    /**
     * Where to keep copies of paid statements and of closing records, in a bucket of a stack of its own: its region,
     * and for how many days a lock protects each copy. With the mode `governance`, only users with the permission
     * `s3:BypassGovernanceRetention` may delete a locked copy. With `compliance`, nobody may, not even the root user.
     * @default - no copies
     */
    copies: z
      .strictObject(
        {
          region: z.string(wholeCopies).refine(isAwsRegion, REGION),
          lockDays: z.int(wholeCopies).min(1, wholeCopies).max(36_500, wholeCopies),
          mode: z.enum(['governance', 'compliance'], wholeCopies).default('governance'),
        },
        { error: ({ code }) => (code === 'unrecognized_keys' ? 'Remove the unknown settings' : wholeCopies) },
      )
      .optional(),
    /**
     * Whether the service is suspended: Lambda invokes none of its functions, and all event source mappings and rules
     * are disabled. Requests get a 5xx status, and messages wait in their queues. @default false
     */
    suspended: z
      .boolean('Set true to stop the service, for example while a backup is restored, or false')
      .default(false),
    /**
     * Whether to keep the table and the stage's secret if their stack is deleted, and to protect the table against
     * deletion by mistake.
     */
    retained: z.boolean('Set true for a stage with customers, or false if "cdk destroy" should delete everything'),
  },
  {
    error: ({ code }) =>
      code === 'unrecognized_keys' ? 'Remove the unknown settings' : 'Set an object with the settings of the stage',
  },
);
export type StageSettings = z.input<typeof settings>;

/** A stage with all settings that its stacks need. */
export interface Stage extends Omit<z.output<typeof settings>, 'planCatalogue'> {
  readonly name: string;
  /** The prefix of the names of this stage's resources. */
  readonly serviceName: string;
  /** The validated plan catalogue, exactly as its file contains it. */
  readonly plans: z.input<typeof planCatalogue>;
}

/**
 * The error for settings that cannot be deployed. For each wrong setting, the message has a line that says how to
 * correct the setting.
 */
export class StageError extends Error {
  override readonly name = 'StageError';
}

const ROOT = join(import.meta.dirname, '..');

/**
 * Returns a stage by name. Throws `StageError`, whose message names the stage, the wrong setting and its value, and
 * says how to correct the setting.
 */
export function readStage(stages: Readonly<Record<string, unknown>>, name: string): Stage {
  if (!Object.hasOwn(stages, name)) {
    throw new StageError(
      `There is no stage ${show(name)} in config/stages.ts. The stages are ${Object.keys(stages).join(', ')}. Choose one of them, or add the stage to that file.`,
    );
  }
  if (!/^[a-z][a-z0-9-]{0,19}$/.test(name)) {
    throw new StageError(
      `Stage ${show(name)} of config/stages.ts: rename it. The name is part of resource names, so the name must start with a lower-case letter, followed by at most 19 of the characters a–z, 0–9 and "-".`,
    );
  }
  const aboutStage = `Stage "${name}" of config/stages.ts`;
  const { planCatalogue: file, ...stage } = parse(settings, stages[name], aboutStage);
  const { mailFromLabel } = stages[name] as StageSettings;
  if (mailFromLabel !== undefined && stage.senderIdentity === 'existing') {
    throw new StageError(
      `${aboutStage}: "mailFromLabel" is ${show(mailFromLabel)}, but "senderIdentity" is "existing". Remove "mailFromLabel": the identity that exists has its own MAIL FROM domain.`,
    );
  }
  const serviceName = serviceNameOf(name);
  const { restoredTable } = stage;
  const [, restoredName = ''] = restoredTable?.split('/') ?? [];
  if (restoredTable !== undefined && !isRestoredTable(serviceName, restoredName)) {
    throw new StageError(
      `${aboutStage}: "restoredTable" is ${show(restoredTable)}. Set the ARN of the stream of a table of this stage that "npm run restore" has restored. Its name is like "${restoredTableName(serviceName, new Date('2026-11-30T01:00:00Z'))}".`,
    );
  }
  if (!stage.keepsOwnTable && restoredTable === undefined) {
    throw new StageError(
      `${aboutStage}: "keepsOwnTable" is false, but no table serves. Set "restoredTable" to the ARN of the stream of the table that serves.`,
    );
  }
  const about = `Plan catalogue ${file} of stage "${name}"`;
  const plans = readJson(file, about);
  parse(planCatalogue, plans, about);
  const read = { ...stage, name, serviceName, plans: plans as Stage['plans'] };
  const excess = boundOfEnvironment(read) - MAX_ENVIRONMENT;
  if (excess > 0) {
    throw new StageError(
      `${about}: is ${excess} ${excess === 1 ? 'byte' : 'bytes'} too long for the environment variables of a function, of which Lambda allows ${MAX_ENVIRONMENT} bytes. A Japanese character has 3 bytes. Shorten "forWhom".`,
    );
  }
  return read;
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
  // Several checks of one value can say the same.
  throw new StageError([...new Set(faults)].join('\n'));
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
}

/** Returns a value as JSON, cut to 100 characters, or the text "not set" for undefined. */
const show = (value: unknown) => (value === undefined ? 'not set' : JSON.stringify(value).slice(0, 100));

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, port, origin, hostname } = new URL(text);
  // CloudFront serves no port other than 443. Passkeys and certificates need a domain name, not an IP address.
  const isDomain = isDomainName(hostname) && hostname.includes('.');
  return protocol === 'https:' && port === '' && origin === text && isDomain;
}
